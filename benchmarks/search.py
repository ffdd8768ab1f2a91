"""Search measured: speed of indexing and of first pages, size, recall; beside other engines.

``make bench-search LETTERS=1000000`` fills SQLite and PostgreSQL with generated letters, indexes
them, and asks the same mixed queries of this system and of what one would use without it: FTS5 with
trigrams, pg_trgm, tantivy, each over the same folded texts, newest twenty first. The table goes
into docs/BENCHMARKS-SEARCH.md. Not part of ``make bench``: a million letters take an hour or two.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import func, select, text

from benchmarks import search_books, search_others
from benchmarks.search_corpus import PROVINCES, letters
from registry.db import Database
from registry.schema import upgrade
from registry.search import upkeep
from registry.search.find import CAP
from registry.search.folding import key_of
from registry.search.query import search
from registry.search.terms import Reader
from tests.servers import postgres as postgres_server
from tests.servers import running

PAGE: Final = Path(__file__).parent.parent / "docs" / "BENCHMARKS-SEARCH.md"
HEAD: Final = """\
# Search, measured

Written by `make bench-search LETTERS={count}` on {when} with {cores} cores. The letters are
generated, the same every time, {size:.0f} MB of text in all; the machine did {load} meanwhile. A
first page is twenty letters with number, parties, the places that matched and the total, as the
pages show it; the other engines only find the newest twenty ids, without total, order by field,
access or excerpts. All run in one process beside the database; milliseconds by the
clock, the best of three for each query, and of this process's own time (without PostgreSQL's).
"""
PAPER: Final = """
## More letters, on paper

A million letters are 30 segments of 32,768. The first page of a common word reads the newest of
them, looks at a hundred letters and counts three hundred: it does not grow. A rare phrase reads
six postings of each segment, of at most 4 kB: 180 rows, some milliseconds more than with 60,000
letters. Ten million are 305 segments: such a phrase reads 1,830 rows, some tens of milliseconds;
a line without any answer asks six times that for near spellings. The size grows with the letters;
the share of postings falls a little, for a gram has one row for more of them.

Measured with 60,000 letters on SQLite beside other work (load 6 on two cores), once each: median
16.6 ms and p95 27.4 ms by the clock, worst 80.5 ms of own time (a phrase that stands in every
other letter, the first time). Documents are 0.47 and postings 0.62 times the text there; smaller
books have more, for what merges replaced stays half a minute. 340 to 420 letters are indexed in a
second of one core that others use, too. A process that only searches has 64 MB, one that indexes
136 MB with the word list. Still to be run on a quiet machine: `make bench-search
LETTERS=1000000`. Neither 500 letters a second, nor 50 ms at a million letters, nor 3 times the
text on PostgreSQL has been shown yet.
"""
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One query line and the kind it stands for; ``piece`` is what the other engines look for."""

    kind: str
    line: str
    piece: str


def questions(count: int) -> Iterator[Question]:
    """Give the mixed queries for a corpus of so many letters, the same every time."""
    chance = Random(1)
    for one in letters(count, count - 40):
        cut = chance.randrange(0, len(one.text) - 30)
        piece = key_of(one.text[cut : cut + 22])[:14]
        yield Question("phrase cut anywhere", f'"{piece}"', piece)
        if one.number % 4 == 0:
            number = key_of(one.letter_number)
            yield Question("number", one.letter_number, number)
    for word in (
        "สังฆานุสติ",
        "เบญจเพส",
        "ตะเกียงเจ้าพายุ",
        "กระบวนทัศน์",
        "ปล้องอ้อย",
        "นาฏศิลป์",
        "เวลากลางวัน",
    ):
        yield Question("rare word", word, word)
    for word in ("คู่มือ", "งบประมาณ", "ประชาชน", "จังหวัด", "คณะกรรมการ", "เรียนมาเพื่อโปรด", "รายงานผล"):
        yield Question("common word", word, word)
    for code in ("มท", "กค", "พร", "นร", "ศธ", "สธ", "อส"):
        yield Question("two letters", code, code)
    for place in PROVINCES[:8]:
        yield Question("filtered", f"จาก {place} คู่มือ ปี 2560", "คู่มือ")
        yield Question("two words", f"{place} ภัยแล้ง", "ภัยแล้ง")


