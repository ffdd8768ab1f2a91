"""Search measured: speed of indexing and of first pages, size, recall, lag, memory; beside others.

``make bench-search LETTERS=1000000 BESIDE=100000 FOLDER=/var/tmp/bench`` lays down and indexes
generated letters on SQLite and PostgreSQL, asks the same mixed questions of this system and of what
one would use without it, in turns, and measures the officers' first pages over the large books.
What was built is kept in FOLDER, so that a second run only asks. The tables go into
docs/BENCHMARKS-SEARCH.md, the chief ones into docs/BENCHMARKS.md. Not part of ``make bench``: a
million letters take an hour.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks import first_page, search_built, search_others, search_page
from benchmarks.search_asked import Ask, Taken, asked, ours
from benchmarks.search_built import Built
from benchmarks.search_memory import peak
from benchmarks.search_others import Other
from benchmarks.search_questions import Question, questions
from benchmarks.search_truth import lag, recall
from registry.db import Database
from tests.servers import postgres as postgres_server
from tests.servers import running
from tests.servers.postgres import Postgres

SQLITE: Final = "SQLite"
POSTGRESQL: Final = "PostgreSQL"
_SPEED: Final = 30_000  # letters indexed anew in each run


@dataclass(slots=True)
class Measured:
    """All that was measured over books of one size, by engine."""

    letters: int
    built: dict[str, Built] = field(default_factory=dict)
    others: list[Other] = field(default_factory=list)
    taken: dict[str, Taken] = field(default_factory=dict)
    recall: dict[str, float] = field(default_factory=dict)
    lag: dict[str, float] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)


def main(letters: int, beside: int, folder: Path) -> None:
    """Build what is missing, measure everything and write both pages."""
    with _server(folder) as server:
        speed = _speed(folder, server)
        small = _over(min(beside, letters), folder, server, with_others=True)
        large = _over(letters, folder, server, with_others=False)
        for name, built in large.built.items():
            print(f"{name}: first pages", flush=True)
            large.pages[name] = first_page.measured(built.url, letters)
    search_page.write(small, large, speed)


def _speed(folder: Path, server: Postgres) -> list[Built]:
    """Measure indexing by itself, on databases that are thrown away."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="speed-") as place:
        urls = _urls(_SPEED, Path(place), server)
        found = [search_built.build(*one, _SPEED, Path(place)) for one in urls.items()]
    server.drop(f"bench_{_SPEED}")
    return found


def _over(letters: int, folder: Path, server: Postgres, *, with_others: bool) -> Measured:
    """Measure search over so many letters on both databases."""
    measured, engines = Measured(letters), dict[str, Ask]()
    some, databases = list(questions(letters)), []
    for name, url in _urls(letters, folder, server).items():
        built = search_built.build(name, url, letters, folder)
        database = Database.open(url)
        databases.append(database)
        measured.built[name] = built
        measured.lag[name] = lag(database, letters)
        measured.memory[name] = peak(url, [one.line for one in some])
        engines[name] = ours(database)
        if with_others:
            for other, ask in search_others.build(database, letters, folder):
                measured.others.append(other)
                engines[other.name] = ask
        _recall(measured, name, database, some)
    print(f"asking {len(some)} questions of {', '.join(engines)}", flush=True)
    measured.taken = asked(engines, some)
    for database in databases:
        database.close()
    return measured


def _recall(measured: Measured, name: str, database: Database, some: list[Question]) -> None:
    measured.recall[name] = recall(database, some)
    print(f"{name}: recall {measured.recall[name]:.3f}", flush=True)


def _urls(letters: int, folder: Path, server: Postgres) -> dict[str, str]:
    name = f"bench_{letters}"
    if not server.has(name):
        server.create(name)
    return {
        SQLITE: f"sqlite:///{folder / f'books-{letters}.db'}",
        POSTGRESQL: server.url(name),
    }


@contextmanager
def _server(folder: Path) -> Iterator[Postgres]:
    server = postgres_server.start_kept(os.getpid(), folder / "postgres")
    try:
        yield server
    finally:
        running.end(server.folder)


if __name__ == "__main__":
    _letters, _beside = (int(one) for one in (sys.argv[1:3] or ("1000000", "100000")))
    if len(sys.argv) > 3 and sys.argv[3]:
        main(_letters, _beside, Path(sys.argv[3]))
    else:
        with tempfile.TemporaryDirectory(prefix="saraban-bench-search-") as _folder:
            Path(_folder).chmod(0o755)  # PostgreSQL runs as somebody else
            main(_letters, _beside, Path(_folder))
