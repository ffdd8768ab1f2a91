"""The other engines over the same folded texts: FTS5 with trigrams, pg_trgm, tantivy.

Each is built from ``search_doc`` and asked for the newest twenty that hold a piece, as libraries
are commonly used: the index finds, LIKE or the text itself confirms.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry.db import Database
from registry.models.search import GROUP, SearchDocRow

_NEWEST: Final = 20
_AT_ONCE: Final = 2000

Ask = Callable[[Any], object]


def engines(database: Database, folder: Path) -> Iterator[tuple[str, Ask]]:
    """Build and give each engine that goes with this database."""
    if database.is_sqlite:
        yield "FTS5 trigram, detail=none + LIKE", _fts5(database)
        yield "tantivy trigrams + check", _tantivy(database, folder / "tantivy")
    else:
        yield "pg_trgm GIN + LIKE", _pg_trgm(database)


def wholes(database: Database) -> Iterator[tuple[int, str]]:
    """Give number, fields and texts of every document."""
    with database.read() as session:
        rows = session.execute(select(SearchDocRow.doc, SearchDocRow.whole))
        for doc, whole in rows.yield_per(_AT_ONCE):
            yield doc, whole.split(GROUP, 1)[1]


def _fts5(database: Database) -> Ask:
    with database.write() as session:
        session.execute(
            text("CREATE VIRTUAL TABLE other USING fts5(whole, tokenize='trigram', detail=none)")
        )
        _copied(session, database, "rowid")
    sql = "SELECT rowid FROM other WHERE whole LIKE :piece ORDER BY rowid DESC LIMIT 20"
    return _by_sql(database, sql)


def _pg_trgm(database: Database) -> Ask:
    with database.write() as session:
        session.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        session.execute(text("CREATE TABLE other (doc integer PRIMARY KEY, whole text)"))
        _copied(session, database, "doc")
        session.execute(text("CREATE INDEX other_whole ON other USING gin (whole gin_trgm_ops)"))
        session.execute(text("ANALYZE other"))
    return _by_sql(
        database, "SELECT doc FROM other WHERE whole LIKE :piece ORDER BY doc DESC LIMIT 20"
    )


def _copied(session: Session, database: Database, number: str) -> None:
    every = wholes(database)
    while some := [{"doc": doc, "whole": whole} for doc, whole in islice(every, _AT_ONCE)]:
        session.execute(text(f"INSERT INTO other ({number}, whole) VALUES (:doc, :whole)"), some)  # noqa: S608


def _by_sql(database: Database, sql: str) -> Ask:
    def ask(question: Any) -> object:
        with database.read() as session:
            return session.execute(text(sql), {"piece": f"%{question.piece}%"}).all()

    return ask


def _tantivy(database: Database, folder: Path) -> Ask:
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
    index.reload()
    searcher = index.searcher()

    def ask(question: Any) -> object:
        wanted = _trigrams(question.piece) or [question.piece]
        must = [
            (tantivy.Occur.Must, tantivy.Query.term_query(index.schema, "grams", gram))
            for gram in wanted
        ]
        query = tantivy.Query.boolean_query(must)
        found = searcher.search(query, 3 * _NEWEST, order_by_field="doc", count=False)
        docs = (searcher.doc(address) for _score, address in found.hits)
        return [doc for doc in docs if question.piece in doc["whole"][0]][:_NEWEST]

    return ask


def _trigrams(key: str) -> list[str]:
    return list(dict.fromkeys(key[at : at + 3] for at in range(len(key) - 2)))
