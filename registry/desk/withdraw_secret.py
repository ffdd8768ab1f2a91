"""Taking back what an ordinary letter has spread, once it turns out to be secret.

What has not left does not leave; pages with its files close; what its files and its paper say is
forgotten wherever it was kept to be found. What has left cannot be fetched back by a program: who
has it is told to the officer of secret letters (:func:`holders`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from registry import links, once, outbox
from registry.desk.context import Desk
from registry.models.access import ReadingRow
from registry.models.letters import LetterRow
from registry.models.outgoing import AttemptRow, DownloadRow, LinkRow, OutboxRow
from registry.outbox import Kind
from registry.texts import claims

_REASON: Final = "พบว่าหนังสือมีชั้นความลับ"
_OF_OFFICERS: Final = ("alert", "draft_returned", "files_infected")  # no word of a letter in them
_WRITTEN: Final = ("words", "why")  # by people: to a superior, to the unit that it was passed to
_HIDDEN: Final = "หนังสือที่มีชั้นความลับ"
_WITH_PAPER: Final = (str(Kind.LETTER), str(Kind.COPY))
_OPENED: Final = {
    "page": "เปิดดู",
    "file": "ดาวน์โหลดไฟล์",
    "original": "ดาวน์โหลดต้นฉบับ",
    "print": "พิมพ์",
}


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was stopped, by id: jobs, those of them that an officer had held before, and pages.

    A job that is being sent at this moment is among them: it may come back. ``words`` are what was
    struck from the facts of jobs, by job and name, for the day on which the letter is freed.
    """

    jobs: list[str]
    held: list[str]
    pages: list[str]
    words: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who got the letter or saw it; ``what`` is Thai, ``at`` the last time."""

    who: str
    what: str
    at: datetime


def withdraw(
    session: Session, desk: Desk, letter: LetterRow, entry_id: str | None, by: str
) -> Withdrawn:
    """Keep back what has not left, close pages, forget texts; give what was stopped."""
    jobs = session.scalars(select(OutboxRow).where(_about(letter.id, entry_id))).all()
    stopped = Withdrawn([], [], [], {})
    for job in jobs:
        if words := {name: job.facts[name] for name in _WRITTEN if job.facts.get(name)}:
            stopped.words[job.id] = words
            job.facts = {**job.facts, **dict.fromkeys(words, "")}
        spoken = job.kind != Kind.WEBHOOK and job.facts.get("text") not in _OF_OFFICERS
        before = job.state
        if spoken and (
            outbox.withdraw(session, job.id, by=by, reason=_REASON, at=desk.now())
            or before == "sending"
        ):
            stopped.jobs.append(job.id)
            stopped.held.extend([job.id] if before == "held" else ())
    for page in session.scalars(select(LinkRow).where(LinkRow.letter_id == letter.id)).all():
        if page.revoked_at is None:
            links.revoke(session, page.id, at=desk.now(), by=by)
            stopped.pages.append(page.id)
    _strike_from_digests(session, letter, entry_id)
    for thing in filter(None, (letter.id, entry_id)):
        once.strike(session, thing)
    session.flush()
    claims.forget(session, letter.id)
    return stopped


def _strike_from_digests(session: Session, letter: LetterRow, entry_id: str | None) -> None:
    """Take the line of a letter out of mails that tell of many and have not left."""
    waiting = OutboxRow.state.in_(("queued", "held", "sending", "failed"))
    of_many = OutboxRow.letter_id.is_(None), OutboxRow.entry_id.is_(None)
    mine = OutboxRow.entity_id == letter.entity_id, OutboxRow.kind == str(Kind.NOTICE)
    for job in session.scalars(select(OutboxRow).where(waiting, *mine, *of_many)).all():
        sections = job.facts.get("sections", ())
        struck = [
            section
            | {"items": [_struck(one, (letter.id, entry_id)) for one in section.get("items", ())]}
            for section in sections
        ]
        if struck != list(sections):
            job.facts = {**job.facts, "sections": struck}


def _struck(item: Mapping[str, Any], ids: tuple[str | None, ...]) -> dict[str, Any]:
    if item.get("id") not in ids:
        return dict(item)
    return {**item, "line": _HIDDEN, "why": ""}


def holders(session: Session, letter_id: str, entry_id: str | None) -> list[Holder]:
    """Give who has the letter or has seen it, the latest first; each once for each way."""
    found: dict[tuple[str, str], datetime] = {}
    for one in _holders(session, letter_id, entry_id):
        key = (one.who, one.what)
        found[key] = max(found.get(key, one.at), one.at)
    made = [Holder(who, what, at) for (who, what), at in found.items()]
    return sorted(made, key=lambda one: one.at, reverse=True)


def _holders(session: Session, letter_id: str, entry_id: str | None) -> Iterator[Holder]:
    cut_off = exists().where(AttemptRow.job_id == OutboxRow.id, AttemptRow.result == "uncertain")
    mails = select(OutboxRow).where(
        _about(letter_id, entry_id), OutboxRow.kind.in_(_WITH_PAPER),
        or_(OutboxRow.state.in_(("sending", "sent")), cut_off),
    )  # fmt: skip
    for job in session.scalars(mails):
        what = "ได้รับทางอีเมล" if job.state == "sent" else "อาจได้รับทางอีเมลแล้ว"
        yield Holder(job.to_address, what, job.done_at or job.created_at)
    taken = select(LinkRow.to_address, DownloadRow.at).join(LinkRow)
    for who, at in session.execute(taken.where(LinkRow.letter_id == letter_id)):
        yield Holder(who, "ดาวน์โหลดจากลิงก์", at)
    looks = select(ReadingRow).where(ReadingRow.letter_id == letter_id)
    for look in session.scalars(looks.where(ReadingRow.what.in_(_OPENED))):
        yield Holder(look.who, _OPENED[look.what], look.at)


def _about(letter_id: str, entry_id: str | None) -> ColumnElement[bool]:
    mine = OutboxRow.letter_id == letter_id
    return or_(mine, OutboxRow.entry_id == entry_id) if entry_id else mine
