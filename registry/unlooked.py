"""Letters of ด่วนที่สุด that nobody has looked at, though they are to be acted on at once (ข้อ 28).

Looked at is what a person opened on a page, ordered something about, passed on, noted or closed;
a program's reading is none. What waits to be registered is gone through whole. What registered
itself counts only while no copy of it was handed to a unit's mailbox: mail programs do not tell
what is read, and who has the copy answers for it. Of those only the lines since the last office day
began are gone through, so that the question stays small however many letters there are.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import exists, func, select, union
from sqlalchemy.orm import Session

from registry.clock import BANGKOK
from registry.ids import first_id
from registry.jobs import Kind
from registry.letter.grades import Urgency
from registry.letter.workdays import Workdays
from registry.models.access import ReadingRow
from registry.models.books import EntryRow
from registry.models.letters import LetterRow, NoteRow
from registry.models.outgoing import OutboxRow
from registry.models.people import EntityRow
from registry.models.work import MovementRow

MOST: Final = 200
_FORGOTTEN: Final = timedelta(days=14)  # the digest goes on telling what has waited longer


@dataclass(frozen=True, slots=True)
class Unlooked:
    """One letter; ``entry`` is None while it has no number, ``since`` when it was received."""

    letter: str
    entry: str | None
    entity_id: int
    secret: bool
    since: datetime


def looked_at(session: Session, letter_ids: Collection[str]) -> set[str]:
    """Give those of these letters that somebody has looked at."""
    ids = list(letter_ids)
    if not ids:
        return set()
    of_entry = select(EntryRow.letter_id).where(EntryRow.letter_id.in_(ids))
    seen = union(
        select(ReadingRow.letter_id).where(
            ReadingRow.letter_id.in_(ids), ~ReadingRow.who.startswith("token:")
        ),
        of_entry.join(ReadingRow, ReadingRow.entry_id == EntryRow.id).where(
            ~ReadingRow.who.startswith("token:")
        ),
        of_entry.join(MovementRow, MovementRow.entry_id == EntryRow.id),
        of_entry.join(NoteRow, NoteRow.entry_id == EntryRow.id),
    )
    return {row[0] for row in session.execute(seen) if row[0] is not None}


def unlooked(session: Session, workdays: Workdays, minutes: float, now: datetime) -> list[Unlooked]:
    """List what nobody looked at within so many office minutes, the oldest first; 0: nothing."""
    if not minutes:
        return []
    found = [*_waiting(session, now), *_registered(session, workdays, now)]
    late = [one for one in found if workdays.add_office_hours(one.since, minutes / 60) <= now]
    seen = looked_at(session, [one.letter for one in late])
    unseen = (one for one in late if one.letter not in seen)
    return sorted(unseen, key=lambda one: (one.since, one.letter))


def _waiting(session: Session, now: datetime) -> Iterator[Unlooked]:
    wanted = select(
        LetterRow.id, LetterRow.entity_id, LetterRow.secrecy, LetterRow.accepted_at,
        LetterRow.deemed_received_at,
    ).where(
        LetterRow.entity_id.in_(select(EntityRow.id).where(EntityRow.hosted)),
        LetterRow.state.in_(("waiting", "secret")), LetterRow.direction == "in",
        LetterRow.urgency == Urgency.MOST_URGENT.thai, LetterRow.accepted_at > now - _FORGOTTEN,
        func.coalesce(LetterRow.facts["opened_by"].as_string(), "") == "",
    )  # fmt: skip
    for row in session.execute(wanted.order_by(LetterRow.accepted_at).limit(MOST)):
        yield _unlooked(row, row.id, None)


def _registered(session: Session, workdays: Workdays, now: datetime) -> Iterator[Unlooked]:
    day = workdays.workday_before(now.astimezone(BANGKOK).date())
    wanted = select(
        EntryRow.id, EntryRow.letter_id, EntryRow.entity_id, EntryRow.secrecy, EntryRow.accepted_at,
        EntryRow.deemed_received_at,
    ).where(
        EntryRow.id > first_id(datetime.combine(day, time(), BANGKOK)),
        EntryRow.urgency == Urgency.MOST_URGENT.thai, EntryRow.book == "received",
        EntryRow.state == "registered", EntryRow.registered_by == "automatic",
        EntryRow.closed.is_(None), EntryRow.letter_id.is_not(None),
        ~exists().where(OutboxRow.entry_id == EntryRow.id, OutboxRow.kind == str(Kind.COPY)),
    )  # fmt: skip
    for row in session.execute(wanted.order_by(EntryRow.id).limit(MOST)):
        yield _unlooked(row, row.letter_id, row.id)


def _unlooked(row: Any, letter: str, entry: str | None) -> Unlooked:
    since = row.deemed_received_at or row.accepted_at
    return Unlooked(letter, entry, row.entity_id, row.secrecy is not None, since)
