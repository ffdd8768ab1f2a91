"""An officer joins two entries, or undoes what was joined by itself.

Joining confirms a suggestion, or says what no signal said. When an answer is joined to what we
sent, the delivery to its sender counts as reported; when that is undone, and no other
answer of the same sender is left, it counts so no more. The history keeps both lines.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, outbox, relations
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.errors import NotFound
from registry.models.books import EntryRow
from registry.models.letters import NoteRow, RelationRow
from registry.models.outgoing import DeliveryEventRow, DeliveryRow
from registry.thai.text import tidy


def tie(session: Session, desk: Desk, here: str, there: str, relation: str, by: str) -> None:
    """Say that entry ``here`` answers (cites, …) entry ``there``.

    Raises NotFound, NotAllowed for anybody but an officer of the entity, who is cleared where one
    of them is secret, ValueError for an unknown relation.
    """
    entry = _taken(session, here, there, by)
    relations.link(session, here, there, relation, "officer", confirmed=True, by=by, at=desk.now())
    if relation == "answers":
        for delivery in _deliveries(session, there, entry):
            outbox.reported(session, delivery.id, at=desk.now(), by=by)


def untie(
    session: Session, desk: Desk, here: str, there: str, relation: str | None, by: str, *,
    reason: str = "",
) -> int:  # fmt: skip
    """Undo the links from ``here`` to ``there``, of one relation or all, and count them.

    A reason is kept as a note of ``here``. Raises NotFound when there is none, NotAllowed as
    :func:`tie` does.
    """
    entry = _taken(session, here, there, by)
    count = relations.unlink(session, here, there, relation, by=by, at=desk.now())
    if reason.strip():
        said = f"ยกเลิกการเชื่อมโยง: {tidy(reason).strip()}"
        session.add(NoteRow(entry_id=entry.id, at=desk.now(), by=by, text=said))
    if not _answered_otherwise(session, there, entry):
        for delivery in _deliveries(session, there, entry):
            _not_reported(session, desk, delivery, by)
    return count


def _taken(session: Session, here: str, there: str, by: str) -> EntryRow:
    """Give the first of two entries, both of which this person may change."""
    entry, other = _entry(session, here), _entry(session, there)
    for one in (entry, other):
        officer = must_register(session, directory.entity_by_id(session, one.entity_id), by)
        must_be_cleared(officer, one.letter_id or one.id, secret=one.secrecy)
    return entry


def _entry(session: Session, entry_id: str) -> EntryRow:
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound(f"no entry {entry_id}")
    return row


def _deliveries(session: Session, sent: str, answer: EntryRow) -> list[DeliveryRow]:
    """Give the deliveries of what we sent that went to the sender of the answer."""
    if answer.from_entity_id is None:
        return []
    wanted = select(DeliveryRow).where(
        DeliveryRow.entry_id == sent, DeliveryRow.to_entity_id == answer.from_entity_id
    )
    return list(session.scalars(wanted))


def _answered_otherwise(session: Session, sent: str, answer: EntryRow) -> bool:
    wanted = (
        select(RelationRow.id)
        .join(EntryRow, EntryRow.id == RelationRow.from_entry_id)
        .where(
            RelationRow.to_entry_id == sent,
            RelationRow.relation == "answers",
            RelationRow.confirmed,
            RelationRow.undone_at.is_(None),
            EntryRow.from_entity_id == answer.from_entity_id,
        )
    )
    return session.scalars(wanted).first() is not None


def _not_reported(session: Session, desk: Desk, delivery: DeliveryRow, by: str) -> None:
    if delivery.reported_at is None:
        return
    delivery.reported_at = None
    event = DeliveryEventRow(
        delivery_id=delivery.id, at=desk.now(), state=delivery.state, detail="report undone", by=by
    )
    session.add(event)
    session.flush()
