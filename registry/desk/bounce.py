"""A letter of ours came back, or is late: which delivery it was, and what the other side said.

The tag of the address that the report was sent to names the job for certain; else the envelope id
that we gave (RFC 3461 §4.4) or the Message-ID in the returned headers does, with the address that
the report complains about where a letter went to several. Every report becomes a line of that
delivery's history, in Thai with the other side's own words behind it. *Failed* moves the delivery
to *bounced* and its clerk is told; *delayed*, *delivered*, *relayed* and *expanded* move nothing.

A report proves nothing: whoever got our letter knows its tag. So a genuine tag from a stranger
is believed this far and no further: of that one job, that left us, for thirty days after; only
while the addressee has said nothing; and an addressee who answers later undoes it. It makes a
clerk telephone, and can never make a letter look as if it had arrived.

Bounces are never answered, numbered or held; one that fits nothing of ours is kept all the same.
A copy that came back is told to the officers: the box of a unit is wrong. Notices that
come back are only journaled, so that no two machines write to each other.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import deliveries, directory, journal, outbox
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.keep import keep
from registry.desk.tell import tell
from registry.ids import is_id
from registry.letter.delivery import DeliveryState
from registry.letter.entity import Role
from registry.letter.report import Report, report_in_words
from registry.letter.sorting import Kind, Outcome, Tag
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow, OutboxRow, SentMessageRow
from registry.tokens import read_tag

BELIEVED: Final = timedelta(days=30)  # servers give up within a week
_MOST: Final = 20  # reports of one mail that are looked at
_LEFT: Final = ("sent", "sending", "queued", "failed")
_WHAT: Final = {"copy": "สำเนาหนังสือรับ"}
_OPEN: Final = (
    DeliveryState.QUEUED,
    DeliveryState.SENT,
    DeliveryState.OVERDUE,
    DeliveryState.FAILED,
)


def take_bounce(session: Session, desk: Desk, case: Case) -> Outcome:
    """Keep the report and note it at its deliveries; never raises for one that fits nothing."""
    found = list(_found(session, desk, case))
    first = found[0][0] if found else None
    letter = keep(session, desk, case, "bounce", related=first.entry_id if first else None)
    facts = {"job": first.id, "kind": first.kind} if first else {}
    journal.record(
        session, case.entity.id, "bounce", "system", desk.now(),
        letter.related_entry_id, letter.id, facts,
    )  # fmt: skip
    for job, report in found:
        if _is_believed(desk, job):
            _note(session, desk, job, report)
    return Outcome(Kind.BOUNCE, case.entity.code, letter.id, letter.related_entry_id, letter.state)


def _found(session: Session, desk: Desk, case: Case) -> Iterator[tuple[OutboxRow, Report]]:
    """Give each job of ours that is reported on, once, a failure before all else."""
    tagged = _tagged(session, desk, case)
    seen: set[str] = set()
    for report in sorted(_reports(case), key=lambda one: one.action != "failed"):
        job = tagged or _enveloped(session, case, report) or _returned(session, case, report)
        if job is not None and job.id not in seen:
            seen.add(job.id)
            yield job, report


def _reports(case: Case) -> tuple[Report, ...]:
    """Give what the notification says, or what is written where it is none."""
    told = tuple(one for one in case.message.reports if not one.disposition)[:_MOST]
    message = case.message
    return told or (report_in_words(message.bounce_detail or message.text or message.subject),)


def _tagged(session: Session, desk: Desk, case: Case) -> OutboxRow | None:
    for tag in (to.code for to in case.addressed if to.tag is Tag.BOUNCE):
        token = read_tag(desk.keys, tag)
        if token is not None and token.kind == "b":
            return _job(session, case, token.id)
    return None


def _enveloped(session: Session, case: Case, report: Report) -> OutboxRow | None:
    """Find the job by our ENVID, which relays alone have seen."""
    return _job(session, case, report.envelope_id) if is_id(report.envelope_id) else None


def _job(session: Session, case: Case, job_id: str) -> OutboxRow | None:
    job = session.get(OutboxRow, job_id)
    return job if job is not None and job.entity_id == case.entity.id else None


def _returned(session: Session, case: Case, report: Report) -> OutboxRow | None:
    """Find the job by the Message-ID that came back, and by address where it had several."""
    message = case.message
    if not message.bounced_message_id:
        return None
    own = outbox.job_named(session, case.entity.id, message.bounced_message_id)
    if own is not None:
        return session.get(OutboxRow, own.id)
    wanted = (
        select(OutboxRow)
        .join(SentMessageRow, SentMessageRow.entry_id == OutboxRow.entry_id)
        .where(
            SentMessageRow.entity_id == case.entity.id,
            SentMessageRow.message_id == message.bounced_message_id,
            OutboxRow.message_id == message.bounced_message_id,
        )
    )
    jobs = list(session.scalars(wanted.order_by(OutboxRow.id)))
    if len(jobs) == 1:
        return jobs[0]
    named = {report.recipient, report.original} - {""}
    if named:
        return next((job for job in jobs if job.to_address.casefold() in named), None)
    said = f"{message.bounce_detail}\n{message.text[:50_000]}".casefold()
    return next((job for job in jobs if job.to_address.casefold() in said), None)


def _is_believed(desk: Desk, job: OutboxRow) -> bool:
    """Say whether the report can be about this job: it left us, and not long ago."""
    left = job.tries > 0 or job.done_at is not None
    return left and job.state in _LEFT and desk.now() - (job.done_at or job.created_at) <= BELIEVED


def _note(session: Session, desk: Desk, job: OutboxRow, report: Report) -> None:
    failed = report.action == "failed"
    if failed and job.kind == outbox.Kind.COPY:
        _tell_officers(session, desk, job, report)
    delivery = session.get(DeliveryRow, job.delivery_id) if job.delivery_id else None
    if delivery is None:
        return
    detail = f"{report.thai} – {report.words}".removesuffix(" – ")[:500]
    if not failed or delivery.state not in _OPEN:
        deliveries.note(session, delivery.id, at=desk.now(), detail=detail, by="system")
        return
    outbox.move(
        session, delivery.id, DeliveryState.BOUNCED, at=desk.now(), detail=detail, by="system"
    )
    clerk = session.scalar(select(LetterRow.clerk).where(LetterRow.id == job.letter_id))
    if clerk:
        _tell(session, desk, job, clerk, report)


def _tell_officers(session: Session, desk: Desk, job: OutboxRow, report: Report) -> None:
    for officer in directory.officers(session, job.entity_id):
        if officer.role is Role.OFFICER and not officer.disabled:
            _tell(session, desk, job, officer.email, report)


def _tell(session: Session, desk: Desk, job: OutboxRow, to: str, report: Report) -> None:
    tell(
        session, desk, job.entity_id, to, "send_failed",
        entry_id=job.entry_id, letter_id=job.letter_id, once=f"bounced:{job.id}:{to}"[:120],
        to=job.to_address, reply=report.words, why=report.thai, what=_WHAT.get(job.kind, ""),
    )  # fmt: skip
