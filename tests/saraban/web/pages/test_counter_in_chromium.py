"""Paper at the counter as an officer works it: by keys, with files that come in while one types."""

import re

import pytest
from playwright.sync_api import expect

from tests.saraban.web.axe import serious

NUMBER = re.compile("เลขรับ")
PDF = b"%PDF-1.7 scanned"
BREAK_ONCE = """
const real = window.fetch;
window.fetch = (place, asked) => {
  const later = asked?.method === "PATCH" && asked.headers["Upload-Offset"] !== "0";
  if (!later || window.broken) return real(place, asked);
  window.broken = true;
  return Promise.reject(new TypeError("the line broke"));
};
"""


def upload(name, body=PDF):
    return {"name": name, "mimeType": "application/pdf", "buffer": body}


def test_paper_is_registered_by_keys_alone_and_the_next_keeps_whom_it_is_from(page):
    page.goto("/counter")
    expect(page.get_by_label("ที่", exact=True)).to_be_focused()
    page.keyboard.type("มท 0810.3/6610")
    page.keyboard.press("Tab")
    page.keyboard.type("18/10/2562")
    expect(page.locator("#alike")).to_contain_text("มีหนังสือเลขที่นี้แล้ว")
    assert serious(page) == []
    page.get_by_label("จาก").fill("กรมส่งเสริมการปกครองท้องถิ่น")
    page.get_by_label("เรื่อง").fill("ขอเชิญประชุม")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible()
    assert serious(page) == []
    page.locator("main").focus()
    page.wait_for_load_state()  # keys are heard once the page's scripts are there
    page.keyboard.press("KeyN")
    expect(page.get_by_label("จาก")).to_have_value("กรมส่งเสริมการปกครองท้องถิ่น")
    expect(page.get_by_label("เรื่อง")).to_have_value("")


def test_the_directory_is_offered_while_one_types(page):
    page.goto("/counter")
    page.get_by_label("จาก").press_sequentially("ส่งเสริม")
    expect(page.locator("#senders option")).to_have_count(1)


def test_scans_come_in_while_the_form_is_filled_in_and_saving_waits_for_them(desk, page):
    page.goto("/counter")
    page.get_by_label("ตัวหนังสือ", exact=True).set_input_files(upload("หนังสือ.pdf"))
    page.get_by_label("สิ่งที่ส่งมาด้วย", exact=True).set_input_files(
        [upload("ก.pdf", b"%PDF-1"), upload("ข.pdf")]
    )
    expect(page.locator(".laid .tag.green")).to_have_count(3)
    page.get_by_role("button", name="เอา ข.pdf ออก").click()
    page.get_by_label("จาก").fill("ประชาชน")
    page.get_by_label("เรื่อง").fill("ร้องเรียน")
    page.get_by_role("button", name="ลงรับ").click()
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible()
    files = desk.office.received()[-1]["enclosures"]
    assert [(one["name"], one["role"]) for one in files] == [
        ("หนังสือ.pdf", "letter"), ("ก.pdf", "enclosure"),
    ]  # fmt: skip


def test_a_line_that_breaks_costs_a_piece_and_not_the_file(desk, page):
    page.add_init_script(BREAK_ONCE)
    page.goto("/counter")
    body = b"%PDF-1.7" + b"x" * 5_000_000
    page.get_by_label("ตัวหนังสือ", exact=True).set_input_files(upload("ใหญ่.pdf", body))
    expect(page.locator(".laid .tag.green")).to_have_count(1)
    assert page.evaluate("window.broken")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_offers_to_photograph_the_paper(open_page, scheme):
    page = open_page(phone=True, color_scheme=scheme)
    page.goto("/counter")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_label("ถ่ายภาพหนังสือ")).to_be_visible()
    assert serious(page) == []
    page.goto("/numbers")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