def main(count: int) -> str:
    """Measure everything; give the page."""
    lines: list[str] = []
    asked = list(questions(count))
    folder = Path(tempfile.mkdtemp(prefix="saraban-bench-search-"))
    server = postgres_server.start(os.getpid())
    try:
        urls = {
            "SQLite": f"sqlite:///{folder / 'books.db'}",
            "PostgreSQL": server.create("bench_search"),
        }
        size = 0.0
        for name, url in urls.items():
            database = Database.open(url)
            upgrade(database)
            search_books.fill(database, count)
            wall, cpu = _spent(lambda: search_books.index(database))  # noqa: B023
            size = _text(database)
            _settle(database)
            share = _index_size(database) / (size * 1e6)
            rate = (
                f"{count / cpu:,.0f} letters a second of a core, {count / wall:,.0f} by the clock"
            )
            print(f"{name}: {rate}", flush=True)
            lines += _measured(f"saraban on {name}", asked, _ours(database))
            lines.append(f"| | index {share:.2f} × text; {rate} | | | | | |")
            lines.append(f"| | recall {_recall(database, asked):.3f} | | | | | |")
            for other, ask in search_others.engines(database, folder):
                lines += _measured(other, asked, ask)
            database.close()
    finally:
        running.end(server.folder)
        shutil.rmtree(folder)
    when, load = datetime.now(UTC).date().isoformat(), f"{os.getloadavg()[2]:.1f} things at a time"
    head = HEAD.format(count=count, when=when, cores=os.cpu_count(), size=size, load=load)
    table = "| | query | median | p95 | worst | median cpu | p95 cpu |\n"
    table += "| --- | --- | ---: | ---: | ---: | ---: | ---: |\n"
    return f"{head}\n{table}" + "\n".join(lines) + "\n" + PAPER


def _ours(database: Database) -> Callable[[Question], object]:
    def ask(question: Question) -> object:
        with database.read() as session:
            return search(session, question.line, Reader(frozenset({1, 2, 3})))

    return ask


def _measured(name: str, asked: list[Question], ask: Callable[[Question], object]) -> Iterator[str]:
    """Ask everything several times, the best counts; give a line for each kind and one for all."""
    taken: dict[str, list[tuple[float, float]]] = {}
    for question in asked:
        spent = [_spent(lambda question=question: ask(question)) for _round in range(_ROUNDS)]  # type: ignore[misc]
        best = min(wall for wall, _cpu in spent), min(cpu for _wall, cpu in spent)
        taken.setdefault(question.kind, []).append(best)
        taken.setdefault("all", []).append(best)
    for kind in sorted(taken, key=lambda one: one != "all"):
        wall, cpu = (sorted(one[at] * 1000 for one in taken[kind]) for at in (0, 1))
        at = int(len(wall) * 0.95)
        first = name if kind == "all" else ""
        figures = statistics.median(wall), wall[at], wall[-1], statistics.median(cpu), cpu[at]
        yield f"| {first} | {kind} | " + " | ".join(f"{one:.1f}" for one in figures) + " |"


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    """Give the seconds a work took by the clock, and those of this process's processor."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - used


def _recall(database: Database, asked: list[Question]) -> float:
    """Compare with a plain scan: of what that finds, how much is found."""
    some = [one for one in asked if one.kind in ("rare word", "phrase cut anywhere")][:20]
    true = dict.fromkeys((one.piece for one in some), 0)
    for _doc, whole in search_others.wholes(database):
        for piece in true:
            true[piece] += piece in whole
    wanted = found = 0
    with database.read() as session:
        for question in some:
            there = min(true[question.piece], CAP)
            total = search(session, question.line, Reader()).total
            assert total is not None
            wanted, found = wanted + there, found + min(total.number, there)
    return found / wanted


def _text(database: Database) -> float:
    """Give the size of all texts in MB."""
    length = func.length if database.is_sqlite else func.octet_length
    as_bytes = "CAST(text AS BLOB)" if database.is_sqlite else "text"
    with database.read() as session:
        wanted = select(func.sum(length(text(as_bytes)))).select_from(text("letter"))
        return float(session.scalar(wanted) or 0) / 1e6


def _settle(database: Database) -> None:
    """Let go of what merges replaced, and let PostgreSQL learn what it holds, as time would."""
    while upkeep.tidy(database, datetime.now(UTC) + timedelta(minutes=1)):
        pass
    if not database.is_sqlite:
        with database.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _index_size(database: Database) -> float:
    """Give the bytes of documents and postings."""
    sqlite = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('search_doc', 'search_posting')"
    server = (
        "SELECT pg_total_relation_size('search_doc') + pg_total_relation_size('search_posting')"
    )
    with database.read() as session:
        return float(session.scalar(text(sqlite if database.is_sqlite else server)) or 0)


if __name__ == "__main__":
    page = main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    print(page)
    PAGE.write_text(page, encoding="utf-8")
