"""Recalling a sent letter (เรียกคืน): stopped where it can be, asked back where it cannot.

What has not left is stopped. Whoever has the letter already is asked by mail to lay it aside;
only they can return it. Deliveries that failed, bounced or were returned stay what they are.
The number stays with the letter, and the book says that and why it was recalled; voiding a
number is an act of its own.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import entries, journal, outbox
from registry.desk.context import Desk
from registry.desk.hold import letter_jobs, letter_of
from registry.desk.take_up import note_facts
from registry.desk.tell import tell
from registry.letter.delivery import DeliveryState
from registry.letter.entity import Officer
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.outgoing import DeliveryRow

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
    """Ask the receiver to lay the letter aside; the history keeps how far it had come."""
    at, by = desk.now(), officer.email
    outbox.move(session, delivery.id, DeliveryState.WITHDRAWN, at=at, detail=reason, by=by)
    entry = session.get_one(EntryRow, delivery.entry_id)
    tell(
        session, desk, entry.entity_id, delivery.to_address, "recall_request",
        entry_id=entry.id, letter_id=entry.letter_id,
        once=f"recall_request:{delivery.id}", reason=reason,
    )  # fmt: skip
