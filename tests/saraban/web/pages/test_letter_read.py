"""What was read off a letter's paper, on its page: shown with its doubt, confirmed, corrected."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from registry.letter.page import Page
from registry.letter.paper import HIGH
from registry.models.letters import EnclosureRow
from registry.models.paper import PaperFieldRow
from registry.models.search import FileTextRow
from registry.paper_reading import PaperReading
from registry.texts.leaves import keep_pages
from tests.registry.paper.pages import page as typeset
from tests.registry.paper.pages import with_line
from tests.saraban.web import papers
from tests.saraban.web.axe import serious
from tests.servers.waiting import wait_until

SUBJECT = "แนวทางการปรับปรุงคู่มือสำหรับประชาชนตามแผนการยกระดับการบริการภาครัฐ"


def read(office, letter, found: Page) -> None:
    """Let the letter's first file have said this, and read its fields."""
    runtime = office.runtime()
    with runtime.database.write() as session:
        wanted = select(EnclosureRow).where(EnclosureRow.letter_id == letter.id)
        for row in session.scalars(wanted.order_by(EnclosureRow.position)):
            known = session.get(FileTextRow, row.sha256) or FileTextRow(sha256=row.sha256, tries=1)
            known.state, known.kind, known.text, known.pages = "done", "pdf", found.text, 1
            known.detail, known.at = "", runtime.clock.now()
            session.add(known)
            if row.role == "letter":
                keep_pages(session, row.sha256, [found])
    reading = PaperReading(runtime.database, runtime.blobs, runtime.desk)
    while reading.turn():
        pass
    reading.close()
    runtime.close()


def field(office, letter, name: str) -> PaperFieldRow:
    runtime = office.runtime()
    with runtime.database.read() as session:
        wanted = select(PaperFieldRow).where(
            PaperFieldRow.letter_id == letter.id, PaperFieldRow.name == name
        )
        found = session.scalars(wanted.order_by(PaperFieldRow.position)).first()
    runtime.close()
    assert found is not None
    return found


@pytest.fixture
def letter(desk):
    """A letter that waits, whose paper was read doubtfully."""
    laid = papers.lay(desk.office, subject="ส่งหนังสือ", number="มท ๐๘๑๐.๓/๗๗")
    read(desk.office, laid, typeset(sure=75, source="ocr"))
    return laid


def test_each_field_is_shown_with_how_surely_it_was_read(desk, letter):
    html = desk.signed_in().get(f"/letters/{letter.id}").text
    assert "อ่านจากตัวหนังสือ" in html
    assert "ควรตรวจ จากภาพ" in html
    assert re.search(rf'aria-label="เรื่อง"[^>]*>{SUBJECT}</textarea>', html)


def test_a_day_that_was_over_when_the_letter_was_written_asks_to_be_looked_at(desk):
    laid = papers.lay(desk.office, subject="ส่งหนังสือ", number="มท ๐๘๑๐.๓/๗๗")
    read(desk.office, laid, with_line(13, "รายงานให้ทราบภายในวันที่ ๑๘ ตุลาคม ๒๕๖๑ ต่อไป"))
    html = desk.signed_in().get(f"/letters/{laid.id}").text
    assert "ก่อนวันที่ของหนังสือ" in html
    assert "ไม่แน่ใจ" in html
    assert field(desk.office, laid, "due").confidence < HIGH


def test_an_auditor_judges_nothing(desk, letter):
    html = desk.signed_in("auditor@phrae.go.th").get(f"/letters/{letter.id}").text
    assert "/fields/" not in html


def test_the_place_of_a_field_is_marked_on_its_page(desk, letter):
    found = field(desk.office, letter, "number")
    client = desk.signed_in()
    shown = client.get(f"/letters/{letter.id}").text
    mark = shown.split(f"field={found.id}")[0].rpartition('"')[2] + f"field={found.id}"
    html = client.get(mark).text
    assert 'id="place"' in html
    assert 'id="place"' not in client.get(mark.partition("?")[0]).text


def test_by_keys_alone_fields_are_seen_on_the_paper_confirmed_and_corrected(desk, letter, page):
    page.goto(f"/letters/{letter.id}")
    page.wait_for_selector("#page-1")
    assert serious(page) == []
    page.locator("#read input[name=value]").first.focus()
    page.wait_for_selector("#place")
    box, leaf = (page.locator(one).bounding_box() for one in ("#place", "#page-1 img"))
    assert leaf["x"] <= box["x"] <= leaf["x"] + leaf["width"]
    assert box["height"] > 5
    page.keyboard.press("Enter")
    page.get_by_text("ยืนยันที่แล้ว").wait_for()
    page.wait_for_load_state()
    expect(page.locator("#read [name=value][aria-label='ลงวันที่']")).to_be_focused()
    page.wait_for_selector("#place")
    page.keyboard.press("Control+A")
    page.keyboard.type("17 กันยายน 2562")
    page.keyboard.press("Enter")
    page.get_by_text("แก้ลงวันที่แล้ว").wait_for()
    wait_until(lambda: field(desk.office, letter, "dated").state == "refused", "it is refused")
    assert field(desk.office, letter, "number").state == "confirmed"
    expect(page.locator("#f-letter_number")).to_have_value("มท ๐๘๑๐.๗/ว ๓๙๗๔")
    page.wait_for_load_state()
    expect(page.locator("#read [name=value][aria-label='เรื่อง']")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("ยืนยันเรื่องแล้ว").wait_for()
    assert field(desk.office, letter, "subject").value == SUBJECT


def test_the_picture_of_the_paper_does_not_rename_the_page(desk, letter, page):
    page.goto(f"/letters/{letter.id}")
    title = page.title()
    page.wait_for_selector("#page-1")
    page.locator("#read [name=value]").first.focus()
    page.wait_for_selector("#place")
    assert page.title() == title
    assert ".pdf" not in title


def test_who_opens_a_letter_that_has_just_come_sees_its_fields_as_soon_as_they_are_read(desk, page):
    laid = papers.lay(desk.office, subject="ส่งหนังสือ", number="มท ๐๘๑๐.๓/๗๗")
    page.goto(f"/letters/{laid.id}")
    page.get_by_text("กำลังอ่าน…").wait_for()
    read(desk.office, laid, typeset(sure=75, source="ocr"))
    page.get_by_label("ลงวันที่").and_(page.locator("#read [name=value]")).wait_for()
    expect(page.get_by_text("กำลังอ่าน…")).to_have_count(0)
