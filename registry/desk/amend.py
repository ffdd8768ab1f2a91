"""An officer corrects a line of the book, or finds it right as it stands.

What is struck out stays to be read with person and reason (:mod:`registry.corrections`). The
number that we gave, and ที่ of a letter that we sent, are corrected by nobody. ยืนยัน says that a
person held the line against the paper: it stands in the journal.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from registry import entries, journal, paper_fields
from registry.desk.authority import must_register
from registry.desk.context import Desk
from registry.desk.dated import must_not_be_ahead
from registry.desk.in_hand import in_hand
from registry.desk.wording import one_line
from registry.errors import NotAllowed, NotUnderstood
from registry.letter.book import Book
from registry.letter.entry import Entry
from registry.letter.grades import Urgency
from registry.letter.number import LetterNumber
from registry.models.books import EntryRow
from registry.thai.text import tidy

FIELDS: Final = frozenset(
    {
        "letter_number", "dated", "from_text", "to_text", "subject", "urgency", "due", "action",
        "note",
    }
)  # fmt: skip


def amend(
    session: Session, desk: Desk, entry_id: str, by: str, reason: str,
    **wanted: str | date | datetime | None,
) -> Entry:  # fmt: skip
    """Correct fields of an entry (those of :data:`FIELDS`) and give it; no change writes nothing.

    Raises NotFound; NotAllowed; NotUnderstood for a bad number, word or day, and without a reason;
    Conflict for a void number or a closed book; TypeError for a field there is not.
    """
    entry, by = _registrar(session, entry_id, by)
    if unknown := wanted.keys() - FIELDS:
        raise TypeError(f"not fields that are corrected: {', '.join(sorted(unknown))}")
    changes = {
        name: value
        for field, given in wanted.items()
        for name, value in _columns(entry, field, given).items()
        if getattr(entry, name) != value
    }
    must_not_be_ahead(changes.get("dated"), desk.now())
    if changes and not reason.strip():
        raise NotUnderstood("corrected without a reason", thai="โปรดเขียนเหตุผลที่แก้ไข")
    if changes:
        entries.amend(session, entry.id, by, tidy(reason).strip(), at=desk.now(), **changes)
        if entry.letter_id:
            paper_fields.settle(session, entry.letter_id, changes, by, desk.now())
    return entries.get(session, entry.id, cleared=True)


def confirm(session: Session, desk: Desk, entry_id: str, by: str) -> None:
    """Write down that this officer held the line against the paper and found it right.

    Raises NotFound, NotAllowed, Conflict.
    """
    entry, by = _registrar(session, entry_id, by)
    journal.record(session, entry.entity_id, "confirmed", by, desk.now(), entry.id, entry.letter_id)
    if entry.letter_id:
        paper_fields.confirm_taken(session, entry.letter_id, by, desk.now())


def _registrar(session: Session, entry_id: str, by: str) -> tuple[EntryRow, str]:
    entry, entity, officer = in_hand(session, entry_id, by)
    must_register(session, entity, officer.email)
    return entry, officer.email


def _columns(entry: EntryRow, field: str, given: Any) -> Mapping[str, Any]:
    """Give the columns that a field changes."""
    if isinstance(given, str):
        given = one_line(given) if field == "subject" else tidy(given).strip()
    if field == "letter_number":
        return _number(entry, given)
    if field == "urgency":
        urgency = Urgency.parse(given) if given else Urgency.NORMAL
        return {"urgency": "" if urgency is Urgency.NORMAL else urgency.thai}
    return {field: given}


def _number(entry: EntryRow, text: str) -> Mapping[str, str]:
    number = LetterNumber.parse(text) if text else None
    found = {"letter_number": str(number or ""), "letter_number_key": number.key if number else ""}
    if entry.book == Book.SENT and found["letter_number"] != entry.letter_number:
        raise NotAllowed("our own number", thai="เลขที่ของหนังสือที่ส่งออกแก้ไขไม่ได้")
    return found
