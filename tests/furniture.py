"""Rows that many tests begin with: written once by the acts, then laid down as they were.

To furnish an office costs several times what most tests of it do. What the acts wrote is kept for
the process that runs the tests, once for each engine: the file of SQLite, the rows of PostgreSQL.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy.orm import Session

from registry.db import Database
from tests.servers.lending import TABLES

Made = TypeVar("Made")
COUNTED = "SELECT seqrelid::regclass::text, pg_sequence_last_value(seqrelid) FROM pg_sequence"


@dataclass(frozen=True)
class _Rows:
    """All rows of a PostgreSQL database, as COPY writes them, and how far its sequences are."""

    tables: dict[str, bytes]
    sequences: list[tuple[str, int]]


class Furniture:
    """What was written once, by name; ``folder`` is for this process alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, bool], tuple[Any, Any]] = {}

    def lay(self, database: Database, name: str, make: Callable[[Session], Made]) -> Made:
        """Let ``make`` write into the database, or lay down what it wrote the first time.

        Nothing but furniture may stand in the database yet, and nobody else may be in it. What
        ``make`` returns is given to all, so it must be frozen; it may depend on the name alone.
        """
        key = (name, database.is_sqlite)
        if key not in self._kept:
            with database.write() as session:
                made = make(session)
            self._kept[key] = made, self._keep(database, name)
            return made
        made, kept = self._kept[key]
        self._lay(database, kept)
        return made

    def _keep(self, database: Database, name: str) -> Any:
        if not database.file:
            with database.write() as session:
                return _rows(_driver(session))
        database.close()  # moves what was written into the file itself
        return shutil.copyfile(database.file, self._folder / f"{name}.db")

    def _lay(self, database: Database, kept: Any) -> None:
        if database.file:
            database.close()
            shutil.copyfile(kept, database.file)
            return
        with database.write() as session:
            _fill(_driver(session), kept)


def _driver(session: Session) -> "psycopg.Connection[Any]":
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


def _rows(connection: "psycopg.Connection[Any]") -> _Rows:
    tables = {}
    for (table,) in connection.execute(TABLES).fetchall():
        with connection.cursor().copy(_named("COPY {} TO STDOUT", table)) as lines:
            if written := b"".join(lines):
                tables[table] = written
    sequences = [(name, last) for name, last in connection.execute(COUNTED) if last is not None]
    return _Rows(tables, sequences)


def _fill(connection: "psycopg.Connection[Any]", rows: _Rows) -> None:
    """Lay the rows down without regard to order and triggers."""
    connection.execute("SET LOCAL session_replication_role = replica")
    for table, written in rows.tables.items():
        connection.execute(_named("DELETE FROM {}", table))
        with connection.cursor().copy(_named("COPY {} FROM STDIN", table)) as lines:
            lines.write(written)
    for name, last in rows.sequences:
        connection.execute("SELECT setval(%s::regclass, %s)", (name, last))


def _named(statement: str, table: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))
