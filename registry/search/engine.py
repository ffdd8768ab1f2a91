"""The few places of search where SQLite and PostgreSQL want different words.

These are the statements that a search is made of, so they go to the driver as they are: from
PostgreSQL blobs come in binary, and a statement is the same text however much it asks for, so it is
prepared once.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

_POSTINGS: Final = "SELECT segment, gram, n, docs FROM search_posting WHERE segment "
_SETS: Final = "SELECT segment, n, docs FROM search_posting WHERE segment "
_DOCUMENTS: Final = "SELECT doc, ref, entity_id, dated, whole, cuts FROM search_doc WHERE doc "
_LISTED: Final = "IN (SELECT value FROM json_each(?))"
_ANY: Final = "= ANY(%s::int4[])"


def postings(
    session: Session, segments: Sequence[int], grams: Sequence[bytes]
) -> Iterable[tuple[int, bytes, int, bytes]]:
    """Give segment, gram, n and docs of the postings of these grams in these segments."""
    if _is_sqlite(session):
        marks = ",".join("?" * len(grams))
        where = f"IN ({','.join('?' * len(segments))}) AND gram IN ({marks})"
        return _rows(session, _POSTINGS + where, (*segments, *grams))
    return _rows(session, f"{_POSTINGS}{_ANY} AND gram = ANY(%s::bytea[])", [segments, grams])


def postings_between(
    session: Session, segments: Sequence[int], low: bytes, high: bytes
) -> Iterable[tuple[int, int, bytes]]:
    """Give segment, n and docs of all grams from ``low`` up to, not including, ``high``."""
    listed = json.dumps(list(segments)) if _is_sqlite(session) else segments
    which, mark = (_LISTED, "?") if _is_sqlite(session) else (_ANY, "%s::bytea")
    where = f"{which} AND gram >= {mark} AND gram < {mark}"
    return _rows(session, _SETS + where, (listed, low, high))


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
