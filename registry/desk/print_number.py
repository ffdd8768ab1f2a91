"""Printing a draft's number and date onto its own PDF: what is printed where, number first.

The line of the journal that gives a number covers the files of the letter, and the copy cannot be
made before its number is known. So the number is reserved first, for the clerk of the letter, and
the draft holds it; then the copy is made, outside of any transaction; then the copy takes the place
of the clerk's file and the letter is sent under that number. Whatever ends in between leaves a
draft that holds its number: doing it again uses the same one (docs/decisions/0053).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries
from registry.desk import draft, slip
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.enclose import could_be_letter
from registry.desk.owner import owner_of
from registry.desk.printed import PrintedCopy, is_printed, lay_in
from registry.desk.send import must_be_able_to_go
from registry.desk.take_up import take_up
from registry.letter.entry import Entry
from registry.letter.number import LetterNumber
from registry.models.letters import EnclosureRow
from registry.printing import NoPrint

NO_PDF = "ร่างนี้ไม่มีไฟล์ PDF ที่เป็นตัวหนังสือ จึงพิมพ์เลขลงไฟล์ไม่ได้ โปรดส่งคืนให้ผู้ร่างแนบไฟล์ PDF"
MANY = "มีไฟล์ PDF ที่อาจเป็นตัวหนังสือมากกว่าหนึ่งไฟล์ จึงไม่พิมพ์เลขลงไฟล์ให้ โปรดให้ผู้ร่างพิมพ์เลขเอง"
NO_CODE = "หน่วยงานยังไม่มีรหัสหนังสือ (เช่น พร 0023) จึงพิมพ์เลขลงไฟล์ไม่ได้ โปรดให้ผู้ดูแลระบบตั้งรหัสก่อน"
PRINTED = "ไฟล์ของร่างนี้มีเลขพิมพ์ไว้แล้ว กดส่งได้เลย"


@dataclass(frozen=True, slots=True)
class ToPrint:
    """What is printed onto which content: the reserved entry, its number and date."""

    letter_id: str
    entry_id: str
    file_id: int
    sha256: str
    number: LetterNumber
    day: date


def reserve(session: Session, desk: Desk, letter_id: str, by: str) -> ToPrint:
    """Let a draft hold the number under which it will go, and give what is to be printed.

    Raises NotFound; NotAllowed; NoPrint when there is nothing to print on; Conflict when it is no
    draft any more, cannot be sent, or its paper bears a number that may not be used.
    """
    letter = take_up(session, letter_id)
    entity = directory.entity_by_id(session, letter.entity_id)
    officer = must_register(session, entity, by)
    must_be_cleared(officer, letter.id, secret=letter.secrecy)
    must_be_able_to_go(session, letter)
    if is_printed(letter.facts, letter.related_entry_id):
        raise NoPrint("it bears its number", thai=PRINTED)
    file = _file(session, letter.id)
    owner = owner_of(session, entity, letter.unit_code)
    if owner.code is None:
        raise NoPrint("no letter code", thai=NO_CODE)
    entry_id = draft.number_for(session, desk, owner, letter, "next")
    if entry_id is None:
        entry_id = slip.reserve_for(session, desk, owner, letter).id
    letter.related_entry_id = entry_id
    session.flush()
    entry = entries.get(session, entry_id)
    day = entry.dated or entry.registered_at.date()
    number = LetterNumber.parse(entry.letter_number)
    return ToPrint(letter.id, entry_id, file.id, file.sha256, number, day)


def send(session: Session, desk: Desk, letter_id: str, by: str, copy: PrintedCopy | None) -> Entry:
    """Lay the copy in and send the letter under its number; errors as of :func:`draft.accept`.

    With None, or a draft that holds another number by now, it goes as it is.
    """
    letter = take_up(session, letter_id)
    if copy is not None and letter.related_entry_id == copy.entry_id:
        lay_in(session, letter, copy, by)
    return draft.accept(session, desk, letter.id, by)


def _file(session: Session, letter_id: str) -> EnclosureRow:
    """Give the one PDF that is the letter itself."""
    wanted = select(EnclosureRow).where(
        EnclosureRow.letter_id == letter_id, EnclosureRow.inline.is_(False),
        EnclosureRow.media_type == "application/pdf", EnclosureRow.role != "decoration",
    )  # fmt: skip
    files = list(session.scalars(wanted))
    letters = [one for one in files if one.role == "letter"]
    if len(letters) != 1:
        raise NoPrint("no PDF", thai=NO_PDF)
    if could_be_letter(letters[0].name, [one.name for one in files]) > 1:
        raise NoPrint("several PDFs", thai=MANY)
    return letters[0]
