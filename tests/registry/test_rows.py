"""Rows that are written past the mapper are the rows that the mapper would have written."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.clock import FrozenClock
from registry.db import Database
from registry.models.evidence import CursorRow
from registry.models.letters import IntakeRow
from registry.rows import insert_rows

INTAKE = IntakeRow.__table__
CURSOR = CursorRow.__table__


def intake(clock: FrozenClock, name: str, **values: object) -> dict[str, object]:
    known = {"spool_name": name, "listener": "mx", "accepted_at": clock.now(), "mail_from": ""}
    return {
        **known,
        "recipients": ["ก@x.example"],
        "raw_sha256": "0" * 64,
        "raw_bytes": 1,
        **values,
    }


def test_what_is_not_given_has_the_default_of_its_column(database: Database, clock):
    with database.write() as session:
        insert_rows(session, INTAKE, [intake(clock, "smtp/a")])
        row = session.get_one(IntakeRow, "smtp/a")
        assert (row.peer, row.outcomes, row.results) == ("", 0, [])


def test_values_come_back_as_they_were_given(database: Database, clock):
    with database.write() as session:
        rows = [intake(clock, "smtp/a", results=[["letter", None]]), intake(clock, "smtp/b")]
        insert_rows(session, INTAKE, rows)
        row = session.get_one(IntakeRow, "smtp/a")
        assert row.accepted_at == clock.now()
        assert (row.recipients, row.results) == (["ก@x.example"], [["letter", None]])


def test_a_row_is_the_same_to_the_last_byte_whoever_writes_it(database: Database, clock):
    with database.write() as session:
        insert_rows(session, INTAKE, [intake(clock, "smtp/a")])
        session.add(IntakeRow(**intake(clock, "smtp/b")))
        session.flush()
        stored = "SELECT accepted_at, recipients, results, peer, outcomes FROM intake"
        first, second = session.connection().exec_driver_sql(stored).all()
        assert tuple(first) == tuple(second)


def test_the_database_numbers_rows_that_bring_no_number(database: Database):
    def cursor(folder: str, **values: object) -> dict[str, object]:
        return {"account": "a", "folder": folder, "uidvalidity": 1, "last_uid": 1, **values}

    with database.write() as session:
        insert_rows(session, CURSOR, [cursor("one"), cursor("two", id=70), cursor("three")])
        rows = session.execute(select(CursorRow.folder, CursorRow.id))
        found = {row.folder: row.id for row in rows}
        assert found["two"] == 70
        assert len(set(found.values())) == 3


def test_only_who_asks_for_it_passes_over_a_row_that_is_there(database: Database, clock):
    with database.write() as session:
        insert_rows(session, INTAKE, [intake(clock, "smtp/a")])
        insert_rows(session, INTAKE, [intake(clock, "smtp/a", peer="x")], new=True)
        assert session.get_one(IntakeRow, "smtp/a").peer == ""
        with pytest.raises(IntegrityError):
            insert_rows(session, INTAKE, [intake(clock, "smtp/a")])
        session.rollback()


def test_a_column_that_there_is_not_is_refused(database: Database, clock):
    with database.write() as session, pytest.raises(TypeError, match="sender"):
        insert_rows(session, INTAKE, [intake(clock, "smtp/a", sender="x")])


def test_a_time_without_a_zone_is_refused(database: Database, clock):
    naive = clock.now().replace(tzinfo=None)
    with database.write() as session, pytest.raises(ValueError, match="zone"):
        insert_rows(session, INTAKE, [intake(clock, "smtp/a", accepted_at=naive)])
