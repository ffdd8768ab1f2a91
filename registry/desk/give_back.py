"""A letter that was registered already is sent back: ส่งคืน, or หนังสือไม่ถูกต้อง, ส่งผิดหน่วยงาน.

The line in the book stays, with its number, and its การปฏิบัติ says that and why the letter went
back (ข้อ 38). The sender hears the reason; another installation moves its delivery. The same letter
sent once more is a duplicate under the same number and hears the same again; a corrected one is a
new letter, linked as its replacement. What still waits to be registered is sent back by
:func:`registry.desk.accept.return_letter`.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import entries, journal
from registry.desk.acknowledge import Act, acknowledge
from registry.desk.authority import must_be_cleared
from registry.desk.context import Desk
from registry.desk.take_up import held_incoming, note_facts
from registry.errors import Conflict
from registry.letter.book import Book
from registry.letter.entity import Officer
from registry.models.books import EntryRow
from registry.models.letters import LetterRow

MISDIRECTED = "ส่งผิดหน่วยงาน"
_WORDS = {"returned": "ส่งคืนผู้ส่ง", "wrong": "แจ้งผู้ส่งว่าหนังสือไม่ถูกต้อง"}


def give_back(
    session: Session, desk: Desk, letter_id: str, by: str, reason: str, *, wrong: bool = False
) -> bool:
    """Send a registered letter back; say whether its sender is told by mail.

    ``wrong`` says that the letter is defective or meant for somebody else. Raises NotFound;
    NotAllowed; Conflict when it is not registered, or went back already (naming by whom);
    ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a letter is not sent back without a reason")
    letter, entry, officer = _registered(session, letter_id, by)
    act: Act = "wrong" if wrong else "returned"
    done = {"act": act, "by": officer.email, "reason": reason.strip()}
    note_facts(letter, given_back=done)
    letter.return_reason = reason.strip()
    action = ", ".join(filter(None, (entry.action, _WORDS[act])))
    said = f"{_WORDS[act]}: {reason.strip()}"
    entries.amend(session, entry.id, officer.email, said, at=desk.now(), action=action)
    journal.record(session, letter.entity_id, act, officer.email, desk.now(), entry.id, letter.id)
    return acknowledge(
        session, desk, letter, act, entry_id=entry.id, reason=reason.strip(),
        once=f"{act}:{letter.id}",
    )  # fmt: skip


def _registered(session: Session, letter_id: str, by: str) -> tuple[LetterRow, EntryRow, Officer]:
    """Hold the books, and see that this letter stands in them and may go back."""
    letter, officer = held_incoming(session, letter_id, by)
    entry = session.scalar(select(EntryRow).where(EntryRow.letter_id == letter_id))
    if entry is None or entry.state != "registered" or entry.book != Book.RECEIVED:
        raise Conflict(f"letter {letter_id} is not registered", thai="หนังสือฉบับนี้ไม่ได้ลงรับไว้")
    must_be_cleared(officer, letter_id, secret=entry.secrecy)
    if before := letter.facts.get("given_back"):
        raise Conflict(
            f"letter {letter_id} was sent back by {before['by']}",
            thai=f"ส่งคืนหนังสือฉบับนี้แล้ว โดย {before['by']}: {before['reason']}",
        )
    return letter, entry, officer
