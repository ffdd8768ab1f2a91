"""The page of a letter as an officer uses it: with a mouse, by keys alone, on a telephone."""

import hashlib

import pytest
from playwright.sync_api import expect

from tests.saraban.web import papers
from tests.saraban.web.axe import serious
from tests.saraban.web.seed import SECOND
from tests.servers.waiting import wait_until


@pytest.fixture
def entry(desk):
    """A registered letter with a real PDF."""
    return papers.register(desk.office, papers.lay(desk.office))


def test_the_paper_stands_beside_its_line_and_is_presented_to_a_superior(
    desk, entry, page, open_page
):
    page.goto(f"/entries/{entry.id}")
    page.locator("#page-3").scroll_into_view_if_needed()
    drawn = "[...document.querySelectorAll('#paper img')].filter(i => i.naturalWidth > 900).length"
    wait_until(lambda: page.evaluate(drawn) == 3, "three pages are drawn")
    paper, data = (page.locator(one).bounding_box() for one in ("#paper", "aside.data"))
    assert paper["x"] + paper["width"] <= data["x"]
    assert serious(page) == []
    page.locator("summary", has_text="เสนอ").click()
    page.locator("select[name=to]").select_option(SECOND)
    page.get_by_label("ข้อความเสนอ").fill("เห็นควรมอบ สถจ. ดำเนินการ")
    assert serious(page) == []
    page.get_by_role("button", name="ส่งเสนอ").click()
    page.get_by_text("รอคำสั่ง").wait_for()
    other = open_page(SECOND)
    other.goto(f"/entries/{entry.id}")
    other.locator("summary", has_text="เกษียน").click()
    other.get_by_label("ข้อความเกษียน").fill("ดำเนินการ")
    other.get_by_role("button", name="บันทึกเกษียน").click()
    page.locator("#way").get_by_text("สั่งการ", exact=True).wait_for()  # without reloading
    expect(page.get_by_text("รอคำสั่ง")).to_have_count(0)


def test_by_keys_alone_a_line_is_corrected_and_the_matter_closed(desk, entry, page):
    """Keys are physical: a Thai layout types ำ for e and แ for c."""
    page.goto(f"/entries/{entry.id}")
    page.keyboard.press("KeyE")
    expect(page.locator("[name=subject]:focus")).to_be_attached()
    page.keyboard.press("Control+A")
    page.keyboard.type("เรื่องที่ถูก")
    for _ in range(8):
        page.keyboard.press("Tab")
    page.keyboard.type("อ่านจากตัวหนังสือ")
    page.keyboard.press("Enter")
    page.locator("del").get_by_text(papers.SUBJECT).wait_for()
    page.wait_for_load_state()  # keys are heard once the page's scripts are there
    page.keyboard.press("KeyC")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("ปิดเรื่องแล้ว", exact=True).wait_for()
    assert papers.entry(desk.office, entry.id).closed is not None


def test_on_a_telephone_everything_is_there_and_nothing_runs_out_of_the_side(
    desk, entry, open_page
):
    page = open_page(phone=True, color_scheme="dark")
    page.goto(f"/entries/{entry.id}")
    page.wait_for_selector("#page-2")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(page) == []
    page.locator("summary", has_text="อื่น ๆ").tap()
    page.get_by_role("button", name="ส่งคืน").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as saved:
        page.get_by_role("link", name=papers.LETTER, exact=True).tap()
    file = next(one for one in entry.enclosures if one.name == papers.LETTER)
    assert saved.value.suggested_filename == papers.LETTER
    assert hashlib.sha256(saved.value.path().read_bytes()).hexdigest() == file.sha256


def test_what_waits_is_looked_over_and_registered(desk, page):
    letter = papers.lay(desk.office)
    page.goto(f"/letters/{letter.id}")
    page.wait_for_selector("#page-2")
    assert serious(page) == []
    page.get_by_label("เรื่อง", exact=True).fill("เรื่องตามตัวหนังสือ")
    page.locator("h1").click()
    page.keyboard.press("KeyR")
    page.get_by_text("ลงรับแล้ว เลขรับ").wait_for()
    expect(page.locator(".subject")).to_have_text("เรื่องตามตัวหนังสือ")
