"""Search asks the drivers without SQLAlchemy: that a database is away is seen all the same."""

import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from registry.db import database_is_away
from registry.models.search import SearchSegmentRow
from registry.search import engine, segments
from registry.search.blocks import blocks
from tests.registry.search.books import Shelf

_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid"


def _ask_without_a_server(shelf: Shelf, act: Callable[[Session], object]) -> None:
    with shelf.database.read() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        with shelf.database.write() as other:
            other.execute(text(_OTHERS), {"pid": pid})
        with pytest.raises(psycopg.OperationalError) as told:
            act(session)
        assert database_is_away(told.value)


def test_a_server_that_went_while_the_index_is_asked_or_written_is_away(shelf: Shelf):
    """The process that keeps the index waits and goes on."""
    if shelf.database.is_sqlite:
        assert database_is_away(sqlite3.OperationalError("database is locked"))
        return
    made = list(blocks([(b"Tabcdef", 1, b"\0\0")], 64))
    acts = (
        lambda session: list(engine.postings(session, [1], [b"Tabcdef"])),
        lambda session: engine.documents(session, [1]),
        lambda session: segments.write(session, 1, made),
    )
    for act in acts:
        with pytest.raises(OperationalError) as closing:
            _ask_without_a_server(shelf, act)
        assert database_is_away(closing.value)
    with shelf.database.read() as session:
        assert session.scalars(select(SearchSegmentRow)).all() == []


def test_an_error_of_the_statement_is_no_absence(shelf: Shelf):
    """It would come again for ever."""
    kinds = sqlite3.OperationalError, psycopg.ProgrammingError
    with shelf.database.read() as session, pytest.raises(kinds) as told:
        engine._rows(session, "SELECT nothing FROM nowhere", ())
    assert not database_is_away(told.value)
