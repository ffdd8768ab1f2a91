"""Databases full of letters with their index, built once and kept.

A kept database lies in a folder with ``<name>.json`` beside it, which says what was spent so far.
Whoever is stopped goes on where they stood: filling by the letters that are there, indexing by the
notes of what is to be indexed.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, text

from benchmarks import search_books
from registry.clock import SystemClock
from registry.db import Database
from registry.models.letters import LetterRow
from registry.models.search import SearchDocRow, SearchDueRow
from registry.schema import upgrade
from registry.search import upkeep
from registry.search.index import release, step

_AT_ONCE: Final = 1000  # notes followed in a step
_TELL: Final = 10.0  # seconds between two words about how far it is


@dataclass(frozen=True, slots=True)
class Built:
    """One database: where it is, what building the index took, and how large it became.

    ``wall`` and ``cpu`` are seconds of indexing, ``text`` the bytes of all letters' texts, ``size``
    those of the index with its documents.
    """

    engine: str
    url: str
    letters: int
    wall: float = 0.0
    cpu: float = 0.0
    text: int = 0
    size: int = 0

    @property
    def share(self) -> float:
        """How many times the text the index is."""
        return self.size / self.text


def build(engine: str, url: str, letters: int, folder: Path) -> Built:
    """Fill and index a database of so many letters, or what is missing of it."""
    kept = folder / f"{engine.lower()}-{letters}.json"
    built = Built(engine, url, letters)
    if kept.exists():
        built = replace(Built(**json.loads(kept.read_text("utf-8"))), url=url)
    if built.size:
        return built
    database = Database.open(url)
    upgrade(database)
    search_books.fill(database, letters, _teller(f"{engine}: laid down", letters))
    built = _index(database, built, kept)
    _settle(database)
    built = replace(built, text=_text(database), size=_index_size(database))
    kept.write_text(json.dumps(asdict(built)), encoding="utf-8")
    database.close()
    return built


def _index(database: Database, built: Built, kept: Path) -> Built:
    """Bring the index in step; what was spent is written down every minute."""
    tell, clock = _teller(f"{built.engine}: indexed", built.letters), SystemClock()
    done, working = _indexed(database), True
    while working:
        wall, cpu = time.perf_counter(), time.process_time()
        working = _for_a_while(database, clock)
        spent = time.perf_counter() - wall, time.process_time() - cpu
        built = replace(built, wall=built.wall + spent[0], cpu=built.cpu + spent[1])
        kept.write_text(json.dumps(asdict(built)), encoding="utf-8")
        done = _indexed(database)
        tell(done)
    release(database)
    return built


def _for_a_while(database: Database, clock: SystemClock) -> bool:
    """Index for some seconds; say whether there is more to do."""
    end = time.monotonic() + _TELL
    while time.monotonic() < end:
        if not step(database, clock, _AT_ONCE):
            return False
    return True


def _indexed(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.max(SearchDocRow.doc))) or 0


def _teller(what: str, of: int) -> Callable[[int], None]:
    """Give who tells how far something is, not too often."""
    last = [0.0]

    def tell(done: int) -> None:
        if time.monotonic() - last[0] >= _TELL or done == of:
            last[0] = time.monotonic()
            print(f"{what} {done:,} of {of:,}", flush=True)

    return tell


def _text(database: Database) -> int:
    """Give the bytes of all texts."""
    as_bytes = "CAST(text AS BLOB)" if database.is_sqlite else "text"
    length = "length" if database.is_sqlite else "octet_length"
    wanted = select(text(f"sum({length}({as_bytes}))")).select_from(LetterRow)
    with database.read() as session:
        return int(session.scalar(wanted) or 0)


def _settle(database: Database) -> None:
    """Let go of what merges replaced, and let PostgreSQL learn what it holds, as time would."""
    while upkeep.tidy(database, datetime.now(UTC) + timedelta(minutes=1)):
        pass
    with database.read() as session:
        assert not session.scalar(select(func.count()).select_from(SearchDueRow))
    options = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with options as connection:
        if database.is_sqlite:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            connection.execute(text("VACUUM ANALYZE"))


def _index_size(database: Database) -> int:
    """Give the bytes of documents and postings."""
    sqlite = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('search_doc', 'search_posting')"
    server = (
        "SELECT pg_total_relation_size('search_doc') + pg_total_relation_size('search_posting')"
    )
    with database.read() as session:
        return int(session.scalar(text(sqlite if database.is_sqlite else server)) or 0)
