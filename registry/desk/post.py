"""Handing a numbered letter to the mail: one delivery and one job for each addressee.

All jobs of a letter carry its one Message-ID, rest for the desk's hold time, and go by urgency.
An addressee that already has a delivery gets no second one; a delivery that was taken back
before it left is queued again under the same row, so that its history stays in one place.
"""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import outbox
from registry.desk.addressees import Addressee
from registry.desk.context import Desk
from registry.letter.delivery import DeliveryState
from registry.letter.grades import Urgency
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow, OutboxRow
from registry.outbox import Kind


def post(
    session: Session,
    desk: Desk,
    letter: LetterRow,
    entry: EntryRow,
    addressees: Iterable[Addressee],
    by: str,
) -> int:
    """Queue the letter for those who do not have it yet, and count them."""
    wanted = select(DeliveryRow).where(DeliveryRow.entry_id == entry.id)
    there = {row.to_address: row for row in session.scalars(wanted)}
    queued = 0
    for one in addressees:
        row = there.get(one.address)
        if row is None:
            row = _new(session, desk, entry, one, len(there), by)
            there[one.address] = row
        elif row.state == DeliveryState.WITHDRAWN and letter.state == "draft":
            row.state = "queued"  # it never left: the way begins again
            outbox.move(session, row.id, DeliveryState.QUEUED, at=desk.now(), by=by)
        else:
            continue
        _enqueue(session, desk, letter, entry, row)
        queued += 1
    return queued


def urgency_rank(letter: LetterRow) -> int:
    """Give 0-3 from the Thai word kept with the letter; 3 goes first."""
    return next((rank for rank, word in enumerate(Urgency) if word.thai == letter.urgency), 0)


def _new(
    session: Session, desk: Desk, entry: EntryRow, one: Addressee, position: int, by: str
) -> DeliveryRow:
    row = DeliveryRow(
        entry_id=entry.id,
        position=position,
        to_address=one.address,
        to_name=one.name,
        to_entity_id=one.entity_id,
        to_unit=one.unit,
        is_copy=one.copy,
        at=desk.now(),
    )
    session.add(row)
    session.flush()
    outbox.move(session, row.id, DeliveryState.QUEUED, at=desk.now(), by=by)
    return row


def _enqueue(
    session: Session, desk: Desk, letter: LetterRow, entry: EntryRow, delivery: DeliveryRow
) -> None:
    before = select(func.count()).where(OutboxRow.delivery_id == delivery.id)
    outbox.enqueue(
        session,
        desk,
        Kind.LETTER,
        letter.entity_id,
        delivery.to_address,
        entry_id=entry.id,
        letter_id=letter.id,
        delivery_id=delivery.id,
        facts={"references": letter.facts.get("references", [])},
        once=f"letter:{delivery.id}:{session.scalar(before)}",
        urgency=urgency_rank(letter),
        hold=desk.hold_seconds,
        message_id=entry.message_id,
    )
