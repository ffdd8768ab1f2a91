"""The next number of a book: never doubled, never skipped, never dated back.

A series is an owner (an entity, or a unit that keeps its own books) × a book × a series × a พ.ศ.
year of Asia/Bangkok; it begins at 1 on 1 January (ข้อ 38 and 43), or where :func:`start` says, once,
for an office that changes over in mid-year. One ``UPDATE … RETURNING`` both moves the counter and
reads it, so two officers who press Receive together cannot be given the same number. The caller's
transaction owns the number: roll back, and it is still the next one.

A book that was closed (:mod:`registry.books.closing`) gives no number: asking raises BookClosed.

The time of registering is read after the counter is locked and is never before that of the series'
last number; a clock that stands behind it is an alarm in the log, not an entry out of order.

Limits: a number is held by an open transaction, and others of its series wait for that. Take it
last. Only :mod:`registry.entries` may call :func:`take_number` in earnest: a number that is
taken and not written as an entry is a hole.
"""

import logging
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Table, and_, bindparam, exists, select, update
from sqlalchemy.orm import Session

from registry import journal
from registry.batch import Batch, batch_of
from registry.books.closing import BookClosed
from registry.clock import Clock, buddhist_year
from registry.db import insert_if_new
from registry.errors import Conflict
from registry.models.books import CounterRow
from registry.models.work import BookClosingRow

log = logging.getLogger(__name__)
CLOCK_TOLERANCE: Final = timedelta(seconds=1)
"""How far the clocks of two hosts may differ before a step back is an alarm."""

# The statements are made once: a number is taken for every letter there is.
_C: Final = cast("Table", CounterRow.__table__).c
_NAMES: Final = ("entity_id", "unit_code", "book", "series", "year")
_KEY: Final = and_(*(_C[name] == bindparam(f"of_{name}") for name in _NAMES))
_READ: Final = select(_C.last).where(_KEY)
_UPDATE: Final = update(cast("Table", CounterRow.__table__)).where(_KEY)
_CLOSED: Final = exists(select(BookClosingRow.id)).where(
    BookClosingRow.entity_id == _C.entity_id, BookClosingRow.unit_code == _C.unit_code,
    BookClosingRow.book == _C.book, BookClosingRow.series == _C.series,
    BookClosingRow.year == _C.year, BookClosingRow.reopened_at.is_(None),
)  # fmt: skip
_MOVE: Final = _UPDATE.where(~_CLOSED).values(last=_C.last + 1).returning(_C.last, _C.last_at)
_GIVE_BACK: Final = _UPDATE.values(last=_C.last - 1)
_STAMP: Final = _UPDATE.values(last_at=bindparam("moment"))
_STAND: Final = _UPDATE.values(last=bindparam("number"), last_at=bindparam("moment"))
_START: Final = (
    _UPDATE.where(_C.last == 0, _C.first == 1)
    .values(first=bindparam("start"), last=bindparam("before"))
    .returning(_C.id)
)


