"""What happened to the letters of an entity, in order and without gaps: its journal.

Each line that is about an entry or a letter is one event; its place in the chain is its number, so
that whoever comes back with the last one misses nothing. An event says which letter, what was done
and by whom, never what a letter says; programs read the letter, if they may.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry import witness
from registry.models.evidence import JournalRow

MOST: Final = 200
"""Events in one page."""


@dataclass(frozen=True, slots=True)
class Event:
    """One act; ``type`` is the journal's word for it (registered, sent, void, acknowledged, …)."""

    position: int
    type: str
    at: datetime
    by: str
    entry_id: str | None
    letter_id: str | None


def since(session: Session, entity_id: int, after: int, most: int = MOST) -> list[Event]:
    """Give the events behind this position of the entity's journal, the oldest first."""
    wanted = select(JournalRow).where(
        JournalRow.entity_id == entity_id, JournalRow.position > after,
        or_(JournalRow.entry_id.is_not(None), JournalRow.letter_id.is_not(None)),
        JournalRow.act != witness.ACT,  # what the journal notes for the proof did not happen
    )  # fmt: skip
    rows = session.scalars(wanted.order_by(JournalRow.position).limit(max(1, min(most, MOST))))
    return [
        Event(row.position, row.act, row.at, row.actor, row.entry_id, row.letter_id) for row in rows
    ]
