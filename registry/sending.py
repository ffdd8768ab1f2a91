"""The sender's side of the outbox: claim jobs, open an attempt, close it with what the peer said.

A claim is a lease: whoever holds it alone may send the job until then. On PostgreSQL several
senders claim beside each other (SKIP LOCKED); on SQLite the write transaction is the lock. Every
attempt has a row from before the peer hears of it, ``uncertain`` until it is closed.

Back-off is per destination: while the last try failed for want of a connection (no reply, or 421),
the destination rests, and :func:`claim` leaves its jobs alone when told so. A success ends the
rest of all that waits for it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from registry import journal
from registry.deliveries import move
from registry.errors import NotFound
from registry.jobs import Job, job_of
from registry.letter.delivery import DeliveryState
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import AttemptRow, OutboxRow


def claim(
    session: Session,
    now: datetime,
    lease: float,
    limit: int,
    by: str,
    *,
    resting: Collection[str] = (),
    for_the_oldest: int = 0,
) -> list[Job]:
    """Claim up to ``limit`` due jobs for ``lease`` seconds, the most urgent and oldest first.

    ``for_the_oldest`` of them go to those that have been due longest, however little urgent, so
    that nothing waits for ever behind what is urgent. Jobs whose lease ran out are due again.
    ``by`` names the sender (at most 60 characters),
    ``resting`` the destinations to leave alone.
    """
    queued = (OutboxRow.state == "queued") & (OutboxRow.not_before <= now)
    abandoned = (OutboxRow.state == "sending") & (OutboxRow.lease_until < now)
    wanted = select(OutboxRow).where(or_(queued, abandoned))
    if resting:
        wanted = wanted.where(OutboxRow.destination.not_in(resting))
    oldest = wanted.order_by(OutboxRow.not_before, OutboxRow.id).limit(for_the_oldest)
    rows = _locked(session, oldest) if for_the_oldest else []
    others = wanted.where(OutboxRow.id.not_in([row.id for row in rows]))
    others = others.order_by(OutboxRow.urgency.desc(), OutboxRow.not_before, OutboxRow.id)
    rows = [*_locked(session, others.limit(limit - len(rows))), *rows]
    for row in rows:
        row.state, row.lease_by = "sending", by
        row.lease_until = now + timedelta(seconds=lease)
    session.flush()
    ids = [row.id for row in rows]
    open_tries, names = _uncertain(session, ids), _spool_names(session, ids)
    return [
        job_of(row, uncertain=row.id in open_tries, spool_name=names.get(row.id) or "")
        for row in rows
    ]


def _locked(session: Session, wanted: Select[OutboxRow]) -> list[OutboxRow]:
    return list(session.scalars(wanted.with_for_update(skip_locked=True)))


def take_over(session: Session, by: str, *, at: datetime) -> int:
    """Make due at once what a sender of this name held when it died, and count it.

    Only for whoever bears the name now and knows that nobody else does.
    """
    held = select(OutboxRow).where(OutboxRow.state == "sending", OutboxRow.lease_by == by)
    rows = list(session.scalars(held))
    for row in rows:
        row.lease_until = at - timedelta(seconds=1)
    session.flush()
    return len(rows)


def started(session: Session, job_id: str, *, at: datetime, host: str = "") -> int:
    """Open an attempt, before the peer is told anything, and give its id. Raises NotFound."""
    row = _job(session, job_id)
    row.tries += 1
    attempt = AttemptRow(job_id=job_id, started_at=at, host=host)
    session.add(attempt)
    session.flush()
    return attempt.id


def finished(
    session: Session,
    job_id: str,
    attempt_id: int | None,
    *,
    at: datetime,
    code: int | None = 250,
    reply: str = "",
    composed_bytes: int | None = None,
) -> None:
    """Close job and attempt with the peer's 250: the delivery is sent."""
    row = _close(session, job_id, attempt_id, at, "ok", code, reply)
    row.state, row.done_at, row.composed_bytes = "sent", at, composed_bytes
    _tell(session, row, DeliveryState.SENT, at)
    waiting = (OutboxRow.destination == row.destination) & (OutboxRow.id.in_(_resting_jobs(at)))
    wake = update(OutboxRow).where(waiting).values(not_before=at)
    session.execute(wake.execution_options(synchronize_session=False))


