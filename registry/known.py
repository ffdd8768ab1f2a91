"""The directory as those who keep it see it: entities searched by name and place, added, changed.

The directory is one for all entities hosted here, so that a change counts for all; what an office
changed stands in its own journal. Entities hosted here are changed by their own administrator only.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from registry import journal
from registry.changes import edit_entity
from registry.errors import NotAllowed, NotFound
from registry.letter.entity import LegalEntity
from registry.models.people import EntityRow
from registry.people import add_entity
from registry.thai.numerals import to_arabic
from registry.values import entity_of

PAGE: Final = 50
_PLACES: Final = {
    "อ.": EntityRow.district, "อำเภอ": EntityRow.district,
    "จ.": EntityRow.province, "จังหวัด": EntityRow.province,
}  # fmt: skip
_ANYWHERE: Final = (
    EntityRow.name, EntityRow.code, EntityRow.address, EntityRow.letter_code,
    EntityRow.province, EntityRow.district,
)  # fmt: skip


def find(session: Session, text: str, *, page: int = 1) -> tuple[int, Sequence[LegalEntity]]:
    """Give how many entities have all these words, and those of one page, by name and place.

    A word is looked for in name, code, address, letter code and place; อ. and จ. ask for the place.
    """
    fits = [_has(word) for word in to_arabic(text).split()[:10]]
    total = session.scalar(select(func.count()).select_from(EntityRow).where(*fits)) or 0
    wanted = select(EntityRow).where(*fits)
    wanted = wanted.order_by(EntityRow.name, EntityRow.province, EntityRow.district, EntityRow.code)
    rows = session.scalars(wanted.offset((page - 1) * PAGE).limit(PAGE))
    return total, [entity_of(row) for row in rows]


def add(session: Session, own_id: int, by: str, at: datetime, **fields: Any) -> LegalEntity:
    """Add an entity that is known by address only, for the office ``own_id``.

    Raises NotUnderstood and Conflict as :func:`registry.people.add_entity`.
    """
    made = add_entity(session, at=at, hosted=False, **fields)
    journal.record(session, own_id, "directory-added", by, at, facts={"entity": made.id})
    return made


def edit(
    session: Session, own_id: int, code: str, by: str, at: datetime, **changes: Any
) -> LegalEntity:
    """Change an entity of the directory for the office ``own_id``.

    Raises NotFound; NotAllowed for another entity that is hosted here; Conflict; NotUnderstood.
    """
    row = session.scalar(select(EntityRow).where(EntityRow.code == code.casefold()))
    if row is None:
        raise NotFound(f"no entity {code}", thai=f"ไม่พบหน่วยงานรหัส “{code}”")
    if row.hosted and row.id != own_id:
        raise NotAllowed(
            f"entity {code} is hosted here", thai="หน่วยงานนี้ใช้ระบบนี้เอง ผู้ดูแลระบบของหน่วยงานนั้นเป็นผู้แก้ไข"
        )
    made = edit_entity(session, code, by=by, at=at, **changes)
    if row.id != own_id:
        facts = {"entity": row.id, "fields": sorted(changes)}
        journal.record(session, own_id, "directory-changed", by, at, facts=facts)
    return made


def _has(word: str) -> ColumnElement[bool]:
    for sign, column in _PLACES.items():
        if word.startswith(sign) and len(word) > len(sign):
            place: ColumnElement[bool] = column.icontains(word.removeprefix(sign), autoescape=True)
            return or_(place, EntityRow.name.icontains(word, autoescape=True))
    return or_(*(column.icontains(word, autoescape=True) for column in _ANYWHERE))
