"""Upkeep of the index: segments are made from documents, merged, and thrown away, piece by piece.

A posting is rewritten three times in its life, and a search looks at some twenty small segments
and one for each 32,768 letters. Where much waits to be indexed, segments of 512 are made at one
go. Nothing here takes long: a merge is done a thousand blocks a call, and so is throwing away what
was replaced, so that letters that come in meanwhile are found within seconds. All is reckoned
before a transaction begins, and each writes a megabyte or two, for SQLite has one writer at a time:
a segment of documents is there or is not, and a merge that was killed goes on behind the last gram
it wrote.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from registry.db import Database
from registry.models.search import GROUP, SearchDocRow, SearchPostingRow, SearchSegmentRow
from registry.search import segments
from registry.search.bits import joined
from registry.search.blocks import Posting, blocks
from registry.search.grams import codes_of, gram_of, mark_gram

_DIRECT: Final = 1  # the highest level that is made from documents at one go
_PIECE: Final = 200  # blocks of each part that are merged in one call
_GONE: Final = 1000  # blocks thrown away in one call
_KEPT: Final = timedelta(seconds=30)
_FETCHED: Final = 256  # documents in memory at a time


class _Part(NamedTuple):
    """What was read of a segment that is being merged, and the place of its first document."""

    base: int
    postings: list[Posting]
    goes_on: bool


def tidy(database: Database, now: datetime, *, more: bool = False) -> bool:
    """Do the next piece of upkeep; say whether there was any: seal, merge, or throw away.

    While ``more`` documents are coming at once, small segments are not worth their merging.
    """
    with database.read() as session:
        standing = segments.ready(session)
        newest = session.scalar(select(func.max(SearchDocRow.doc)))
        others = select(SearchSegmentRow).where(SearchSegmentRow.state != "ready")
        rest = list(session.scalars(others.order_by(SearchSegmentRow.id)))
    group = _mergeable(standing)
    begun = next((one for one in rest if group and _is_of(one, group)), None)
    stale = [one for one in rest if one is not begun and _is_stale(one, now)]
    if stale:
        _throw_away(database, stale[0].id)
    elif group:
        _merge(database, group, begun.id if begun else None, now)
    elif newest is not None and (bounds := _sealable(standing, newest, more=more)):
        _seal(database, *bounds, now)
    else:
        return False
    return True


def _is_of(one: SearchSegmentRow, group: Sequence[SearchSegmentRow]) -> bool:
    """Whether this is what these are being merged into."""
    bounds = group[0].lo, group[-1].hi, "building"
    return (one.lo, one.hi, one.state) == bounds


def _is_stale(one: SearchSegmentRow, now: datetime) -> bool:
    return one.state == "building" or (one.retired_at is not None and one.retired_at < now - _KEPT)


def _throw_away(database: Database, segment: int) -> None:
    """Delete blocks of a segment, and the segment with the last of them."""
    table = SearchPostingRow
    with database.write() as session:
        mine = select(table.gram).where(table.segment == segment).order_by(table.gram)
        last = session.scalar(mine.offset(_GONE).limit(1))
        gone = delete(table).where(table.segment == segment)
        session.execute(gone if last is None else gone.where(table.gram <= last))
        if last is None:
            session.execute(delete(SearchSegmentRow).where(SearchSegmentRow.id == segment))


def _sealable(
    standing: Sequence[SearchSegmentRow], newest: int, *, more: bool
) -> tuple[int, int, int] | None:
    """Give (lo, hi, level) of the largest whole run of documents that is in no segment yet."""
    start = standing[0].hi + 1 if standing else 0
    for level in range(_DIRECT, -1, -1):
        span = segments.SPANS[level]
        if start % span == 0 and start + span - 1 <= newest:
            return start, start + span - 1, level
        if more and start % span == 0:
            return None  # it will be whole soon
    return None


def _mergeable(standing: Sequence[SearchSegmentRow]) -> list[SearchSegmentRow]:
    """Give the segments, oldest first, that together are one of the next level."""
    for level, span in enumerate(segments.SPANS[1:]):
        mine = [one for one in standing if one.level == level]
        for _place, some in groupby(mine, key=lambda one: one.lo // span):
            group = list(some)
            if sum(one.hi - one.lo + 1 for one in group) == span:
                return group[::-1]
    return []


def _seal(database: Database, lo: int, hi: int, level: int, now: datetime) -> None:
    """Make a segment of these documents."""
    with database.read() as session:
        filed = _filed(session, lo, hi)
    span = hi - lo + 1
    made = list(blocks((segments.posting(gram, filed[gram], span) for gram in sorted(filed)), span))
    with database.write() as session:
        segment = segments.begin(session, lo, hi, level)
        segments.write(session, segment, made)
        segments.finish(session, segment, [], now)


def _filed(session: Session, lo: int, hi: int) -> dict[bytes, list[int]]:
    """File documents under their grams; offsets ascend."""
    by_code: defaultdict[int, list[int]] = defaultdict(list)
    by_mark: defaultdict[str, list[int]] = defaultdict(list)
    for doc, whole in _documents(session, lo, hi):
        marks, fields, body = whole.split(GROUP)
        offset = doc - lo
        for offsets in map(by_code.__getitem__, codes_of(fields, body)):
            offsets.append(offset)
        for mark in filter(None, marks.split("\n")):
            by_mark[mark].append(offset)
    filed = {gram_of(code): offsets for code, offsets in by_code.items()}
    return filed | {mark_gram(mark): offsets for mark, offsets in by_mark.items()}


def _documents(session: Session, lo: int, hi: int) -> Iterator[Any]:
    table = SearchDocRow
    for start in range(lo, hi + 1, _FETCHED):
        wanted = select(table.doc, table.whole)
        wanted = wanted.where(table.doc.between(start, min(start + _FETCHED - 1, hi)))
        yield from session.execute(wanted.order_by(table.doc))


def _merge(
    database: Database, group: Sequence[SearchSegmentRow], begun: int | None, now: datetime
) -> None:
    """Go on making one segment of several that lie side by side."""
    lo, span = group[0].lo, group[-1].hi - group[0].lo + 1
    with database.read() as session:
        after = segments.last_gram(session, begun) if begun else b""
        parts = [_part(session, one, one.lo - lo, after) for one in group]
    end = min((part.postings[-1][0] for part in parts if part.goes_on), default=None)
    made = list(blocks(_merged(parts, span, end), span))
    with database.write() as session:
        segment = begun or segments.begin(session, lo, group[-1].hi, group[0].level + 1)
        segments.write(session, segment, made)
        if end is None:
            segments.finish(session, segment, [one.id for one in group], now)


def _part(session: Session, one: SearchSegmentRow, base: int, after: bytes) -> _Part:
    postings, count = segments.read(session, one.id, after, _PIECE)
    return _Part(base, postings, goes_on=count == _PIECE)


def _merged(parts: Sequence[_Part], span: int, end: bytes | None) -> Iterator[Posting]:
    """Put the postings of the parts together, gram after gram, as far as all of them reach."""
    found: defaultdict[bytes, list[tuple[int, int, bytes]]] = defaultdict(list)
    for part in parts:
        for gram, count, docs in part.postings:
            if end is not None and gram > end:
                break
            found[gram].append((part.base, count, docs))
    for gram in sorted(found):
        yield gram, *joined(found[gram], span)
