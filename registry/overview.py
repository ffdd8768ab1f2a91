"""What is stuck, in a few figures (ภาพรวม): asked of indexes, the same cost in the tenth year.

The window is thirty days. Its first number is found by halving the run of numbers
(:mod:`registry.books.booklines`), and only lines of the window are counted; of long windows the
newest two thousand say how long things take. Everything else is a count over an index of what is
open.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from registry import awaiting, rounds
from registry.accounts import access
from registry.awaiting import Counts
from registry.books import booklines
from registry.clock import BANGKOK
from registry.jobs import Kind
from registry.letter.delivery import DeliveryState
from registry.letter.grades import Urgency
from registry.models.books import CounterRow, EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow, OutboxRow
from registry.models.search import SearchDueRow
from registry.numbering import BookKey
from registry.rounds import Round

DAYS: Final = 30
SAMPLE: Final = 2000
"""So many of the newest lines say how long things take."""
_MOST: Final = 200
_ANSWERED: Final = (str(DeliveryState.ARRIVED), str(DeliveryState.REGISTERED))


@dataclass(frozen=True, slots=True)
class Day:
    """How many numbers the books gave on a day."""

    day: date
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class Spent:
    """How long something took: the middle one and the ninth of ten, and of how many."""

    median: timedelta
    p90: timedelta
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of one entity.

    ``acknowledged`` is how long senders waited for our receive number, ``answered`` how long we
    waited for that of others. ``waiting`` and ``came`` are by urgency, the most urgent first.
    ``lag`` is how many letters the index has still to take in, and since when.
    """

    counts: Counts
    oldest: datetime | None
    days: Sequence[Day]
    acknowledged: Spent | None
    answered: Spent | None
    waiting: Sequence[tuple[str, int]]
    came: Sequence[tuple[str, int]]
    late: int
    queue: int
    queue_since: datetime | None
    checked: Round | None
    lag: int
    lag_since: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that is to be reported on by a day."""

    entry: str
    number: int
    year: int
    due: datetime
    from_text: str
    subject: str
    urgency: str
    action: str


@dataclass(frozen=True, slots=True)
class Window:
    """The lines of one series that were registered within the window."""

    key: BookKey
    first: int
    last: int

    def lines(self, newest: int = 0) -> tuple[ColumnElement[bool], ...]:
        """Say which entries these are, at most so many of the newest."""
        first = max(self.first, self.last - newest + 1) if newest else self.first
        return (
            EntryRow.entity_id == self.key.entity_id, EntryRow.unit_code == self.key.unit_code,
            EntryRow.book == self.key.book, EntryRow.series == self.key.series,
            EntryRow.year == self.key.year, EntryRow.number.between(first, self.last),
        )  # fmt: skip


def look(session: Session, entity_id: int, now: datetime, *, cleared: bool) -> Overview:
    """Give the figures of an entity as they stand."""
    today = now.astimezone(BANGKOK).date()
    series = windows(session, entity_id, today - timedelta(days=DAYS - 1))
    queue, since = _queue(session, entity_id)
    whole = not access.is_limited(session)  # what the index lacks is not counted by units
    lag, lag_since = _lag(session) if whole else (0, None)
    return Overview(
        counts=awaiting.counts(session, entity_id, cleared=cleared),
        oldest=_oldest(session, entity_id, cleared=cleared),
        days=_days(session, series, today),
        acknowledged=_acknowledged(session, series),
        answered=_answered(session, series),
        waiting=_waiting(session, entity_id, cleared=cleared),
        came=_came(session, series),
        late=_late(session, entity_id, now),
        queue=queue, queue_since=since, checked=rounds.checked(session, entity_id),
        lag=lag, lag_since=lag_since,
    )  # fmt: skip


def due(session: Session, entity_id: int, *, cleared: bool) -> list[Due]:
    """List what is to be reported and is not closed, the most overdue first."""
    wanted = select(EntryRow).where(*_open(entity_id)).order_by(EntryRow.due).limit(_MOST)
    if not cleared:
        wanted = wanted.where(EntryRow.secrecy.is_(None))
    return [
        Due(row.id, row.number, row.year, row.due, row.from_text, row.subject, row.urgency,
            row.action)
        for row in session.scalars(wanted) if row.due is not None
    ]  # fmt: skip


def windows(session: Session, entity_id: int, first: date) -> list[Window]:
    """Give for each series of our own books the lines since a day."""
    begin = datetime.combine(first, time(), BANGKOK)
    wanted = select(CounterRow).where(
        CounterRow.entity_id == entity_id, CounterRow.unit_code == "",
        CounterRow.book.in_(("received", "sent")), CounterRow.year >= first.year + 543,
        CounterRow.last >= CounterRow.first,
    )  # fmt: skip
    found = []
    for row in session.scalars(wanted):
        key = BookKey(entity_id, "", row.book, row.series, row.year)
        start = booklines.first_since(session, key, begin, row.first, row.last)
        if start <= row.last:
            found.append(Window(key, start, row.last))
    return found


def _days(session: Session, windows: Iterable[Window], today: date) -> list[Day]:
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    counted: Counter[tuple[str, int]] = Counter()
    ends = [datetime.combine(day, time(), BANGKOK) for day in days[1:]]
    bucket = case(
        *((EntryRow.registered_at < end, place) for place, end in enumerate(ends)), else_=DAYS - 1
    ).label("place")
    for window in windows:
        wanted = select(bucket, func.count()).where(*window.lines()).group_by("place")
        for place, number in session.execute(wanted):
            counted[window.key.book, place] += number
    return [
        Day(day, counted["received", place], counted["sent", place])
        for place, day in enumerate(days)
    ]


def _acknowledged(session: Session, windows: Iterable[Window]) -> Spent | None:
    took: list[timedelta] = []
    for window in windows:
        if window.key.book == "received":
            wanted = select(EntryRow.accepted_at, EntryRow.registered_at)
            wanted = wanted.where(
                *window.lines(SAMPLE), EntryRow.accepted_at.is_not(None), told_by_mail()
            )
            took += [row[1] - row[0] for row in session.execute(wanted) if row[0] is not None]
    return _spent(took)


def told_by_mail() -> ColumnElement[bool]:
    """Say that the sender of an entry was mailed its number; who brought paper was not."""
    return exists().where(OutboxRow.entry_id == EntryRow.id, OutboxRow.kind == Kind.ACKNOWLEDGEMENT)


def _answered(session: Session, windows: Iterable[Window]) -> Spent | None:
    took: list[timedelta] = []
    for window in windows:
        if window.key.book == "sent":
            wanted = select(EntryRow.registered_at, DeliveryRow.at)
            wanted = wanted.join(DeliveryRow, DeliveryRow.entry_id == EntryRow.id)
            wanted = wanted.where(*window.lines(SAMPLE), DeliveryRow.state.in_(_ANSWERED))
            took += [row[1] - row[0] for row in session.execute(wanted)]
    return _spent(took)


def _spent(took: list[timedelta]) -> Spent | None:
    if not took:
        return None
    took = sorted(max(one, timedelta()) for one in took)
    return Spent(took[len(took) // 2], took[min(len(took) - 1, len(took) * 9 // 10)], len(took))


def _waiting(session: Session, entity_id: int, *, cleared: bool) -> list[tuple[str, int]]:
    open_ = awaiting.incoming(entity_id, cleared=cleared)
    wanted = select(LetterRow.urgency, func.count()).where(*open_)
    rows = session.execute(wanted.group_by(LetterRow.urgency))
    return _by_urgency({row[0]: row[1] for row in rows})


def _came(session: Session, windows: Iterable[Window]) -> list[tuple[str, int]]:
    counted: Counter[str] = Counter()
    for window in windows:
        if window.key.book == "received":
            wanted = select(EntryRow.urgency, func.count()).where(*window.lines())
            rows = session.execute(wanted.group_by(EntryRow.urgency))
            counted.update({row[0]: row[1] for row in rows})
    return _by_urgency(counted)


def _by_urgency(counted: dict[str, int]) -> list[tuple[str, int]]:
    ranks = {one.thai: one.rank for one in Urgency}
    ordered = sorted(counted, key=lambda word: -ranks.get(word, 0))
    return [(word, counted[word]) for word in ordered]


def _oldest(session: Session, entity_id: int, *, cleared: bool) -> datetime | None:
    open_ = awaiting.incoming(entity_id, cleared=cleared)
    return session.scalar(select(func.min(LetterRow.accepted_at)).where(*open_))


def _late(session: Session, entity_id: int, now: datetime) -> int:
    wanted = select(func.count()).select_from(EntryRow)
    return session.scalar(wanted.where(*_open(entity_id), EntryRow.due < now)) or 0


def _queue(session: Session, entity_id: int) -> tuple[int, datetime | None]:
    wanted = select(func.count(), func.min(OutboxRow.created_at)).where(
        OutboxRow.state.in_(("queued", "sending")), OutboxRow.entity_id == entity_id
    )
    number, since = session.execute(wanted).one()
    return number, since


def _lag(session: Session) -> tuple[int, datetime | None]:
    first = select(SearchDueRow.at).order_by(SearchDueRow.id).limit(1)
    number = session.scalar(select(func.count()).select_from(SearchDueRow)) or 0
    return number, session.scalar(first)


def _open(entity_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        EntryRow.entity_id == entity_id, EntryRow.due.is_not(None), EntryRow.closed.is_(None),
        EntryRow.state == "registered",
    )  # fmt: skip
