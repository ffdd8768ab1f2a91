"""Paper at the counter: a letter that came by post or by hand, and one that went out so.

What came on paper is registered by the same :mod:`registry.desk.register` as mail: number, book,
routing and copies to the units are the same (ข้อ 37, 38). Only what a mail proves is not there: no
original, nobody vouches, nobody is answered. How it came and how many pages it has stand in
หมายเหตุ. What goes out on paper takes a number that was reserved for it (จองเลข), and has no
delivery that the system could follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, journal
from registry.desk import draft
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.dated import must_not_be_ahead
from registry.desk.register import register
from registry.desk.scans import Scan, add_scans, entry_after
from registry.errors import Conflict, NotFound, NotUnderstood
from registry.ids import new_id
from registry.letter.entity import LegalEntity
from registry.letter.entry import Entry
from registry.letter.grades import Secrecy, Urgency
from registry.letter.number import LetterNumber
from registry.models.books import EntryRow
from registry.models.letters import LetterRow, NoteRow
from registry.models.people import EntityRow
from registry.thai.numerals import to_arabic, to_thai
from registry.thai.text import tidy
from registry.values import entity_of

WAYS: Final[Mapping[str, str]] = {
    "post": "ไปรษณีย์", "registered": "ไปรษณีย์ลงทะเบียน", "ems": "EMS", "hand": "ผู้นำส่ง",
    "fax": "โทรสาร", "other": "ทางอื่น",
}  # fmt: skip
"""How paper travels."""
_BY: Final = {
    key: f"ทาง {word}" if word.isascii() else f"ทาง{word.removeprefix('ทาง')}"
    for key, word in WAYS.items()
}
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the paper, as an officer reads it; ``way`` is a key of :data:`WAYS`.

    ``sender`` is จาก as written; ``unit`` the code of the unit it is for, "" to let rules choose.
    ``pages`` is 0 where nobody counted. ``distinct`` says it is not the letter that it looks like.
    """

    subject: str
    sender: str
    letter_number: str = ""
    dated: date | None = None
    to_text: str = ""
    urgency: str = ""
    secrecy: str = ""
    pages: int = 0
    way: str = ""
    unit: str = ""
    note: str = ""
    distinct: bool = False


def register_paper(
    session: Session, desk: Desk, entity: LegalEntity, by: str, paper: Paper,
    scans: Sequence[Scan] = (),
) -> Entry:  # fmt: skip
    """Register a paper letter, with the scans that are there already, and give its entry.

    Raises NotAllowed; NotUnderstood without a subject or a sender, for a word there is not, or a
    date that is still to come; NotFound for an unknown unit.
    """
    officer = must_register(session, entity, by)
    secrecy = Secrecy.parse(paper.secrecy).thai if paper.secrecy else None
    must_be_cleared(officer, "on paper", secret=secrecy)
    must_not_be_ahead(paper.dated, desk.now())
    letter = _letter(session, desk, entity, paper, secrecy, officer.email)
    journal.lock_head(session, entity.id)
    session.add(letter)
    session.flush()
    add_scans(session, desk, letter, scans)
    entry = register(session, desk, letter, officer.email)
    return entry_after(session, entry.id)


def send_on_paper(
    session: Session, desk: Desk, entry_id: str, by: str, paper: Paper,
    scans: Sequence[Scan] = (),
) -> Entry:  # fmt: skip
    """Use a reserved number for a letter that went out on paper; ``sender`` is whom it went to.

    Raises NotFound; NotAllowed; Conflict when the number is not reserved any more, or a draft
    that waits holds it.
    """
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound(f"no entry {entry_id}")
    officer = must_register(session, directory.entity_by_id(session, row.entity_id), by)
    journal.lock_head(session, row.entity_id)
    session.refresh(row)
    must_be_cleared(officer, entry_id, secret=row.secrecy)
    if row.state != "reserved":
        raise Conflict(f"it is {row.state}", thai="เลขนี้ไม่ได้จองไว้แล้ว อาจใช้หรือยกเลิกไปก่อนหน้านี้")
    if draft.holder_of(session, entry_id) is not None:
        raise Conflict("a draft holds it", thai="มีร่างหนังสือรอใช้เลขนี้อยู่ โปรดดูที่รอออกเลข")
    now, subject = desk.now(), _subject(paper)
    letter = LetterRow(
        id=new_id(), entity_id=row.entity_id, direction="out", state="sent", subject=subject,
        clerk=officer.email, unit_code=row.unit_code, accepted_at=now, dated=row.dated,
        letter_number=row.letter_number, letter_number_key=row.letter_number_key,
        to_text=paper.sender, secrecy=row.secrecy, facts=_facts(paper, officer.email),
    )  # fmt: skip
    session.add(letter)
    session.flush()
    add_scans(session, desk, letter, scans)
    entries.use(
        session, entry_id, letter.id, officer.email, at=now, subject=subject,
        to_text=paper.sender, note=_note(paper, "ส่งเป็นกระดาษ"),
    )  # fmt: skip
    return entry_after(session, entry_id)


