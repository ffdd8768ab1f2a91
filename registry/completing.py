"""Completing an addressee while somebody types: the directory, own units, own groups, plain mail.

Every word must stand in name, district, province, code, letter code or address; the abbreviations
of the office (อบต., ทม., อ., จ.) are read as what they stand for. Each suggestion says where the
entity is, since many bear one name, and carries the token by which a letter names it: a dispatch
code, or an address.
"""

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from registry import directory
from registry.desk.addressees import Addressee, from_addresses, from_codes
from registry.errors import NotUnderstood
from registry.letter.address import fold_address
from registry.letter.entity import LegalEntity
from registry.models.people import EntityRow
from registry.thai.numerals import thai_number
from registry.thai.text import fold, tidy

MOST: Final = 12
_LONGEST: Final = 200
_SHORT: Final = (
    ("อบต", "องค์การบริหารส่วนตำบล"), ("อบจ", "องค์การบริหารส่วนจังหวัด"),
    ("ทน", "เทศบาลนคร"), ("ทม", "เทศบาลเมือง"), ("ทต", "เทศบาลตำบล"),
)  # fmt: skip
_PLACES: Final = ("อ.", "จ.", "อำเภอ")  # จังหวัด is part of names
Kind = Literal["entity", "unit", "group", "mail"]


@dataclass(frozen=True, slots=True)
class Receiver:
    """One who may be written to. ``token`` names them in a form: a dispatch code or an address.

    ``place`` is อำเภอ and จังหวัด, or what else tells them apart; ``address`` is "" for a group.
    """

    token: str
    kind: Kind
    name: str
    place: str
    address: str


def complete(session: Session, entity: LegalEntity, typed: str) -> list[Receiver]:
    """Suggest at most :data:`MOST` receivers for what an officer of this entity has typed.

    The entity itself is none; its units are.
    """
    words = _words(typed)
    if not words:
        return []
    near = [one for one in _own(session, entity) if _holds(one, words)]
    far = [one for one in _entities(session, words) if one.token != entity.code]
    found = [*near, *far, *_mail(session, typed)]
    return list({one.token: one for one in reversed(found)}.values())[::-1][:MOST]


def named(session: Session, entity: LegalEntity, token: str) -> Receiver | None:
    """Give whom a token names, None for nobody."""
    own = next((one for one in _own(session, entity) if one.token == token), None)
    if "@" in token:
        return next(iter(_mail(session, token)), None)
    known = directory.entity_by_code(session, token)
    return _entity(known) if known is not None else own


def reached(session: Session, entity: LegalEntity, token: str) -> tuple[Addressee, ...]:
    """Give the addressees that a token comes to; none for a token that names nobody.

    Raises NotUnderstood for an address to which no mail could be sent.
    """
    if "@" in token:
        return from_addresses(session, entity, [fold_address(token)])
    return from_codes(session, entity, [token]).addressees


def _words(typed: str) -> list[str]:
    """Cut what was typed into words, abbreviations in full."""
    return [word for word in map(_full, map(fold, tidy(typed[:_LONGEST]).split())) if word]


def _full(word: str) -> str:
    for short, whole in _SHORT:
        rest = word.removeprefix(short)
        if rest != word and (not rest or rest[0] == "."):
            return whole + rest.lstrip(".")
    for place in _PLACES:
        word = word.removeprefix(place)
    return word


def _entities(session: Session, words: list[str]) -> list[Receiver]:
    looked_at = (
        EntityRow.name, EntityRow.code, EntityRow.address, EntityRow.letter_code,
        EntityRow.province, EntityRow.district,
    )  # fmt: skip
    wanted = select(EntityRow.id)
    for word in words:
        wanted = wanted.where(or_(*(one.icontains(word, autoescape=True) for one in looked_at)))
    first = case((EntityRow.name.istartswith(words[0], autoescape=True), 0), else_=1)
    wanted = wanted.order_by(first, func.length(EntityRow.name), EntityRow.name, EntityRow.id)
    ids = session.scalars(wanted.limit(MOST)).all()
    return [_entity(directory.entity_by_id(session, one)) for one in ids]


def _own(session: Session, entity: LegalEntity) -> list[Receiver]:
    """List the units and groups of the entity."""
    units = [
        Receiver(one.code, "unit", one.name, f"หน่วยงานย่อยของ{entity.name}", ", ".join(one.boxes))
        for one in directory.units(session, entity.id)
    ]
    groups = [
        Receiver(one.code, "group", one.name, f"กลุ่ม {thai_number(len(one.members))} หน่วยงาน", "")
        for one in directory.groups(session, entity.id)
    ]
    return units + groups


def _entity(one: LegalEntity) -> Receiver:
    return Receiver(one.code, "entity", one.name, one.place, one.central_address)


def _mail(session: Session, typed: str) -> list[Receiver]:
    """Read what was typed as an address; the directory's own is named by it."""
    try:
        address = fold_address(typed.strip())
    except NotUnderstood:
        return []
    known = directory.entity_by_address(session, address)
    if known is not None:
        return [_entity(known)]
    return [Receiver(address, "mail", address, "ไม่อยู่ในทำเนียบ", address)]


def _holds(one: Receiver, words: list[str]) -> bool:
    text = fold(f"{one.name} {one.token} {one.address}")
    return all(word in text for word in words)
