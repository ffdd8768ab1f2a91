"""A note on an entry: a clerk's answer that carries no file (รับทราบ, ข้อสั่งการ).

It takes no number and leaves nowhere; it is written on the entry it answers, and the clerk
hears so in one short mail, since they might have meant it to be sent. Whoever answers that mail is
noted and hears nothing more: a clerk's mail program may be the one that answers, and says so in no
header. Should it begin new threads, the circuit breaker ends it.
"""

from sqlalchemy.orm import Session

from registry import journal, outbox
from registry.desk.breaker import may_answer
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.keep import keep
from registry.desk.read import read
from registry.desk.screen import screen
from registry.desk.tell import tell
from registry.letter.entity import LegalEntity, Officer
from registry.letter.message import Message
from registry.letter.sorting import Kind, Outcome, Sender
from registry.models.letters import NoteRow
from registry.thai.text import tidy

MOST = 10_000  # characters of a note
_THREAD = 50  # Message-IDs of a thread that are looked at
NO_WORDS = "(มีแต่รูปภาพ ไม่มีข้อความ)"


def take_note(
    session: Session,
    desk: Desk,
    message: Message,
    entity: LegalEntity,
    officer: Officer,
    entry_id: str,
) -> Outcome:
    """Write the clerk's words on the entry, and tell the clerk that nothing was sent."""
    sender = Sender(message.sender, message.sender_name, proven=True, officer=officer)
    reading = read(message, believe_marks=False)
    case = Case(message, entity, (), sender, screen(message), reading)
    letter = keep(session, desk, case, "note", related=entry_id)
    text = tidy(message.own_text).strip()[:MOST] or NO_WORDS
    note = NoteRow(
        entry_id=entry_id, letter_id=letter.id, at=desk.now(), by=officer.email, text=text
    )
    session.add(note)
    session.flush()
    journal.record(
        session, entity.id, "note", officer.email, desk.now(), entry_id, letter.id,
        {"note": note.id},
    )  # fmt: skip
    if not _answers_notice(session, case) and may_answer(
        session, desk, entity.id, officer.email, letter_id=letter.id
    ):
        tell(
            session, desk, entity.id, officer.email, "note_taken",
            entry_id=entry_id, letter_id=letter.id, once=f"note:{letter.id}", note=text[:1000],
        )  # fmt: skip
    return Outcome(Kind.NOTE, entity.code, letter.id, entry_id, letter.state)


def _answers_notice(session: Session, case: Case) -> bool:
    """Say whether the newest of our mails in this thread is one that told of a note."""
    for message_id in case.message.references[:_THREAD]:
        job = outbox.job_named(session, case.entity.id, message_id)
        if job is not None:
            return job.facts.get("text") == "note_taken"
    return False
