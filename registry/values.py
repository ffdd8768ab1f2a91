"""Rows of the directory made into the values that leave the registry."""

from typing import Literal, cast

from registry.letter.entity import LegalEntity, Officer, Role, Unit
from registry.letter.grades import Secrecy
from registry.models.people import EntityRow, OfficerRow, UnitRow


def entity_of(row: EntityRow) -> LegalEntity:
    """Make the value of an entity."""
    return LegalEntity(
        id=row.id,
        code=row.code,
        name=row.name,
        central_address=row.address,
        domains=tuple(row.domains),
        letter_code=row.letter_code,
        hosted=row.hosted,
        max_message_bytes=row.max_message_bytes,
        knows_tags=row.knows_tags,
        separate_circulars=row.separate_circulars,
        phone=row.phone,
        province=row.province,
        district=row.district,
        readers=row.readers,
    )


def unit_of(row: UnitRow, entity_code: str) -> Unit:
    """Make the value of a unit of the entity with this code."""
    return Unit(
        id=row.id,
        entity_code=entity_code,
        code=row.code,
        name=row.name,
        boxes=tuple(row.boxes),
        delivery=cast("Literal['full', 'notice']", row.delivery),
        letter_code=row.letter_code,
        keeps_books=row.keeps_books,
        above=row.above,
    )


def officer_of(row: OfficerRow, entity_code: str) -> Officer:
    """Make the value of an officer of the entity with this code."""
    return Officer(
        id=row.id,
        email=row.email,
        entity_code=entity_code,
        unit_code=row.unit_code,
        name=row.name,
        role=Role(row.role),
        disabled=row.disabled,
        clearance=Secrecy(row.clearance) if row.clearance else None,
    )
