"""Whom a letter goes to (ถึง): codes and addresses made into addressees, each once.

A dispatch code names an entity of the directory, a unit of the clerk's own entity, or a group
of its own; a group fans out to its members and makes the letter a circular (ข้อ 32). A unit is
reached at its boxes. Any other address is a citizen or a company and is written to as it is.

What a code meant on the day of writing is kept with the letter as facts: a group that changes
while a draft waits does not change the draft behind the officer's back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from sqlalchemy.orm import Session

from registry import directory
from registry.errors import NotUnderstood
from registry.letter.address import fold_address
from registry.letter.entity import LegalEntity, Unit
from registry.thai.numerals import to_thai

_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Addressee:
    """One receiver; ``unit`` is the code of a unit of our own, ``group`` the code it came by.

    ``copy`` says that it gets a copy for its information (สำเนาส่ง, ข้อ 11).
    """

    address: str  # folded
    name: str
    entity_id: int | None = None
    unit: str = ""
    group: str = ""
    copy: bool = False

    @classmethod
    def from_fact(cls, fact: dict[str, Any]) -> Self:
        """Read back what :meth:`as_fact` gave."""
        return cls(**fact)

    def as_fact(self) -> dict[str, Any]:
        """Give the addressee as it is stored with a letter."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Named:
    """What codes and addresses came to: addressees, and the codes that name nobody."""

    addressees: tuple[Addressee, ...] = ()
    unknown: tuple[str, ...] = ()


def from_codes(session: Session, entity: LegalEntity, codes: Iterable[str]) -> Named:
    """Read dispatch codes as this entity uses them; a code may fan out."""
    found: list[Addressee] = []
    unknown: list[str] = []
    for code in dict.fromkeys(codes):
        reached = _of_code(session, entity, code)
        found += reached
        unknown += [] if reached else [code]
    return Named(merged((), found), tuple(unknown))


def from_addresses(
    session: Session, entity: LegalEntity, addresses: Iterable[str]
) -> tuple[Addressee, ...]:
    """Read plain addresses; the directory gives names, an unknown one is its own name."""
    boxes = {box: unit for unit in directory.units(session, entity.id) for box in unit.boxes}
    found = []
    for address in addresses:
        folded = _folded(address)
        known = directory.entity_by_address(session, folded)
        if known is not None:
            found.append(_entity(known))
        elif folded in boxes:
            found.append(_box(entity, boxes[folded], folded))
        else:
            found.append(Addressee(folded, folded))
    return merged((), found)


def merged(old: Iterable[Addressee], new: Iterable[Addressee]) -> tuple[Addressee, ...]:
    """Give the old ones and those new ones whose address is not yet among them."""
    kept = {one.address: one for one in old}
    for one in new:
        kept.setdefault(one.address, one)
    return tuple(kept.values())


def stay_here(session: Session, addressees: Sequence[Addressee]) -> bool:
    """Whether all of them are entities hosted here, to whom no file leaves the mail.

    Units are not: what goes to them goes to mailboxes.
    """
    return bool(addressees) and all(
        one.entity_id is not None
        and not one.unit
        and directory.entity_by_id(session, one.entity_id).hosted
        for one in addressees
    )


def in_words(addressees: Iterable[Addressee]) -> str:
    """Give ถึง as the register shows it: up to three names, else how many (``๑๐ หน่วยงาน``).

    Those who get a copy stand behind: ``จังหวัดแพร่ (สำเนาส่ง อำเภอสอง)``.
    """
    all_of_them = list(addressees)
    said = _names(one for one in all_of_them if not one.copy)
    copies = _names(one for one in all_of_them if one.copy)
    return f"{said} (สำเนาส่ง {copies})".lstrip() if copies else said


def copied(addressees: Iterable[Addressee]) -> tuple[Addressee, ...]:
    """Mark these as receivers of a copy."""
    return tuple(replace(one, copy=True) for one in addressees)


def _names(addressees: Iterable[Addressee]) -> str:
    names = list(dict.fromkeys(one.name for one in addressees))
    if len(names) <= _NAMED:
        return ", ".join(names)
    return to_thai(f"{len(names)} หน่วยงาน")


def by_group(addressees: Iterable[Addressee]) -> bool:
    """Say whether a group brought in more than one receiver, which makes a circular."""
    return len({one.name for one in addressees if one.group}) > 1


def _of_code(session: Session, entity: LegalEntity, code: str, group: str = "") -> list[Addressee]:
    known = directory.entity_by_code(session, code)
    if known is not None:
        return [_entity(known, group)]
    unit = directory.unit_by_code(session, entity.id, code)
    if unit is not None:
        return [_box(entity, unit, box, group) for box in unit.boxes]
    if group:  # a group holds no groups
        return []
    members = directory.group_members(session, entity.id, code) or ()
    return [one for member in members for one in _of_code(session, entity, member, code)]


def _entity(entity: LegalEntity, group: str = "") -> Addressee:
    return Addressee(entity.central_address, entity.name, entity.id, group=group)


def _box(entity: LegalEntity, unit: Unit, box: str, group: str = "") -> Addressee:
    return Addressee(_folded(box), unit.name, entity.id, unit.code, group)


def _folded(address: str) -> str:
    try:
        return fold_address(address)
    except NotUnderstood:
        return address.casefold()
