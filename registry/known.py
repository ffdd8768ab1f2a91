"""The directory as those who keep it see it: entities searched by name and place.

It is one for all entities hosted here; who changes it is :mod:`registry.desk.share`.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from registry.letter.entity import LegalEntity
from registry.models.people import EntityRow
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


def _has(word: str) -> ColumnElement[bool]:
    for sign, column in _PLACES.items():
        if word.startswith(sign) and len(word) > len(sign):
            place: ColumnElement[bool] = column.icontains(word.removeprefix(sign), autoescape=True)
            return or_(place, EntityRow.name.icontains(word, autoescape=True))
    return or_(*(column.icontains(word, autoescape=True) for column in _ANYWHERE))
