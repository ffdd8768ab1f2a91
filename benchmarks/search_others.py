"""The other engines over the same folded texts: FTS5 with trigrams, pg_trgm, tantivy.

Each is built from ``search_doc`` and asked for the newest twenty that hold a piece, as libraries
are commonly used: the index finds, LIKE or the text itself confirms. Each is built once and kept
beside the database; ``<name>.json`` says how long that took.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks.search_asked import Ask
from benchmarks.search_questions import Question
from registry.db import Database
from registry.models.search import GROUP, SearchDocRow

FTS5: Final = "FTS5 trigram"
TANTIVY: Final = "tantivy"
PG_TRGM: Final = "pg_trgm"
_NEWEST: Final = 20
_AT_ONCE: Final = 2000
_ORDER: Final = "DESC LIMIT 20"


@dataclass(frozen=True, slots=True)
class Other:
    """One engine as it was built: seconds by the clock, bytes with the texts it needs."""

    name: str
    wall: float
    size: int


def build(database: Database, letters: int, folder: Path) -> Iterator[tuple[Other, Ask]]:
    """Give the engines that go with this database, built if they are not there."""
    if database.is_sqlite:
        yield _kept(folder, FTS5, letters, lambda: _fts5(database)), _by_sql(database, "rowid")
        place = folder / f"tantivy-{letters}"
        yield _kept(folder, TANTIVY, letters, lambda: _tantivy(database, place)), _ask(place)
    else:
        yield _kept(folder, PG_TRGM, letters, lambda: _pg_trgm(database)), _by_sql(database, "doc")


def wholes(database: Database) -> Iterator[tuple[int, str]]:
    """Give number, fields and texts of every document."""
    with database.read() as session:
        rows = session.execute(select(SearchDocRow.doc, SearchDocRow.whole))
        for doc, whole in rows.yield_per(_AT_ONCE):
            yield doc, whole.split(GROUP, 1)[1]


def _kept(folder: Path, name: str, letters: int, make: Callable[[], int]) -> Other:
    """Build an engine unless that was done; ``make`` gives its size."""
    kept = folder / f"{name.replace(' ', '-')}-{letters}.json"
    if kept.exists():
        return Other(**json.loads(kept.read_text("utf-8")))
    begun = time.perf_counter()
    size = make()
    other = Other(name, time.perf_counter() - begun, size)
    kept.write_text(json.dumps(asdict(other)), encoding="utf-8")
    print(f"{name}: built over {letters:,} in {other.wall:.0f} s", flush=True)
    return other


def _fts5(database: Database) -> int:
    with database.write() as session:
        session.execute(text("DROP TABLE IF EXISTS other"))
        session.execute(
            text("CREATE VIRTUAL TABLE other USING fts5(whole, tokenize='trigram', detail=none)")
        )
        _copied(session, database, "rowid")
        size = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'other%'"
        return int(session.scalar(text(size)))


def _pg_trgm(database: Database) -> int:
    with database.write() as session:
        session.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        session.execute(text("DROP TABLE IF EXISTS other"))
        session.execute(text("CREATE TABLE other (doc integer PRIMARY KEY, whole text)"))
        _copied(session, database, "doc")
        session.execute(text("CREATE INDEX other_whole ON other USING gin (whole gin_trgm_ops)"))
        session.execute(text("ANALYZE other"))
        return int(session.scalar(text("SELECT pg_total_relation_size('other')")))


def _copied(session: Session, database: Database, number: str) -> None:
    every = wholes(database)
    while some := [{"doc": doc, "whole": whole} for doc, whole in islice(every, _AT_ONCE)]:
        session.execute(text(f"INSERT INTO other ({number}, whole) VALUES (:doc, :whole)"), some)  # noqa: S608


def _by_sql(database: Database, number: str) -> Ask:
    sql = f"SELECT {number} FROM other WHERE whole LIKE :piece ORDER BY {number} {_ORDER}"  # noqa: S608

    def ask(question: Question) -> int:
        with database.read() as session:
            return len(session.execute(text(sql), {"piece": f"%{question.piece}%"}).all())

    return ask


def _tantivy(database: Database, folder: Path) -> int:
    import tantivy

    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("grams", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("whole", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("doc", stored=True, fast=True)
    index = tantivy.Index(builder.build(), str(folder))
    writer = index.writer(200_000_000)
    for doc, whole in wholes(database):
        writer.add_document(tantivy.Document(doc=doc, whole=whole[:10_000], grams=_trigrams(whole)))
    writer.commit()
    writer.wait_merging_threads()
    return sum(file.stat().st_size for file in folder.iterdir())


def _ask(folder: Path) -> Ask:
    import tantivy

    index = tantivy.Index.open(str(folder))
    searcher = index.searcher()

    def ask(question: Question) -> int:
        wanted = _trigrams(question.piece) or [question.piece]
        must = [
            (tantivy.Occur.Must, tantivy.Query.term_query(index.schema, "grams", gram))
            for gram in wanted
        ]
        query = tantivy.Query.boolean_query(must)
        found = searcher.search(query, 3 * _NEWEST, order_by_field="doc", count=False)
        docs = (searcher.doc(address) for _score, address in found.hits)
        return len([doc for doc in docs if question.piece in doc["whole"][0]][:_NEWEST])

    return ask


def _trigrams(key: str) -> list[str]:
    return list(dict.fromkeys(key[at : at + 3] for at in range(len(key) - 2)))
