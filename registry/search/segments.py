"""The index itself: postings by segment, made from documents and merged into larger ones.

Documents are numbered as they arrive. Sixty-four in a row, from a multiple of 64, make a segment;
eight segments that lie side by side are merged into one of 512, of 4,096, of 32,768. So a posting
is rewritten three times in its life, and a search looks at some twenty small segments and one for
each 32,768 letters. What is not yet in a segment, the tail of at most 63 documents, is read as it
is. A document that changes later has its bits set and cleared in the one segment that holds it,
so that what is taken out leaves nothing behind in the index.

A segment is *building* until all its postings are written, then *ready*; those it replaces are
*retired* and stay for half a minute, for searches that began with them. Several transactions make
one large segment, for SQLite has one writer at a time; a killed one is begun again.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from registry.db import Database
from registry.models.search import SearchDocRow, SearchPostingRow, SearchSegmentRow
from registry.search.bits import joined, packed, unpacked
from registry.search.grams import ANYWHERE, FIELDS, pieces_of

SPANS: Final = (64, 512, 4096, 32768)
"""How many document numbers a segment of each level covers."""
_DIRECT: Final = 2  # the highest level that is made from documents at one go
_ROWS: Final = 2000  # postings a transaction
_KEPT: Final = timedelta(seconds=30)
_FETCHED: Final = 256  # documents in memory at a time
_COPY: Final = "COPY search_posting (segment, gram, n, docs) FROM STDIN (FORMAT BINARY)"
_Posting = tuple[int, bytes, int, bytes]  # a row: segment, gram, n, docs


def ready(session: Session) -> list[SearchSegmentRow]:
    """List the segments that a search has to look at, the newest first."""
    wanted = select(SearchSegmentRow).where(SearchSegmentRow.state == "ready")
    return list(session.scalars(wanted.order_by(SearchSegmentRow.lo.desc())))


def tidy(database: Database, now: datetime) -> bool:
    """Do the next piece of upkeep; say whether there was any: seal, merge, or throw away."""
    with database.read() as session:
        segments = ready(session)
        newest = session.scalar(select(func.max(SearchDocRow.doc)))
        others = select(SearchSegmentRow).where(SearchSegmentRow.state != "ready")
        stale = [one for one in session.scalars(others) if _is_stale(one, now)]
    for one in stale:
        _throw_away(database, one.id)
    if newest is None:
        return bool(stale)
    group = _mergeable(segments)
    if group:
        _merge(database, group, now)
        return True
    bounds = _sealable(segments, newest)
    if bounds:
        _seal(database, *bounds)
    return bool(bounds or stale)


def refile(session: Session, doc: int, before: set[str], after: set[str]) -> None:
    """File a document under other grams than before, in the segment that holds it, if any does."""
    holds = SearchSegmentRow.lo <= doc, SearchSegmentRow.hi >= doc
    place = session.scalar(
        select(SearchSegmentRow).where(SearchSegmentRow.state == "ready", *holds)
    )
    changed = sorted((before ^ after), key=lambda gram: gram.encode())
    if place is None:
        return
    span, offset = place.hi - place.lo + 1, doc - place.lo
    for start in range(0, len(changed), 400):
        some = {gram.encode(): gram in after for gram in changed[start : start + 400]}
        _flip(session, place.id, span, offset, some)


def _flip(
    session: Session, segment: int, span: int, offset: int, changes: dict[bytes, bool]
) -> None:
    table = SearchPostingRow
    mine = table.segment == segment, table.gram.in_(list(changes))
    held = {
        row.gram: row
        for row in session.execute(select(table.gram, table.n, table.docs).where(*mine))
    }
    session.execute(delete(table).where(*mine))
    rows = []
    for gram, is_in in changes.items():
        there = set(unpacked(held[gram].n, held[gram].docs)) if gram in held else set()
        there = there | {offset} if is_in else there - {offset}
        if there:
            rows.append(_posting(segment, gram, sorted(there), span))
    if rows:
        _add(session, rows)


def _is_stale(one: SearchSegmentRow, now: datetime) -> bool:
    return one.state == "building" or (one.retired_at is not None and one.retired_at < now - _KEPT)


def _throw_away(database: Database, segment: int) -> None:
    """Delete a segment, its postings first, some thousand a transaction."""
    table = SearchPostingRow
    while True:
        with database.write() as session:
            mine = select(table.gram).where(table.segment == segment).order_by(table.gram)
            last = session.scalar(mine.offset(_ROWS).limit(1))
            gone = delete(table).where(table.segment == segment)
            session.execute(gone if last is None else gone.where(table.gram <= last))
            if last is None:
                session.execute(delete(SearchSegmentRow).where(SearchSegmentRow.id == segment))
                return


def _sealable(segments: Sequence[SearchSegmentRow], newest: int) -> tuple[int, int, int] | None:
    """Give (lo, hi, level) of the largest whole run of documents that is in no segment yet."""
    start = segments[0].hi + 1 if segments else 0
    for level in range(_DIRECT, -1, -1):
        span = SPANS[level]
        if start % span == 0 and start + span - 1 <= newest:
            return start, start + span - 1, level
    return None


def _mergeable(segments: Sequence[SearchSegmentRow]) -> list[SearchSegmentRow]:
    """Give the segments, oldest first, that together are one of the next level."""
    for level, span in enumerate(SPANS[1:]):
        mine = [one for one in segments if one.level == level]
        for _place, some in groupby(mine, key=lambda one: one.lo // span):
            group = list(some)
            if sum(one.hi - one.lo + 1 for one in group) == span:
                return group[::-1]
    return []


def _seal(database: Database, lo: int, hi: int, level: int) -> None:
    """Make a segment of these documents."""
    with database.read() as session:
        postings = _filed(session, lo, hi)
    span = hi - lo + 1
    packs = sorted(
        ((kind + gram).encode(), offsets)
        for kind, filed in postings.items()
        for gram, offsets in filed.items()
    )
    del postings
    segment = _begin(database, lo, hi, level)
    rows = (_posting(segment, gram, offsets, span) for gram, offsets in packs)
    _write(database, rows)
    with database.write() as session:
        _finish(session, segment)


def _filed(session: Session, lo: int, hi: int) -> dict[str, dict[str, list[int]]]:
    """File documents under their grams, by kind; offsets ascend."""
    fields: defaultdict[str, list[int]] = defaultdict(list)
    anywhere: defaultdict[str, list[int]] = defaultdict(list)
    marks: defaultdict[str, list[int]] = defaultdict(list)
    for row in _documents(session, lo, hi):
        offset, places = row.doc - lo, pieces_of(row.fields, row.body)
        for filed, found in zip((fields, anywhere), places, strict=True):
            for gram in found:
                filed[gram].append(offset)
        for mark in filter(None, row.marks.split("\n")):
            marks[mark].append(offset)
    return {FIELDS: fields, ANYWHERE: anywhere, "": marks}


def _documents(session: Session, lo: int, hi: int) -> Iterator[Any]:
    table = SearchDocRow
    for start in range(lo, hi + 1, _FETCHED):
        wanted = select(table.doc, table.fields, table.body, table.marks)
        wanted = wanted.where(table.doc.between(start, min(start + _FETCHED - 1, hi)))
        yield from session.execute(wanted.order_by(table.doc))


def _merge(database: Database, group: Sequence[SearchSegmentRow], now: datetime) -> None:
    """Make one segment of several that lie side by side."""
    lo, hi = group[0].lo, group[-1].hi
    segment = _begin(database, lo, hi, group[0].level + 1)
    _write(database, _merged(database, group, segment, hi - lo + 1))
    with database.write() as session:
        _finish(session, segment)
        gone = SearchSegmentRow.id.in_([one.id for one in group])
        session.execute(
            update(SearchSegmentRow).where(gone).values(state="retired", retired_at=now)
        )


def _merged(
    database: Database, group: Sequence[SearchSegmentRow], segment: int, span: int
) -> Iterator[_Posting]:
    """Put the postings of the parts together, gram after gram."""
    lo = group[0].lo
    streams = [_stream(database, one.id, one.lo - lo) for one in group]
    for gram, parts in groupby(heapq.merge(*streams), key=itemgetter(0)):
        count, docs = joined([part[1:] for part in parts], span)
        yield segment, gram, count, docs


def _stream(database: Database, segment: int, base: int) -> Iterator[tuple[bytes, int, int, bytes]]:
    """Give the postings of a segment by gram, read some thousand at a time."""
    table, after = SearchPostingRow, b""
    while True:
        mine = table.segment == segment, table.gram > after
        wanted = select(table.gram, table.n, table.docs).where(*mine)
        with database.read() as session:
            rows = session.execute(wanted.order_by(table.gram).limit(_ROWS)).all()
        for gram, count, docs in rows:
            yield gram, base, count, docs
        if len(rows) < _ROWS:
            return
        after = rows[-1].gram


def _posting(segment: int, gram: bytes, offsets: Sequence[int], span: int) -> _Posting:
    return segment, gram, len(offsets), packed(offsets, span)


def _begin(database: Database, lo: int, hi: int, level: int) -> int:
    with database.write() as session:
        row = SearchSegmentRow(lo=lo, hi=hi, level=level, state="building", retired_at=None)
        session.add(row)
        session.flush()
        return row.id


def _write(database: Database, rows: Iterable[_Posting]) -> None:
    some: list[_Posting] = []
    for row in rows:
        some.append(row)
        if len(some) == _ROWS:
            _insert(database, some)
            some = []
    if some:
        _insert(database, some)


def _insert(database: Database, rows: list[_Posting]) -> None:
    with database.write() as session:
        _add(session, rows)


def _add(session: Session, rows: list[_Posting]) -> None:
    """Insert postings past SQLAlchemy: there are some fifty for each letter that comes in."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_posting VALUES (?, ?, ?, ?)", rows)
        return
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(["int4", "bytea", "int4", "bytea"])
        for row in rows:
            copy.write_row(row)


def _finish(session: Session, segment: int) -> None:
    mine = SearchSegmentRow.id == segment
    session.execute(update(SearchSegmentRow).where(mine).values(state="ready"))
