"""Telling people that a mail did not get through: once when it is late, once when it failed.

Told is the clerk who sent the letter; of copies and acknowledgements the officers of the entity,
and whoever ``[[notify]]`` names. About a notice nobody is told: a notice that cannot be
delivered would else beget another without end.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from gateway.outbound.answer import Answer
from gateway.outbound.head import moment
from gateway.outbound.reasons import in_thai
from gateway.settings import NotifySettings
from registry import directory, letters, outbox
from registry.desk.alert import alert
from registry.desk.context import Desk
from registry.errors import NotFound
from registry.jobs import Job, Kind
from registry.letter.entity import Role

_LATE: Final = {0: timedelta(hours=4), 1: timedelta(hours=4), 2: timedelta(hours=2)}
_LATE_MOST_URGENT: Final = timedelta(hours=1)
_WHAT: Final = {
    Kind.LETTER: "หนังสือ",
    Kind.COPY: "สำเนาหนังสือรับที่ส่งให้หน่วยงาน",
    Kind.ACKNOWLEDGEMENT: "อีเมลตอบรับ",
}


def failed(
    session: Session, desk: Desk, notify: tuple[NotifySettings, ...], job: Job, answer: Answer
) -> int:
    """Write the notices of a job that was given up; return how many."""
    return _tell(session, desk, notify, job, answer, "send_failed", f"failed:{job.id}:{job.tries}")


def late(
    session: Session, desk: Desk, notify: tuple[NotifySettings, ...], job: Job, answer: Answer
) -> int:
    """Write the notices of a letter that is still being retried; return how many."""
    return _tell(session, desk, notify, job, answer, "send_late", f"late:{job.id}")


def is_late(job: Job, now: datetime) -> bool:
    """Say whether a letter has been trying long enough that its clerk should know."""
    wait = _LATE.get(job.urgency, _LATE_MOST_URGENT)
    return job.kind is Kind.LETTER and now - job.created_at >= wait


def _tell(
    session: Session,
    desk: Desk,
    notify: tuple[NotifySettings, ...],
    job: Job,
    answer: Answer,
    text: str,
    once: str,
) -> int:
    if job.kind in (Kind.NOTICE, Kind.WEBHOOK, Kind.DELIVERED):
        return 0
    written = alert(
        session, desk, "trouble", job.entity_id,
        entry_id=job.entry_id, letter_id=job.letter_id, about=job.id, mails=False,
    )  # fmt: skip
    for place, to in enumerate(_whom(session, notify, job)):
        made = outbox.enqueue(
            session,
            desk,
            Kind.NOTICE,
            job.entity_id,
            to,
            entry_id=job.entry_id,
            letter_id=job.letter_id,
            facts={"text": text, **_facts(session, job, answer)},
            once=f"{once}:{place}",
            urgency=job.urgency,
        )
        written += made is not None
    return written


def _whom(session: Session, notify: tuple[NotifySettings, ...], job: Job) -> list[str]:
    """Return the clerk of a letter, or the officers; never the address that cannot be reached."""
    entity = directory.entity_by_id(session, job.entity_id)
    people = [one for one in directory.officers(session, entity.id) if not one.disabled]
    clerk = _clerk(session, job)
    found = [one.email for one in people if one.email == clerk]
    if not found:
        found = [one.email for one in people if one.role is Role.OFFICER]
        found += [one.mail for one in notify if _is_told(one, entity.code)]
    return [one for one in dict.fromkeys(found) if one != job.to_address]


def _is_told(one: NotifySettings, code: str) -> bool:
    return bool(one.mail) and one.entity in ("", code) and "trouble" in one.events


def _clerk(session: Session, job: Job) -> str:
    if job.kind is not Kind.LETTER or job.letter_id is None:
        return ""
    try:
        return letters.get_letter(session, job.letter_id).clerk
    except NotFound:
        return ""


def _facts(session: Session, job: Job, answer: Answer) -> dict[str, Any]:
    known = directory.entity_by_address(session, job.to_address)
    return {
        "to": job.to_address,
        "to_name": known.name if known else "",
        "what": _WHAT.get(job.kind, ""),
        "why": in_thai(answer),
        "reply": answer.line,
        "until": moment(job.give_up_at),
    }
