"""Number first, sign, then send (จองเลข): a clerk asks for a number and answers with the PDF.

A mail to ``+number`` reserves a number now and is answered with a slip. Whoever reserved it prints
number and date on the letter, has it signed, and answers the slip with the PDF; that sends the
letter under the number. Addressees are those of the dispatch addresses in the ask and in the
answer together. A reserved number keeps its own date and year, never lapses by itself, and is
never given to another letter.

What an officer must see first waits with its number: an answer without a PDF, from another
clerk, without addressees, or whose paper shows another number.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import entries, journal
from registry.clock import BANGKOK, buddhist_year
from registry.desk import draft
from registry.desk.addressees import (
    Addressee,
    by_group,
    from_addresses,
    from_codes,
    in_words,
    merged,
)  # fmt: skip
from registry.desk.again import add_addressees, find_earlier
from registry.desk.authority import must_be_clerk, must_register, must_write
from registry.desk.context import Desk
from registry.desk.dated import must_not_be_ahead
from registry.desk.outgoing import Outgoing, Way
from registry.desk.owner import Owner, owner_of
from registry.desk.send import addressees_of, lock_series
from registry.desk.settle import hand_in
from registry.desk.tags import dispatch_codes, other_addresses
from registry.desk.tell import tell
from registry.desk.wording import is_circular, letter_subject, made_whole, one_line
from registry.entries import EntryFields
from registry.errors import Conflict, NotUnderstood
from registry.letter.book import Book
from registry.letter.entity import LegalEntity, Officer
from registry.letter.entry import Entry
from registry.letter.message import Listener, Message
from registry.letter.sorting import Kind, Outcome
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.numbering import BookKey
from registry.thai.dates import long_date
from registry.thai.numerals import to_thai

NO_PDF = "คำตอบใบจองเลขไม่มีไฟล์ PDF ที่ลงนามแล้ว"
NOT_HOLDER = "ผู้ตอบไม่ใช่ผู้ที่จองเลข"
ALREADY_ANSWERED = "ใบจองเลขนี้มีคำตอบฉบับก่อนรอเจ้าหน้าที่อยู่"


def ask(
    session: Session, desk: Desk, message: Message, entity: LegalEntity, officer: Officer
) -> Outcome:
    """Reserve a number for a clerk and answer with the slip; a resend reserves no second one.

    Raises NotAllowed for somebody who is no clerk of the entity.
    """
    must_be_clerk(entity, officer)
    journal.lock_head(session, entity.id)
    out = _asked(session, message, entity, officer)
    earlier, key = find_earlier(session, out)
    if earlier is not None:
        return add_addressees(session, desk, out, earlier)
    owner = owner_of(session, entity, officer.unit_code)
    content = EntryFields(
        subject=made_whole(session, entity.id, out.subject), to_text=in_words(out.addressees)
    )
    entry = _reserve(session, desk, owner, content, officer.email, circular=out.circular)
    letter = draft.write(session, desk, out, state="slip", key=key)
    letter.related_entry_id = entry.id
    session.flush()
    tell(
        session, desk, entity.id, officer.email, "number_slip",
        entry_id=entry.id, letter_id=letter.id, once=f"number_slip:{entry.id}",
        to=letter.to_text,
    )  # fmt: skip
    return Outcome(
        Kind.SLIP, entity.code, letter.id, entry.id, letter.state, entry.number, entry.year
    )


def answer(
    session: Session,
    desk: Desk,
    message: Message,
    entity: LegalEntity,
    officer: Officer,
    entry_id: str,
) -> Outcome:
    """Send the signed letter under the reserved number, or leave it to an officer with a reason.

    Raises Conflict when the number is not reserved any more.
    """
    journal.lock_head(session, entity.id)
    entry = session.get_one(EntryRow, entry_id, populate_existing=True)
    if entry.entity_id != entity.id or entry.state != "reserved":
        raise Conflict(f"entry {entry_id} is no reserved number of {entity.code}")
    taken = draft.holder_of(session, entry_id) is not None
    codes = from_codes(session, entity, dispatch_codes(message, entity))
    out = Outgoing(
        message=message,
        entity=entity,
        officer=officer,
        way=Way.SLIP,
        subject=letter_subject(message.subject, entry.subject),
        text=message.own_text,
        addressees=merged(_asked_for(session, entry_id), codes.addressees),
        circular="/ว" in entry.letter_number_key,
        slip=None if taken else entry_id,
        why=tuple(doubts(message, officer, entry, taken=taken)),
    )
    earlier, _ = find_earlier(session, out)
    if earlier is not None:
        return add_addressees(session, desk, out, earlier)
    return hand_in(session, desk, out)


def reserve(  # noqa: PLR0913 - what a command may say of the number
    session: Session,
    desk: Desk,
    entity: LegalEntity,
    by: str,
    *,
    unit_code: str = "",
    book: str = "sent",
    circular: bool = False,
    subject: str = "",
    date: date | None = None,
    reason: str = "",
) -> Entry:
    """Reserve the next number for a person; ``date`` is the letter's, today unless given.

    A number follows the day of the number before it. An earlier date (ออกเลขย้อนหลัง) needs a
    ``reason``, which stands in หมายเหตุ for good. Raises NotAllowed; NotUnderstood for a date that
    is still to come, or that goes back without a reason; Conflict for one in another year than
    the number.
    """
    officer = must_register(session, entity, by)
    owner = owner_of(session, entity, unit_code)
    content = EntryFields(subject=one_line(subject), dated=date, note=one_line(reason))
    entry = _reserve(
        session, desk, owner, content, officer.email, circular=circular, book=Book(book)
    )
    return entries.get(session, entry.id)


def reserve_for(session: Session, desk: Desk, owner: Owner, letter: LetterRow) -> EntryRow:
    """Reserve the number of a draft for its clerk, as its paper bears it; the caller holds it."""
    content = EntryFields(subject=letter.subject, to_text=letter.to_text)
    circular = bool(letter.facts.get("circular"))
    return _reserve(
        session, desk, owner, content, letter.clerk, circular=circular, paper=letter.letter_number
    )


def ask_here(  # noqa: PLR0913 - what a form says of the number
    session: Session,
    desk: Desk,
    entity: LegalEntity,
    by: str,
    *,
    unit_code: str,
    subject: str,
    to_text: str,
    circular: bool,
) -> Entry:
    """Reserve a number for whoever asks on a page, as :func:`ask` does for a mail.

    Raises NotAllowed for somebody who does not write for the entity.
    """
    officer = must_write(session, entity, by)
    journal.lock_head(session, entity.id)
    owner = owner_of(session, entity, unit_code)
    content = EntryFields(subject=one_line(subject), to_text=to_text)
    entry = _reserve(session, desk, owner, content, officer.email, circular=circular)
    return entries.get(session, entry.id)


def doubts(message: Message, officer: Officer, entry: EntryRow, *, taken: bool) -> list[str]:
    """Give in Thai what keeps a letter under a reserved number from being sent by itself."""
    has_pdf = any(p.media_type == "application/pdf" and not p.inline for p in message.parts)
    found = {
        NO_PDF: not has_pdf,
        NOT_HOLDER: officer.email != entry.reserved_for,
        ALREADY_ANSWERED: taken,
    }
    return [why for why, holds in found.items() if holds]


def use(session: Session, desk: Desk, entry_ref: str, letter_id: str, by: str) -> Entry:
    """Send a waiting draft under a reserved number; errors as of :func:`draft.accept`."""
    return draft.accept(session, desk, letter_id, by, entry_ref)


def _asked(session: Session, message: Message, entity: LegalEntity, officer: Officer) -> Outgoing:
    named = from_codes(session, entity, dispatch_codes(message, entity))
    plain = other_addresses(message, entity) if message.listener is Listener.SUBMISSION else ()
    addressees = merged(named.addressees, from_addresses(session, entity, plain))
    circular = is_circular(message.subject, message.own_text) or by_group(addressees)
    return Outgoing(
        message=message,
        entity=entity,
        officer=officer,
        way=Way.ASK,
        subject=letter_subject(message.subject),
        text=message.own_text,
        addressees=addressees,
        circular=circular,
    )


def _reserve(  # noqa: PLR0913 - what a number may be reserved with
    session: Session,
    desk: Desk,
    owner: Owner,
    content: EntryFields,
    by: str,
    *,
    circular: bool,
    book: str = Book.SENT,
    paper: str = "",
) -> EntryRow:
    key, now = lock_series(session, desk, owner, circular=circular, book=book)
    today = now.astimezone(BANGKOK).date()
    dated = content.dated or today
    if dated.year != today.year:
        raise Conflict(
            f"the date lies outside the book of {buddhist_year(now)}",
            thai="วันที่ของหนังสือต้องอยู่ในปีเดียวกับทะเบียนที่จองเลข",
        )
    must_not_be_ahead(dated, now)
    fields = EntryFields(
        note=_backwards(session, key, dated, content.note),
        dated=dated,
        from_text=owner.name,
        to_text=content.to_text,
        subject=content.subject,
        reserved_for=by,
        state="reserved",
        numbered=owner.numbered(circular=circular, paper=paper) if book == Book.SENT else None,
    )
    return entries.write(session, key, None, fields, by, now)


def _backwards(session: Session, key: BookKey, dated: date, reason: str) -> str:
    """Give what หมายเหตุ says of a number whose date goes back; "" for one that follows."""
    wanted = select(EntryRow.number, EntryRow.dated).where(
        EntryRow.entity_id == key.entity_id, EntryRow.unit_code == key.unit_code,
        EntryRow.book == key.book, EntryRow.series == key.series, EntryRow.year == key.year,
        EntryRow.state != "void", EntryRow.dated.is_not(None),
    ).order_by(EntryRow.number.desc())  # fmt: skip
    before = session.execute(wanted.limit(1)).one_or_none()
    if before is None or before.dated is None or dated >= before.dated:
        return ""
    if not reason.strip():
        told = f"เลข {to_thai(str(before.number))} ลงวันที่ {long_date(before.dated)}"
        raise NotUnderstood(
            "the date goes back", text=str(dated),
            thai=f"{long_date(dated)} อยู่ก่อนวันที่ของเลขก่อนหน้า ({told}) "
            "หากต้องออกเลขย้อนหลังจริง โปรดเขียนเหตุผล ซึ่งจะอยู่ในหมายเหตุของทะเบียน",
        )  # fmt: skip
    return f"ออกเลขย้อนหลัง: {reason.strip()}"


def _asked_for(session: Session, entry_id: str) -> tuple[Addressee, ...]:
    """Give the addressees that the ask for this number named."""
    asked = session.scalar(
        select(LetterRow).where(LetterRow.related_entry_id == entry_id, LetterRow.state == "slip")
    )
    return addressees_of(asked) if asked is not None else ()
