"""What waits for an officer (หนังสือเข้า): lines of lists, light enough to be asked for all day.

Each list costs a handful of queries however long it is, and stops at :data:`MOST` lines; counts are
true beyond that, of deliveries up to :data:`COUNTED`. What waits is in the order of
:mod:`registry.queueing`. Secret letters and those that nobody could read yet are only for a reader
who is cleared: for others they are not there, nor counted. Of one that nobody has opened by name
the line says when it came and how secret it is, and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from registry.accounts.clearance import Clearance, within
from registry.letter.dealing import DealBy, Dealing
from registry.letter.grades import Urgency
from registry.letters import is_unopened
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.outgoing import DeliveryRow
from registry.models.people import EntityRow
from registry.queueing import in_turn, time_of
from registry.unlooked import looked_at

MOST: Final = 200
COUNTED: Final = 500
"""Deliveries are counted no further: every page shows the counts, and some fail for ever."""
_STATES: Final = ("waiting", "secret")
_LOOKED_AT: Final = 5000  # numbers back from the last; older work stands in the search


@dataclass(frozen=True, slots=True)
class Files:
    """What came with a letter: how many enclosures, the largest in bytes, whether some left."""

    count: int = 0
    largest: int = 0
    split: bool = False


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One letter that waits to be registered, as far as a list shows it.

    ``from_name`` is the sender's name in the directory, else what the mail says. ``answers`` is
    the number (ที่) of the letter of ours that it seems to answer. ``by`` is when it is to be dealt
    with; ``unseen`` says of ด่วนที่สุด that nobody has looked at it.
    """

    id: str
    state: str
    accepted_at: datetime
    from_name: str
    sender: str
    subject: str
    to_text: str
    letter_number: str
    dated: date | None
    urgency: str
    due: datetime | None
    secrecy: str | None
    unit_code: str
    authenticated: bool
    known: bool
    why_waiting: str
    trust: Mapping[str, Any] = field(default_factory=dict)
    files: Files = field(default_factory=Files)
    answers: str = ""
    unopened: bool = False
    by: DealBy | None = None
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each kind there is that the reader may see, for the menu and the tabs.

    ``overdue`` and ``failed`` are deliveries, counted up to :data:`COUNTED`.
    """

    waiting: int
    drafts: int
    overdue: int
    failed: int


@dataclass(frozen=True, slots=True)
class Failed:
    """One addressee whom a letter of ours did not reach."""

    delivery: int
    entry: str
    letter_number: str
    subject: str
    urgency: str
    to_name: str
    to_address: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """One line of the received book, as far as a list shows it."""

    id: str
    number: int
    year: int
    registered_at: datetime
    letter_number: str
    dated: date | None
    from_text: str
    subject: str
    urgency: str
    due: datetime | None
    action: str


def waiting(
    session: Session, entity_id: int, dealing: Dealing, *,
    cleared: Clearance, urgency: str | None = None,
) -> list[Awaiting]:  # fmt: skip
    """List what waits to be registered: the most urgent first, then what is due, then the oldest.

    ``urgency`` asks for one grade alone, "" for what is not urgent.
    """
    wanted = select(LetterRow).where(*incoming(entity_id, cleared=cleared))
    if urgency is not None:
        wanted = wanted.where(LetterRow.urgency == urgency)
    rows = in_turn(session, wanted, dealing, MOST)
    files, names = _files(session, [row.id for row in rows]), _names(session, rows)
    answered = _answered(session, rows)
    pressing = [row.id for row in rows if row.urgency == Urgency.MOST_URGENT.thai]
    unseen = set(pressing) - looked_at(session, pressing)
    lines = [_line(row, files, names, answered) for row in rows]
    return [
        line if line.unopened else replace(line, by=time_of(row, dealing), unseen=row.id in unseen)
        for line, row in zip(lines, rows, strict=True)
    ]


def counts(session: Session, entity_id: int, *, cleared: Clearance) -> Counts:
    """Count what waits and this reader may see."""
    return Counts(
        waiting=_count(session, LetterRow, *incoming(entity_id, cleared=cleared)),
        drafts=_count(
            session, LetterRow, LetterRow.entity_id == entity_id, LetterRow.state == "draft"
        ),
        overdue=_deliveries(session, entity_id, "overdue"),
        failed=_deliveries(session, entity_id, "failed", "bounced"),
    )


def of_unit(session: Session, entity_id: int, unit_name: str, year: int) -> list[Passed]:
    """List what was registered for a unit and is not closed, the newest first."""
    mine = (EntryRow.entity_id == entity_id, EntryRow.unit_code == "", EntryRow.book == "received")
    newest = select(func.max(EntryRow.number)).where(
        *mine, EntryRow.series == "ordinary", EntryRow.year == year
    )
    last = session.scalar(newest) or 0
    wanted = select(EntryRow).where(
        *mine, EntryRow.series == "ordinary", EntryRow.year == year,
        EntryRow.number > last - _LOOKED_AT, EntryRow.secrecy.is_(None),
        EntryRow.state == "registered", EntryRow.closed.is_(None),
        EntryRow.action.contains(unit_name, autoescape=True),
    )  # fmt: skip
    rows = session.scalars(wanted.order_by(EntryRow.number.desc()).limit(MOST))
    return [_entry(row) for row in rows]


def failed(session: Session, entity_id: int) -> list[Failed]:
    """List the addressees whom a letter did not reach, the newest first."""
    wanted = select(DeliveryRow, EntryRow).join(EntryRow, EntryRow.id == DeliveryRow.entry_id)
    wanted = wanted.where(
        EntryRow.entity_id == entity_id, EntryRow.state == "registered",
        DeliveryRow.state.in_(("failed", "bounced")),
    )  # fmt: skip
    rows = session.execute(wanted.order_by(DeliveryRow.at.desc()).limit(MOST))
    return [
        Failed(
            row.id, entry.id, entry.letter_number, "" if entry.secrecy else entry.subject,
            entry.urgency, row.to_name or row.to_address, row.to_address, row.state, row.at,
        )
        for row, entry in rows
    ]  # fmt: skip


def _entry(row: EntryRow) -> Passed:
    return Passed(
        row.id, row.number, row.year, row.registered_at, row.letter_number, row.dated,
        row.from_text, row.subject, row.urgency, row.due, row.action,
    )  # fmt: skip


def incoming(entity_id: int, *, cleared: Clearance) -> tuple[ColumnElement[bool], ...]:
    """Say which letters wait to be registered and are there for this reader."""
    found = (
        LetterRow.entity_id == entity_id,
        LetterRow.state.in_(_STATES),
        LetterRow.direction == "in",
    )
    return (*found, within(LetterRow.secrecy, cleared)) if cleared else (*found, *_ordinary())


def _ordinary() -> tuple[ColumnElement[bool], ...]:
    """Say which letters that wait are for everybody: see :func:`registry.letters.is_sealed`."""
    unread = LetterRow.facts["unread"].as_boolean()
    opened_by = LetterRow.facts["opened_by"].as_string()
    return (
        LetterRow.secrecy.is_(None), LetterRow.state == "waiting",
        unread.is_not(True) | (func.coalesce(opened_by, "") != ""),
    )  # fmt: skip


def _count(session: Session, table: type[Any], *which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*which)) or 0


def _deliveries(session: Session, entity_id: int, *states: str) -> int:
    """Count deliveries in these states, as far as :data:`COUNTED`."""
    wanted = select(DeliveryRow.id).join(EntryRow, EntryRow.id == DeliveryRow.entry_id)
    wanted = wanted.where(
        DeliveryRow.state.in_(states), EntryRow.entity_id == entity_id,
        EntryRow.state == "registered",
    )  # fmt: skip
    found = wanted.limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _files(session: Session, ids: list[str]) -> dict[str, Files]:
    kept = func.sum(case((EnclosureRow.split, 1), else_=0))
    listed = case((EnclosureRow.role == "enclosure", 1), else_=0)
    wanted = select(
        EnclosureRow.letter_id, func.sum(listed), func.max(EnclosureRow.bytes), kept
    ).where(EnclosureRow.letter_id.in_(ids), EnclosureRow.role != "decoration",
            ~EnclosureRow.inline)  # fmt: skip
    rows = session.execute(wanted.group_by(EnclosureRow.letter_id))
    return {row[0]: Files(int(row[1]), int(row[2]), bool(row[3])) for row in rows}


def _names(session: Session, rows: Iterable[LetterRow]) -> dict[int, str]:
    ids = {row.from_entity_id for row in rows if row.from_entity_id is not None}
    wanted = select(EntityRow.id, EntityRow.name).where(EntityRow.id.in_(ids))
    return {row[0]: row[1] for row in session.execute(wanted)}


def _answered(session: Session, rows: Iterable[LetterRow]) -> dict[str, str]:
    """Give the numbers of our letters that these seem to answer, by the entry's id."""
    ids = {signal[0] for row in rows for signal in row.facts.get("signals", [])[:1]}
    wanted = select(EntryRow.id, EntryRow.letter_number)
    sent = wanted.where(EntryRow.id.in_(ids), EntryRow.book == "sent", EntryRow.secrecy.is_(None))
    return {row[0]: row[1] for row in session.execute(sent)}