def came_too(session: Session, desk: Desk, entry_id: str, by: str, paper: Paper) -> Entry:
    """Write on an entry that the same letter has come on paper as well; it takes no number.

    Raises NotFound; NotAllowed; Conflict for an entry that is no letter received.
    """
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound(f"no entry {entry_id}")
    officer = must_register(session, directory.entity_by_id(session, row.entity_id), by)
    must_be_cleared(officer, entry_id, secret=row.secrecy)
    if row.book != "received" or row.state != "registered":
        raise Conflict(f"entry {entry_id} is no letter received", thai="เลขนี้ไม่ใช่หนังสือที่ลงรับไว้")
    journal.lock_head(session, row.entity_id)
    note = NoteRow(
        entry_id=entry_id, at=desk.now(), by=officer.email, text=_note(paper, "ได้รับฉบับกระดาษ"),
    )  # fmt: skip
    session.add(note)
    session.flush()
    facts = {"note": note.id}
    journal.record(session, row.entity_id, "paper", officer.email, note.at, entry_id, None, facts)
    return entry_after(session, entry_id)


def number_of(text: str) -> tuple[str, str]:
    """Give ที่ as it is stored, and the key by which it is compared, of whatever stands there.

    What is no official number (a company's, say) stands as it was written; its key has no spaces.
    """
    plain = tidy(text).strip()[:_LONGEST]
    try:
        number = LetterNumber.parse(plain)
    except NotUnderstood:
        written = to_arabic(plain)
        return written, "".join(written.split()).casefold()
    return str(number), number.key


def sender_named(session: Session, text: str) -> LegalEntity | None:
    """Give the entity that จาก names: its name alone where only one bears it, or with its place."""
    plain = " ".join(tidy(text).split())
    name = plain.partition(" (")[0]
    found = [
        entity_of(row) for row in session.scalars(select(EntityRow).where(EntityRow.name == name))
    ]
    placed = [one for one in found if f"{one.name} ({one.place})" == plain]
    if placed or plain != name:
        return placed[0] if len(placed) == 1 else None
    return found[0] if len(found) == 1 else None


def _letter(
    session: Session, desk: Desk, entity: LegalEntity, paper: Paper, secrecy: str | None, by: str
) -> LetterRow:
    now, sender = desk.now(), " ".join(tidy(paper.sender).split())
    if not sender:
        raise NotUnderstood("no sender", thai="โปรดพิมพ์ว่าหนังสือมาจากใคร")
    known = sender_named(session, sender)
    unit = directory.unit_by_code(session, entity.id, paper.unit) if paper.unit else None
    if paper.unit and unit is None:
        raise NotFound(f"no unit {paper.unit}", thai=f"ไม่พบหน่วยงานย่อยรหัส “{paper.unit}”")
    number, key = number_of(paper.letter_number)
    urgency = Urgency.parse(paper.urgency) if paper.urgency else Urgency.NORMAL
    name = known.name if known else sender
    return LetterRow(
        id=new_id(), entity_id=entity.id, direction="in", state="waiting", accepted_at=now,
        deemed_received_at=now, subject=_subject(paper), sender_name=name[:300],
        from_entity_id=known.id if known else None, unit_code=unit.code if unit else "",
        letter_number=number, letter_number_key=key, dated=paper.dated,
        to_text=tidy(paper.to_text).strip(), secrecy=secrecy,
        urgency="" if urgency is Urgency.NORMAL else urgency.thai,
        facts=_facts(paper, by) | {"from_text": name, "note": _note(paper, "รับเป็นกระดาษ")},
    )  # fmt: skip


def _subject(paper: Paper) -> str:
    subject = " ".join(tidy(paper.subject).split())
    if not subject:
        raise NotUnderstood("no subject", thai="โปรดพิมพ์เรื่อง")
    return subject


def _facts(paper: Paper, by: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "paper": True, "no_answer": "paper", "done_by": by, "way": paper.way, "pages": paper.pages,
    }  # fmt: skip
    return facts | ({"distinct": True} if paper.distinct else {})


def _note(paper: Paper, did: str) -> str:
    if paper.way and paper.way not in WAYS:
        raise NotUnderstood("no such way", thai="โปรดเลือกว่าหนังสือมาทางใดจากรายการ")
    how = _BY[paper.way] if paper.way else ""
    pages = f"{to_thai(str(paper.pages))} หน้า" if paper.pages else ""
    said = " ".join(word for word in (did, how, pages) if word)
    return f"{said}; {paper.note}" if paper.note else said
