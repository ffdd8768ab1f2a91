"""The call list (หนังสือที่ต้องโทรตาม): whom to telephone, and what came of it.

On it stand deliveries that are overdue, and those whose letter was recalled after it had left and
whose receiver has not answered yet. A call is an act: who called, whom they spoke to, what was
said. A receive number heard on the telephone registers the delivery, as an acknowledgement would.

Whoever was reached has until the next working day's closing before the delivery stands on the
list again; a call that nobody took changes nothing but the history. Secret letters stand on the
list by number, without their subject.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from registry import deliveries, directory, journal, outbox
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.deliver import rank
from registry.desk.overdue import due_at
from registry.errors import Conflict, NotFound
from registry.letter.delivery import DeliveryState
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.outgoing import CallRow, DeliveryRow
from registry.models.people import EntityRow
from registry.thai.numerals import to_arabic
from registry.thai.text import tidy

_OUT_THERE: Final = ("sent", "arrived", "registered", "overdue")
_Found = Row[DeliveryRow, EntryRow, str, str]
_OVER: Final = frozenset({"registered", "returned", "wrong", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make. ``why`` is overdue or recall; ``since`` is from when it was due.

    ``entity`` is the code of whose letter it is; ``phone`` is "" where the directory has none.
    ``tries`` counts the calls made so far, ``last`` is the result of the newest.
    """

    delivery: int
    entry: str
    entity: str
    why: str
    letter_number: str
    subject: str
    urgency: str
    to: str
    to_name: str
    phone: str
    since: datetime
    tries: int = 0
    last: str = ""


def due(session: Session, desk: Desk, entity: str | None = None) -> list[Call]:
    """List the calls to make, of one entity (code) or all; the most urgent and latest first."""
    rows = [row for row in _rows(session, entity) if _is_due(session, desk, row)]
    calls = [_call(session, row) for row in rows]
    return sorted(calls, key=lambda call: (-rank(call.urgency), call.since, call.delivery))


def done(  # noqa: PLR0913 - what there is to say of a call
    session: Session,
    desk: Desk,
    delivery_id: int,
    by: str,
    *,
    spoke_to: str,
    result: str,
    remote_number: str = "",
    given_back: bool = False,
) -> DeliveryState:
    """Write down a call and give the delivery's state after it.

    ``spoke_to`` is "" when nobody answered; ``given_back`` says that they agreed to a recall.
    Raises NotFound, NotAllowed; Conflict when nothing is expected of this addressee any more, or
    when a number or an agreement was heard from nobody; ValueError without a result.
    """
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        raise NotFound(
            f"no delivery {delivery_id}", thai="ไม่พบรายการส่งนี้ โปรดดูรหัสใน saraban calls list"
        )
    entry = session.get_one(EntryRow, row.entry_id)
    letter = session.get_one(LetterRow, entry.letter_id)
    entity = directory.entity_by_id(session, entry.entity_id)
    officer = must_register(session, entity, by, own=letter.clerk)
    must_be_cleared(officer, letter.id, secret=entry.secrecy)
    if not result.strip():
        raise ValueError("a call has a result")
    journal.lock_head(session, entry.entity_id)
    session.refresh(row)
    _must_fit(session, row, entry, spoke_to, remote_number, given_back=given_back)
    at, call = desk.now(), _write(session, desk, row, officer.email, spoke_to, result)
    told = f"โทร. ถึง {spoke_to}: {result}" if spoke_to else f"โทร. แล้วไม่มีผู้รับสาย: {result}"
    if remote_number:
        number = tidy(to_arabic(remote_number))[:60]
        outbox.move(
            session, row.id, DeliveryState.REGISTERED,
            at=at, detail=told, by=officer.email, remote_number=number,
        )  # fmt: skip
    elif given_back:
        outbox.move(session, row.id, DeliveryState.WITHDRAWN, at=at, detail=told, by=officer.email)
    else:
        deliveries.remark(session, row.id, at, told, officer.email)
    journal.record(
        session, entry.entity_id, "called", officer.email, at, entry.id, entry.letter_id,
        {"delivery": row.id, "call": call, "answered": bool(spoke_to), "state": row.state},
    )  # fmt: skip
    return DeliveryState(row.state)


