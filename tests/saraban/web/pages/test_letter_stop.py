"""Stopping a letter from its page, and paper that has no scan yet."""

import pytest
from sqlalchemy import update

from registry.models.letters import LetterRow
from registry.models.outgoing import OutboxRow
from tests.saraban.office import CLERK
from tests.saraban.web.looking import page
from tests.saraban.web.pages import test_counter
from tests.saraban.web.pages.test_inbox import form_of
from tests.saraban.web.pages.test_send import Pen, sent
from tests.saraban.web.seed import AUDITOR


@pytest.fixture
def letter(desk):
    """The id of a letter that was sent and rests before it leaves."""
    Pen(desk).go(to=["dla"])
    return sent(desk)[-1]["id"]


def leave(desk, entry_id):
    """Let the letter be with its addressee's server."""
    with desk.runtime.database.write() as session:
        session.execute(
            update(OutboxRow).where(OutboxRow.entry_id == entry_id).values(state="sent")
        )


def press(client, entry_id, action, **fields):
    """Send a form of the letter's page."""
    data = form_of(client.get(f"/entries/{entry_id}").text, action) | fields
    return client.post(action, data=data)


def test_what_has_not_left_is_taken_back_and_keeps_its_number(desk, letter):
    client = desk.signed_in()
    assert "เรียกคืน" not in page(client, letter)
    done = press(client, letter, f"/send/undo/{letter}")
    assert done.headers["location"].startswith("/drafts/")
    assert sent(desk)[-1]["state"] == "reserved"


def test_what_has_left_is_asked_back_with_a_reason(desk, letter):
    leave(desk, letter)
    client = desk.signed_in()
    assert "ดึงกลับ" not in page(client, letter)
    assert press(client, letter, f"/follow/{letter}/recall", reason=" ").status_code == 422
    done = press(client, letter, f"/follow/{letter}/recall", reason="แนบไฟล์ผิด")
    assert done.headers["location"] == f"/follow/{letter}"
    html = page(client, letter)
    assert "ขอเรียกคืนแล้ว" in html
    assert "recall" not in html


def test_what_left_while_somebody_looked_is_not_taken_back(desk, letter):
    client = desk.signed_in()
    data = form_of(client.get(f"/entries/{letter}").text, f"/send/undo/{letter}")
    leave(desk, letter)
    late = client.post(f"/send/undo/{letter}", data=data)
    assert (late.status_code, "โปรดใช้การเรียกคืนแทน" in late.text) == (409, True)


def test_a_clerk_stops_their_own_letters_and_an_auditor_none(desk, letter):
    for who in (CLERK, AUDITOR):
        assert "ดึงกลับ" not in page(desk.signed_in(who), letter)
    with desk.runtime.database.write() as session:
        session.execute(update(LetterRow).where(LetterRow.state == "sent").values(clerk=CLERK))
    assert "ดึงกลับ" in page(desk.signed_in(CLERK), letter)


def test_paper_says_that_it_is_paper_and_where_its_scans_are_laid(desk):
    client = desk.signed_in()
    where = test_counter.send(client).headers["location"].partition("?")[0]
    entry_id = where.rpartition("/")[2]
    html = page(client, entry_id)
    assert "หนังสือกระดาษ ยังไม่มีไฟล์สแกน" in html
    assert f'href="{where}"' in html
    assert where not in page(desk.signed_in(CLERK), entry_id)
