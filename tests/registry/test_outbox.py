"""The outbox: a job is written once, under the right Message-ID."""

import pytest

from registry import outbox
from registry.errors import NotFound
from registry.letter.delivery import DeliveryState
from registry.models.outgoing import SentMessageRow
from registry.outbox import Kind


def test_a_job_of_one_key_is_written_once_ever(database, office, desk):
    def notice(session) -> str | None:
        return outbox.enqueue(session, desk, Kind.NOTICE, office.phrae, "a@b.example", once="k")

    with database.write() as session:
        assert notice(session) is not None
        assert notice(session) is None
    with database.write() as session:
        assert notice(session) is None


def test_every_delivery_of_a_letter_has_the_letters_message_id(database, office, desk, entry):
    with database.write() as session:
        for to in ("saraban@town.example", "saraban@dla.example"):
            outbox.enqueue(session, desk, Kind.LETTER, office.phrae, to, entry_id=entry)
        assert {job.message_id for job in outbox.listing(session)} == {"<1@phrae.example>"}
        assert session.query(SentMessageRow.entry_id).all() == [(entry,)]


def test_a_letter_without_a_message_id_is_not_queued(database, office, desk):
    with pytest.raises(ValueError, match="Message-ID"), database.write() as session:
        outbox.enqueue(session, desk, Kind.LETTER, office.phrae, "a@b.example")


def test_a_delivered_copy_has_a_message_id_of_its_own_that_names_the_entry(
    database, office, desk, entry
):
    with database.write() as session:
        job_id = outbox.enqueue(
            session, desk, Kind.COPY, office.phrae, "finance@phrae.example", entry_id=entry
        )
        known = session.query(SentMessageRow.message_id, SentMessageRow.kind).all()
    assert known == [(f"<c.{job_id}@mail.phrae.example>", "copy")]


def test_a_job_that_is_not_there_is_said_to_be_missing(database, office, clock):
    with database.write() as session:
        with pytest.raises(NotFound):
            outbox.get(session, "a" * 16)
        with pytest.raises(NotFound):
            outbox.started(session, "a" * 16, at=clock.now())
        with pytest.raises(NotFound):
            outbox.move(session, 1, DeliveryState.SENT, clock.now())
        with pytest.raises(NotFound):
            outbox.reported(session, 1, at=clock.now())
