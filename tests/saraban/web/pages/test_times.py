"""The times of a letter on the pages: when it counts as received, by when to deal with it."""

import re
from datetime import datetime

import pytest
from sqlalchemy import update

from registry import entries
from registry.clock import BANGKOK
from registry.desk.accept import accept
from registry.models.letters import LetterRow
from tests.saraban.office import OFFICER
from tests.saraban.web.seed import CIRCULAR, QUESTION, waiting

FRIDAY_EVENING = datetime(2025, 10, 3, 20, 0, tzinfo=BANGKOK)
MONDAY = datetime(2025, 10, 6, 8, 30, tzinfo=BANGKOK)


def plain(html: str) -> str:
    """Give a page's text as it is read: without marks between words."""
    return re.sub(r"\s+", " ", re.sub(r"<wbr>|</?(?:span|b)[^>]*>", "", html))


@pytest.fixture
def circular(desk):
    """The circular of ด่วนที่สุด, come on a Friday evening; it is Monday at ten."""
    desk.clock.set(datetime(2025, 10, 6, 10, 0, tzinfo=BANGKOK))
    letter = waiting(desk.office, CIRCULAR)
    with desk.runtime.database.write() as session:
        came = update(LetterRow).where(LetterRow.id == letter.id)
        session.execute(came.values(accepted_at=FRIDAY_EVENING, deemed_received_at=MONDAY))
    return letter.id


def row_of(html: str, letter_id: str) -> str:
    return plain(html.partition(f'id="row-{letter_id}"')[2].partition("</tr>")[0])


def test_a_most_urgent_letter_says_that_nobody_looked_and_that_its_time_is_over(desk, circular):
    client = desk.signed_in()
    row = row_of(client.get("/inbox").text, circular)
    assert "ยังไม่มีผู้เปิดดู" in row
    assert "ให้ดำเนินการภายใน" in row
    assert "เลยเวลา" in row
    client.get(f"/inbox/{circular}")
    assert "ยังไม่มีผู้เปิดดู" not in row_of(client.get("/inbox").text, circular)


def test_a_letter_of_no_urgency_says_nothing_of_the_kind(desk, circular):
    row = row_of(desk.signed_in().get("/inbox").text, waiting(desk.office, QUESTION).id)
    assert "ยังไม่มีผู้เปิดดู" not in row
    assert "ให้ดำเนินการภายใน" not in row


def test_what_came_outside_office_hours_says_when_it_counts_as_received(desk, circular):
    client = desk.signed_in()
    sheet = plain(client.get(f"/inbox/{circular}").text)
    assert "เข้ามานอกเวลาราชการ ถือว่าได้รับ" in sheet
    page = plain(client.get(f"/letters/{circular}").text)
    assert "ถือว่าได้รับ ๖ ตุลาคม ๒๕๖๘" in page
    assert "เข้ามานอกเวลาราชการ หลังเวลา ๑๖.๓๐ น." in page


def test_a_registered_letter_shows_four_times_and_is_listed_when_its_time_is_over(desk, circular):
    with desk.runtime.database.write() as session:
        entry = accept(session, desk.runtime.desk, circular, OFFICER)
        assert entries.get(session, entry.id).due is None
    client = desk.signed_in()
    page = plain(client.get(f"/entries/{entry.id}").text)
    for word in ("ในหัวจดหมาย", "เข้าระบบ", "ถือว่าได้รับ", "ลงทะเบียน", "ตามชั้นความเร็วของหนังสือ"):
        assert word in page
    late = plain(client.get("/inbox?show=overdue").text)
    assert "เลยเวลาดำเนินการ" in late
    assert CIRCULAR in late
    assert re.search(r"๑\s*เลยเวลาดำเนินการ", plain(client.get("/overview").text))


def test_our_own_letters_show_no_times_of_receiving(desk):
    with desk.runtime.database.read() as session:
        sent = entries.listing(session, "phrae", "sent")[0]
    page = plain(desk.signed_in().get(f"/entries/{sent.id}").text)
    assert "ถือว่าได้รับ" not in page
