"""Sending and following as an officer works: by mouse, by keys alone, on a telephone."""

import re

from playwright.sync_api import expect

from tests.saraban.office import CLERK
from tests.saraban.web.axe import serious
from tests.saraban.web.pages.test_send import sent

WORDS = "ขอเชิญประชุมหัวหน้าส่วนราชการ"


def write(page, receiver="ส่งเสริม"):
    """Fill the form by typing, with the receiver found in the directory."""
    page.goto("/send")
    page.get_by_label("หาผู้รับ").press_sequentially(receiver)
    page.get_by_role("button", name=re.compile("^ถึง กรมส่งเสริม")).click()
    expect(page.locator("#receivers .chip")).to_have_count(1)
    expect(page.get_by_label("หาผู้รับ")).to_be_focused()
    page.get_by_label("เรื่อง", exact=True).fill(WORDS)
    page.get_by_label("ข้อความ", exact=True).fill("จึงเรียนมาเพื่อโปรดทราบ")


def test_a_letter_is_found_a_receiver_shown_sent_and_taken_back(desk, page):
    write(page)
    assert serious(page) == []
    page.get_by_role("button", name="ดูก่อนส่ง").click()
    expect(page.get_by_role("heading", name="กรมส่งเสริมการปกครองท้องถิ่น")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="ออกเลขและส่ง").click()
    expect(page.get_by_role("status").first).to_contain_text("ออกเลขแล้ว")
    assert serious(page) == []
    page.get_by_role("button", name="ดึงกลับก่อนส่ง").click()
    expect(page.get_by_role("status").first).to_contain_text("ดึงกลับก่อนส่งแล้ว")
    assert serious(page) == []
    page.get_by_role("button", name="ตรงกัน ส่งได้").click()
    expect(page.get_by_role("status").first).to_contain_text("ออกเลขแล้ว")
    assert sent(desk)[-1]["subject"] == WORDS


def test_by_keys_alone_a_receiver_is_added_and_the_letter_sent(desk, page):
    page.goto("/send")
    page.keyboard.press("KeyT")
    expect(page.get_by_label("หาผู้รับ")).to_be_focused()
    page.keyboard.type("ส่งเสริม")
    expect(page.locator(".found button").first).to_be_visible()
    page.keyboard.press("Tab")
    while not page.evaluate(
        "document.activeElement.getAttribute('aria-label')?.startsWith('ถึง กรม')"
    ):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#receivers .chip")).to_have_count(1)
    page.get_by_label("เรื่อง", exact=True).focus()
    page.keyboard.type(WORDS)
    page.get_by_label("ข้อความ", exact=True).focus()
    page.keyboard.type("เพื่อทราบ")
    page.get_by_role("button", name="ดูก่อนส่ง").press("Enter")
    expect(page.get_by_role("button", name="ออกเลขและส่ง")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("ออกเลขแล้ว")


def test_a_file_is_laid_down_beside_the_form_and_goes_with_it(desk, page, tmp_path):
    file = tmp_path / "หนังสือลงนาม.pdf"
    file.write_bytes(b"%PDF-1.7 signed")
    write(page)
    page.locator("#f-letter-files").set_input_files(file)
    expect(page.get_by_text("ได้รับครบแล้ว")).to_be_visible()
    page.get_by_role("button", name="ดูก่อนส่ง").click()
    expect(page.locator(".ways")).to_contain_text("หนังสือลงนาม.pdf")
    page.get_by_role("button", name="ออกเลขและส่ง").click()
    expect(page.get_by_role("status").first).to_contain_text("ออกเลขแล้ว")
    assert [one["name"] for one in sent(desk)[-1]["enclosures"]] == ["หนังสือลงนาม.pdf"]


def test_a_number_is_asked_for_first_and_shown_large(page):
    write(page)
    page.get_by_role("button", name="จองเลข").click()
    expect(page.locator("#number")).to_have_text(re.compile("พร ๐๐๒๓"))
    expect(page.get_by_role("button", name="คัดลอกเลข")).to_be_visible()
    expect(page.get_by_label("เรื่อง", exact=True)).to_have_value(WORDS)


def test_a_telephone_writes_and_follows(open_page):
    page = open_page(CLERK, phone=True, color_scheme="dark")
    for path in ("/send", "/drafts", "/follow", "/calls"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert serious(page) == [], path


def test_a_telephone_shows_what_goes_out_before_the_button(open_page):
    page = open_page(phone=True)
    write(page)
    page.get_by_role("button", name="ดูก่อนส่ง").tap()
    expect(page.get_by_role("heading", name="ดูก่อนส่ง")).to_be_in_viewport()
    assert serious(page) == []


def test_who_has_not_answered_is_reminded_and_telephoned(page):
    page.goto("/follow?show=late")
    page.keyboard.press("KeyJ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_contain_text("เกินกำหนด")
    expect(page.locator("td[data-head='เลขรับ']")).to_have_text("–")
    assert serious(page) == []
    page.get_by_role("button", name="ส่งอีเมลติดตาม").click()
    expect(page.get_by_role("status").first).to_contain_text("ส่งอีเมลติดตามแล้ว ๑ ราย")
    page.goto("/calls")
    page.get_by_text("บันทึกการโทร").click()
    page.get_by_label("ผลการโทร").fill("ไม่มีผู้รับสาย")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("บันทึกการโทรแล้ว")
