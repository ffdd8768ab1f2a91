"""The segments of the index: runs of documents whose postings are kept together.

Documents are numbered as they arrive. Sixty-four in a row, from a multiple of 64, make a segment;
eight segments that lie side by side are merged into one of 512, of 4,096, of 32,768
(:mod:`registry.search.upkeep`). What is not yet in a segment, the tail of at most 63 documents, is
read as it is. A document that changes later has its bits set and cleared in the one segment that
holds it, and in what a merge has made of that so far, so that what is taken out leaves nothing
behind in the index. The postings of a segment lie in blocks (:mod:`registry.search.blocks`).

A segment is *building* until all its postings are written, then *ready*; those it replaces are
*retired* and stay for half a minute, for searches that began with them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from registry.models.search import SearchPostingRow, SearchSegmentRow
from registry.search.bits import packed, unpacked
from registry.search.blocks import Block, Posting, blocks, postings_in

SPANS: Final = (64, 512, 4096, 32768)
"""How many document numbers a segment of each level covers."""
_COPY: Final = "COPY search_posting (segment, gram, n, docs) FROM STDIN (FORMAT BINARY)"


def ready(session: Session) -> list[SearchSegmentRow]:
    """List the segments that a search has to look at, the newest first."""
    wanted = select(SearchSegmentRow).where(SearchSegmentRow.state == "ready")
    return list(session.scalars(wanted.order_by(SearchSegmentRow.lo.desc())))


def posting(gram: bytes, offsets: Sequence[int], span: int) -> Posting:
    """Make the posting of a gram that these documents of a segment bear; offsets ascend."""
    return gram, len(offsets), packed(offsets, span)


def begin(session: Session, lo: int, hi: int, level: int) -> int:
    """Note a segment that is being built; give its id."""
    row = SearchSegmentRow(lo=lo, hi=hi, level=level, state="building", retired_at=None)
    session.add(row)
    session.flush()
    return row.id


def write(session: Session, segment: int, made: Sequence[Block]) -> None:
    """Insert blocks, past SQLAlchemy."""
    rows = [(segment, *block) for block in made]
    connection = session.connection()
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_posting VALUES (?, ?, ?, ?)", rows)
        return
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(["int4", "bytea", "int4", "bytea"])
        for row in rows:
            copy.write_row(row)


def finish(session: Session, segment: int, replaced: Iterable[int], now: datetime) -> None:
    """Let searches use a segment instead of those it replaces."""
    mine = SearchSegmentRow.id == segment
    session.execute(update(SearchSegmentRow).where(mine).values(state="ready"))
    gone = SearchSegmentRow.id.in_(list(replaced))
    session.execute(update(SearchSegmentRow).where(gone).values(state="retired", retired_at=now))


def read(session: Session, segment: int, after: bytes, most: int) -> tuple[list[Posting], int]:
    """Give the postings behind a gram in the order of their grams, of so many blocks at most.

    The second is how many blocks were read.
    """
    table = SearchPostingRow
    wanted = select(table.n, table.docs).where(table.segment == segment, table.gram > after)
    rows = session.execute(wanted.order_by(table.gram).limit(most)).all()
    found = [posting for row in rows for posting in postings_in(row.n, row.docs)]
    behind = next((at for at, one in enumerate(found) if one[0] > after), len(found))
    return found[behind:], len(rows)


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
    for place in session.scalars(places.where(*holds)).all() if changed else ():
        here = changed
        if place.state == "building":  # a merge will see for itself what comes behind
            last = last_gram(session, place.id)
            here = [gram for gram in changed if gram <= last]
        span, offset = place.hi - place.lo + 1, doc - place.lo
        for block, grams in _by_block(session, place.id, here).items():
            _flip(session, place.id, span, offset, block, {one: one in after for one in grams})


def _by_block(
    session: Session, segment: int, grams: Sequence[bytes]
) -> dict[bytes | None, list[bytes]]:
    """Give these grams by the block that each is in, or would be in; None behind the last."""
    table = SearchPostingRow
    found: defaultdict[bytes | None, list[bytes]] = defaultdict(list)
    block: bytes | None = b""
    for gram in grams:
        if block is not None and gram > block:
            behind = select(table.gram).where(table.segment == segment, table.gram >= gram)
            block = session.scalar(behind.order_by(table.gram).limit(1))
        found[block].append(gram)
    return found


def _flip(
    session: Session, segment: int, span: int, offset: int, block: bytes | None,
    changes: dict[bytes, bool],
) -> None:  # fmt: skip
    """Put a document in or out of the sets of one block, and lay the block anew."""
    table = SearchPostingRow
    mine = table.segment == segment, table.gram == block
    row = session.execute(select(table.n, table.docs).where(*mine)).first()
    held = {one[0]: one for one in postings_in(row.n, row.docs)} if row else {}
    session.execute(delete(table).where(*mine))
    for gram, is_in in changes.items():
        _gram, count, docs = held.pop(gram, (gram, 0, b""))
        there = {*unpacked(count, docs), offset} if is_in else {*unpacked(count, docs)} - {offset}
        if there:
            held[gram] = posting(gram, sorted(there), span)
    write(session, segment, list(blocks([held[gram] for gram in sorted(held)], span)))
