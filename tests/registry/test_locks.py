"""Acts that meet at the same delivery wait in one order, and none is thrown out of the database."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from registry import journal, outbox
from registry.db import Database
from registry.models.outgoing import DeliveryEventRow, DeliveryRow
from registry.outbox import Kind
from tests.servers.waiting import wait_until

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def is_waited_for(database: Database) -> bool:
    """Say whether somebody waits for a lock; on SQLite whoever writes second always does."""
    if database.is_sqlite:
        return True
    with database.read() as session:
        return bool(session.scalar(_WAITING))


def test_dropping_a_job_and_a_receipt_for_its_delivery_do_not_wait_for_each_other(
    database, office, desk, clock, entry, delivery
):
    """The receipt holds the books first and the delivery then; the officer must do so too."""
    with database.write() as session:
        job = outbox.enqueue(
            session, desk, Kind.LETTER, office.phrae, "a@b.example", entry_id=entry,
            delivery_id=delivery,
        )  # fmt: skip

    def drop() -> None:
        with database.write() as session:
            outbox.drop(session, job, by="admin", reason="ผิดฉบับ", at=clock.now())

    with ThreadPoolExecutor(1) as officer:
        with database.write() as session:
            journal.lock_head(session, office.phrae)
            dropping = officer.submit(drop)
            wait_until(lambda: is_waited_for(database), str)
            outbox.move(session, delivery, "registered", at=clock.now(), remote_number="7/2568")
            journal.record(session, office.phrae, "acknowledged", "system", clock.now(), entry)
        dropping.result(timeout=20)
    with database.read() as session:
        states = [row.state for row in session.query(DeliveryEventRow).all()]
        assert states == ["registered", "failed"]
        assert session.get_one(DeliveryRow, delivery).state == "registered"
        assert journal.verify(session) == []
