"""A clerk's letter is to go out: the three ways in which a clerk hands it over.

*Submission*: the clerk signed in at port 587; every mail through it is a letter to its envelope
recipients, numbered at once, since that door exists for nothing but sending and its user was
proven by password. *Tags*: a mail to ``saraban+CODE@…``, one code for each addressee. *Answer*: the
clerk answered the delivered copy of a received letter; with a file that is a letter to whoever
sent it, without one it is a note on the entry. Tags and answers are drafts unless
``registry.send`` is automatic.

Only what the clerk wrote goes out, never the history quoted below it. What machines wrote
(bounces, vacation mail) goes nowhere. A clerk sends for their own entity only.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from registry import directory
from registry.desk import slip
from registry.desk.addressees import Addressee, by_group, from_addresses, from_codes, merged
from registry.desk.answered import answered
from registry.desk.authority import must_be_clerk
from registry.desk.context import Desk
from registry.desk.note import take_note
from registry.desk.outgoing import Outgoing, Way
from registry.desk.refuse import refuse
from registry.desk.settle import hand_in
from registry.desk.tags import asks_number, dispatch_codes, other_addresses, reply_tags
from registry.desk.tell import tell
from registry.desk.wording import is_circular, letter_subject
from registry.errors import NotFound
from registry.letter.entity import LegalEntity, Officer
from registry.letter.message import Listener, Message
from registry.letter.sorting import Addressed, Kind, Outcome, Tag
from registry.models.books import EntryRow
from registry.secret.moves import moved_to
from registry.tokens import read_tag

FOREIGN = "ผู้ส่งในหัวจดหมาย (From) ไม่ใช่ที่อยู่ของท่านหรือที่อยู่กลางของหน่วยงานท่าน"
EMPTY = "ไม่มีทั้งข้อความและไฟล์แนบ"
BY_MACHINE = "เป็นจดหมายที่โปรแกรมส่งเอง"
UNKNOWN_CODE = "ไม่พบรหัสผู้รับ"


def from_submission(session: Session, desk: Desk, message: Message, officer: Officer) -> Outcome:
    """Send what a signed-in clerk handed in; an answer or a number slip is known by its address.

    A From that is neither the clerk nor the entity is returned: the clerk hears why.
    """
    entity = _entity_of(session, officer)
    if message.senders and set(message.senders) - {officer.email, entity.central_address}:
        out = _outgoing(message, entity, officer, Way.SUBMISSION)
        return refuse(session, desk, out, FOREIGN)
    if asks_number(message, entity) and not _by_machine(message):
        return slip.ask(session, desk, message, entity, officer)
    for tag in reply_tags(message, entity):
        token = read_tag(desk.keys, tag)
        line = session.get(EntryRow, token.id) if token is not None else None
        if line is not None:
            moved = moved_to(session, line.id) if line.state == "void" else None
            return answer(session, desk, message, entity, officer, moved or line.id)
    return _dispatch(session, desk, message, entity, officer, way=Way.SUBMISSION)


def from_tags(
    session: Session,
    desk: Desk,
    message: Message,
    entity: LegalEntity,
    addressed: Iterable[Addressed],
    officer: Officer,
) -> Outcome:
    """Take a letter that a proven clerk mailed to dispatch addresses.

    Raises NotAllowed for somebody who is no clerk of the entity.
    """
    must_be_clerk(entity, officer)
    if asks_number(message, entity):
        return slip.ask(session, desk, message, entity, officer)
    codes = [to.code for to in addressed if to.tag in (Tag.DISPATCH, Tag.UNKNOWN)]
    return _dispatch(session, desk, message, entity, officer, way=Way.TAGS, codes=codes)


def answer(
    session: Session,
    desk: Desk,
    message: Message,
    entity: LegalEntity,
    officer: Officer,
    entry_id: str,
) -> Outcome:
    """Take a clerk's answer to a delivered copy, or to a number slip.

    Raises NotAllowed for somebody who is no clerk of the entity, NotFound for an entry of another.
    """
    must_be_clerk(entity, officer)
    entry = session.get(EntryRow, entry_id)
    if entry is None or entry.entity_id != entity.id:
        raise NotFound(f"no entry {entry_id} of {entity.code}")
    if _by_machine(message) or _is_empty(message):
        out = _outgoing(message, entity, officer, Way.ANSWER)
        return refuse(session, desk, out, BY_MACHINE, text="", kind=Kind.AUTOMATIC)
    if not _files(message):
        return take_note(session, desk, message, entity, officer, entry.id)
    if entry.state == "reserved":
        return slip.answer(session, desk, message, entity, officer, entry.id)
    return _letter_back(session, desk, message, entity, officer, entry)


def _dispatch(
    session: Session,
    desk: Desk,
    message: Message,
    entity: LegalEntity,
    officer: Officer,
    *,
    way: Way,
    codes: Iterable[str] = (),
) -> Outcome:
    named = from_codes(session, entity, (*codes, *dispatch_codes(message, entity)))
    plain = _plain(session, message, entity)
    addressees = merged(named.addressees, plain)
    text = message.own_text if message.own_text.strip() else message.text
    out = _outgoing(message, entity, officer, way, addressees=addressees, text=text)
    if _by_machine(message):
        return refuse(session, desk, out, BY_MACHINE, text="", kind=Kind.AUTOMATIC)
    if not _files(message) and not text.strip():
        return refuse(session, desk, out, EMPTY)
    if named.unknown and not addressees:
        return _refuse_codes(session, desk, out, named.unknown)
    outcome = hand_in(session, desk, out)
    if named.unknown and outcome.kind is not Kind.DUPLICATE:
        _tell_unknown(session, desk, out, named.unknown, outcome)
    return outcome


def _letter_back(
    session: Session,
    desk: Desk,
    message: Message,
    entity: LegalEntity,
    officer: Officer,
    entry: EntryRow,
) -> Outcome:
    """Make a letter of an answer with a file, to whoever sent the letter answered."""
    back, why = answered(session, entity, entry)
    named = from_codes(session, entity, dispatch_codes(message, entity))
    out = _outgoing(
        message,
        entity,
        officer,
        Way.ANSWER,
        addressees=merged((*back, *named.addressees), _plain(session, message, entity)),
        entry=entry,
        why=why,
    )
    return hand_in(session, desk, out)


def _outgoing(  # noqa: PLR0913 - the parts of one value
    message: Message,
    entity: LegalEntity,
    officer: Officer,
    way: Way,
    *,
    addressees: tuple[Addressee, ...] = (),
    entry: EntryRow | None = None,
    text: str | None = None,
    why: tuple[str, ...] = (),
) -> Outgoing:
    return Outgoing(
        message=message,
        entity=entity,
        officer=officer,
        way=way,
        subject=letter_subject(message.subject, entry.subject if entry else ""),
        text=message.own_text if text is None else text,
        addressees=addressees,
        circular=is_circular(message.subject) or by_group(addressees),
        answers=(entry.id,) if entry else (),
        references=(entry.message_id,) if entry and entry.message_id else (),
        why=why,
    )


def _refuse_codes(session: Session, desk: Desk, out: Outgoing, codes: tuple[str, ...]) -> Outcome:
    reason = f"{UNKNOWN_CODE} {', '.join(codes)}"
    return refuse(session, desk, out, reason, text="refused_code", codes=list(codes))


def _tell_unknown(
    session: Session, desk: Desk, out: Outgoing, codes: tuple[str, ...], outcome: Outcome
) -> None:
    """Say which codes name nobody, and that the letter goes on to the rest."""
    tell(
        session, desk, out.entity.id, out.officer.email, "refused_code",
        letter_id=outcome.letter_id, once=f"refused_code:{outcome.letter_id}",
        codes=list(codes), rest=[one.name for one in out.addressees],
        waiting=outcome.state == "draft",
    )  # fmt: skip


def _plain(session: Session, message: Message, entity: LegalEntity) -> tuple[Addressee, ...]:
    """Give the plain addressees of a mail; only through submission are all of them ours to send."""
    if message.listener is not Listener.SUBMISSION:
        return ()
    return from_addresses(session, entity, other_addresses(message, entity))


def _entity_of(session: Session, officer: Officer) -> LegalEntity:
    entity = directory.entity_by_code(session, officer.entity_code)
    if entity is None or not entity.hosted:
        raise NotFound(f"no hosted entity {officer.entity_code}")
    must_be_clerk(entity, officer)
    return entity


def _files(message: Message) -> bool:
    return any(not part.inline for part in message.parts)


def _is_empty(message: Message) -> bool:
    return not message.parts and not message.own_text.strip()


def _by_machine(message: Message) -> bool:
    return message.automatic or message.bounce
