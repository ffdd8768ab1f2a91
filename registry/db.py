"""The database behind the books: SQLite in one file, or PostgreSQL; only this module knows which.

``write()`` opens a transaction that will write: on SQLite it begins IMMEDIATE, so that a reader
never has to be turned into a writer and fail at once; it commits when the block ends and rolls
back on any error. ``read()`` never commits. ``snapshot()`` sees one state of everything for as
long as it is open, beside a running service (proof and backup need that).

SQLite runs with WAL and synchronous=FULL: a commit that returned is on the disk. Errors never show
the values of a statement: they end in logs, and a value may be the subject of a secret letter.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from registry.canonical import stored
from registry.log import tell_what_was_kept
from registry.rows import insert_rows
from registry.witness import watching

BUSY_SECONDS = 30.0
_ROOM: Final = ("cache_size=-8000", "wal_autocheckpoint=4000")
"""A batch of letters touches 3 MB; pages that many batches touch are copied back less often."""
_HOW: Final[dict[str, Any]] = {"hide_parameters": True, "json_serializer": stored}


_AWAY_STATES = (
    "08",
    "40",
    "53",
    "55",
    "57",
)  # SQLSTATE classes: connection, conflict, full, locked
_AWAY_WORDS = ("locked", "busy", "unable to open", "disk", "readonly")


def database_is_away(error: BaseException) -> bool:
    """Say whether the error will pass by itself: no connection, a lock, a full disk.

    An error that the letter itself causes (a value too long for an index, say) is none of these:
    the same work would fail for ever and must be set aside instead.
    """
    if not isinstance(error, DBAPIError):
        return _is_of_a_driver(error) and _passes(error)
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    return isinstance(error, OperationalError) and _passes(error.orig)


def _is_of_a_driver(error: BaseException) -> bool:
    """Whether it comes from where the driver is asked without SQLAlchemy, as search does."""
    server: Any = sys.modules.get("psycopg")
    kinds = (server.OperationalError, server.InterfaceError) if server else ()
    return isinstance(error, (sqlite3.OperationalError, *kinds))


def _passes(error: BaseException | None) -> bool:
    state = getattr(error, "sqlstate", None)
    if state:
        return str(state)[:2] in _AWAY_STATES
    if isinstance(error, sqlite3.Error):
        return any(word in str(error).lower() for word in _AWAY_WORDS)
    return True  # psycopg without a state: the server did not answer


class Database:
    """One database; sessions come from here and from nowhere else."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(saraban_write=True)

    @classmethod
    def open(cls, url: str) -> "Database":
        """Open the database of a SQLAlchemy URL; nothing is connected before the first session.

        ``postgresql://`` means psycopg 3. Raises sqlalchemy's ArgumentError for a bad URL.
        """
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() != "sqlite":
            engine = create_engine(parsed, pool_pre_ping=True, **_HOW)
            event.listen(engine, "connect", _prepare_postgresql)
            return cls(engine)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, **_HOW)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return cls(engine)

    @property
    def is_sqlite(self) -> bool:
        """Whether the books are in an SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on a server."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name else None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that commits at the end of the block and else rolls back.

        What it wrote of the evidence is witnessed in the journal (:mod:`registry.witness`).
        """
        with Session(self._writing, expire_on_commit=False) as session:
            with session.begin(), watching(session):
                yield session
            tell_what_was_kept(session)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading; nothing it does is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Open a session that sees one unchanging state of the whole database."""
        engine = self.engine
        if not self.is_sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, expire_on_commit=False) as session:
            session.connection().exec_driver_sql("SELECT 1 FROM alembic_version")
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def insert_if_new(session: Session, table: type[Any], **values: Any) -> None:
    """Insert a row unless one with its unique columns is there, or is just being written."""
    insert_rows(session, table.__table__, [values], new=True)


@contextmanager
def walked(session: Session) -> Iterator[None]:
    """Let what is asked meanwhile be walked by its key, until a page is full.

    PostgreSQL thinks few lines pass a sieve that it cannot look into, and that it is cheaper to
    sieve all of them and sort: at a million letters 1.8 s for a page that walking finds in 20 ms.
    """
    server = session.get_bind().dialect.name == "postgresql"
    if server:
        session.execute(text("SET LOCAL enable_sort = off"))
    yield
    if server:
        session.execute(text("SET LOCAL enable_sort = on"))


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """Compile no question: that takes seconds for one with many conditions, answered in a tenth."""
    connection.execute("SET jit = off")
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Leave BEGIN to us and make commits durable."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *_ROOM):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin IMMEDIATE where the session said that it will write."""
    writes = connection.get_execution_options().get("saraban_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
