"""ค้นหา as an officer does it: while typing, by keys alone, with a file, on a telephone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.saraban.web import shelves
from tests.saraban.web.axe import serious
from tests.saraban.web.desk import WebDesk, copied


@pytest.fixture(scope="module")
def desk(seeded, tmp_path_factory) -> Iterator[WebDesk]:
    """The office with its index, served once for all tests here; none of them changes a letter."""
    office = copied(seeded, tmp_path_factory.mktemp("search") / "phrae")
    shelves.fill(office)
    with WebDesk(office).serving() as running:
        yield running


def answered(page, line: str) -> None:
    """Wait until what stands below the box is the answer to all that was typed."""
    expect(page.locator("#results")).to_have_attribute("data-line", line)


def test_by_keys_alone_from_the_inbox_to_the_letter(page, desk):
    """The key / lies where ฝ lies; the arrows go down from the box and back up to it."""
    page.keyboard.press("Slash")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("ขอ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ค้นหา", exact=True)).to_be_visible()
    page.wait_for_load_state()  # keys are heard once the page's scripts are there
    page.keyboard.press("Slash")
    expect(box).to_be_focused()
    page.keyboard.type("พักพิง")
    answered(page, "พักพิง")
    expect(page.locator("#found")).to_have_text("พบ ๑ ฉบับ")
    expect(page).to_have_url(re.compile("/search[?]q=%E0"))
    page.keyboard.press("ArrowDown")
    row = page.get_by_role("link", name="การเตรียมศูนย์พักพิงชั่วคราว")
    expect(row).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/(letters|inbox)/"))
    page.go_back()
    expect(page.locator("#found")).to_have_text("พบ ๑ ฉบับ")


def test_a_whole_number_is_opened_by_enter_from_the_box(page, desk):
    entry = desk.office.received()[0]
    page.goto("/search")
    expect(page.get_by_role("searchbox")).to_be_focused()
    line = f"รับ {entry['number']}/{entry['year']}"
    page.keyboard.type(line)
    answered(page, line)
    expect(page.get_by_text("เลขตรงกับที่ค้น")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/entries/{entry['id']}"))


def test_clicks_narrow_chips_widen_and_more_is_added_below(page):
    page.goto("/search")
    page.get_by_role("link", name="รอลงรับ").click()
    expect(page.locator("[data-row]")).to_have_count(20)
    page.get_by_role("link", name="ดูต่อ").click()
    expect(page.get_by_role("link", name="ดูต่อ")).to_have_count(0)
    assert page.locator("[data-row]").count() > 20
    page.get_by_role("searchbox").fill("อุทกภัย")
    answered(page, "อุทกภัย")
    expect(page.locator("mark").first).to_have_text(re.compile("อุทก|ภัย"))
    expect(page.get_by_role("list", name="ที่ค้นอยู่")).to_contain_text("เฉพาะ รอลงรับ")
    page.get_by_role("link", name="เอาออก: มีคำว่า อุทกภัย").click()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.locator("[data-row]")).to_have_count(20)


def test_a_file_is_found_by_its_digest_without_leaving_the_browser(page):
    page.goto("/search")
    sent = []
    page.on("request", lambda asked: sent.append(asked.method))
    file = {"name": "ชื่ออื่น.pdf", "mimeType": "application/pdf", "buffer": shelves.FILE}
    page.set_input_files("#file", file)
    expect(page).to_have_url(re.compile("/search[?]q=[0-9a-f]{64}$"))  # the link may stand before
    expect(page.get_by_role("link", name="การเตรียมศูนย์พักพิงชั่วคราว")).to_be_visible()
    assert set(sent) == {"GET"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_keeps_the_clicks_folded_and_shows_all(open_page, scheme):
    page = open_page(phone=True, color_scheme=scheme)
    page.goto("/search?q=พักพิง 120")
    expect(page.locator("mark").first).to_be_visible()
    expect(page.locator("#by-files-1")).to_be_hidden()
    assert serious(page) == []
    page.get_by_text("กรองผล").click()
    page.get_by_role("link", name="มีไฟล์").click()
    expect(page.get_by_role("list", name="ที่ค้นอยู่")).to_contain_text("มีไฟล์")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/search")
    assert serious(page) == []


def test_the_desktop_has_no_serious_finding(page):
    for way in ("/search?q=ขอ", "/search?q=ศูนย์พักพึง", "/help/search"):
        page.goto(way)
        assert serious(page) == [], way
