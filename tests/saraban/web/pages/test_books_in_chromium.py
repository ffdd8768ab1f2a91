"""The books, their closing and the overview as an officer works them: mouse, keys, a telephone."""

import re

from playwright.sync_api import expect

from tests.saraban.web.axe import serious
from tests.saraban.web.pages.test_books import old_book

__all__ = ["old_book"]


def test_a_number_is_found_by_keys_alone_and_its_line_is_marked(page, old_book):
    page.goto(f"{old_book}?year=2567")
    page.keyboard.press("KeyG")
    page.keyboard.type("๗๗")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#n77$"))
    expect(page.locator("tr#n77")).to_be_in_viewport()
    assert serious(page) == []
    page.wait_for_load_state()  # keys are heard once the page's scripts are there
    page.keyboard.press("BracketLeft")
    expect(page.locator("tr#n50")).to_be_attached()


def test_a_year_is_closed_by_mouse_and_printed(page, old_book):
    page.goto(f"{old_book}?year=2567")
    page.get_by_role("link", name="ปิดทะเบียน", exact=True).click()
    page.get_by_role("button", name="ปิดทะเบียนปี ๒๕๖๗").click()
    expect(page.get_by_role("status")).to_contain_text("ปิดทะเบียนหนังสือรับ ปี ๒๕๖๗ แล้ว")
    assert serious(page) == []
    page.get_by_role("link", name="กลับไปที่ทะเบียน").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="พิมพ์ (PDF)").click()
    assert waiting.value.suggested_filename == "ทะเบียนหนังสือรับ ปี 2567.pdf"


def test_the_book_is_read_on_a_telephone(open_page, old_book):
    page = open_page(phone=True)
    page.goto(f"{old_book}?year=2567&from=1")
    expect(page.locator("tr#n3 del")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    assert serious(page) == []


def test_printed_by_the_browser_it_lies_across(page, old_book, tmp_path):
    page.goto(f"{old_book}?year=2567&from=1")
    page.emulate_media(media="print")
    expect(page.locator(".choose")).to_be_hidden()
    data = page.pdf(prefer_css_page_size=True)
    found = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", data)
    assert found is not None
    assert float(found[1]) > float(found[2])


def test_the_overview_leads_from_a_figure_to_its_list(page):
    page.goto("/overview")
    assert serious(page) == []
    page.get_by_role("link", name="เกินกำหนดตอบรับ").click()
    expect(page).to_have_url(re.compile("show=overdue"))


def test_the_overview_fits_a_telephone(open_page):
    page = open_page(phone=True)
    page.goto("/overview")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(page) == []
