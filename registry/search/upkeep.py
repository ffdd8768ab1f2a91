"""Upkeep of the index: segments are made from documents, merged, and thrown away, piece by piece.

A posting is rewritten three times in its life, and a search looks at some twenty small segments
and one for each 32,768 letters. Where much waits to be indexed, segments of 4,096 are made at one
go. Nothing here takes long: a merge of large segments is done some thousand grams a call, and so
is throwing away what was replaced, so that letters that come in meanwhile are found within
seconds. Several transactions make one segment, for SQLite has one writer at a time; a merge that
was killed goes on behind the last gram it wrote, anything else is begun again.
"""

import heapq
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from registry.db import Database
from registry.models.search import GROUP, SearchDocRow, SearchPostingRow, SearchSegmentRow
from registry.search import segments
from registry.search.bits import joined
from registry.search.grams import codes_of, gram_of, mark_gram

_DIRECT: Final = 2  # the highest level that is made from documents at one go
_PIECE: Final = 16_000  # grams merged in one call
_GONE: Final = 20_000  # postings thrown away in one call
_KEPT: Final = timedelta(seconds=30)
_FETCHED: Final = 256  # documents in memory at a time


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
    """Delete postings of a segment, and the segment with the last of them."""
    table = SearchPostingRow
    for _turn in range(max(_GONE // segments.ROWS, 1)):
        with database.write() as session:
            mine = select(table.gram).where(table.segment == segment).order_by(table.gram)
            last = session.scalar(mine.offset(segments.ROWS).limit(1))
            gone = delete(table).where(table.segment == segment)
            session.execute(gone if last is None else gone.where(table.gram <= last))
            if last is None:
                session.execute(delete(SearchSegmentRow).where(SearchSegmentRow.id == segment))
                return


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
    segment = segments.begin(database, lo, hi, level)
    grams = sorted((gram_of(one) if isinstance(one, int) else mark_gram(one), one) for one in filed)
    rows = (segments.posting(segment, gram, filed[one], span) for gram, one in grams)
    segments.write(database, rows)
    with database.write() as session:
        segments.finish(session, segment, [], now)


def _filed(session: Session, lo: int, hi: int) -> "defaultdict[int | str, array[int]]":
    """File documents under their grams, by code, and under their marks; offsets ascend."""
    filed: defaultdict[int | str, array[int]] = defaultdict(partial(array, "H"))
    for doc, whole in _documents(session, lo, hi):
        marks, fields, body = whole.split(GROUP)
        offset = doc - lo
        for gram in codes_of(fields, body):
            filed[gram].append(offset)
        for mark in filter(None, marks.split("\n")):
            filed[mark].append(offset)
    return filed


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
    lo, hi = group[0].lo, group[-1].hi
    segment = begun or segments.begin(database, lo, hi, group[0].level + 1)
    with database.read() as session:
        after = segments.last_gram(session, segment)
    merged = _merged(database, group, after)
    piece = islice(merged, _PIECE)
    segments.write(database, ((segment, *posting) for posting in piece))
    if next(merged, None) is None:
        with database.write() as session:
            segments.finish(session, segment, [one.id for one in group], now)


def _merged(
    database: Database, group: Sequence[SearchSegmentRow], after: bytes
) -> Iterator[tuple[bytes, int, bytes]]:
    """Put the postings of the parts together, gram after gram, from behind a gram on."""
    lo, span = group[0].lo, group[-1].hi - group[0].lo + 1
    streams = [_part(database, one.id, one.lo - lo, after) for one in group]
    for gram, parts in groupby(heapq.merge(*streams), key=itemgetter(0)):
        count, docs = joined([part[1:] for part in parts], span)
        yield gram, count, docs


def _part(
    database: Database, segment: int, base: int, after: bytes
) -> Iterator[tuple[bytes, int, int, bytes]]:
    for gram, count, docs in segments.stream(database, segment, after):
        yield gram, base, count, docs
