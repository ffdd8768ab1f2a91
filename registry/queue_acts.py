"""What an administrator does with one office's queue: retry, hold, release, drop; how much waits.

A job of another entity is not there. Each act is journaled with who did it; a job that is just
being sent cannot be touched (:mod:`registry.job_acts`).
"""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import job_acts, journal
from registry.errors import NotFound
from registry.jobs import Job, job_of
from registry.models.outgoing import OutboxRow

OPEN: Final = ("failed", "held", "sending", "queued")
MOST: Final = 200


def waiting(session: Session, entity_id: int) -> tuple[dict[str, int], list[Job]]:
    """Give how many jobs of an entity stand in each open state, and the first of them.

    What needs a person stands first: failed, then held, then what is due.
    """
    mine = OutboxRow.entity_id == entity_id, OutboxRow.state.in_(OPEN)
    counted = select(OutboxRow.state, func.count()).where(*mine).group_by(OutboxRow.state)
    counts = {row[0]: row[1] for row in session.execute(counted)}
    jobs: list[Job] = []
    for state in OPEN:
        wanted = select(OutboxRow).where(mine[0], OutboxRow.state == state)
        wanted = wanted.order_by(OutboxRow.not_before, OutboxRow.id).limit(MOST - len(jobs))
        jobs += [job_of(row) for row in session.scalars(wanted)]
    return counts, jobs


def job(session: Session, entity_id: int, job_id: str) -> Job:
    """Give one job of an entity; raise NotFound."""
    found = job_acts.get(session, job_id)
    if found.entity_id != entity_id:
        raise NotFound(f"no job {job_id} of entity {entity_id}")
    return found


def retry(
    session: Session, entity_id: int, job_id: str, *, by: str, at: datetime, give_up_after: float
) -> None:
    """Send a job now, whatever it waits for. Raises NotFound, Conflict."""
    _mine(session, entity_id, job_id)
    job_acts.retry(session, job_id, at=at, give_up_after=give_up_after)
    _write_down(session, job_id, "job-retried", by, at)


def hold(session: Session, entity_id: int, job_id: str, *, by: str, at: datetime) -> None:
    """Keep a job from leaving until it is released. Raises NotFound, Conflict."""
    _mine(session, entity_id, job_id)
    job_acts.hold(session, job_id)
    _write_down(session, job_id, "job-held", by, at)


def release(session: Session, entity_id: int, job_id: str, *, by: str, at: datetime) -> None:
    """Let a held job go again. Raises NotFound, Conflict."""
    _mine(session, entity_id, job_id)
    job_acts.release(session, job_id)
    _write_down(session, job_id, "job-released", by, at)


def drop(
    session: Session, entity_id: int, job_id: str, *, by: str, at: datetime, reason: str
) -> None:
    """Give a job up for good, with a reason. Raises NotFound, Conflict."""
    _mine(session, entity_id, job_id)
    job_acts.drop(session, job_id, by=by, reason=reason, at=at)


def _mine(session: Session, entity_id: int, job_id: str) -> None:
    job(session, entity_id, job_id)
    journal.lock_head(session, entity_id)


def _write_down(session: Session, job_id: str, act: str, by: str, at: datetime) -> None:
    one = job_acts.get(session, job_id)
    facts = {"job": one.id}
    journal.record(session, one.entity_id, act, by, at, one.entry_id, one.letter_id, facts)
