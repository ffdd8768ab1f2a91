"""The segments of the index: runs of documents whose postings are kept together.

Documents are numbered as they arrive. Sixty-four in a row, from a multiple of 64, make a segment;
eight segments that lie side by side are merged into one of 512, of 4,096, of 32,768
(:mod:`registry.search.upkeep`). What is not yet in a segment, the tail of at most 63 documents, is
read as it is. A document that changes later has its bits set and cleared in the one segment that
holds it, and in what a merge has made of that so far, so that what is taken out leaves nothing
behind in the index.

A segment is *building* until all its postings are written, then *ready*; those it replaces are
*retired* and stay for half a minute, for searches that began with them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from registry.db import Database
from registry.models.search import SearchPostingRow, SearchSegmentRow
from registry.search.bits import packed, unpacked

SPANS: Final = (64, 512, 4096, 32768)
"""How many document numbers a segment of each level covers."""
ROWS: Final = 2000
"""Postings read or written at a time: a transaction takes no longer than some of them do."""
_COPY: Final = "COPY search_posting (segment, gram, n, docs) FROM STDIN (FORMAT BINARY)"

Posting = tuple[int, bytes, int, bytes]
"""A row: segment, gram, n, docs."""


def ready(session: Session) -> list[SearchSegmentRow]:
    """List the segments that a search has to look at, the newest first."""
    wanted = select(SearchSegmentRow).where(SearchSegmentRow.state == "ready")
    return list(session.scalars(wanted.order_by(SearchSegmentRow.lo.desc())))


def posting(segment: int, gram: bytes, offsets: Sequence[int], span: int) -> Posting:
    """Make the posting of a gram that these documents of a segment bear; offsets ascend."""
    return segment, gram, len(offsets), packed(offsets, span)


def begin(database: Database, lo: int, hi: int, level: int) -> int:
    """Note a segment that is being built; give its id."""
    with database.write() as session:
        row = SearchSegmentRow(lo=lo, hi=hi, level=level, state="building", retired_at=None)
        session.add(row)
        session.flush()
        return row.id


def write(database: Database, rows: Iterable[Posting]) -> None:
    """Write postings in the order given, some at a time."""
    some: list[Posting] = []
    for row in rows:
        some.append(row)
        if len(some) >= ROWS:
            _insert(database, some)
            some = []
    if some:
        _insert(database, some)


def finish(session: Session, segment: int, replaced: Iterable[int], now: datetime) -> None:
    """Let searches use a segment instead of those it replaces."""
    mine = SearchSegmentRow.id == segment
    session.execute(update(SearchSegmentRow).where(mine).values(state="ready"))
    gone = SearchSegmentRow.id.in_(list(replaced))
    session.execute(update(SearchSegmentRow).where(gone).values(state="retired", retired_at=now))


def stream(database: Database, segment: int, after: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """Give gram, n and docs of the postings behind a gram, read some at a time."""
    table = SearchPostingRow
    while True:
        mine = table.segment == segment, table.gram > after
        wanted = select(table.gram, table.n, table.docs).where(*mine)
        with database.read() as session:
            rows = session.execute(wanted.order_by(table.gram).limit(ROWS)).all()
        yield from map(tuple, rows)
        if len(rows) < ROWS:
            return
        after = rows[-1].gram


def last_gram(session: Session, segment: int) -> bytes:
    """Give the gram of a segment that was written last; empty if there is none."""
    table = SearchPostingRow
    mine = select(table.gram).where(table.segment == segment)
    return session.scalar(mine.order_by(table.gram.desc()).limit(1)) or b""


def refile(session: Session, doc: int, before: set[bytes], after: set[bytes]) -> None:
    """File a document under other grams than before, wherever it is filed."""
    holds = SearchSegmentRow.lo <= doc, SearchSegmentRow.hi >= doc
    places = select(SearchSegmentRow).where(SearchSegmentRow.state.in_(("ready", "building")))
    changed = sorted(before ^ after)
    for place in session.scalars(places.where(*holds)).all():
        here = changed
        if place.state == "building":  # a merge will see for itself what comes behind
            last = last_gram(session, place.id)
            here = [gram for gram in changed if gram <= last]
        span, offset = place.hi - place.lo + 1, doc - place.lo
        for start in range(0, len(here), 400):
            some = {gram: gram in after for gram in here[start : start + 400]}
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
            rows.append(posting(segment, gram, sorted(there), span))
    if rows:
        _add(session, rows)


def _insert(database: Database, rows: list[Posting]) -> None:
    with database.write() as session:
        _add(session, rows)


def _add(session: Session, rows: list[Posting]) -> None:
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
