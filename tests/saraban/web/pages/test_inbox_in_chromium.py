"""หนังสือเข้า as an officer works it: by mouse, by keys alone, on a telephone, with news coming in."""

import re

import pytest
from playwright.sync_api import expect

from registry.desk.accept import accept
from tests.saraban.office import CLERK
from tests.saraban.web.axe import serious
from tests.saraban.web.seed import CIRCULAR, DOUBLE, PASSWORD, QUESTION, SECOND, waiting

REGISTERED = re.compile("ลงรับแล้ว เลขรับ")


def test_signing_in_by_keys_leads_to_the_letters(open_page):
    page = open_page(email="")
    page.goto("/inbox")
    expect(page.locator("[name=email]")).to_be_focused()
    page.keyboard.type(SECOND)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="หนังสือเข้า")).to_be_visible()
    assert serious(page) == []


def test_look_and_enter_registers_by_keys_alone_and_goes_on_to_the_next(page):
    """j, Enter, Enter; the keys lie where j lies on a Thai layout as well."""
    page.keyboard.press("KeyJ")
    expect(page.locator("tr:focus-within")).to_contain_text("ด่วนที่สุด")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("มท ๐๘๑๐.๗/ว ๓๙๗๔")
    expect(page.get_by_role("button", name="ลงรับ", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(REGISTERED)
    expect(page.locator("tr:focus-within")).to_have_count(1)


def test_a_thai_layout_moves_and_chooses_by_the_same_keys(page):
    for code, key in (("KeyJ", "่"), ("KeyJ", "่"), ("KeyK", "า"), ("KeyX", "ป")):
        page.evaluate(
            "([code, key]) => document.activeElement.dispatchEvent("
            "new KeyboardEvent('keydown', {code, key, bubbles: true}))",
            [code, key],
        )
    expect(page.locator("tr:focus-within input:checked")).to_have_count(1)
    expect(page.locator("tr:focus-within")).to_contain_text("ด่วนที่สุด")


def test_the_sheet_closes_by_escape_and_gives_the_focus_back(page):
    link = page.locator("[data-row]").first
    link.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(link).to_be_focused()


def test_a_look_alike_offers_both_ways_before_a_number_is_taken(page):
    page.get_by_role("link", name="โรคติดต่อ").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("อาจเป็นฉบับแทนหนังสือเลขรับ")
    expect(sheet.get_by_role("button", name="คนละฉบับ")).to_be_visible()
    sheet.get_by_role("button", name="แนบกับเลขรับเดิม").click()
    expect(page.get_by_role("status")).to_contain_text("ไม่ใช้เลขใหม่")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_shows_cards_and_a_menu_below(open_page, scheme):
    page = open_page(phone=True, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    menu = page.get_by_role("navigation", name="เมนูหลัก").bounding_box()
    assert menu is not None
    assert menu["y"] + menu["height"] > 800
    assert serious(page) == []
    page.get_by_role("link", name=CIRCULAR).tap()
    page.get_by_role("button", name="ลงรับ", exact=True).tap()
    expect(page.get_by_role("status")).to_have_text(REGISTERED)


def test_a_desktop_in_either_light_has_nothing_serious_for_axe(open_page):
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        assert serious(page) == [], scheme
        page.goto("/account")
        assert serious(page) == [], scheme


def test_what_a_colleague_does_is_seen_without_reloading_and_what_was_ticked_stays(desk, page):
    box = page.get_by_role("checkbox", name=re.compile(QUESTION))
    box.check()
    letter = waiting(desk.office, CIRCULAR)
    with desk.runtime.database.write() as session:
        accept(session, desk.runtime.desk, letter.id, SECOND)
    expect(page.locator(f"#row-{letter.id}")).to_have_count(0)
    expect(page.locator("#standing")).to_contain_text("๒๓ เรื่องรอลงรับ")
    expect(box).to_be_checked()


def test_who_comes_second_is_told_who_was_first(open_page):
    one, other = open_page(), open_page(SECOND)
    for page in (one, other):
        page.locator("[data-row]").first.click()
    one.get_by_role("button", name="ลงรับ", exact=True).click()
    expect(one.get_by_role("status")).to_have_text(REGISTERED)
    other.get_by_role("button", name="ลงรับ", exact=True).click()
    expect(other.get_by_role("heading", name="รายการนี้เปลี่ยนไปแล้ว")).to_be_visible()
    expect(other.get_by_role("main")).to_contain_text("officer@phrae.go.th")


def test_everything_works_without_script(open_page):
    page = open_page(java_script_enabled=False)
    page.get_by_role("link", name="โรคติดต่อ").click()
    expect(page.get_by_role("heading", name=DOUBLE)).to_be_visible()
    page.get_by_role("button", name="คนละฉบับ").click()
    expect(page.get_by_role("status")).to_have_text(REGISTERED)


def test_a_clerk_reads_and_has_nothing_to_press(open_page):
    page = open_page(CLERK)
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("button", name="ลงรับ")).to_have_count(0)