@dataclass(frozen=True, slots=True, order=True)
class BookKey:
    """One series of numbers. Keys sort, so that whoever locks several takes them in one order.

    ``unit_code`` is "" for the entity's own books; ``year`` is พ.ศ. The printing form is
    :class:`registry.letter.book.BookKey`.
    """

    entity_id: int
    unit_code: str
    book: str
    series: str
    year: int

    def __post_init__(self) -> None:
        for name in ("unit_code", "book", "series"):  # Book and Series are kinds of str
            object.__setattr__(self, name, str(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Taken:
    """A number, the time at which it was taken, and that time's พ.ศ. year."""

    number: int
    at: datetime
    year: int


class _Held:
    """The counters that an open batch holds, where they stand, and which must be written."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._at: dict[BookKey, tuple[int, datetime | None]] = {}
        self._moved: set[BookKey] = set()

    def move(self, session: Session, key: BookKey) -> tuple[int, datetime | None]:
        """Give the next number; the first of a series locks its counter."""
        if key not in self._at:
            with self._batch.at_rest():
                return _move(session, key)
        last, last_at = self._at[key]
        return last + 1, last_at

    def stand(self, key: BookKey, number: int, at: datetime | None) -> None:
        """Say where the counter stands now."""
        self._at[key] = number, at
        self._moved.add(key)

    def write(self, session: Session) -> None:
        """Write down where the counters stand."""
        moved, self._moved = self._moved, set()
        for key in sorted(moved):
            number, at = self._at[key]
            session.connection().execute(_STAND, {**_of(key), "number": number, "moment": at})


def take_number(session: Session, key: BookKey, at: datetime | Clock) -> Taken:
    """Give the next number of this series.

    ``at`` is best a clock: it is read once the counter is locked. When the year has turned in
    Bangkok while we waited, the number is of the new year's series and the old one is left as it
    was. A plain time must lie in the key's year, else ValueError. In a batch the counter is
    locked and read once, and written when the batch is.
    """
    held = _held(session)
    number, last_at = held.move(session, key) if held else _move(session, key)
    now = at if isinstance(at, datetime) else at.now()
    year = buddhist_year(now)
    if year != key.year:
        # Its lock is still held: nobody saw the number.
        held.stand(key, number - 1, last_at) if held else session.execute(_GIVE_BACK, _of(key))
        if isinstance(at, datetime):
            raise ValueError(f"{at.isoformat()} is not in the book of {key.year}")
        return take_number(session, replace(key, year=year), at)
    moment = _not_before(now, last_at, key)
    if held:
        held.stand(key, number, moment)
    else:
        session.execute(_STAMP, {**_of(key), "moment": moment})
    return Taken(number, moment, year)


def start(session: Session, key: BookKey, first: int, by: str, at: datetime) -> None:
    """Let a series begin at ``first``: once, and before it has given any number.

    Raises Conflict when the series has begun or was set before, ValueError for a number below 1.
    """
    if first < 1:
        raise ValueError("the first number of a book is 1 or more")
    journal.lock_head(session, key.entity_id)
    _open(session, key)
    done = session.execute(_START, {**_of(key), "start": first, "before": first - 1})
    if done.one_or_none() is None:
        raise Conflict(
            "the series has begun already",
            thai="ทะเบียนเล่มนี้ออกเลขไปแล้วหรือเคยกำหนดเลขเริ่มต้นแล้ว จึงกำหนดเลขเริ่มต้นอีกไม่ได้",
        )
    facts = {**asdict(key), "first": first}
    journal.record(session, key.entity_id, "series-started", by, at, facts=facts)


def take_over(session: Session, key: BookKey, first: int, last: int, by: str, at: datetime) -> None:
    """Let a series hold the numbers ``first`` to ``last`` that were given elsewhere.

    It has given no number yet, or none below ``last + 1``; then only its beginning moves. The
    journal says where it begins.
    """
    journal.lock_head(session, key.entity_id)
    _open(session, key)
    counter = session.scalars(select(CounterRow).where(_KEY).with_for_update(), _of(key)).one()
    session.refresh(counter)
    if counter.last <= last:
        counter.last, counter.last_at = last, at
    counter.first = first
    session.flush()
    facts = {**asdict(key), "first": first}
    journal.record(session, key.entity_id, "series-started", by, at, facts=facts)


def lock(session: Session, keys: set[BookKey]) -> None:
    """Lock the counters of a batch in key order, so that two batches never wait for each other."""
    for key in sorted(keys):
        _open(session, key)
        session.execute(_READ.with_for_update(), _of(key))


def next_number(session: Session, key: BookKey) -> int:
    """Tell the number that would be taken now, without taking it (for slips and comparisons)."""
    return (session.scalar(_READ, _of(key)) or 0) + 1


def _held(session: Session) -> _Held | None:
    batch = batch_of(session)
    if batch is None:
        return None
    if "numbering" not in batch.memory:
        batch.memory["numbering"] = held = _Held(batch)
        batch.on_writing("numbering", held.write)
    return cast("_Held", batch.memory["numbering"])


def _move(session: Session, key: BookKey) -> tuple[int, datetime | None]:
    """Move the counter and read it, in one statement; make it first where there is none."""
    move = session.connection().execute
    found = move(_MOVE, _of(key)).one_or_none()
    if found is None:
        _open(session, key)
        found = move(_MOVE, _of(key)).one_or_none()
    if found is None:
        raise BookClosed(f"the book of {key.year} is closed")
    return found.last, found.last_at


def _open(session: Session, key: BookKey) -> None:
    """Make the counter unless somebody else just did."""
    insert_if_new(session, CounterRow, **asdict(key), first=1, last=0)


def _not_before(now: datetime, last_at: datetime | None, key: BookKey) -> datetime:
    if last_at is None or now >= last_at:
        return now
    if last_at - now > CLOCK_TOLERANCE:
        log.error("clock is behind the last number of %s by %s: set the clock", key, last_at - now)
    return last_at


def _of(key: BookKey) -> dict[str, Any]:
    """Give the key as the values of :data:`_KEY`."""
    return {f"of_{name}": getattr(key, name) for name in _NAMES}
