"""Letters that nobody acknowledged in time become overdue (เกินกำหนดตอบรับ, ข้อ 29).

The receiver must acknowledge and the sender must look whether the letter arrived. A letter to an
entity of the directory has until closing time of the next working day; ด่วนที่สุด has fifteen
minutes. The time runs from when the receiver's server took the letter, or from the word of a
machine there that it arrived, for nobody has looked at it then. A person's "ได้รับแล้ว" stops it,
as does every other answer; a later acknowledgement moves an overdue delivery on.

``registry.overdue`` says whose silence counts. Whoever is not in the directory owes no answer.
A machine's "arrived" of which nothing more was heard for sixty days is looked at no longer.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from registry import journal, outbox
from registry.clock import BANGKOK
from registry.desk.alert import alert
from registry.desk.context import Desk
from registry.letter.delivery import DeliveryState
from registry.letter.grades import Urgency
from registry.letter.workdays import CLOSING
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow

MOST: Final = 200  # deliveries of one round; what is left comes a minute later
_LOOKED_AT: Final = timedelta(days=60)
_SOONEST: Final = timedelta(hours=12)  # no letter of a day is due before the next day's closing
_HEARD: Final = ("arrived", "registered", "returned", "wrong")
_Found = Row[DeliveryRow, EntryRow]


def due_at(desk: Desk, urgency: str, since: datetime) -> datetime:
    """Say until when a letter of this urgency (Thai word) must be acknowledged; Bangkok time."""
    rule = desk.settings.registry
    if urgency == Urgency.MOST_URGENT.thai:
        minutes = rule.overdue_after_minutes_most_urgent
        if rule.overdue_in_office_hours:
            return desk.workdays.add_office_hours(since, minutes / 60)
        return since.astimezone(BANGKOK) + timedelta(minutes=minutes)
    day = since.astimezone(BANGKOK).date()
    for _ in range(max(rule.overdue_after_workdays, 1)):
        day = desk.workdays.next_workday(day)
    return datetime.combine(day, time(CLOSING.hour, CLOSING.minute), BANGKOK)


def mark_overdue(session: Session, desk: Desk, now: datetime) -> int:
    """Mark what is overdue by now, at most :data:`MOST` at once, and count it."""
    if desk.settings.registry.overdue == "off":
        return 0
    minutes = timedelta(minutes=desk.settings.registry.overdue_after_minutes_most_urgent)
    urgent = EntryRow.urgency == Urgency.MOST_URGENT.thai
    found = [
        *_waiting(session, desk, urgent, now, now - minutes),
        *_waiting(session, desk, ~urgent, now, now - _SOONEST),
    ]
    late = [row for row in found if due_at(desk, row[1].urgency, row[0].at) <= now]
    for entity_id in sorted({entry.entity_id for _, entry in late}):
        journal.lock_head(session, entity_id)
    return sum(_mark(session, desk, delivery, entry, now) for delivery, entry in late)


def _waiting(
    session: Session, desk: Desk, which: ColumnElement[bool], now: datetime, before: datetime
) -> Sequence[_Found]:
    """Find the deliveries that nobody has answered, those that wait longest first."""
    wanted = select(DeliveryRow, EntryRow).join(EntryRow, EntryRow.id == DeliveryRow.entry_id)
    wanted = wanted.join(LetterRow, LetterRow.id == EntryRow.letter_id)
    unseen = and_(
        DeliveryRow.state == "arrived", DeliveryRow.at > now - _LOOKED_AT, ~_told_by_a_person()
    )
    wanted = wanted.where(
        DeliveryRow.to_entity_id.is_not(None),
        DeliveryRow.at <= before,
        or_(DeliveryRow.state == "sent", unseen),
        LetterRow.state == "sent",
        which,
    )
    if desk.settings.registry.overdue == "acknowledging":
        wanted = wanted.where(_has_acknowledged())
    return session.execute(wanted.order_by(DeliveryRow.at).limit(MOST)).all()


def _told_by_a_person() -> ColumnElement[bool]:
    return exists().where(
        JournalRow.entry_id == DeliveryRow.entry_id,
        JournalRow.act == "acknowledged",
        JournalRow.facts["delivery"].as_integer() == DeliveryRow.id,
        JournalRow.facts["from"].as_string() == "person",
    )


def _has_acknowledged() -> ColumnElement[bool]:
    """Say whether the addressee ever answered one of our letters."""
    other = aliased(DeliveryRow)
    return exists().where(other.to_entity_id == DeliveryRow.to_entity_id, other.state.in_(_HEARD))


def _mark(
    session: Session, desk: Desk, delivery: DeliveryRow, entry: EntryRow, now: datetime
) -> bool:
    session.refresh(delivery)  # an acknowledgement may have come while we waited for the books
    if delivery.state not in (DeliveryState.SENT, DeliveryState.ARRIVED):
        return False
    outbox.move(session, delivery.id, DeliveryState.OVERDUE, at=now, by="system")
    journal.record(
        session, entry.entity_id, "overdue", "system", now, entry.id, entry.letter_id,
        {"delivery": delivery.id},
    )  # fmt: skip
    alert(session, desk, "overdue", entry.entity_id, entry_id=entry.id, letter_id=entry.letter_id)
    return True
