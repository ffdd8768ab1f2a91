"""Drafts (รอออกเลข): written down, then accepted or returned by an officer of the entity.

A draft is a whole letter without a number: its text without quoted history, its files, its
addressees, what it answers. Accepting gives it the next number, the one its paper bears, or a
reserved one, and sends it; returning says why, and the clerk hears it. Whoever comes second is
told who was first.

The row of a letter that has to wait says why in Thai. A letter marked secret is kept as a draft
that nobody can send from here.
"""

from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, journal
from registry.desk.addressees import in_words, stay_here
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.cite import find_citations, store
from registry.desk.compare import Paper, contradicts, judge
from registry.desk.context import Desk
from registry.desk.enclose import enclose, file_facts
from registry.desk.keep import MOST_TEXT, fit_message_id
from registry.desk.outgoing import Outgoing
from registry.desk.owner import Owner, owner_of
from registry.desk.printed import take_out
from registry.desk.read import read
from registry.desk.screen import screen
from registry.desk.send import send
from registry.desk.take_up import note_facts, take_up
from registry.desk.tell import tell, tell_sent
from registry.desk.wording import made_whole
from registry.errors import Conflict
from registry.ids import new_id
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.thai.text import tidy


def write(
    session: Session,
    desk: Desk,
    out: Outgoing,
    *,
    state: Literal["draft", "slip"] = "draft",
    key: str | None = None,
) -> LetterRow:
    """Write down what a clerk handed in, with its files and references; no number yet.

    ``key`` is the clerk key, the letter's own unless the Message-ID was used before.
    """
    secrecy = screen(out.message)
    large_over = desk.settings.attachments.split_over
    letter = LetterRow(
        id=new_id(),
        entity_id=out.entity.id,
        direction="out",
        state=state,
        clerk_key=key or out.clerk_key,
        related_entry_id=out.slip,
        clerk=out.officer.email,
        unit_code=out.officer.unit_code,
        subject=made_whole(session, out.entity.id, out.subject),
        text=tidy(out.text[:MOST_TEXT]),
        to_text=in_words(out.addressees),
        secrecy=secrecy.thai if secrecy else None,
        why_waiting=" · ".join(out.why),
        facts=out.as_facts() | file_facts(out.message.parts, large_over=large_over),
        **_evidence(out),
    )
    session.add(letter)
    session.flush()
    split_over = None if stay_here(session, out.addressees) else large_over
    enclose(session, letter.id, out.message.parts, split_over=split_over)
    store(session, letter.id, out.entity.id, find_citations(letter.text))
    session.flush()
    return letter


def accept(session: Session, desk: Desk, letter_id: str, by: str, number: str = "next") -> Entry:
    """Number a draft and send it; the clerk hears the number.

    ``number`` is ``next`` (the reserved number that the draft holds, else the next one, unless
    its paper bears another), ``fresh`` (the next one, whatever the paper bears), ``paper`` (only
    the one it bears), or names a reserved entry: an id or ส่ง/12/2569. Raises NotFound;
    NotAllowed; Conflict when somebody was first or the number may not be used.
    """
    letter = take_up(session, letter_id)
    entity = directory.entity_by_id(session, letter.entity_id)
    officer = must_register(session, entity, by)
    must_be_cleared(officer, letter.id, secret=letter.secrecy)
    owner = owner_of(session, entity, letter.unit_code)
    entry_id = number_for(session, desk, owner, letter, number)
    take_out(session, letter, entry_id)
    entry = send(session, desk, letter.id, officer.email, entry_id=entry_id)
    tell_sent(session, desk, letter, entry.id)
    return entry


