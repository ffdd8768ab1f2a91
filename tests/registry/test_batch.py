"""Rows that a batch holds back, and who makes it write them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, select

from registry import directory
from registry.batch import add, row_of, together
from registry.clock import FrozenClock
from registry.db import Database
from registry.models.letters import IntakeRow, NoteRow
from tests.registry.conftest import Office


@pytest.fixture
def written(database: Database) -> Iterator[list[str]]:
    """The tables that rows were put into, in order."""
    tables: list[str] = []

    def note(_connection, _cursor, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO"):
            tables.append(statement.split()[2])

    event.listen(database.engine, "before_cursor_execute", note)
    yield tables
    event.remove(database.engine, "before_cursor_execute", note)


def intake(clock: FrozenClock) -> IntakeRow:
    return row_of(
        IntakeRow, spool_name="smtp/a", listener="mx", accepted_at=clock.now(), mail_from="",
        recipients=[], raw_sha256="0" * 64, raw_bytes=1,
    )  # fmt: skip


def test_who_asks_for_a_row_held_back_gets_it(database: Database, office: Office, clock):
    with database.write() as session, together(session):
        add(session, intake(clock))
        assert session.scalars(select(IntakeRow.spool_name)).all() == ["smtp/a"]


def test_the_directory_is_asked_without_writing_anything_first(
    database: Database, office: Office, clock, written: list[str]
):
    """Not even a row of the session, which may refer to one that is held back."""
    with database.write() as session:
        with together(session):
            add(session, intake(clock))
            note = NoteRow(entry_id=None, at=clock.now(), by="system", text="a note")
            session.add(note)
            assert directory.entity_by_code(session, "phrae") is not None
            assert directory.units(session, office.phrae) == []
            assert written == []
            session.expunge(note)
        assert written == ["intake"]
