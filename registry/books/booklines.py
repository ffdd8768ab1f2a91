"""A book read as the printed form (forms 13 and 14): line by line, by number, month or day.

Numbers of a series rise with the time of registering, so a day's lines are found by halving the
run of numbers: some twenty looks at the key of the table, however many years the book has. Lines
are read five hundred at a time, so a book of any length is written out in flat memory.

What became of a line stands with it (:mod:`registry.books.booksteps`), and people by their names.

Letters with a marking come out redacted unless the reader is cleared; their numbers, times and
states stay, since a gap would say more than the line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, select
from sqlalchemy.orm import Session

from registry import corrections
from registry.accounts import access
from registry.accounts.clearance import Clearance, covers
from registry.books import booksteps
from registry.clock import BANGKOK
from registry.corrections import Correction
from registry.models.books import CounterRow, EntryRow
from registry.models.people import EntityRow, OfficerRow
from registry.numbering import BookKey

_AT_ONCE: Final = 500
_ERA: Final = 543
_ROW: Final = (
    EntryRow.id, EntryRow.book, EntryRow.series, EntryRow.number, EntryRow.registered_at,
    EntryRow.letter_number, EntryRow.letter_number_key, EntryRow.dated, EntryRow.from_text,
    EntryRow.to_text, EntryRow.subject, EntryRow.urgency, EntryRow.secrecy, EntryRow.action,
    EntryRow.note, EntryRow.state, EntryRow.accepted_at, EntryRow.reserved_for,
    EntryRow.void_reason, EntryRow.void_by,
)  # fmt: skip
_E: Final = cast("Table", EntryRow.__table__).c
_LOOK: Final = (  # made once: a day is found by some twenty looks
    select(_E.registered_at, _E.number)
    .where(
        *(_E[name] == bindparam(f"of_{name}") for name in BookKey.__dataclass_fields__),
        _E.number >= bindparam("least"),
    )
    .order_by(_E.number)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a book; ``struck`` are the values that were corrected, oldest first.

    What the system itself wrote for want of an addressee is not among them.

    ``state`` is registered, reserved or void. ``was_reserved`` says that the number was given
    before its letter. ``came_before`` is the day on which the letter came in, where that was an
    earlier one than that of its registering. ``steps`` are what was done since, ``recalled`` says
    that a sent letter was asked back, and what came of it. ``reserved_for`` and ``void_by`` are
    names of people, addresses where no name is known.
    """

    id: str
    number: int
    registered_at: datetime
    letter_number: str
    dated: date | None
    from_text: str
    to_text: str
    subject: str
    urgency: str
    secrecy: str | None
    action: str
    note: str
    state: Literal["registered", "reserved", "void"]
    circular: bool
    was_reserved: bool
    reserved_for: str
    void_reason: str
    void_by: str
    came_before: date | None = None
    steps: tuple[str, ...] = ()
    recalled: str = ""
    struck: tuple[Correction, ...] = ()
    redacted: bool = False

    @property
    def day(self) -> date:
        """The day of registering, in Bangkok."""
        return self.registered_at.astimezone(BANGKOK).date()


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a book: its first day, and how many numbers it gave."""

    first: date
    count: int


def books(session: Session, entity_id: int) -> dict[tuple[str, str], dict[int, list[str]]]:
    """Give the books of an entity, (unit code, book): their years (พ.ศ., newest first) and series.

    Only years that gave a number are told.
    """
    wanted = select(CounterRow).where(
        CounterRow.entity_id == entity_id, CounterRow.last >= CounterRow.first
    )
    found: dict[tuple[str, str], dict[int, list[str]]] = {}
    for row in session.scalars(wanted.order_by(CounterRow.year.desc(), CounterRow.id)):
        years = found.setdefault((row.unit_code, row.book), {})
        years.setdefault(row.year, []).append(row.series)
    return found


def page(
    session: Session, key: BookKey, first: int, last: int, most: int, *, cleared: Clearance
) -> list[Line]:
    """Give at most ``most`` lines with numbers first…last, in order."""
    wanted = select(*_ROW).where(*_of(key), EntryRow.number.between(first, last))
    rows = session.execute(wanted.order_by(EntryRow.number).limit(most)).all()
    ids = [row.id for row in rows]
    office = session.scalar(select(EntityRow.name).where(EntityRow.id == key.entity_id)) or ""
    struck, became, people = (
        corrections.of(session, ids),
        booksteps.of(session, ids),
        _people(session, rows),
    )
    lines = [
        replace(
            _line(row, tuple(_shown(struck.get(row.id, ()), office))),
            **_since(row, became.get(row.id), people),
        )
        for row in rows
    ]
    return [one if covers(cleared, one.secrecy) else _redacted(one) for one in lines]


def lines(
    session: Session, key: BookKey, first: int, last: int, *, cleared: Clearance
) -> Iterator[Line]:
    """Give all lines with numbers first…last, some hundred at a time."""
    while found := page(session, key, first, last, _AT_ONCE, cleared=cleared):
        yield from found
        first = found[-1].number + 1


def ends(session: Session, key: BookKey) -> tuple[int, int]:
    """Give the first and the last number of a series; (1, 0) while it gave none."""
    wanted = select(func.min(EntryRow.number), func.max(EntryRow.number)).where(*_of(key))
    found = session.execute(wanted).one()
    return (found[0], found[1]) if found[1] else (1, 0)


def first_since(session: Session, key: BookKey, at: datetime, low: int, high: int) -> int:
    """Give the first number of low…high registered at ``at`` or later; high + 1 for none."""
    place = {f"of_{name}": value for name, value in asdict(key).items()}
    ask = session.connection().execute
    while low <= high:
        middle = (low + high) // 2
        found = ask(_LOOK, place | {"least": middle}).first()
        if found is None or found.number > high or found.registered_at >= at:
            high = middle - 1
        else:
            low = found.number + 1
    return low


def numbers_of(session: Session, key: BookKey, first: date, after: date) -> tuple[int, int]:
    """Give the first and last number registered from a day on and before another one."""
    low, high = ends(session, key)
    begin = first_since(session, key, _midnight(first), low, high)
    return begin, first_since(session, key, _midnight(after), begin, high) - 1


def months(session: Session, key: BookKey) -> list[Month]:
    """Give the months of the year in which the series gave numbers."""
    low, high = ends(session, key)
    found = []
    for number in range(1, 13):
        first = date(key.year - _ERA, number, 1)
        begin, low = low, first_since(session, key, _midnight(next_month(first)), low, high)
        if count := _count(session, key, begin, low - 1):
            found.append(Month(first, count))
    return found


def next_month(day: date) -> date:
    """Give the first day of the month after that of ``day``."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _count(session: Session, key: BookKey, first: int, last: int) -> int:
    """Count the lines that are seen; a series has no holes, so for most people it is reckoning."""
    if not access.is_limited(session):
        return max(last - first + 1, 0)
    wanted = select(func.count()).select_from(EntryRow)
    return session.scalar(wanted.where(*_of(key), EntryRow.number.between(first, last))) or 0


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)


