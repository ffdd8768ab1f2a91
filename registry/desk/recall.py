"""Recalling a sent letter (เรียกคืน): stopped where it can be, asked back where it cannot.

What has not left is stopped. Whoever has the letter already is asked by mail to give it back;
only they can do so: the delivery is *withdrawn* when their answer says that they agree, by mail or
on the telephone, and stays what it is until then. Deliveries that failed, bounced or were returned
stay what they are. The number stays with the letter, and the book says that and why it was
recalled; voiding a number is an act of its own.

What the receiver's side does about it is :mod:`registry.desk.recalled`.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import deliveries, entries, journal, outbox
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.hold import letter_jobs, letter_of
from registry.desk.keep import keep
from registry.desk.route import delivery_to
from registry.desk.take_up import note_facts
from registry.desk.tell import tell
from registry.letter.delivery import DeliveryState
from registry.letter.entity import Officer
from registry.letter.entry import Entry
from registry.letter.message import Receipt
from registry.letter.sorting import Kind, Outcome
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow
from registry.thai.text import tidy

ASKED_BACK: Final = "ขอเรียกคืน"
KEPT: Final = "ผู้รับไม่คืนหนังสือ"
"""How a line of a delivery begins that says it was asked back, or that the receiver keeps it."""
_OVER = frozenset({"returned", "wrong", "bounced", "failed", "withdrawn"})


def withdraw(session: Session, desk: Desk, entry_id: str, by: str, reason: str) -> Entry:
    """Recall the letter of a sent entry, and tell its clerk how far it had come.

    Raises NotFound; NotAllowed for anybody but an officer or the clerk whose letter it is;
    Conflict when it is not on its way; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a letter is not recalled without a reason")
    letter, officer = letter_of(session, entry_id, by)
    stopped, gone = _deliveries(session, desk, entry_id, officer, reason)
    letter.state, letter.return_reason = "withdrawn", reason
    note_facts(letter, done_by=officer.email)
    entries.amend(session, entry_id, officer.email, f"เรียกคืน: {reason}", at=desk.now())
    facts = {"stopped": len(stopped), "gone": len(gone)}
    journal.record(
        session,
        letter.entity_id,
        "withdrawn",
        officer.email,
        desk.now(),
        entry_id,
        letter.id,
        facts,
    )
    tell(
        session, desk, letter.entity_id, letter.clerk, "withdrawn",
        entry_id=entry_id, letter_id=letter.id, reason=reason,
        stopped=stopped, gone=gone, by=officer.name or officer.email,
    )  # fmt: skip
    return entries.get(session, entry_id)


def take_answer(
    session: Session, desk: Desk, case: Case, receipt: Receipt, entry_id: str | None
) -> Outcome:
    """Keep the addressee's answer to a recall; only one who was asked can answer."""
    letter = keep(session, desk, case, "acknowledgement", related=entry_id)
    proven = entry_id is not None and case.sender.proven
    delivery = delivery_to(session, entry_id, case.sender) if proven and entry_id else None
    agreed, reason = receipt.act == "recall_agreed", tidy(receipt.reason)[:500]
    act = "recall-agreed" if agreed else "recall-declined"
    facts = {"delivery": delivery.id if delivery else None}
    journal.record(session, case.entity.id, act, "system", desk.now(), entry_id, letter.id, facts)
    if delivery is not None and _was_asked(session, delivery):
        who = case.sender.address[:254]
        said = "ผู้รับคืนหนังสือตามที่ขอ" if agreed else KEPT
        detail = f"{said}: {reason}".rstrip(": ")
        if agreed:
            state = DeliveryState.WITHDRAWN
            outbox.move(session, delivery.id, state, at=desk.now(), detail=detail, by=who)
        else:
            deliveries.remark(session, delivery.id, desk.now(), detail, who)
        _tell_clerk(session, desk, delivery, reason, agreed=agreed)
    return Outcome(Kind.ACKNOWLEDGEMENT, case.entity.code, letter.id, entry_id, letter.state)


def _was_asked(session: Session, delivery: DeliveryRow) -> bool:
    entry = session.get_one(EntryRow, delivery.entry_id)
    letter = session.get(LetterRow, entry.letter_id) if entry.letter_id else None
    return letter is not None and letter.state == "withdrawn" and delivery.state not in _OVER


def _deliveries(
    session: Session, desk: Desk, entry_id: str, officer: Officer, reason: str
) -> tuple[list[str], list[str]]:
    """Stop or ask back each delivery; give the names of those stopped and of those gone."""
    jobs = [job for job in letter_jobs(session, entry_id) if job.state != "withdrawn"]
    before = {job.delivery_id: job.id for job in jobs}
    stopped, gone = [], []
    wanted = select(DeliveryRow).where(DeliveryRow.entry_id == entry_id)
    for row in session.scalars(wanted.order_by(DeliveryRow.position)).all():
        if row.state in _OVER:
            continue
        job, name = before.get(row.id), row.to_name or row.to_address
        if job and outbox.withdraw(session, job, by=officer.email, reason=reason, at=desk.now()):
            stopped.append(name)
        else:
            _ask_back(session, desk, row, officer, reason)
            gone.append(name)
    return stopped, gone


def _ask_back(
    session: Session, desk: Desk, delivery: DeliveryRow, officer: Officer, reason: str
) -> None:
    """Ask the receiver to give the letter back; the delivery stays as far as it had come."""
    detail = f"{ASKED_BACK}: {reason}"
    deliveries.remark(session, delivery.id, desk.now(), detail, officer.email)
    entry = session.get_one(EntryRow, delivery.entry_id)
    tell(
        session, desk, entry.entity_id, delivery.to_address, "recall_request",
        entry_id=entry.id, letter_id=entry.letter_id,
        once=f"recall_request:{delivery.id}", reason=reason,
    )  # fmt: skip


def _tell_clerk(
    session: Session, desk: Desk, delivery: DeliveryRow, reason: str, *, agreed: bool
) -> None:
    entry = session.get_one(EntryRow, delivery.entry_id)
    clerk = session.scalar(select(LetterRow.clerk).where(LetterRow.id == entry.letter_id))
    if clerk:
        tell(
            session, desk, entry.entity_id, clerk, "recall_answered",
            entry_id=entry.id, letter_id=entry.letter_id,
            once=f"recall_answered:{delivery.id}:{agreed}", agreed=agreed, reason=reason,
            to=delivery.to_address, to_name=delivery.to_name,
        )  # fmt: skip
