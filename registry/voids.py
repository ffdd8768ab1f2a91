"""Numbers that were voided lately: number, reason and person, as the book keeps them."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import shelf
from registry.letter.entry import Entry
from registry.models.books import EntryRow

MOST: Final = 20


def voided(session: Session, entity_id: int) -> list[Entry]:
    """Give the entity's newest void numbers, at most :data:`MOST`; secret ones are redacted."""
    wanted = select(EntryRow.id).where(EntryRow.entity_id == entity_id, EntryRow.state == "void")
    ids = session.scalars(wanted.order_by(EntryRow.registered_at.desc(), EntryRow.id).limit(MOST))
    return [shelf.get(session, entry_id) for entry_id in ids]
