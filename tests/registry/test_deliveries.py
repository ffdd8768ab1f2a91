"""Deliveries: a state that never goes back, a history that is never changed."""

from datetime import timedelta

import pytest

from registry import outbox
from registry.deliveries import MOST_NOTES, history, note, received
from registry.letter.delivery import DeliveryState
from registry.models.outgoing import DeliveryRow

S = DeliveryState


@pytest.mark.parametrize(
    ("states", "last"),
    [
        ([S.SENT, S.ARRIVED, S.REGISTERED], S.REGISTERED),
        ([S.REGISTERED, S.SENT], S.REGISTERED),  # the receipt was faster than our own commit
        ([S.ARRIVED, S.SENT], S.ARRIVED),
        ([S.REGISTERED, S.ARRIVED], S.REGISTERED),
        ([S.OVERDUE, S.REGISTERED], S.REGISTERED),
        ([S.OVERDUE, S.ARRIVED], S.ARRIVED),
        ([S.BOUNCED, S.REGISTERED], S.REGISTERED),  # it came by another way after all
        ([S.REGISTERED, S.RETURNED], S.RETURNED),
        ([S.FAILED, S.QUEUED, S.SENT], S.SENT),
    ],
)
def test_a_delivery_never_goes_back_on_its_way(database, delivery, clock, states, last):
    with database.write() as session:
        for state in states:
            outbox.move(session, delivery, state, clock.now())
        assert session.get(DeliveryRow, delivery).state == last
        assert [event.state for event in history(session, [delivery])[delivery]] == states


def test_a_receive_number_from_there_is_kept(database, delivery, clock):
    with database.write() as session:
        outbox.move(session, delivery, S.REGISTERED, clock.now(), remote_number="2231/2568")
        outbox.move(session, delivery, S.ARRIVED, clock.now())
        assert session.get(DeliveryRow, delivery).remote_number == "2231/2568"


def test_the_report_is_noted_once_and_the_state_stays(database, delivery, clock):
    first = clock.now()
    with database.write() as session:
        outbox.move(session, delivery, S.REGISTERED, first)
        outbox.reported(session, delivery, at=first)
        outbox.reported(session, delivery, at=first + timedelta(minutes=5))
        row = session.get(DeliveryRow, delivery)
        assert (row.state, row.reported_at) == ("registered", first)


@pytest.mark.parametrize("late", ["failed", "bounced"])
@pytest.mark.parametrize("said", ["arrived", "registered", "returned", "wrong", "withdrawn"])
def test_a_mail_that_did_not_get_through_undoes_nothing_that_the_addressee_said(
    database, delivery, clock, late, said
):
    with database.write() as session:
        outbox.move(session, delivery, said, at=clock.now())
        assert not outbox.move(session, delivery, late, at=clock.now())
        assert session.get_one(DeliveryRow, delivery).state == said


def test_a_note_leaves_the_state_alone_is_written_once_and_not_without_end(
    database, delivery, clock
):
    with database.write() as session:
        assert note(session, delivery, at=clock.now(), detail="ช้า", by="system")
        assert not note(session, delivery, at=clock.now(), detail="ช้า", by="system")
        written = [
            note(session, delivery, at=clock.now(), detail=f"ช้า {n}", by="system")
            for n in range(MOST_NOTES + 5)
        ]
        assert sum(written) == MOST_NOTES - 1
        assert session.get_one(DeliveryRow, delivery).state == "queued"


@pytest.mark.parametrize(
    ("states", "told_by"),
    [
        ([S.SENT], None),
        ([S.SENT, S.ARRIVED, S.REGISTERED, S.REGISTERED], 2),  # the receipt came twice
        ([S.SENT, S.ARRIVED, S.ARRIVED], 1),
        ([S.REGISTERED, S.ARRIVED, S.RETURNED], 0),
    ],
)
def test_an_addressee_has_a_letter_since_it_first_told_its_number_or_that_it_came(
    database, delivery, clock, states, told_by
):
    times = [clock.now() + timedelta(hours=hour) for hour in range(len(states))]
    with database.write() as session:
        for state, at in zip(states, times, strict=True):
            outbox.move(session, delivery, state, at)
        outbox.reported(session, delivery, at=times[-1] + timedelta(days=9))
        entry = session.get_one(DeliveryRow, delivery).entry_id
        since = received(session, [entry])
    assert since == ({} if told_by is None else {delivery: times[told_by]})
