"""The office's own pages as an administrator works them: by keys, on a telephone, with a proof."""

import re

import pytest
from playwright.sync_api import expect

from tests.saraban.web.axe import serious
from tests.saraban.web.seed import ADMIN, AUDITOR

WAYS = (
    "/people", "/people/rights", "/directory", "/units", "/units/rules/new", "/queue", "/journal",
    "/tokens", "/settings", "/help", "/help/clerks",
)  # fmt: skip


def test_an_officer_is_added_by_keys_alone_and_gets_a_password(open_page):
    page = open_page(ADMIN)
    page.goto("/people")
    page.keyboard.press("KeyN")
    expect(page.get_by_label("อีเมล")).to_be_focused()
    page.keyboard.type("nid@phrae.go.th")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("เพิ่มแล้ว")
    page.get_by_role("button", name="ออกรหัสผ่าน").press("Enter")
    shown = page.locator(".secret-word")
    expect(shown).to_have_text(re.compile(r"^(\w{4}-){3}\w{4}$"))
    assert serious(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_telephone_and_has_nothing_serious_for_axe(open_page, scheme):
    page = open_page(ADMIN, phone=True, color_scheme=scheme)
    for way in WAYS:
        page.goto(way)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), way
        assert serious(page) == [], way


def test_a_proof_tells_its_end_without_reloading(open_page):
    page = open_page(AUDITOR)
    page.goto("/proof")
    page.get_by_role("button", name="ตรวจสอบเดี๋ยวนี้").click()
    expect(page.get_by_role("heading", name="ครบถ้วนถูกต้อง")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="พิมพ์ผล (PDF)")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []


def test_rules_are_moved_and_tried_without_script(open_page):
    page = open_page(ADMIN, java_script_enabled=False)
    page.goto("/units")
    page.get_by_label("ถ้ามีคำว่า").fill("น้ำท่วม")
    page.get_by_role("button", name="เพิ่มกฎ").click()
    expect(page.get_by_role("status").first).to_contain_text("เพิ่มกฎแล้ว")
    page.get_by_label("เรื่อง", exact=True).fill("การป้องกันน้ำท่วม")
    page.get_by_role("button", name="ลอง", exact=True).click()
    expect(page.get_by_text("กฎข้อ ๑")).to_be_visible()
