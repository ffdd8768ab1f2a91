"""The order of what waits, and that nothing old is hidden by much that is urgent."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from registry.clock import BANGKOK
from registry.ids import new_id
from registry.letter.dealing import Dealing
from registry.letter.workdays import Workdays
from registry.models.letters import LetterRow
from registry.queueing import in_turn, time_of

RULE = Dealing(Workdays(), {"ด่วนที่สุด": 1.0, "ด่วนมาก": 4.0, "ด่วน": 16.0})
AT = datetime(2025, 10, 3, 9, 0, tzinfo=BANGKOK)


@pytest.fixture
def put(database, office):
    """Write a letter that waits; minutes tell when it came, hours when it is due."""

    def write(subject: str, urgency: str = "", minutes: int = 0, due: float | None = None) -> None:
        came = AT + timedelta(minutes=minutes)
        row = LetterRow(
            id=new_id(), entity_id=office.phrae, direction="in", state="waiting", subject=subject,
            urgency=urgency, accepted_at=came, deemed_received_at=came,
            due=None if due is None else AT + timedelta(hours=due),
        )  # fmt: skip
        with database.write() as session:
            session.add(row)

    return write


@pytest.fixture
def listed(database):
    """Give the subjects of what waits, in turn."""

    def read(most: int = 20) -> list[str]:
        with database.read() as session:
            return [row.subject for row in in_turn(session, select(LetterRow), RULE, most)]

    return read


def test_urgency_comes_first_then_what_is_due_then_the_oldest(put, listed):
    put("younger", minutes=5)
    put("older")
    put("due tomorrow", minutes=9, due=24)
    put("urgent", "ด่วน", minutes=7)
    put("most urgent, due next week", "ด่วนที่สุด", due=24 * 7)
    put("most urgent", "ด่วนที่สุด", minutes=8)
    assert listed() == [
        "most urgent", "most urgent, due next week", "urgent", "due tomorrow", "older", "younger",
    ]  # fmt: skip


def test_an_old_letter_stands_on_the_list_however_many_urgent_ones_wait(put, listed):
    put("old", minutes=-600)
    for number in range(8):
        put(f"flood {number}", "ด่วนที่สุด", minutes=number)
    assert listed(8) == [*(f"flood {number}" for number in range(7)), "old"]


def test_the_time_of_a_letter_is_what_somebody_named_or_what_its_urgency_means(put, database):
    put("named", "ด่วนมาก", due=50)
    put("urgent", "ด่วนมาก")
    with database.read() as session:
        by = {row.subject: time_of(row, RULE) for row in session.scalars(select(LetterRow))}
    assert by["named"].at == AT + timedelta(hours=50)
    assert by["urgent"].at == AT + timedelta(hours=4)
