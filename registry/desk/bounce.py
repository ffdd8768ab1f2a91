"""A letter of ours came back: which delivery it was, and what the other side said.

The tag of the address that the bounce was sent to names the job for certain; else the
Message-ID in the returned headers does, with the address that the report complains about where a
letter went to several. The delivery moves to *bounced* and its clerk is told. A report of
mere delay, or one that comes after the addressee has answered, changes nothing.

Bounces are never answered, numbered or held; one that fits nothing of ours is kept all the same.
A copy that came back is told to the officers: the box of a unit is wrong. Notices that
come back are only journaled, so that no two machines write to each other.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, journal, outbox
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.keep import keep
from registry.desk.tell import tell
from registry.letter.delivery import DeliveryState
from registry.letter.entity import Role
from registry.letter.sorting import Kind, Outcome, Tag
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow, OutboxRow
from registry.thai.text import tidy
from registry.tokens import read_tag

_ACTION = re.compile(r"\baction:\s*([a-z]+)", re.IGNORECASE)
_DELAYED = re.compile(r"(?<![0-9.])4\.[0-9]{1,3}\.[0-9]{1,3}\b|\bdelayed\b", re.IGNORECASE)
_FOR_GOOD = re.compile(r"(?<![0-9.])5\.[0-9]{1,3}\.[0-9]{1,3}\b|\bfailed\b", re.IGNORECASE)
_WHAT = {"copy": "สำเนาหนังสือรับ"}
_OPEN = (DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.OVERDUE, DeliveryState.FAILED)


def take_bounce(session: Session, desk: Desk, case: Case) -> Outcome:
    """Keep the bounce and move its delivery; never raises for one that fits nothing."""
    job = _job(session, desk, case)
    letter = keep(session, desk, case, "bounce", related=job.entry_id if job else None)
    facts = {"job": job.id, "kind": job.kind} if job else {}
    journal.record(
        session, case.entity.id, "bounce", "system", desk.now(),
        letter.related_entry_id, letter.id, facts,
    )  # fmt: skip
    detail = _detail(case)
    if job is not None and _is_final(detail):
        _came_back(session, desk, job, detail)
    return Outcome(Kind.BOUNCE, case.entity.code, letter.id, letter.related_entry_id, letter.state)


def _job(session: Session, desk: Desk, case: Case) -> OutboxRow | None:
    """Find the job by tag, else by the Message-ID that came back."""
    for tag in (to.code for to in case.addressed if to.tag is Tag.BOUNCE):
        token = read_tag(desk.keys, tag)
        job = session.get(OutboxRow, token.id) if token and token.kind == "b" else None
        if job is not None and job.entity_id == case.entity.id:
            return job
    if not case.message.bounced_message_id:
        return None
    wanted = select(OutboxRow).where(
        OutboxRow.entity_id == case.entity.id,
        OutboxRow.message_id == case.message.bounced_message_id,
    )
    jobs = list(session.scalars(wanted.order_by(OutboxRow.id)))
    if len(jobs) == 1:
        return jobs[0]
    said = f"{case.message.bounce_detail}\n{case.message.text[:50_000]}".casefold()
    return next((job for job in jobs if job.to_address.casefold() in said), None)


def _detail(case: Case) -> str:
    """Give what the other side said, on one line."""
    said = case.message.bounce_detail or case.message.own_text or case.message.subject
    return " ".join(tidy(said).split())[:500]


def _is_final(detail: str) -> bool:
    """Say whether it failed for good: by the Action of RFC 3464 §2.3.3, else by its words."""
    if action := _ACTION.search(detail):
        return action[1].casefold() == "failed"
    return bool(_FOR_GOOD.search(detail)) or not _DELAYED.search(detail)


def _came_back(session: Session, desk: Desk, job: OutboxRow, detail: str) -> None:
    if job.kind == outbox.Kind.COPY:
        _tell_officers(session, desk, job, detail)
    delivery = session.get(DeliveryRow, job.delivery_id) if job.delivery_id else None
    if delivery is None or delivery.state not in _OPEN:
        return
    outbox.move(
        session, delivery.id, DeliveryState.BOUNCED, at=desk.now(), detail=detail, by="system"
    )
    clerk = session.scalar(select(LetterRow.clerk).where(LetterRow.id == job.letter_id))
    if clerk:
        _tell(session, desk, job, clerk, detail)


def _tell_officers(session: Session, desk: Desk, job: OutboxRow, detail: str) -> None:
    for officer in directory.officers(session, job.entity_id):
        if officer.role is Role.OFFICER and not officer.disabled:
            _tell(session, desk, job, officer.email, detail)


def _tell(session: Session, desk: Desk, job: OutboxRow, to: str, detail: str) -> None:
    tell(
        session, desk, job.entity_id, to, "send_failed",
        entry_id=job.entry_id, letter_id=job.letter_id, once=f"bounced:{job.id}:{to}"[:120],
        to=job.to_address, reply=detail, what=_WHAT.get(job.kind, ""),
    )  # fmt: skip
