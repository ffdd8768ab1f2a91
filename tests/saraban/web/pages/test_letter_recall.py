"""A sender asks for a letter back: the officer sees it on the letter's page and answers there."""

import pytest
from sqlalchemy import select

from registry.desk.take_up import note_facts
from registry.models.letters import LetterRow
from registry.models.outgoing import OutboxRow
from tests.saraban.office import DLA
from tests.saraban.web import papers
from tests.saraban.web.axe import serious

AT = "2025-10-04T09:00:00+00:00"
ASKED = {"from": DLA, "at": AT, "reason": "ไฟล์ผิดฉบับ", "answer": "", "by": ""}


@pytest.fixture
def entry(desk):
    """A registered letter that its sender wants back."""
    laid = papers.lay(desk.office)
    made = papers.register(desk.office, laid)
    runtime = desk.office.runtime()
    with runtime.database.write() as session:
        note_facts(session.get_one(LetterRow, laid.id), recall=ASKED)
    runtime.close()
    return made


def answered(office, letter_id: str) -> tuple[str, list[str]]:
    """Give what the books say was answered, and which acknowledgements are on their way."""
    runtime = office.runtime()
    with runtime.database.read() as session:
        said = session.get_one(LetterRow, letter_id).facts["recall"]["answer"]
        acts = [
            row.facts["act"]
            for row in session.scalars(select(OutboxRow).where(OutboxRow.letter_id == letter_id))
            if row.kind == "acknowledgement" and row.facts["act"].startswith("recall")
        ]
    runtime.close()
    return said, acts


def test_the_question_stands_on_the_page_with_who_asks_and_why(desk, entry):
    html = desk.signed_in().get(f"/entries/{entry.id}").text
    assert "ผู้ส่งขอเรียกคืนหนังสือฉบับนี้" in html
    assert DLA in html
    assert "ไฟล์ผิดฉบับ" in html


def test_a_letter_that_nobody_wants_back_asks_nothing(desk):
    made = papers.register(desk.office, papers.lay(desk.office))
    assert "ขอเรียกคืนหนังสือฉบับนี้" not in desk.signed_in().get(f"/entries/{made.id}").text


def test_it_goes_back_and_the_sender_hears(desk, entry):
    client = desk.signed_in()
    desk.post(client, f"/letters/{entry.letter_id}/recall", answer="agree")
    assert answered(desk.office, entry.letter_id) == ("recall_agreed", ["recall_agreed"])
    html = client.get(f"/entries/{entry.id}").text
    assert "คืนผู้ส่งตามที่ขอเรียกคืน" in html
    assert 'name="answer"' not in html


def test_who_keeps_it_says_why(desk, entry):
    client = desk.signed_in()
    bare = desk.post(client, f"/letters/{entry.letter_id}/recall", answer="decline")
    assert bare.status_code == 422
    assert "โปรดเขียนเหตุผลที่ไม่คืน" in bare.text
    assert answered(desk.office, entry.letter_id) == ("", [])
    desk.post(client, f"/letters/{entry.letter_id}/recall", answer="decline", why="ดำเนินการแล้ว")
    assert answered(desk.office, entry.letter_id) == ("recall_declined", ["recall_declined"])


def test_it_is_answered_once(desk, entry):
    client = desk.signed_in()
    desk.post(client, f"/letters/{entry.letter_id}/recall", answer="agree")
    again = desk.post(client, f"/letters/{entry.letter_id}/recall", answer="decline", why="ไม่")
    assert "ตอบคำขอเรียกคืนฉบับนี้แล้ว" in again.text
    assert answered(desk.office, entry.letter_id)[0] == "recall_agreed"


def test_an_auditor_sees_the_question_and_answers_nothing(desk, entry):
    client = desk.signed_in("auditor@phrae.go.th")
    html = client.get(f"/entries/{entry.id}").text
    assert "ผู้ส่งขอเรียกคืนหนังสือฉบับนี้" in html
    assert 'name="answer"' not in html
    denied = desk.post(client, f"/letters/{entry.letter_id}/recall", answer="agree")
    assert denied.status_code == 403
    assert answered(desk.office, entry.letter_id) == ("", [])


def test_the_question_can_be_read_by_everybody_and_answered_by_keys(desk, entry, page):
    page.goto(f"/entries/{entry.id}")
    assert serious(page) == []
    page.locator("input[name=answer][value=agree]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("คืนหนังสือตามที่ผู้ส่งขอแล้ว").wait_for()
    assert answered(desk.office, entry.letter_id)[0] == "recall_agreed"
