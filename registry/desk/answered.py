"""Whom an answer goes to, and what an officer should look at before it does.

An answer to a received letter goes to whoever sent it: the central address of the entity, or the
Reply-To it gave if that lies within its domain; a citizen gets it where they wrote from. An
address that nobody proved waits for an officer, and so does an answer to a letter that we sent
ourselves, since it may be the same letter once more.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory
from registry.desk.addressees import Addressee, from_addresses
from registry.letter.entity import LegalEntity
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow

SECRET = "หนังสือฉบับที่ตอบมีชั้นความลับ"  # noqa: S105 - a reason
UNPROVEN = "ยังไม่ได้พิสูจน์ที่อยู่ของผู้ส่งหนังสือฉบับที่ตอบ"
VOID = "เลขที่ตอบมาถูกยกเลิกแล้ว"
ALREADY_SENT = "ตอบจากหนังสือที่ส่งออกไปแล้ว โปรดตรวจว่าเป็นหนังสือฉบับใหม่"


def answered(
    session: Session, entity: LegalEntity, entry: EntryRow
) -> tuple[tuple[Addressee, ...], tuple[str, ...]]:
    """Give the addressees of an answer to this entry, and Thai reasons to look first."""
    why = [SECRET] if entry.secrecy else []
    if entry.state == "void":
        why.append(VOID)
    if entry.book != "received":
        wanted = select(DeliveryRow.to_address).where(DeliveryRow.entry_id == entry.id)
        there = session.scalars(wanted.order_by(DeliveryRow.position)).all()
        return from_addresses(session, entity, there), (*why, ALREADY_SENT)
    letter = session.get(LetterRow, entry.letter_id) if entry.letter_id else None
    if letter is None:
        return (), tuple(why)
    if not letter.authenticated:
        why.append(UNPROVEN)
    return _sender_of(session, entity, letter), tuple(why)


def _sender_of(session: Session, entity: LegalEntity, letter: LetterRow) -> tuple[Addressee, ...]:
    """Give the central address of the entity that wrote, or a Reply-To within its domain."""
    if letter.from_entity_id is None:
        return from_addresses(session, entity, [letter.sender] if letter.sender else [])
    writer = directory.entity_by_id(session, letter.from_entity_id)
    domain = letter.reply_to.rpartition("@")[2].casefold()
    within = any(domain == own or domain.endswith("." + own) for own in writer.domains)
    address = letter.reply_to.casefold() if letter.reply_to and within else writer.central_address
    return (Addressee(address, writer.name, writer.id),)
