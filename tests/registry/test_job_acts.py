"""What officers do with the queue: hold, release, retry, drop, withdraw, look."""

from datetime import timedelta

import pytest

from registry import journal, outbox
from registry.errors import Conflict
from registry.models.outgoing import DeliveryRow
from registry.outbox import Kind
from tests.registry.jobs import put, send, take


def test_a_held_job_stays_until_it_is_released(database, office, desk, clock):
    with database.write() as session:
        job_id = put(session, desk, office)
        outbox.hold(session, job_id)
        assert take(session, clock) == []
        outbox.release(session, job_id)
        assert len(take(session, clock)) == 1


def test_a_failed_letter_is_tried_again_with_its_whole_time(
    database, office, desk, clock, entry, delivery
):
    with database.write() as session:
        job_id, attempt = send(session, desk, office, clock, entry, delivery)
        outbox.failed(session, job_id, attempt, at=clock.now())
        clock.advance(timedelta(days=3))
        outbox.retry(session, job_id, at=clock.now(), give_up_after=3600)
        assert [job.id for job in take(session, clock)] == [job_id]
        assert session.get(DeliveryRow, delivery).state == "queued"


def test_a_dropped_job_never_leaves(database, office, desk, clock, entry, delivery):
    with database.write() as session:
        job_id = outbox.enqueue(
            session, desk, Kind.LETTER, office.phrae, "a@b.example", entry_id=entry,
            delivery_id=delivery,
        )  # fmt: skip
        outbox.drop(session, job_id, by="admin", reason="พิมพ์ผิด", at=clock.now())
        assert take(session, clock) == []
        assert session.get(DeliveryRow, delivery).state == "failed"
        assert journal.verify(session) == []


def test_a_letter_can_be_withdrawn_until_it_is_being_sent(
    database, office, desk, clock, entry, delivery
):
    with database.write() as session:
        ids = [
            outbox.enqueue(
                session, desk, Kind.LETTER, office.phrae, to, entry_id=entry, delivery_id=delivery
            )
            for to in ("a@b.example", "c@d.example")
        ]
        outbox.hold(session, ids[0])
        take(session, clock)
        done = [
            outbox.withdraw(session, job_id, by="clerk", reason="ผิดฉบับ", at=clock.now())
            for job_id in ids
        ]
        assert done == [True, False]
        assert session.get(DeliveryRow, delivery).state == "withdrawn"


def test_a_job_that_is_being_sent_cannot_be_touched(database, office, desk, clock):
    with database.write() as session:
        job_id = put(session, desk, office)
        take(session, clock)
        with pytest.raises(Conflict):
            outbox.hold(session, job_id)
        with pytest.raises(Conflict):
            outbox.retry(session, job_id, at=clock.now(), give_up_after=1)


def test_the_queue_is_listed_by_state_entity_and_entry(database, office, desk, entry):
    with database.write() as session:
        one = put(session, desk, office, entry_id=entry)
        outbox.hold(session, put(session, desk, office))
        assert [j.id for j in outbox.listing(session, entry_id=entry)] == [one]
        assert len(outbox.listing(session, states=())) == 2
        assert len(outbox.listing(session, states=["held"])) == 1
        assert outbox.listing(session, entity_id=office.town) == []


def test_notices_are_retried_and_dropped_like_letters(database, office, desk, clock):
    with database.write() as session:
        job_id = put(session, desk, office)
        take(session, clock)
        outbox.failed(session, job_id, None, at=clock.now())
        outbox.retry(session, job_id, at=clock.now(), give_up_after=3600)
        outbox.drop(session, job_id, by="admin", reason="", at=clock.now())
        assert outbox.get(session, job_id).state == "dropped"
