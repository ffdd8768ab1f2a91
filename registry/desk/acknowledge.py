"""Telling the sender that a letter arrived, or under which number it was registered (ข้อ 29).

The states are those of TH e-GIF e-CMS: arrived; registered with its number; returned; wrong.
Where a person reads it there is *one* mail, the one with the number. "Arrived" alone goes
only to another installation of this system, for ด่วนที่สุด, or when four office hours passed.

Only proven senders that stand in the directory are answered, at their central address or at
a Reply-To within their own domains; never the null sender, automatic mail, lists,
bounces or another acknowledgement. Should two systems answer each other all the same, the circuit
breaker of the pair ends it (:mod:`registry.desk.breaker`).

The number is not in the job: it is read from the entry when the mail is composed.
"""

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, outbox
from registry.batch import held_of
from registry.desk.breaker import may_answer
from registry.desk.context import Desk
from registry.desk.deliver import rank
from registry.letter.entity import LegalEntity
from registry.letter.grades import Urgency
from registry.letter.robots import is_robot
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.outgoing import OutboxRow

Act = Literal["arrived", "registered", "returned", "wrong", "recall_agreed", "recall_declined"]
ARRIVED_AFTER_HOURS: Final = 4.0


def acknowledge(
    session: Session,
    desk: Desk,
    letter: LetterRow,
    act: Act,
    *,
    entry_id: str | None = None,
    reason: str = "",
    once: str | None = None,
) -> bool:
    """Write the job that tells the sender; say whether one was written.

    ``once`` keys a job that must not be written twice; a sender who sends the same letter
    again asks again, and is answered again without one.
    """
    to = _answerable(session, letter)
    if to is None:
        return False
    light = _has_substance(session, letter)
    if not may_answer(session, desk, letter.entity_id, to, letter_id=letter.id, light=light):
        return False
    job = outbox.enqueue(
        session,
        desk,
        outbox.Kind.ACKNOWLEDGEMENT,
        letter.entity_id,
        to,
        entry_id=entry_id,
        letter_id=letter.id,
        facts={"act": act, "reason": reason},
        once=once,
        urgency=rank(letter.urgency),
    )
    return job is not None


def acknowledge_arrival(session: Session, desk: Desk, letter: LetterRow) -> bool:
    """Say at once that a waiting letter arrived, where nobody would read two mails."""
    soon = letter.urgency == Urgency.MOST_URGENT.thai or bool(letter.facts.get("installation"))
    return soon and acknowledge(session, desk, letter, "arrived", once=f"arrived:{letter.id}")


def acknowledge_late_arrivals(session: Session, desk: Desk, now: datetime) -> int:
    """Say so for letters that have waited four office hours; count the mails written."""
    waiting = select(LetterRow).where(LetterRow.direction == "in", LetterRow.state == "waiting")
    waiting = waiting.where(LetterRow.authenticated, LetterRow.from_entity_id.is_not(None))
    told = select(OutboxRow.letter_id).where(OutboxRow.kind == str(outbox.Kind.ACKNOWLEDGEMENT))
    late = [
        letter
        for letter in session.scalars(waiting.where(LetterRow.id.not_in(told.scalar_subquery())))
        if desk.workdays.add_office_hours(letter.accepted_at, ARRIVED_AFTER_HOURS) <= now
    ]
    return sum(
        acknowledge(session, desk, letter, "arrived", once=f"arrived:{letter.id}")
        for letter in late
    )


def tell_writer(session: Session, desk: Desk, letter: LetterRow, entry_id: str) -> bool:
    """Tell a citizen, or whoever else may not get an acknowledgement, the number: one plain mail.

    For letters that an officer accepted. A listed entity that could not be proven is told
    at its central address, never where the mail asks to be answered.
    """
    if letter.facts.get("no_answer") or not letter.sender:
        return False
    entity = _entity(session, letter)
    job = outbox.enqueue(
        session,
        desk,
        outbox.Kind.NOTICE,
        letter.entity_id,
        entity.central_address if entity else letter.sender,
        entry_id=entry_id,
        letter_id=letter.id,
        facts={"text": "citizen_receipt"},
        once=f"citizen:{letter.id}",
    )
    return job is not None


def may_acknowledge(letter: LetterRow) -> bool:
    """Say whether the sender is one whom acknowledgements go to: listed, proven, no machine."""
    return bool(letter.facts.get("listed")) and not letter.facts.get("no_answer")


def _answerable(session: Session, letter: LetterRow) -> str | None:
    """Give the address to answer: Reply-To within the sender's domains, else the central one."""
    entity = _entity(session, letter)
    if entity is None or not may_acknowledge(letter):
        return None
    domain = "." + letter.reply_to.rpartition("@")[2].casefold()
    within = any(domain.endswith("." + own) for own in entity.domains)
    usable = within and not is_robot(letter.reply_to)
    return letter.reply_to if usable else entity.central_address


def _entity(session: Session, letter: LetterRow) -> LegalEntity | None:
    if letter.from_entity_id is None:
        return None
    return directory.entity_by_id(session, letter.from_entity_id)


def _has_substance(session: Session, letter: LetterRow) -> bool:
    """Say whether what is acknowledged is a letter for certain, or an officer says so.

    A short mail without file or number may be a machine's answer to our last acknowledgement.
    """
    if letter.facts.get("done_by"):
        return True
    if letter.state == "duplicate" or letter.facts.get("to_machine"):
        return False
    if letter.letter_number or letter.facts.get("installation"):
        return True
    if (held := held_of(session, EnclosureRow, letter.id)) is not None:
        return any(row.role != "decoration" and not row.inline for row in held)
    files = select(EnclosureRow.id).where(
        EnclosureRow.letter_id == letter.id,
        EnclosureRow.role != "decoration",
        EnclosureRow.inline.is_(False),
    )
    return session.scalar(files.limit(1)) is not None