def is_of(session: Session, delivery_id: int, entity_id: int) -> bool:
    """Say whether a delivery belongs to a letter of this entity."""
    wanted = select(EntryRow.id).join(DeliveryRow, DeliveryRow.entry_id == EntryRow.id)
    mine = wanted.where(DeliveryRow.id == delivery_id, EntryRow.entity_id == entity_id)
    return session.scalar(mine) is not None


def _must_fit(
    session: Session,
    row: DeliveryRow,
    entry: EntryRow,
    spoke_to: str,
    number: str,
    *,
    given_back: bool,
) -> None:
    if (number or given_back) and not spoke_to.strip():
        raise Conflict("nobody was spoken to", thai="ต้องระบุชื่อผู้รับสาย จึงบันทึกเลขรับหรือการคืนหนังสือได้")
    recalled = session.get_one(LetterRow, entry.letter_id).state == "withdrawn"
    if given_back and not recalled:
        raise Conflict(
            f"the letter of entry {entry.id} was not recalled",
            thai="หนังสือฉบับนี้ยังไม่ได้เรียกคืน โปรดใช้ saraban letter recall ก่อน",
        )
    if row.state in _OVER and not (recalled and row.state == "registered"):
        state = DeliveryState(row.state)
        raise Conflict(f"delivery {row.id} is {state}", thai=f"ผู้รับรายนี้{state.thai}แล้ว ไม่ต้องโทรตาม")


def _write(
    session: Session, desk: Desk, row: DeliveryRow, by: str, spoke_to: str, result: str
) -> int:
    call = CallRow(delivery_id=row.id, at=desk.now(), by=by)
    call.spoke_to, call.result = tidy(spoke_to)[:200], tidy(result)
    session.add(call)
    session.flush()
    return call.id


def _rows(session: Session, entity: str | None) -> list[_Found]:
    """Find what may be due: overdue, or recalled and still out there."""
    wanted = select(DeliveryRow, EntryRow, LetterRow.state, EntityRow.code)
    wanted = wanted.join(EntryRow, EntryRow.id == DeliveryRow.entry_id)
    wanted = wanted.join(LetterRow, LetterRow.id == EntryRow.letter_id)
    wanted = wanted.join(EntityRow, EntityRow.id == EntryRow.entity_id)
    whose = EntityRow.hosted if entity is None else EntityRow.code == entity.casefold()
    owners = select(EntityRow.id).where(whose)
    late = wanted.where(whose, DeliveryRow.state == "overdue", LetterRow.state == "sent")
    # Recalled letters are few: they are found first, by owner and state.
    recalled = select(LetterRow.id).where(
        LetterRow.entity_id.in_(owners),
        LetterRow.state == "withdrawn",
        LetterRow.direction == "out",
    )
    found = list(session.execute(late))
    if ids := session.scalars(recalled).all():
        asked = wanted.where(EntryRow.letter_id.in_(ids), DeliveryRow.state.in_(_OUT_THERE))
        found += session.execute(asked)
    return found


def _is_due(session: Session, desk: Desk, row: _Found) -> bool:
    delivery, entry, state, _code = row
    reached = session.scalar(
        select(func.max(CallRow.at)).where(
            CallRow.delivery_id == delivery.id, CallRow.spoke_to != ""
        )
    )
    if state == "withdrawn":
        return reached is None or reached < _recalled_at(session, entry.id)
    return reached is None or due_at(desk, "", reached) <= desk.now()


def _recalled_at(session: Session, entry_id: str) -> datetime:
    wanted = select(func.max(JournalRow.at)).where(
        JournalRow.entry_id == entry_id, JournalRow.act == "withdrawn"
    )
    return session.scalars(wanted).one()


def _call(session: Session, row: _Found) -> Call:
    delivery, entry, state, code = row
    there = delivery.to_entity_id
    made = list(
        session.scalars(
            select(CallRow.result).where(CallRow.delivery_id == delivery.id).order_by(CallRow.id)
        )
    )
    recall = state == "withdrawn"
    return Call(
        delivery=delivery.id,
        entry=entry.id,
        entity=code,
        why="recall" if recall else "overdue",
        letter_number=entry.letter_number,
        subject="" if entry.secrecy else entry.subject,
        urgency=entry.urgency,
        to=delivery.to_address,
        to_name=delivery.to_name or delivery.to_address,
        phone=directory.entity_by_id(session, there).phone if there else "",
        since=_recalled_at(session, entry.id) if recall else delivery.at,
        tries=len(made),
        last=made[-1] if made else "",
    )
