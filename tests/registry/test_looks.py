"""The looks of each day are witnessed in the journal after midnight, and proven from then on."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from registry import journal, looks, readings
from registry.models.access import ReadingRow
from registry.models.evidence import JournalRow
from tests.registry.day import OFFICER, kinds, proven


@pytest.fixture
def looked(database, busy, clock):
    """Two days with looks, both witnessed the morning after, and one look of today."""
    for letters in (("a", "b"), ("c",)):
        with database.write() as session:
            for name in letters:
                readings.record(session, busy.phrae, OFFICER, "page", clock.now(), letter_id=name)
        clock.advance(timedelta(days=1))
        with database.write() as session:
            assert looks.witness_readings(session, None, clock.now()) == 1
    with database.write() as session:
        readings.record(session, busy.phrae, OFFICER, "file", clock.now(), letter_id="d")
    return busy


def test_each_day_is_witnessed_once_and_no_look_is_between(database, looked, blobs, clock):
    with database.write() as session:
        assert looks.witness_readings(session, None, clock.now()) == 0
        assert [line.facts["count"] for line in told(session)] == [2, 1]
        first, second = told(session)
        assert (first.facts["since"], second.facts["since"]) == (None, first.facts["until"])
        assert journal.verify(session) == []
    assert proven(database, blobs).holds


def test_a_day_is_not_witnessed_before_its_last_looks_are_written(database, looked, clock):
    midnight = clock.now().replace(hour=0, minute=20) + timedelta(days=1)
    with database.write() as session:
        assert looks.witness_readings(session, None, midnight) == 0
        assert looks.witness_readings(session, None, midnight + timedelta(hours=1)) == 1


def test_an_office_that_nobody_looked_into_has_no_such_line(database, busy, clock):
    with database.write() as session:
        assert looks.witness_readings(session, None, clock.now()) == 0


CHANGES = {
    "a look taken out": delete(ReadingRow).where(ReadingRow.letter_id == "b"),
    "another person": update(ReadingRow)
    .where(ReadingRow.letter_id == "c")
    .values(who="x@y.example"),
    "another letter": update(ReadingRow).where(ReadingRow.letter_id == "a").values(letter_id="z"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_look_of_a_past_day_that_was_changed_is_found(database, looked, blobs, change):
    with database.write() as session:
        session.execute(change.execution_options(synchronize_session=False))
    proof = proven(database, blobs)
    assert kinds(proof) == {"reading"}
    assert proof.problems[0].entity == "phrae"
    assert proof.problems[0].says.startswith("บันทึกการเปิดดู")


def test_a_look_slipped_into_a_past_day_is_found(database, looked, blobs, clock):
    at = clock.now() - timedelta(days=1)
    values = {"entity_id": looked.phrae, "who": OFFICER, "what": "page", "at": at}
    with database.write() as session:
        session.execute(insert(ReadingRow).values(**values))
    assert kinds(proven(database, blobs)) == {"reading"}


def told(session):
    return session.scalars(select(JournalRow).where(JournalRow.act == looks.ACT)).all()