def _of(key: BookKey) -> tuple[ColumnElement[bool], ...]:
    return (
        EntryRow.entity_id == key.entity_id, EntryRow.unit_code == key.unit_code,
        EntryRow.book == key.book, EntryRow.series == key.series, EntryRow.year == key.year,
    )  # fmt: skip


def _line(row: Any, struck: tuple[Correction, ...]) -> Line:
    circular = row.book == "sent" and "/ว" in row.letter_number_key
    return Line(
        id=row.id, number=row.number, registered_at=row.registered_at,
        letter_number=row.letter_number, dated=row.dated, from_text=row.from_text,
        to_text=row.to_text, subject=row.subject, urgency=row.urgency, secrecy=row.secrecy,
        action=row.action, note=row.note, state=row.state,
        circular=circular or row.series == "circular",
        was_reserved=bool(row.reserved_for) and row.state == "registered",
        reserved_for=row.reserved_for, void_reason=row.void_reason, void_by=row.void_by,
        came_before=_earlier(row), struck=struck,
    )  # fmt: skip


def _since(row: Any, became: booksteps.Became | None, people: dict[str, str]) -> dict[str, Any]:
    named = {name: people.get(getattr(row, name)) for name in ("reserved_for", "void_by")}
    told: dict[str, Any] = {name: value for name, value in named.items() if value}
    if became is not None:
        told |= {"steps": tuple(became.steps), "recalled": became.recalled}
    return told


def _shown(struck: Iterable[Correction], office: str) -> Iterator[Correction]:
    """Leave out the office's own name where it stood in for an addressee that nobody had named.

    The paper named one, and the system wrote it: there was nothing wrong to be struck out.
    """
    for one in struck:
        if (one.field, one.by, one.old) != ("to_text", "automatic", office):
            yield one


def _people(session: Session, rows: Iterable[Any]) -> dict[str, str]:
    """Give the names of those who hold numbers or voided them, by address."""
    mails = {mail for row in rows for mail in (row.reserved_for, row.void_by) if mail}
    if not mails:
        return {}
    wanted = select(OfficerRow.email, OfficerRow.name).where(OfficerRow.email.in_(mails))
    return {email: name for email, name in session.execute(wanted) if name}


def _earlier(row: Any) -> date | None:
    if row.accepted_at is None or row.book != "received":
        return None
    day = row.accepted_at.astimezone(BANGKOK).date()
    return day if day < row.registered_at.astimezone(BANGKOK).date() else None


def _redacted(line: Line) -> Line:
    return replace(
        line, letter_number="", dated=None, from_text="", to_text="", subject="", action="",
        note="", void_reason="", urgency="", came_before=None, steps=(),
        recalled="", struck=(), redacted=True,
    )  # fmt: skip
