"""Sending: a draft takes its number and becomes a letter on its way (ข้อ 41-43).

In one transaction: the entry in the sent book, one delivery and one job for each addressee, the
Message-ID under which answers will come back, and the links to what the letter answers or
passes on. The number is the next of its series, or a reserved one that keeps its own date and
year. The date of the letter is Bangkok's on the day the number is taken, read when the series
is locked, so that number and date cannot fall on two sides of New Year.

A letter that is marked secret is not sent by this way; it waits for its own officer.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, journal, outbox
from registry.clock import BANGKOK
from registry.desk.addressees import Addressee, in_words
from registry.desk.context import Desk
from registry.desk.open_page import open_page
from registry.desk.owner import Owner, owner_of
from registry.desk.post import post
from registry.desk.relate import relate
from registry.desk.secret_drafts import secret_behind
from registry.desk.take_up import note_facts, take_up
from registry.entries import EntryFields
from registry.errors import Conflict, NotAllowed
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.numbering import BookKey
from registry.withheld import holds_back

_NOT_BY_MAIL = "เลขนี้จองไว้สำหรับหนังสือที่มีชั้นความลับ ใช้ส่งทางไปรษณีย์ไม่ได้ โปรดใช้เลขอื่น"
_BEHIND_IT = "หนังสือฉบับนี้ตอบหรือแนบหนังสือที่มีชั้นความลับ ส่งทางช่องทางนี้ไม่ได้ โปรดส่งต่อนายทะเบียนข้อมูลข่าวสารลับ"


def send(
    session: Session, desk: Desk, letter_id: str, by: str, *, entry_id: str | None = None
) -> Entry:
    """Number a draft and queue it; ``entry_id`` names the reserved number it shall bear.

    ``by`` is the e-mail of whoever lets it go. Raises NotFound; Conflict when it is no draft
    (naming who was first), has no addressee, its files are withheld, or its number is not
    reserved any more;
    NotAllowed for a secret letter, or one about a secret letter that nobody freed.
    """
    letter = take_up(session, letter_id)
    addressees = addressees_of(letter)
    must_be_able_to_go(session, letter)
    entity = directory.entity_by_id(session, letter.entity_id)
    owner = owner_of(session, entity, letter.unit_code)
    clerks, letter.message_id = letter.message_id, f"<l.{letter.id}@{desk.hostname}>"
    letter.to_text = in_words(addressees)
    entry = (
        _under(session, desk, letter, entry_id, by)
        if entry_id
        else _next(session, desk, owner, letter, by)
    )
    open_page(session, desk, letter)
    post(session, desk, letter, entry, addressees, by)
    if clerks and clerks != letter.message_id:
        # Whoever stood in Cc of the clerk's own mail answers that one; notices join its thread.
        outbox.know_message(session, entity.id, clerks, entry.id, "letter")
        note_facts(letter, clerk_message_id=clerks)
    relate(session, letter, entry, reached(addressees), desk.now())
    _done(session, desk, letter, entry, by)
    return entries.get(session, entry.id)


def addressees_of(letter: LetterRow) -> tuple[Addressee, ...]:
    """Give those the letter is for, as they were named when it was written."""
    return tuple(Addressee.from_fact(fact) for fact in letter.facts.get("addressees", []))


def reached(addressees: Iterable[Addressee]) -> set[int]:
    """Give the ids of the entities among them."""
    return {one.entity_id for one in addressees if one.entity_id is not None}


def lock_series(
    session: Session, desk: Desk, owner: Owner, *, circular: bool, book: str
) -> tuple[BookKey, datetime]:
    """Hold the series of this moment and give its key with the moment, read behind the lock."""
    key = owner.key(desk.now(), circular=circular, book=book)
    entries.lock(session, {key})
    now = desk.now()
    turned = owner.key(now, circular=circular, book=book)
    if turned != key:  # the year ended while we waited
        entries.lock(session, {turned})
    return turned, now


def must_be_able_to_go(session: Session, letter: LetterRow) -> None:
    """See that a letter may leave by this way.

    Raises NotAllowed for a secret letter or one about a secret letter; Conflict when it is for
    nobody or its files are withheld.
    """
    if letter.secrecy is not None:
        raise NotAllowed(
            "a letter marked secret is not sent by mail",
            thai="หนังสือที่มีชั้นความลับส่งทางช่องทางนี้ไม่ได้ โปรดส่งต่อนายทะเบียนข้อมูลข่าวสารลับ",
        )
    if (behind := secret_behind(session, letter)) is not None:
        raise NotAllowed(f"letter {letter.id} is about the secret {behind}", thai=_BEHIND_IT)
    if not addressees_of(letter):
        raise Conflict(
            f"letter {letter.id} is for nobody yet",
            thai="ร่างนี้ยังไม่มีผู้รับ โปรดส่งคืนผู้ร่างให้ระบุผู้รับ",
        )
    if why := holds_back(session, letter):
        raise Conflict(
            f"the files of letter {letter.id} are withheld: {letter.scan}",
            thai=f"{why} หากตรวจแล้วใช้ได้ ให้สั่ง saraban letter clear ก่อน",
        )


def _next(session: Session, desk: Desk, owner: Owner, letter: LetterRow, by: str) -> EntryRow:
    """Enter the letter under the next number of its series."""
    circular = bool(letter.facts.get("circular"))
    key, now = lock_series(session, desk, owner, circular=circular, book="sent")
    content = EntryFields(
        dated=now.astimezone(BANGKOK).date(),
        from_text=owner.name,
        subject=letter.subject,
        numbered=owner.numbered(circular=circular, paper=letter.letter_number),
        **_told(letter),
    )
    return entries.write(session, key, letter.id, content, by, now)


def _under(session: Session, desk: Desk, letter: LetterRow, entry_id: str, by: str) -> EntryRow:
    """Give the letter its reserved number; ที่ and date stay as they were reserved.

    A number that nobody asked for, whose letter was taken back before it left, is nobody's again.
    """
    told = _told(letter)
    if session.get_one(EntryRow, entry_id).secrecy is not None:
        raise Conflict(f"entry {entry_id} is a secret letter's", thai=_NOT_BY_MAIL)
    acts = set(session.scalars(select(JournalRow.act).where(JournalRow.entry_id == entry_id)))
    if "taken-back" in acts and "reserved" not in acts:
        told["reserved_for"] = ""
    return entries.use(
        session, entry_id, letter.id, by, at=desk.now(), subject=letter.subject, **told
    )


def _told(letter: LetterRow) -> dict[str, Any]:
    return {
        "to_text": letter.to_text,
        "urgency": letter.urgency,
        "due": letter.due,
        "date_header": letter.date_header,
        "accepted_at": letter.accepted_at,
        "message_id": letter.message_id,
        "original_sha256": letter.original_sha256,
    }


def _done(session: Session, desk: Desk, letter: LetterRow, entry: EntryRow, by: str) -> None:
    letter.state, letter.why_waiting, letter.related_entry_id = "sent", "", None
    letter.letter_number, letter.letter_number_key = entry.letter_number, entry.letter_number_key
    letter.dated = entry.dated
    note_facts(letter, done_by=by)
    session.flush()
    facts = {"deliveries": len(addressees_of(letter))}
    journal.record(session, letter.entity_id, "sent", by, desk.now(), entry.id, letter.id, facts)
