"""What officers do with jobs of the outbox: look, hold, release, retry, drop, withdraw.

A job that is being sent at this moment cannot be touched: nobody knows yet what the peer has.
Dropping and withdrawing are final, move the delivery with them, and are journaled; like every act
that writes the journal they hold its head before anything else, since a receipt for the same
delivery does so too (docs/decisions/0015). Taking back a letter that was sent already is
:mod:`registry.desk.recall`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import journal
from registry.deliveries import move
from registry.errors import Conflict, NotFound
from registry.jobs import Job, job_of
from registry.letter.delivery import DeliveryState
from registry.models.outgoing import AttemptRow, OutboxRow


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a job; ``result`` is ok, deferred, refused or uncertain."""

    started_at: datetime
    ended_at: datetime | None
    host: str
    code: int | None
    reply: str
    result: str


def get(session: Session, job_id: str) -> Job:
    """Give one job; raise NotFound."""
    return job_of(_job(session, job_id))


def listing(
    session: Session,
    *,
    states: Collection[str] = ("queued", "held", "sending"),
    entity_id: int | None = None,
    entry_id: str | None = None,
    limit: int | None = None,
) -> list[Job]:
    """List jobs in these states in the order in which they are due; no states means all."""
    wanted = select(OutboxRow).order_by(OutboxRow.not_before, OutboxRow.id).limit(limit)
    if states:
        wanted = wanted.where(OutboxRow.state.in_(states))
    if entity_id is not None:
        wanted = wanted.where(OutboxRow.entity_id == entity_id)
    if entry_id is not None:
        wanted = wanted.where(OutboxRow.entry_id == entry_id)
    return [job_of(row) for row in session.scalars(wanted)]


def attempts(session: Session, job_id: str) -> list[Attempt]:
    """List the tries of a job, oldest first."""
    wanted = select(AttemptRow).where(AttemptRow.job_id == job_id).order_by(AttemptRow.id)
    return [
        Attempt(row.started_at, row.ended_at, row.host, row.code, row.reply, row.result)
        for row in session.scalars(wanted)
    ]


def hold(session: Session, job_id: str) -> None:
    """Keep a queued job until it is released. Raises NotFound, Conflict."""
    _in_state(session, job_id, "queued").state = "held"


def release(session: Session, job_id: str) -> None:
    """Queue a held job again. Raises NotFound, Conflict."""
    _in_state(session, job_id, "held").state = "queued"


def retry(session: Session, job_id: str, *, at: datetime, give_up_after: float) -> None:
    """Make a job due now: one that waits, is held, or failed (then with its whole time again).

    Raises NotFound, Conflict.
    """
    row = _in_state(session, job_id, "queued", "held", "failed")
    if row.state == "failed":
        row.give_up_at, row.done_at = at + timedelta(seconds=give_up_after), None
        if row.delivery_id is not None:
            move(session, row.delivery_id, DeliveryState.QUEUED, at=at, detail="retry")
    row.state, row.not_before = "queued", at


def drop(session: Session, job_id: str, *, by: str, reason: str, at: datetime) -> None:
    """Give a job up for good; its delivery has failed. Raises NotFound, Conflict."""
    _hold_books(session, job_id)
    row = _in_state(session, job_id, "queued", "held", "failed")
    _end(session, row, "dropped", DeliveryState.FAILED, by, reason, at)


def withdraw(session: Session, job_id: str, *, by: str, reason: str, at: datetime) -> bool:
    """Take a job back before it leaves; False when it is too late for that. Raises NotFound."""
    _hold_books(session, job_id)
    row = _job(session, job_id)
    if row.state not in {"queued", "held", "failed"}:
        return False
    _end(session, row, "withdrawn", DeliveryState.WITHDRAWN, by, reason, at)
    return True


def _end(
    session: Session,
    row: OutboxRow,
    state: str,
    delivery: DeliveryState,
    by: str,
    reason: str,
    at: datetime,
) -> None:
    row.state, row.done_at = state, at
    if row.delivery_id is not None:
        move(session, row.delivery_id, delivery, at=at, detail=reason, by=by)
    facts = {"job": row.id, "kind": row.kind, "delivery": row.delivery_id}
    journal.record(
        session, row.entity_id, f"job-{state}", by, at, row.entry_id, row.letter_id, facts
    )


def _in_state(session: Session, job_id: str, *states: str) -> OutboxRow:
    row = _job(session, job_id)
    if row.state not in states:
        raise Conflict(
            f"job {job_id} is {row.state}",
            thai="รายการนี้ส่งไปแล้วหรือกำลังส่งอยู่ จึงทำรายการนี้ไม่ได้ โปรดดูสถานะล่าสุด",
        )
    return row


def _hold_books(session: Session, job_id: str) -> None:
    """Hold the head of the journal of the job's entity, the first lock of every act."""
    entity_id = session.scalar(select(OutboxRow.entity_id).where(OutboxRow.id == job_id))
    if entity_id is not None:
        journal.lock_head(session, entity_id)


def _job(session: Session, job_id: str) -> OutboxRow:
    row = session.get(OutboxRow, job_id, with_for_update=True)
    if row is None:
        raise NotFound(f"no job {job_id}", thai="ไม่พบรายการส่งนี้")
    return row
