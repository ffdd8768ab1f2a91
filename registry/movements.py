"""An entry's way through the office: presented, ordered, endorsed, passed on, closed, opened again.

Each step is a line with person, time and words; a line is never changed but for what came of it:
an answer, or that it was taken back. Every step stands in the journal as well, by its id.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import journal
from registry.accounts import deputies
from registry.letter.entity import Officer
from registry.models.books import EntryRow
from registry.models.work import MovementRow

Kind = Literal["present", "order", "endorse", "pass_on", "close", "reopen"]
_ACTS: Final = {
    "present": "presented", "order": "ordered", "endorse": "endorsed", "pass_on": "passed-on",
    "close": "closed", "reopen": "reopened",
}  # fmt: skip
_MOST: Final = 200  # lines of a list


@dataclass(frozen=True, slots=True)
class Movement:
    """One step. ``by_for`` is the officer in whose place ``by`` acted, "" for nobody.

    ``to_*`` say where it went; ``answered_at`` and ``answer_letter_id`` when and by which mail the
    one it was presented to answered; ``undone_*`` that it was taken back.
    """

    id: int
    kind: Kind
    at: datetime
    by: str
    by_for: str
    to_unit: str
    to_address: str
    to_name: str
    text: str
    answered_at: datetime | None
    answer_letter_id: str | None
    undone_at: datetime | None
    undone_by: str


def record(
    session: Session, entry: EntryRow, kind: Kind, officer: Officer, at: datetime, **more: Any
) -> MovementRow:
    """Write one step of an entry, and its line of the journal.

    ``more`` are the columns that say where it goes, what was said and by which mail it came.
    """
    principal = deputies.principal_of(session, officer)
    row = MovementRow(
        entity_id=entry.entity_id, entry_id=entry.id, kind=kind, at=at, by=officer.email,
        by_for=principal.email if principal else "", **more,
    )  # fmt: skip
    session.add(row)
    session.flush()
    journal.record(
        session, entry.entity_id, _ACTS[kind], officer.email, at, entry.id, entry.letter_id,
        {"movement": row.id},
    )  # fmt: skip
    return row


def undone(
    session: Session, entry: EntryRow, step: MovementRow, officer: Officer, at: datetime
) -> None:
    """Mark a step as taken back, and write the line of the journal."""
    step.undone_at, step.undone_by = at, officer.email
    journal.record(
        session, entry.entity_id, "taken-back-step", officer.email, at, entry.id, entry.letter_id,
        {"movement": step.id},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry that waits for somebody's order; empty words where they may not be read."""

    entry: str
    book: str
    number: int
    year: int
    subject: str
    from_text: str
    urgency: str
    secret: bool
    at: datetime
    by: str
    text: str


def asked_of(session: Session, entity_id: int, address: str, *, cleared: bool) -> list[Asked]:
    """List what waits for an order of this person, the longest first."""
    wanted = (
        select(MovementRow, EntryRow)
        .join(EntryRow, EntryRow.id == MovementRow.entry_id)
        .where(
            MovementRow.entity_id == entity_id, MovementRow.to_unit == "",
            MovementRow.answered_at.is_(None), MovementRow.kind == "present",
            MovementRow.to_address == address, MovementRow.undone_at.is_(None),
            EntryRow.state == "registered",
        )
        .order_by(MovementRow.id)
        .limit(_MOST)
    )  # fmt: skip
    return [_asked(step, entry, cleared=cleared) for step, entry in session.execute(wanted)]


def presented_to(session: Session, entry_id: str, address: str) -> MovementRow | None:
    """Give the newest presenting of an entry to this address that waits for an answer."""
    return session.scalars(
        select(MovementRow)
        .where(
            MovementRow.entry_id == entry_id, MovementRow.kind == "present",
            MovementRow.to_address == address, MovementRow.answered_at.is_(None),
            MovementRow.undone_at.is_(None),
        )
        .order_by(MovementRow.id.desc())
    ).first()  # fmt: skip


def unanswered(session: Session, entry_id: str) -> list[MovementRow]:
    """Give the presentings of an entry that wait for an order, the oldest first."""
    wanted = select(MovementRow).where(
        MovementRow.entry_id == entry_id, MovementRow.kind == "present",
        MovementRow.answered_at.is_(None), MovementRow.undone_at.is_(None),
    )  # fmt: skip
    return list(session.scalars(wanted.order_by(MovementRow.id)))


def of(session: Session, entry_id: str) -> list[Movement]:
    """Give the way of an entry, oldest step first."""
    wanted = select(MovementRow).where(MovementRow.entry_id == entry_id)
    return [_movement(row) for row in session.scalars(wanted.order_by(MovementRow.id))]


def _asked(step: MovementRow, entry: EntryRow, *, cleared: bool) -> Asked:
    hidden = entry.secrecy is not None and not cleared
    words = ("", "", entry.urgency, True) if hidden else (
        entry.subject, entry.from_text, entry.urgency, entry.secrecy is not None
    )  # fmt: skip
    text = "" if hidden else step.text
    return Asked(entry.id, entry.book, entry.number, entry.year, *words, step.at, step.by, text)


def _movement(row: MovementRow) -> Movement:
    kind: Any = row.kind
    return Movement(
        row.id, kind, row.at, row.by, row.by_for, row.to_unit, row.to_address, row.to_name,
        row.text, row.answered_at, row.answer_letter_id, row.undone_at, row.undone_by,
    )  # fmt: skip