def _line(
    row: LetterRow,
    files: Mapping[str, Files],
    names: Mapping[int, str],
    answered: Mapping[str, str],
) -> Awaiting:
    signals = row.facts.get("signals", [])
    name = names.get(row.from_entity_id or 0, "")
    if is_unopened(row.state, row.secrecy, row.facts):
        return _shut(row)
    return Awaiting(
        id=row.id, state=row.state, accepted_at=row.accepted_at,
        from_name=str(row.facts.get("from_text") or name or row.sender_name or row.sender),
        sender=row.sender, subject=row.subject, to_text=row.to_text,
        letter_number=row.letter_number, dated=row.dated, urgency=row.urgency, due=row.due,
        secrecy=row.secrecy, unit_code=row.unit_code, authenticated=row.authenticated,
        known=bool(name), why_waiting=row.why_waiting, trust=row.trust,
        files=files.get(row.id, Files()),
        answers=answered.get(signals[0][0], "") if signals else "",
    )  # fmt: skip


def _shut(row: LetterRow) -> Awaiting:
    return Awaiting(
        id=row.id, state=row.state, accepted_at=row.accepted_at, from_name="", sender="",
        subject="", to_text="", letter_number="", dated=None, urgency="", due=None,
        secrecy=row.secrecy, unit_code="", authenticated=False, known=False, why_waiting="",
        unopened=True,
    )  # fmt: skip
