"""Whose letter goes out, and in whose book: an entity, or one of its units.

A unit with a letter code of its own (พร 0023.3) writes it in its numbers; a unit that keeps its
own books also takes them from its own series. For all others the entity's code and book serve.
Circulars run in a series of their own only where the entity has chosen so (ข้อ 32).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from registry import directory
from registry.clock import buddhist_year
from registry.letter.book import Book, Series
from registry.letter.entity import LegalEntity
from registry.letter.number import LetterNumber, SenderCode
from registry.numbering import BookKey


@dataclass(frozen=True, slots=True)
class Owner:
    """Who signs for the number. ``book_unit`` is "" unless the unit keeps its own books.

    ``code`` is None for an entity whose letter code nobody has entered.
    """

    entity: LegalEntity
    unit_code: str
    book_unit: str
    code: SenderCode | None
    name: str

    def key(self, at: datetime, *, circular: bool, book: str = Book.SENT) -> BookKey:
        """Give the series in which a letter of this kind is numbered at this moment."""
        apart = circular and self.entity.separate_circulars and book == Book.SENT
        series = Series.CIRCULAR if apart else Series.ORDINARY
        year = buddhist_year(at)
        return BookKey(self.entity.id, self.book_unit, str(book), str(series), year)

    def numbered(self, *, circular: bool, paper: str = "") -> Callable[[int], LetterNumber] | None:
        """Give what makes ที่ of a number taken; None without a letter code.

        ``paper`` is ที่ as the signed paper bears it, perhaps with the code of a unit below; it
        stands when the number taken is the one on the paper.
        """
        code = self.code
        if code is None:
            return None
        borne = LetterNumber.parse(paper) if paper else None

        def make(number: int) -> LetterNumber:
            ours = code.number(number, circular=circular)
            same = borne is not None and (borne.number, borne.circular) == (number, circular)
            return borne if borne is not None and same else ours

        return make


def owner_of(session: Session, entity: LegalEntity, unit_code: str) -> Owner:
    """Find out who owns a letter of this unit; an unknown unit counts as the entity itself."""
    unit = directory.unit_by_code(session, entity.id, unit_code) if unit_code else None
    code = (unit.letter_code if unit else "") or entity.letter_code
    own_books = unit is not None and unit.keeps_books
    return Owner(
        entity=entity,
        unit_code=unit.code if unit else "",
        book_unit=unit.code if unit and own_books else "",
        code=SenderCode.parse(code) if code else None,
        name=f"{unit.name} {entity.name}" if unit and own_books else entity.name,
    )
