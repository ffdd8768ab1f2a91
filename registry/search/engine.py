"""The few places of search where SQLite and PostgreSQL want different words.

These are the statements that a search is made of, so they go to the driver as they are: from
PostgreSQL blobs come in binary, and a statement is the same text however much it asks for, so it is
prepared once.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from registry.search.blocks import posting_in, postings_in

_DOCUMENTS: Final = "SELECT doc, ref, entity_id, dated, whole, cuts FROM search_doc WHERE doc "
_LISTED: Final = "IN (SELECT value FROM json_each(?))"
_ANY: Final = "= ANY(%s::int4[])"
# The block that may hold a gram is the first that is not named before it.
_SQLITE_OF: Final = """
    WITH s(id) AS (VALUES {}), g(gram) AS (VALUES {})
    SELECT s.id, g.gram, p.n, p.docs FROM s CROSS JOIN g CROSS JOIN search_posting p
    ON p.segment = s.id AND p.gram = (SELECT q.gram FROM search_posting q
        WHERE q.segment = s.id AND q.gram >= g.gram ORDER BY q.gram LIMIT 1)
"""
_SERVER_OF: Final = """
    SELECT s.id, g.gram, p.n, p.docs
    FROM unnest(%s::int4[]) s(id) CROSS JOIN unnest(%s::bytea[]) g(gram) CROSS JOIN LATERAL (
        SELECT q.n, q.docs FROM search_posting q
        WHERE q.segment = s.id AND q.gram >= g.gram ORDER BY q.gram LIMIT 1) p
"""
_SQLITE_BETWEEN: Final = """
    WITH s(id) AS (VALUES {})
    SELECT s.id, p.n, p.docs FROM s CROSS JOIN search_posting p
    ON p.segment = s.id AND p.gram >= ? AND p.gram <= coalesce((SELECT q.gram
        FROM search_posting q WHERE q.segment = s.id AND q.gram >= ? ORDER BY q.gram LIMIT 1), ?)
"""
_SERVER_BETWEEN: Final = """
    SELECT s.id, p.n, p.docs FROM unnest(%s::int4[]) s(id) CROSS JOIN LATERAL (
        SELECT n, docs FROM search_posting
        WHERE segment = s.id AND gram >= %s::bytea AND gram <= coalesce((SELECT q.gram
            FROM search_posting q WHERE q.segment = s.id AND q.gram >= %s::bytea
            ORDER BY q.gram LIMIT 1), %s::bytea)) p
"""
_BEHIND: Final = b"\xff" * 8  # behind any gram


def postings(
    session: Session, segments: Sequence[int], grams: Sequence[bytes]
) -> Iterator[tuple[int, bytes, int, bytes]]:
    """Give segment, gram, n and docs of the postings of these grams in these segments."""
    if _is_sqlite(session):
        statement = _SQLITE_OF.format(_values(segments), _values(grams))
        rows = _rows(session, statement, (*segments, *grams))
    else:
        rows = _rows(session, _SERVER_OF, [segments, grams])
    for segment, gram, count, data in rows:
        if found := posting_in(count, data, gram):
            yield segment, gram, *found


def postings_between(
    session: Session, segments: Sequence[int], low: bytes, high: bytes
) -> Iterator[tuple[int, int, bytes]]:
    """Give segment, n and docs of all grams from ``low`` up to, not including, ``high``."""
    bounds = low, high, _BEHIND
    if _is_sqlite(session):
        statement = _SQLITE_BETWEEN.format(_values(segments))
        rows = _rows(session, statement, (*segments, *bounds))
    else:
        rows = _rows(session, _SERVER_BETWEEN, (segments, *bounds))
    for segment, count, data in rows:
        for gram, n, docs in postings_in(count, data):
            if low <= gram < high:
                yield segment, n, docs


def _values(some: Sequence[object]) -> str:
    return ",".join(["(?)"] * len(some))


def documents(session: Session, docs: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    """Give doc, ref, entity, date, packed whole and cuts of these documents."""
    if _is_sqlite(session):
        return _rows(session, _DOCUMENTS + _LISTED, (json.dumps(list(docs)),))
    return _rows(session, _DOCUMENTS + _ANY, [docs])


def _rows(session: Session, statement: str, parameters: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.cursor()
        raw.execute(statement, tuple(parameters))
        return raw.fetchall()  # type: ignore[no-any-return]
    driver: Any = connection.connection.driver_connection
    given = [list(one) if isinstance(one, (list, tuple)) else one for one in parameters]
    return driver.execute(statement, given, prepare=True, binary=True).fetchall()  # type: ignore[no-any-return]


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