def return_(session: Session, desk: Desk, letter_id: str, by: str, reason: str) -> None:
    """Give a draft back to its clerk; it takes no number, one that it held stays reserved.

    Raises NotFound; NotAllowed; Conflict when somebody was first; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a draft is not returned without a reason")
    letter = take_up(session, letter_id)
    entity = directory.entity_by_id(session, letter.entity_id)
    officer = must_register(session, entity, by)
    must_be_cleared(officer, letter.id, secret=letter.secrecy)
    take_out(session, letter)
    letter.state, letter.return_reason, letter.related_entry_id = "returned", reason, None
    note_facts(letter, done_by=officer.email)
    session.flush()
    journal.record(
        session, entity.id, "draft-returned", officer.email, desk.now(), letter_id=letter.id
    )
    tell(
        session, desk, entity.id, letter.clerk, "draft_returned",
        letter_id=letter.id, reason=reason, by=officer.name or officer.email,
    )  # fmt: skip


def paper_of(session: Session, letter: LetterRow) -> Paper:
    """Give what can be read of a draft where its own number may stand."""
    wanted = select(EnclosureRow.name).where(
        EnclosureRow.letter_id == letter.id, EnclosureRow.inline.is_(False)
    )
    return Paper(letter.facts.get("subject", ""), letter.text, tuple(session.scalars(wanted)))


def number_for(
    session: Session, desk: Desk, owner: Owner, letter: LetterRow, number: str
) -> str | None:
    """Give the reserved entry to use, or None for the next number; errors as of accept."""
    if number == "fresh":
        letter.letter_number = ""
        return None
    if number not in ("next", "paper"):
        return reserved_for(session, owner, number, letter)
    if number == "next" and letter.related_entry_id is not None:
        return _held_number(session, owner, letter, letter.related_entry_id)
    return _on_paper(session, desk, owner, letter, must=number == "paper")


def _held_number(session: Session, owner: Owner, letter: LetterRow, entry_id: str) -> str:
    """Give the number that the draft holds unless its paper bears another."""
    reserved = session.get_one(EntryRow, entry_id).letter_number
    if why := contradicts(paper_of(session, letter), owner, reserved):
        raise Conflict("the paper bears another number than the one reserved", thai=why)
    return entry_id


def _on_paper(
    session: Session, desk: Desk, owner: Owner, letter: LetterRow, *, must: bool
) -> str | None:
    """Hold the number that the paper bears against the book; raise Conflict if it cannot be."""
    circular = bool(letter.facts.get("circular"))
    verdict = judge(session, owner, paper_of(session, letter), desk.now(), circular=circular)
    why = verdict.why or ("อ่านเลขที่จากหนังสือไม่พบ" if must and verdict.number is None else "")
    if verdict.entry_id and holder_of(session, verdict.entry_id) not in (None, letter.id):
        why = "เลขนี้จองไว้สำหรับหนังสือฉบับอื่น"
    if why:
        raise Conflict("the number on the paper may not be used", thai=why)
    letter.letter_number = str(verdict.number or "")
    note_facts(letter, circular=verdict.circular)
    return verdict.entry_id


def reserved_for(session: Session, owner: Owner, ref: str, letter: LetterRow) -> str:
    """Give the id of a reserved entry that this letter may use.

    Raises NotFound; Conflict when it is not reserved, or another draft holds it.
    """
    code = f"{owner.entity.code}+{owner.book_unit}" if owner.book_unit else owner.entity.code
    entry = session.get_one(EntryRow, entries.get(session, ref, code).id)
    holder = holder_of(session, entry.id)
    mine = (entry.entity_id, entry.unit_code) == (owner.entity.id, owner.book_unit)
    if not mine or entry.state != "reserved" or holder not in (None, letter.id):
        raise Conflict(
            f"entry {entry.id} is not free for letter {letter.id}",
            thai="เลขนี้ไม่ได้จองไว้ ถูกใช้แล้ว หรือจองไว้สำหรับหนังสือฉบับอื่น",
        )
    return entry.id


def holder_of(session: Session, entry_id: str) -> str | None:
    """Give the id of the draft that waits with this reserved number, or None."""
    return session.scalar(
        select(LetterRow.id).where(
            LetterRow.related_entry_id == entry_id,
            LetterRow.direction == "out",
            LetterRow.state == "draft",
        )
    )


def _evidence(out: Outgoing) -> dict[str, Any]:
    message = out.message
    reading = read(message, believe_marks=False)
    return {
        "spool_name": message.spool_name or None,
        "message_id": fit_message_id(message.message_id),
        "mail_from": tidy(message.mail_from)[:320],
        "sender": tidy(message.sender)[:320],
        "sender_name": tidy(message.sender_name)[:300],
        "urgency": out.urgency or reading.urgency,
        "due": out.due or reading.due,
        "date_header": message.date_header,
        "accepted_at": message.accepted_at,
        "original_sha256": message.original.sha256 or None,
        "authenticated": message.trust.authenticated,
        "trust": message.trust.as_dict(),
        "defects": [tidy(defect) for defect in message.defects],
        "scan": message.scan,
        "scan_detail": tidy(message.scan_detail),
    }
