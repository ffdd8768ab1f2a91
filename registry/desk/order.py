"""เกษียนสั่งการ: what a person writes on an entry, in the pages or by answering the mail about it.

Whoever was presented with an entry orders by answering: with words, with a file, or both. Which
presenting it answers is told by the thread; where a mail program left the thread out, a plain
answer to the entry's address counts for the one that waits. The order is written on the entry,
takes no number and leaves nowhere; who presented it hears of it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from registry import movements, outbox
from registry.accounts import deputies
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.in_hand import MOST, in_hand
from registry.desk.keep import keep
from registry.desk.tell import tell
from registry.errors import NotUnderstood
from registry.letter.entity import Officer
from registry.letter.sorting import Kind, Outcome
from registry.models.books import EntryRow
from registry.models.work import MovementRow
from registry.thai.text import tidy

_THREAD = 50  # Message-IDs of a thread that are looked at
_NO_WORDS = "(ไม่มีข้อความ คำสั่งอยู่ในไฟล์แนบ)"


def asked(session: Session, case: Case, officer: Officer) -> MovementRow | None:
    """Find the presenting that this answer of our own officer is the order to."""
    for message_id in case.message.references[:_THREAD]:
        job = outbox.job_named(session, case.entity.id, message_id)
        if job is not None:
            step = session.get(MovementRow, job.facts.get("movement") or 0)
            fits = step is not None and step.entry_id == case.answered
            return step if fits and job.to_address == officer.email else None
    if case.answered is None or case.files or case.message.automatic:
        return None
    return movements.presented_to(session, case.answered, officer.email)


def take_order(
    session: Session, desk: Desk, case: Case, officer: Officer, step: MovementRow
) -> Outcome:
    """Write the order of a superior, who answered by mail, on the entry."""
    letter = keep(session, desk, case, "note", related=step.entry_id)
    entry = session.get_one(EntryRow, step.entry_id)
    text = tidy(case.message.own_text).strip()[:MOST] or _NO_WORDS
    movements.record(
        session, entry, "order", officer, desk.now(), text=text, answer_letter_id=letter.id
    )
    _answer(step, desk.now(), letter.id)
    _tell(session, desk, entry, step, officer, text)
    return Outcome(Kind.NOTE, case.entity.code, letter.id, entry.id, letter.state)


def endorse(session: Session, desk: Desk, entry_id: str, by: str, words: str) -> int:
    """Write a person's word (เกษียน) on an entry; give the id of the step.

    It is the order where the entry was presented to that person, or to the one in whose place
    they act. Raises NotFound, NotAllowed, Conflict; NotUnderstood without words.
    """
    entry, _entity, officer = in_hand(session, entry_id, by)
    text = tidy(words).strip()[:MOST]
    if not text:
        raise NotUnderstood("no words", thai="โปรดเขียนข้อความเกษียน")
    principal = deputies.principal_of(session, officer)
    step = movements.presented_to(session, entry_id, (principal or officer).email)
    row = movements.record(
        session, entry, "order" if step else "endorse", officer, desk.now(), text=text
    )
    if step is not None:
        _answer(step, desk.now(), None)
        _tell(session, desk, entry, step, officer, text)
    return row.id


def _answer(step: MovementRow, at: datetime, letter_id: str | None) -> None:
    step.answered_at = step.answered_at or at
    step.answer_letter_id = step.answer_letter_id or letter_id


def _tell(
    session: Session, desk: Desk, entry: EntryRow, step: MovementRow, officer: Officer, text: str
) -> None:
    """Tell who presented the entry what was ordered; of a secret one only that it was."""
    if step.by != officer.email:
        order = "" if entry.secrecy else text[:1000]
        tell(
            session, desk, entry.entity_id, step.by, "order_given", entry_id=entry.id,
            who=officer.name or officer.email, order=order,
        )  # fmt: skip
