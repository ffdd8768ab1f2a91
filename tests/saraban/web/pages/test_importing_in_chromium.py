"""นำเข้าทะเบียนเดิม in Chromium: a file, its columns, a trial, and the register in the books."""

import pytest
from playwright.sync_api import expect

from tests.registry.importing.books import HEADING, line, workbook
from tests.saraban.web.axe import serious


@pytest.mark.parametrize("phone", [False, True])
def test_a_register_is_taken_over_in_three_steps(open_page, tmp_path, phone):
    rows = [HEADING, line("๑"), line(2), line(2), line(4)]
    page = open_page(phone=phone, color_scheme="dark" if phone else "light")
    page.goto("/import")
    page.get_by_label("ไฟล์ทะเบียนเดิม").set_input_files(workbook(tmp_path / "a.xlsx", rows))
    page.get_by_label("ปี พ.ศ.").fill("๒๕๖๘")
    for step, title in (("อ่านไฟล์", "คอลัมน์คืออะไร"), ("ลองนำเข้า", "ผลการลอง")):
        assert serious(page) == []
        page.get_by_role("button", name=step).click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
    page.get_by_role("button", name="นำเข้า ๓ รายการ").click()
    expect(page.get_by_role("alert")).to_contain_text("โปรดยืนยันว่าให้ข้ามแถว")
    page.get_by_role("checkbox", name="ข้าม ๑ แถว").check()
    page.get_by_role("button", name="นำเข้า ๓ รายการ").click()
    expect(page.get_by_role("status")).to_contain_text("นำเข้าแล้ว ๓ รายการ เลขถัดไปคือ ๕")
