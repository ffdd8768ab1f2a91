"""What became of what we sent, letter by letter and addressee by addressee."""

from datetime import date, timedelta

import pytest

from registry import deliveries, entries, following
from registry.desk import compose
from registry.desk.compose import Composition
from registry.ids import new_id


@pytest.fixture
def send(database, desk, phrae, books):
    """Send a letter to the town, let it come so far, and give its entry's id."""

    def act(state="sent", *, by=None, **fields):
        said = {"subject": "ขอรายงาน", "text": "โปรดรายงาน", "to": ("town",)} | fields
        email = (by or phrae.registrar).email
        with database.write() as session:
            done = compose.hand_over(
                session, desk, phrae.entity, email, Composition(new_id(), **said), now=True
            )
            for one in entries.get(session, done.entry_id).deliveries:
                deliveries.move(session, one.id, "sent", desk.now())
                if state != "sent":
                    deliveries.move(session, one.id, state, desk.now(), remote_number="๗")
        return done.entry_id

    return act


@pytest.fixture
def listed(database, phrae, clock):
    """List the letters that a filter shows, by entry."""

    def act(show, **more):
        with database.read() as session:
            found = following.letters(
                session, phrae.entity.id, show, clock.now(), cleared=False, **more
            )
        return [one.id for one in found]

    return act


def test_what_is_received_and_asks_for_no_report_is_no_longer_open(send, listed):
    waits, _done = send(), send("registered")
    asks = send("registered", due=date(2025, 10, 20))
    assert listed("open") == [asks, waits]
    assert len(listed("all")) == 3


def test_late_is_who_did_not_acknowledge_or_not_report_in_time(send, listed, clock):
    silent, asks = send("overdue"), send("registered", due=date(2025, 10, 20))
    assert listed("late") == [silent]
    clock.advance(timedelta(days=60))
    assert listed("late") == [asks, silent]


def test_urgent_and_unreceived(send, listed):
    plain, urgent, _ = send(), send(urgency="ด่วนที่สุด"), send("registered", urgency="ด่วน")
    assert listed("urgent") == [urgent]
    assert set(listed("unreceived")) == {plain, urgent}


def test_another_entity_follows_nothing_of_ours(send, database, phrae, clock):
    send()
    with database.read() as session:
        assert following.letters(session, phrae.town.id, "all", clock.now(), cleared=True) == []


def test_a_page_goes_on_behind_the_last_line(send, listed):
    first, second = send(), send()
    assert listed("all", before=second) == [first]
    assert listed("all", clerk="nobody@phrae.example") == []


def test_an_addressee_is_told_with_times_and_number(send, database):
    entry_id = send("registered", due=date(2025, 10, 20))
    with database.read() as session:
        (step,) = following.steps(session, entries.get(session, entry_id))
    assert step.sent_at is not None
    assert step.received_at is not None
    assert (step.awaited, step.delivery.remote_number) == ("report", "๗")
    assert (step.reminded, step.calls) == (0, 0)
