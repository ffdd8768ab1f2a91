"""Voiding a number (ยกเลิกเลข): the line stays in the book with reason and person, for ever.

A number reserved and not needed, or an entry made by mistake, is voided; the number is never
given again (ข้อ 38 and 43). A letter that is still with its addressees is recalled first. A draft
that held the number stays a draft without one.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, journal
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.errors import Conflict, NotFound
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.letters import LetterRow


def void(session: Session, desk: Desk, entry_id: str, by: str, reason: str) -> Entry:
    """Void one entry.

    Raises NotFound; NotAllowed, also to whoever is not cleared for a secret one; ValueError without
    a reason; Conflict when it is void already (naming by whom) or its letter is not recalled.
    """
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound(f"no entry {entry_id}")
    officer = must_register(session, directory.entity_by_id(session, row.entity_id), by)
    journal.lock_head(session, row.entity_id)
    session.refresh(row)
    must_be_cleared(officer, row.letter_id or row.id, secret=row.secrecy)
    _may_be_void(session, row)
    held = (LetterRow.related_entry_id == row.id) & (LetterRow.state == "draft")
    for letter in session.scalars(select(LetterRow).where(held, LetterRow.direction == "out")):
        letter.related_entry_id = None
        letter.why_waiting = f"เลขที่จองไว้ถูกยกเลิก: {reason}"
    entries.void(session, row.id, officer.email, reason, at=desk.now())
    return entries.get(session, row.id)


def _may_be_void(session: Session, row: EntryRow) -> None:
    if row.state == "void":
        raise Conflict(
            f"entry {row.id} was voided by {row.void_by}",
            thai=f"เลขนี้ยกเลิกแล้ว โดย {row.void_by}: {row.void_reason}",
        )
    letter = session.get(LetterRow, row.letter_id) if row.letter_id else None
    if letter is not None and letter.direction == "out" and letter.state == "sent":
        raise Conflict(
            f"the letter of entry {row.id} has not been recalled",
            thai="หนังสือเลขนี้ส่งออกแล้ว โปรดเรียกคืนก่อนจึงยกเลิกเลขได้",
        )
