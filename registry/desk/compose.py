"""A letter written on a page: what its form says, made into a letter in a clerk's hand.

It goes the way of all letters (:mod:`registry.desk.settle`): an officer of the registry numbers
and sends it, or leaves it as a draft; a clerk's letter waits for an officer, unless
``registry.send`` is automatic or it bears a number that was reserved for it. No mail brought it,
so it has no original; the key of its form makes it the same letter when it is handed in once more.

A letter with a marking of secrecy is not written here: it goes its own way, on paper or by the
officer of secret letters (ระเบียบว่าด้วยการรักษาความลับของทางราชการ พ.ศ. 2544).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from registry import completing, entries, journal
from registry.clock import BANGKOK
from registry.desk.addressees import Addressee, by_group, copied, in_words, merged
from registry.desk.answered import answered
from registry.desk.authority import must_write
from registry.desk.context import Desk
from registry.desk.draft import holder_of
from registry.desk.outgoing import Outgoing, Way
from registry.desk.screen import screen
from registry.desk.secret_drafts import is_about_secret
from registry.desk.settle import hand_in
from registry.desk.slip import ask_here, doubts
from registry.desk.wording import one_line
from registry.errors import Conflict, NotAllowed, NotFound, NotUnderstood
from registry.letter.entity import LegalEntity, Officer, Role
from registry.letter.entry import Entry
from registry.letter.message import Listener, Means, Message, Original, Part, Trust
from registry.letter.sorting import Outcome
from registry.letter.workdays import CLOSING
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.thai.dates import long_date
from registry.thai.numerals import to_thai

LEFT: Final = "ผู้เขียนฝากไว้เป็นร่าง"
REFUSED: Final = (
    "หนังสือที่มีชั้นความลับส่งทางหน้านี้ไม่ได้ โปรดนำส่งนายทะเบียนข้อมูลข่าวสารลับ "
    "ให้ดำเนินการตามระเบียบว่าด้วยการรักษาความลับของทางราชการ พ.ศ. ๒๕๔๔"
)
ABOUT_SECRET: Final = f"หนังสือที่ตอบ หรือไฟล์ที่แนบ พบว่ามีชั้นความลับแล้ว {REFUSED}"


@dataclass(frozen=True, slots=True)
class ComposedFile:
    """A file laid down for a letter; its bytes are in the blob store under ``sha256``."""

    name: str
    bytes: int
    sha256: str
    media_type: str
    not_scanned: str = ""  # why the virus scanner said nothing of it


@dataclass(frozen=True, slots=True)
class Composition:
    """What a form says. ``to`` and ``copies`` are tokens of :mod:`registry.completing`.

    ``cites`` are lines of อ้างถึง, ``answers`` the entry that it answers, ``slip`` the reserved
    entry whose number it bears, ``unit`` the code of the unit that writes.
    """

    key: str
    subject: str = ""
    text: str = ""
    to: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    urgency: str = ""
    due: date | None = None
    circular: bool = False
    cites: tuple[str, ...] = ()
    answers: str = ""
    slip: str = ""
    unit: str = ""
    files: tuple[ComposedFile, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", one_line(self.subject))


def hand_over(
    session: Session, desk: Desk, entity: LegalEntity, by: str, what: Composition, *, now: bool
) -> Outcome:
    """Hand a letter in; ``now`` says that the registry's officer ``by`` numbers and sends it.

    Without ``now`` it is a draft, or goes at once where the settings or its number allow. Raises
    NotAllowed, also for a secret letter; NotFound for an answered entry or a reserved number that
    is not there; NotUnderstood without subject or content, or for an addressee
    there is not; Conflict.
    """
    officer = _writer(session, entity, by, what)
    message = _message(desk, officer, what)
    if screen(message) is not None:
        raise NotAllowed("a letter marked secret is not written here", thai=REFUSED)
    if not what.subject.strip() or not (what.text.strip() or what.files):
        raise NotUnderstood("nothing to send", thai="หนังสือต้องมีเรื่อง และมีข้อความหรือไฟล์")
    journal.lock_head(session, entity.id)
    out = _outgoing(session, entity, officer, what, message)
    answers = out.answers[0] if out.answers else ""
    if is_about_secret(session, entity.id, answers, [one.sha256 for one in what.files]):
        raise NotAllowed("a letter about a secret one is not written here", thai=ABOUT_SECRET)
    return hand_in(session, desk, _on_its_way(session, out, what, officer, now=now))


def ask_number(
    session: Session, desk: Desk, entity: LegalEntity, by: str, what: Composition
) -> Entry:
    """Reserve the number that the letter will bear, to be printed and signed before it is sent.

    Raises NotAllowed; Conflict when it has one; NotUnderstood without a subject.
    """
    if what.slip:
        raise Conflict("it has a number", thai="หนังสือฉบับนี้จองเลขไว้แล้ว")
    if not what.subject.strip():
        raise NotUnderstood("no subject", thai="โปรดพิมพ์เรื่องก่อนขอเลข")
    officer = _writer(session, entity, by, what)
    there = addressees_of(session, entity, what)
    circular = what.circular or by_group(there)
    return ask_here(
        session, desk, entity, by, unit_code=officer.unit_code, subject=what.subject,
        to_text=in_words(there), circular=circular,
    )  # fmt: skip


def addressees_of(
    session: Session, entity: LegalEntity, what: Composition
) -> tuple[Addressee, ...]:
    """Give whom the letter goes to, each once; those who get a copy come last."""
    main = _reached(session, entity, what.to)
    return merged(merged((), main), copied(_reached(session, entity, what.copies)))


def answering(session: Session, entity: LegalEntity, entry_id: str, key: str) -> Composition:
    """Begin the answer to an entry: to its sender, with its subject, referring to it (ข้อ 11).

    Raises NotFound for an entry of another entity or a secret one.
    """
    row = _entry(session, entity, entry_id)
    if row.secrecy is not None:
        raise NotFound(f"entry {entry_id} is secret")
    back, _why = answered(session, entity, row)
    cites = (_cited(row),) if row.letter_number else ()
    to = _tokens(back)
    return Composition(key, subject=row.subject, to=to, cites=cites, answers=row.id)


def again(session: Session, entity: LegalEntity, by: str, letter_id: str, key: str) -> Composition:
    """Begin anew from a letter of one's own that was given back: everything but its number.

    Raises NotFound, also for a letter that somebody else wrote.
    """
    row = session.get(LetterRow, letter_id)
    theirs = row is not None and row.entity_id == entity.id and row.clerk == by
    if row is None or not theirs or row.state != "returned" or row.secrecy:
        raise NotFound(f"no letter {letter_id} of {by} was given back")
    there = [Addressee.from_fact(one) for one in row.facts.get("addressees", ())]
    due = row.due.astimezone(BANGKOK).date() if row.due else None
    return Composition(
        key, subject=row.subject, text=row.text, urgency=row.urgency, due=due, unit=row.unit_code,
        to=_tokens(one for one in there if not one.copy),
        copies=_tokens(one for one in there if one.copy),
        circular=bool(row.facts.get("circular")),
        answers=next(iter(row.facts.get("answers", ())), ""),
    )  # fmt: skip


def _cited(row: EntryRow) -> str:
    """Write อ้างถึง as ข้อ 11 has it: whose letter, its speed, ที่ in Thai digits, and its date."""
    words = [f"หนังสือ{row.from_text}", row.urgency, f"ที่ {to_thai(row.letter_number)}"]
    words += [f"ลงวันที่ {long_date(row.dated)}"] if row.dated else []
    return " ".join(filter(None, words))


def _writer(session: Session, entity: LegalEntity, by: str, what: Composition) -> Officer:
    """Give who writes, as one of the unit that they write for."""
    officer = must_write(session, entity, by)
    if officer.role is Role.CLERK and what.unit not in ("", officer.unit_code):
        raise NotAllowed(
            f"{by} does not write for {what.unit}", thai="ท่านออกหนังสือได้ในนามกลุ่มงานของท่านเท่านั้น"
        )
    return replace(officer, unit_code=what.unit)


def _outgoing(
    session: Session, entity: LegalEntity, officer: Officer, what: Composition, message: Message
) -> Outgoing:
    there = addressees_of(session, entity, what)
    if not there:
        raise NotUnderstood("a letter for nobody", thai="โปรดเลือกผู้รับอย่างน้อยหนึ่งราย")
    answer = _entry(session, entity, what.answers) if what.answers else None
    closing = datetime.combine(what.due, CLOSING, BANGKOK) if what.due else None
    return Outgoing(
        message=message, entity=entity, officer=officer, way=Way.PAGE, subject=what.subject,
        text=message.own_text, addressees=there, circular=what.circular or by_group(there),
        answers=(answer.id,) if answer else (),
        references=(answer.message_id,) if answer and answer.message_id else (),
        urgency=what.urgency, due=closing,
    )  # fmt: skip


def _on_its_way(
    session: Session, out: Outgoing, what: Composition, officer: Officer, *, now: bool
) -> Outgoing:
    """Say by which way it goes: an officer's hand, a reserved number, or into the drafts."""
    registrar = officer.role is not Role.CLERK
    left = (LEFT,) if registrar and not now else ()
    if not what.slip:
        return replace(out, way=Way.DESK if registrar else Way.PAGE, why=left)
    entry = _entry(session, out.entity, what.slip)
    if entry.state != "reserved":
        raise Conflict(f"entry {entry.id} is {entry.state}", thai="เลขที่จองไว้นี้ใช้แล้วหรือยกเลิกแล้ว")
    if holder_of(session, entry.id) is not None:
        raise Conflict(f"entry {entry.id} is held", thai="เลขที่จองไว้นี้ใช้กับร่างฉบับอื่นแล้ว")
    why = left if registrar else tuple(doubts(out.message, officer, entry, taken=False))
    return replace(out, way=Way.SLIP, slip=entry.id, why=why)


