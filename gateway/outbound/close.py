"""Write down what became of a try: the job, its attempt, its delivery, and the notices it causes.

All in one transaction, so a job is never given up without its clerk being told, nor told twice.
"""

import logging
import re
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from gateway.outbound import report
from gateway.outbound.answer import Answer, Fate
from gateway.outbound.retry import next_try
from gateway.service import Runtime
from registry import outbox, webhooks
from registry.counters import count
from registry.jobs import Job

log = logging.getLogger(__name__)

_PERSON: Final = re.compile(r"[^\s<>@:;,()\"']+@")
_GONE: Final = 410  # RFC 9110 §15.5.11
_WORDS: Final = 200  # characters of a peer's reply in the log; history keeps more


def close(
    runtime: Runtime,
    job: Job,
    attempt: int | None,
    answer: Answer,
    *,
    wait_until: datetime | None = None,
) -> None:
    """Close a try. ``wait_until`` puts it off to that moment without counting. Blocking."""
    _log(job, answer)
    with runtime.database.write() as session:
        match answer.fate:
            case Fate.SENT:
                _sent(session, runtime, job, attempt, answer)
            case Fate.REFUSED | Fate.TOO_LARGE:
                _failed(session, runtime, job, attempt, answer)
            case Fate.DEFERRED | Fate.UNCERTAIN | Fate.WITHDRAWN:
                _put_off(session, runtime, job, attempt, answer, wait_until)
        if "hook" in job.facts and answer.fate is not Fate.WITHDRAWN:
            well, gone = answer.fate is Fate.SENT, answer.code == _GONE
            webhooks.went(session, runtime.desk, int(job.facts["hook"]), well=well, gone=gone)


def _sent(
    session: Session, runtime: Runtime, job: Job, attempt: int | None, answer: Answer
) -> None:
    outbox.finished(
        session, job.id, attempt, at=runtime.clock.now(), code=answer.code, reply=answer.line,
        composed_bytes=answer.sent_bytes,
    )  # fmt: skip


def _failed(
    session: Session, runtime: Runtime, job: Job, attempt: int | None, answer: Answer
) -> None:
    now = runtime.clock.now()
    outbox.failed(session, job.id, attempt, at=now, code=answer.code, reply=answer.line)
    if outbox.get(session, job.id).state == "failed":
        report.failed(session, runtime.desk, runtime.gateway.notify, job, answer)


def _put_off(
    session: Session,
    runtime: Runtime,
    job: Job,
    attempt: int | None,
    answer: Answer,
    wait_until: datetime | None,
) -> None:
    now = runtime.clock.now()
    tries = job.tries + (attempt is not None)
    again = next_try(now, tries, job.give_up_at, runtime.gateway.send)
    if again is None:
        _failed(session, runtime, job, attempt, answer)
        return
    if wait_until is not None:
        again = min(wait_until, job.give_up_at)
    outbox.deferred(
        session, job.id, attempt, at=now, not_before=again, code=answer.code, reply=answer.line,
        uncertain=answer.fate is Fate.UNCERTAIN,
    )  # fmt: skip
    if report.is_late(job, now) and answer.fate is not Fate.WITHDRAWN:
        report.late(session, runtime.desk, runtime.gateway.notify, job, answer)


def _log(job: Job, answer: Answer) -> None:
    """One line a try; ids, hosts and the peer's words, never a subject or a person's address."""
    level = logging.INFO if answer.fate in (Fate.SENT, Fate.WITHDRAWN) else logging.WARNING
    count("saraban_mail_tries_total", kind=str(job.kind), fate=str(answer.fate))
    words = _PERSON.sub("…@", answer.line)[:_WORDS] or "-"
    log.log(
        level, "job %s (%s to %s): %s %s", job.id, job.kind, job.destination, answer.fate, words,
        extra=ids_of(job),
    )  # fmt: skip


def ids_of(job: Job) -> dict[str, str | None]:
    """Give the ids with which each log line about a job goes."""
    return {
        "letter": job.spool_name, "letter_id": job.letter_id, "entry": job.entry_id, "job": job.id,
    }  # fmt: skip
