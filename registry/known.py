"""The directory as those who keep it see it: entities searched by name and place.

It is one for all entities hosted here; who changes it is :mod:`registry.desk.share`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from registry.letter.entity import LegalEntity
from registry.models.people import EntityRow
from registry.thai.collation import sort_key
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
_BY: Final = (EntityRow.name, EntityRow.province, EntityRow.district, EntityRow.code)


def find(session: Session, text: str, *, page: int = 1) -> tuple[int, Sequence[LegalEntity]]:
    """Give how many entities have all these words, and those of one page.

    They stand by name and place, as in a Thai dictionary, which no database has a collation for.

    A word is looked for in name, code, address, letter code and place; อ. and จ. ask for the place.
    """
    fits = [_has(word) for word in to_arabic(text).split()[:10]]
    places = session.execute(select(*_BY, EntityRow.id).where(*fits)).all()
    shown = [row.id for row in sorted(places, key=_key)[(page - 1) * PAGE : page * PAGE]]
    rows = {
        row.id: row for row in session.scalars(select(EntityRow).where(EntityRow.id.in_(shown)))
    }
    return len(places), [entity_of(rows[entity_id]) for entity_id in shown]


def _key(row: Row[str, str, str, str, int]) -> tuple[str, ...]:
    return tuple(_kept_key(text) for text in row[:4])


# A directory has the same few thousand names each time that somebody turns a page of it.
_kept_key: Final = lru_cache(65_536)(sort_key)


def _has(word: str) -> ColumnElement[bool]:
    for sign, column in _PLACES.items():
        if word.startswith(sign) and len(word) > len(sign):
            place: ColumnElement[bool] = column.icontains(word.removeprefix(sign), autoescape=True)
            return or_(place, EntityRow.name.icontains(word, autoescape=True))
    return or_(*(column.icontains(word, autoescape=True) for column in _ANYWHERE))