def _message(desk: Desk, officer: Officer, what: Composition) -> Message:
    """Make the neutral message that the acts of the desk know."""
    parts = tuple(_part(place, one) for place, one in enumerate(what.files))
    cites = "\n".join(f"อ้างถึง {one}" for one in what.cites)
    text = f"{cites}\n\n{what.text}".strip() if cites else what.text
    unseen = [one.not_scanned for one in what.files if one.not_scanned]
    return Message(
        spool_name="", listener=Listener.SUBMISSION, accepted_at=desk.now(),
        mail_from=officer.email, recipients=(), raw_sha256="", raw_bytes=0,
        original=Original("", 0, "", ""),
        trust=Trust(Means.SIGNED_IN, signed_in=officer.email),
        sender=officer.email, sender_name=officer.name,
        message_id=f"<w.{what.key}@{desk.hostname}>", date_header=desk.now(),
        subject=what.subject, text=text, own_text=text, parts=parts,
        scan="not_scanned" if unseen else "", scan_detail=f"final: {unseen[0]}" if unseen else "",
    )  # fmt: skip


def _part(place: int, one: ComposedFile) -> Part:
    return Part(
        position=place, name=one.name, original_name=one.name, media_type=one.media_type,
        claimed_type="", bytes=one.bytes, sha256=one.sha256,
    )  # fmt: skip


def _reached(session: Session, entity: LegalEntity, tokens: Iterable[str]) -> tuple[Addressee, ...]:
    """Give whom tokens mean; raise NotUnderstood for one that means nobody: none may be lost."""
    found: list[Addressee] = []
    for token in tokens:
        theirs = completing.reached(session, entity, token)
        if not theirs:
            raise NotUnderstood(
                f"nobody is {token}", thai=f"ไม่พบผู้รับ “{token}” ในทำเนียบ โปรดเลือกใหม่"
            )
        found += theirs
    return tuple(found)


def _tokens(addressees: Iterable[Addressee]) -> tuple[str, ...]:
    """Give tokens of these: a unit's code, else the address, which finds the entity."""
    return tuple(dict.fromkeys(one.unit or one.address for one in addressees))


def _entry(session: Session, entity: LegalEntity, entry_id: str) -> EntryRow:
    row = session.get(EntryRow, entries.get(session, entry_id, entity.code).id)
    if row is None or row.entity_id != entity.id:
        raise NotFound(f"no entry {entry_id} of {entity.code}")
    return row
