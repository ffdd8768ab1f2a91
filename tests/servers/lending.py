"""PostgreSQL databases, lent to one test after another and emptied in between.

Copying a migrated database takes a third of a second, emptying one a few milliseconds, over a
connection that stays and so knows the tables. A database whose tables a test has changed is not
lent again. Whoever is still connected when a test ends is put out.
"""

import uuid
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import sql

from tests.servers.postgres import Postgres

Connection = psycopg.Connection[tuple[Any, ...]]
TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
"""
# Whoever changes a column, a table or an index writes these rows anew.
SHAPE = """
    SELECT count(*), max(pg_attribute.xmin::text::bigint), max(version_num)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, alembic_version
    WHERE relnamespace = 'public'::regnamespace
"""
OTHERS_OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SEQUENCES_BACK = """
    SELECT setval(seqrelid, seqstart, false) FROM pg_sequence
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""


class Lender:
    """The databases of one test process, all copies of one template."""

    def __init__(self, server: Postgres, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        self._lent: dict[str, _Lent] = {}

    def borrow(self) -> str:
        """Give the name of a database with the template's tables and nothing in them."""
        if self._free:
            return self._free.pop()
        name = f"test_{uuid.uuid4().hex}"
        self._lent[name] = _Lent(self._server.create(name, self._template))
        return name

    def give_back(self, name: str) -> None:
        """Take a database back, and make it as it was when it was lent."""
        if self._lent[name].as_before():
            self._free.append(name)
        else:
            self._lent.pop(name).close()
            self._server.drop(name)

    def close(self) -> None:
        """Let go of all databases."""
        for lent in self._lent.values():
            lent.close()


class _Lent:
    """One database, and the connection over which it is emptied."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._line = self._connect()
        tables = sorted(table for (table,) in self._line.execute(TABLES))
        self._shape = self._line.execute(SHAPE).fetchone()
        self._filled = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(table, sql.Identifier(table))
            for table in tables
        )

    def as_before(self) -> bool:
        """Put all others out and empty the tables, unless they are others than they were."""
        try:
            self._line.execute(OTHERS_OUT)
        except psycopg.OperationalError:  # a test has put us out
            self._line = self._connect()
            self._line.execute(OTHERS_OUT)
        with self._line.transaction():
            if self._line.execute(SHAPE, prepare=True).fetchone() != self._shape:
                return False
            self._empty()
        return True

    def close(self) -> None:
        """Let go of the database."""
        with suppress(psycopg.Error):
            self._line.close()

    def _connect(self) -> Connection:
        return psycopg.connect(self._url, autocommit=True)

    def _empty(self) -> None:
        """Delete every row without regard to order and triggers, and count from one again."""
        self._line.execute("SET LOCAL session_replication_role = replica")
        for (table,) in self._line.execute(self._filled, prepare=True).fetchall():
            self._line.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        self._line.execute(SEQUENCES_BACK, prepare=True)
