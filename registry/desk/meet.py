"""Where paper and mail of one letter meet: what bears this ที่ already, before a number is taken.

Asked while an officer types. An entry of the received book, or a letter that waits, with the same
number of the same kind counts; with the same date too it is *sure* enough that an officer must say
whether it is another letter. Nothing is decided here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.desk.paper import number_of
from registry.models.books import EntryRow
from registry.models.letters import LetterRow

MOST: Final = 5
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Meeting:
    """What bears the number: an entry (``number`` and ``year`` set) or a letter that waits."""

    id: str
    number: int
    year: int
    at: datetime
    letter_number: str
    dated: date | None
    from_text: str
    subject: str
    sure: bool

    @property
    def waits(self) -> bool:
        """Whether it has no number yet."""
        return not self.number


def meetings(
    session: Session, entity_id: int, letter_number: str, dated: date | None, *, cleared: bool
) -> list[Meeting]:
    """Give what bears this number at this entity, the sure ones first, at most :data:`MOST`.

    Secret letters are told to the cleared alone.
    """
    key = number_of(letter_number)[1]
    if len(key) < _SHORTEST:
        return []
    found = [*_waiting(session, entity_id, key, dated, cleared=cleared),
             *_entries(session, entity_id, key, dated, cleared=cleared)]  # fmt: skip
    return sorted(found, key=lambda one: not one.sure)[:MOST]


def _entries(
    session: Session, entity_id: int, key: str, dated: date | None, *, cleared: bool
) -> list[Meeting]:
    wanted = select(EntryRow).where(
        EntryRow.entity_id == entity_id, EntryRow.letter_number_key == key,
        EntryRow.book == "received", EntryRow.state == "registered",
    )  # fmt: skip
    if not cleared:
        wanted = wanted.where(EntryRow.secrecy.is_(None))
    rows = session.scalars(wanted.order_by(EntryRow.registered_at.desc()).limit(MOST))
    return [
        Meeting(
            row.id, row.number, row.year, row.registered_at, row.letter_number, row.dated,
            row.from_text, row.subject, _sure(row.dated, dated),
        )
        for row in rows
    ]  # fmt: skip


def _waiting(
    session: Session, entity_id: int, key: str, dated: date | None, *, cleared: bool
) -> list[Meeting]:
    states = ("waiting", "secret") if cleared else ("waiting",)
    wanted = select(LetterRow).where(
        LetterRow.entity_id == entity_id, LetterRow.state.in_(states),
        LetterRow.direction == "in", LetterRow.letter_number_key == key,
    )  # fmt: skip
    if not cleared:
        wanted = wanted.where(LetterRow.secrecy.is_(None))
    rows = session.scalars(wanted.order_by(LetterRow.accepted_at.desc()).limit(MOST))
    return [
        Meeting(
            row.id, 0, 0, row.accepted_at, row.letter_number, row.dated,
            row.sender_name or row.sender, row.subject, _sure(row.dated, dated),
        )
        for row in rows
    ]  # fmt: skip


def _sure(theirs: date | None, ours: date | None) -> bool:
    return theirs is not None and theirs == ours