def deferred(  # noqa: PLR0913 - what the peer said, when, and when to try again
    session: Session,
    job_id: str,
    attempt_id: int | None,
    *,
    at: datetime,
    not_before: datetime,
    code: int | None = None,
    reply: str = "",
    uncertain: bool = False,
) -> bool:
    """Put the job back until ``not_before``; False when its time is over and it failed instead.

    ``uncertain`` says that the peer may have the mail: it was cut off before its reply.
    """
    result = "uncertain" if uncertain else "deferred"
    row = _close(session, job_id, attempt_id, at, result, code, reply)
    if row.state != "sending":  # somebody else took it when our lease ran out
        return True
    if not_before > row.give_up_at:
        row.state, row.done_at = "failed", at
        _tell(session, row, DeliveryState.FAILED, at)
        return False
    row.state, row.not_before = "queued", not_before
    session.flush()
    return True


def failed(
    session: Session,
    job_id: str,
    attempt_id: int | None,
    *,
    at: datetime,
    code: int | None = None,
    reply: str = "",
) -> None:
    """Close job and attempt for good: the peer refused, or it cannot be composed."""
    row = _close(session, job_id, attempt_id, at, "refused", code, reply)
    if row.state == "sending":
        row.state, row.done_at = "failed", at
        _tell(session, row, DeliveryState.FAILED, at)


def destinations_resting(session: Session, now: datetime) -> dict[str, datetime]:
    """Give the destinations that could not be reached of late, and until when each rests."""
    wanted = select(OutboxRow.destination, func.max(OutboxRow.not_before))
    wanted = wanted.where(OutboxRow.id.in_(_resting_jobs(now))).group_by(OutboxRow.destination)
    return {row[0]: row[1] for row in session.execute(wanted)}


def renew(session: Session, job_id: str, *, until: datetime) -> None:
    """Keep a claimed job longer: a large letter may take more than one lease to send."""
    _job(session, job_id).lease_until = until


def _close(
    session: Session,
    job_id: str,
    attempt_id: int | None,
    at: datetime,
    result: str,
    code: int | None,
    reply: str,
) -> OutboxRow:
    """End the lease and write down what came of the attempt."""
    _lock_books(session, job_id)
    row = _job(session, job_id)
    row.lease_until, row.lease_by, row.last_reply = None, "", reply
    attempt = session.get(AttemptRow, attempt_id) if attempt_id is not None else None
    if attempt is not None:
        attempt.ended_at, attempt.result, attempt.code, attempt.reply = at, result, code, reply
    session.flush()
    return row


def _lock_books(session: Session, job_id: str) -> None:
    """Hold the books of a job that carries a delivery, before its row as all others do."""
    mine = (OutboxRow.id == job_id, OutboxRow.delivery_id.is_not(None))
    owner = session.scalar(select(OutboxRow.entity_id).where(*mine))
    if owner is not None:
        journal.lock_head(session, owner)


def _job(session: Session, job_id: str) -> OutboxRow:
    row = session.get(OutboxRow, job_id, with_for_update=True)
    if row is None:
        raise NotFound(f"no job {job_id}")
    return row


def _tell(session: Session, row: OutboxRow, state: DeliveryState, at: datetime) -> None:
    """Move the delivery that the job carries, if it carries one."""
    if row.delivery_id is not None:
        move(session, row.delivery_id, state, at=at, detail=row.last_reply)
    session.flush()


def _uncertain(session: Session, job_ids: list[str]) -> set[str]:
    """Give those jobs with an attempt that was begun and whose end nobody knows."""
    wanted = select(AttemptRow.job_id).where(
        AttemptRow.job_id.in_(job_ids), AttemptRow.result == "uncertain"
    )
    return set(session.scalars(wanted))


def _resting_jobs(now: datetime) -> Select[str]:
    """Select the queued jobs whose last try found no connection and which are not yet due."""
    last = select(func.max(AttemptRow.id)).where(AttemptRow.job_id == OutboxRow.id)
    return (
        select(OutboxRow.id)
        .join(AttemptRow, AttemptRow.id == last.correlate(OutboxRow).scalar_subquery())
        .where(
            OutboxRow.state == "queued",
            OutboxRow.not_before > now,
            AttemptRow.result == "deferred",
            or_(AttemptRow.code.is_(None), AttemptRow.code == 421),
        )
    )


def _spool_names(session: Session, job_ids: list[str]) -> dict[str, str | None]:
    """Give under which name the letter of each job came in, if it has one."""
    if not job_ids:
        return {}
    letter_id = func.coalesce(OutboxRow.letter_id, EntryRow.letter_id)
    wanted = (
        select(OutboxRow.id, LetterRow.spool_name)
        .outerjoin(EntryRow, EntryRow.id == OutboxRow.entry_id)
        .join(LetterRow, LetterRow.id == letter_id)
        .where(OutboxRow.id.in_(job_ids))
    )
    return {row[0]: row[1] for row in session.execute(wanted)}
