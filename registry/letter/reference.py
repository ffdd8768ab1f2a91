"""How a person names one entry of a book: รับ/2231/2568, ส่ง/ว 12/2569, คำสั่ง/5/2569.

The book, the number in it, and the พ.ศ. year. ว marks a circular, ลับ an entry of the
secret series. Which office's book is meant is said beside it, or clear from where it is
said; whether there is such an entry, only the books know.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from registry.errors import NotUnderstood
from registry.letter.book import Book
from registry.thai.numerals import to_arabic, to_thai
from registry.thai.text import tidy

_SHAPE: Final = re.compile(
    r"(?P<book>[^/\d]*?[^/\d\s])(?:\s*/\s*|\s+)(?P<mark>ว\.?|ลับ)?\s*(?P<number>[0-9]{1,9})"
    r"\s*/\s*(?:พ\.?ศ\.?\s*)?(?P<year>2[4-7][0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class EntryRef:
    """One entry, as a person names it; ``year`` is พ.ศ."""

    book: Book
    number: int
    year: int
    circular: bool = False
    secret: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a reference in Thai or Arabic digits; raise NotUnderstood."""
        found = _SHAPE.fullmatch(" ".join(to_arabic(tidy(text)).split()))
        if found is None or not int(found["number"]):
            raise NotUnderstood(
                "not a reference to an entry",
                text=text,
                thai=f"“{text}” ไม่ใช่เลขทะเบียน โปรดพิมพ์เช่น รับ/2231/2568 หรือ ส่ง/ว 12/2569",
            )
        mark = (found["mark"] or "")[:1]
        return cls(
            Book(found["book"]), int(found["number"]), int(found["year"]), mark == "ว", mark == "ล"
        )

    def thai(self) -> str:
        """Return the reference in Thai digits."""
        return to_thai(str(self))

    def __str__(self) -> str:
        """Return ``ส่ง/ว 12/2569``, which reads back as this reference."""
        mark = "ว " if self.circular else "ลับ " if self.secret else ""
        return f"{self.book.thai}/{mark}{self.number}/{self.year}"
