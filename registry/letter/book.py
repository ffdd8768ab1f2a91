"""The books: received, sent, and those an office keeps by name, such as คำสั่ง.

A number belongs to one series: a book of one owner (a legal entity, or a unit that
keeps its own books) in one พ.ศ. year. Circulars run in the sent book's ordinary series
with ว in front, or in a series of their own where the office has chosen so (ข้อ 32);
secret letters always have their own.

The receive number (เลขทะเบียนรับ, ข้อ 37) is what we give a letter on arrival, and is
always told with its year. The sender's number is :mod:`registry.letter.number`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, Self

from registry.errors import NotUnderstood
from registry.thai.numerals import to_arabic, to_thai
from registry.thai.text import tidy

_WORDS: Final = {"รับ": "received", "ส่ง": "sent"}
_TITLE: Final = "ทะเบียนหนังสือ"
_NAME: Final = re.compile(r"[a-zก-ฮเ-ไ][^\s/:+\d]*(?: [^\s/:+\d]+)*", re.IGNORECASE)
_YEARS: Final = range(2400, 2800)


class Book(str):
    """The name of a book: ``received``, ``sent``, or a name such as ``คำสั่ง``.

    A string, so that it can be stored and compared as one. The words รับ and ส่ง and the
    full titles of forms 13 and 14 mean the first two. A name has at most 40 characters
    and no digit, ``/``, ``:`` or ``+``; anything else raises NotUnderstood.
    """

    __slots__ = ()

    RECEIVED: ClassVar["Book"]
    SENT: ClassVar["Book"]

    def __new__(cls, name: str) -> Self:
        """Read the name of a book; raise NotUnderstood."""
        word = " ".join(tidy(name).split())
        word = _WORDS.get(word.removeprefix(_TITLE), word)
        if word.casefold() in _WORDS.values():
            word = word.casefold()
        if len(word) > 40 or not _NAME.fullmatch(word):
            raise NotUnderstood("not the name of a book", text=name)
        return super().__new__(cls, word)

    @property
    def thai(self) -> str:
        """The word used in references to entries: รับ, ส่ง, คำสั่ง."""
        return next((word for word, name in _WORDS.items() if name == self), str(self))

    @property
    def heading(self) -> str:
        """The heading of the book's pages: ทะเบียนหนังสือรับ, ทะเบียนคำสั่ง."""
        return (_TITLE if self in _WORDS.values() else "ทะเบียน") + self.thai


Book.RECEIVED = Book("received")
Book.SENT = Book("sent")


class Series(StrEnum):
    """Which run of numbers inside a book."""

    ORDINARY = "ordinary"
    CIRCULAR = "circular"
    SECRET = "secret"  # noqa: S105 - a kind of letter

    @property
    def thai(self) -> str:
        """The word for pages and tables."""
        return {"ordinary": "ทั่วไป", "circular": "หนังสือเวียน (ว)", "secret": "ลับ"}[self.value]


@dataclass(frozen=True, slots=True, order=True)
class BookKey:
    """One run of numbers: owner × book × series × พ.ศ. year.

    ``unit`` is "" for the entity's own books. Keys sort, so that whoever locks several
    takes them in one order. Prints as ``phrae/received/ordinary/2568`` or
    ``phrae+finance/คำสั่ง/ordinary/2568``.
    """

    entity: str
    unit: str
    book: Book
    series: Series
    year: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the printed form; raise NotUnderstood for anything else."""
        owner, slash, rest = text.partition("/")
        entity, plus, unit = owner.partition("+")
        found = re.fullmatch(r"([^/]+)/([a-z]+)/([0-9]{4})", rest)
        if found is None or not slash or not entity or bool(plus) != bool(unit):
            raise NotUnderstood("not the key of a series", text=text)
        series, year = found[2], int(found[3])
        if series not in tuple(Series) or year not in _YEARS:
            raise NotUnderstood("not a series and year", text=text)
        return cls(entity, unit, Book(found[1]), Series(series), year)

    def __str__(self) -> str:
        """Return the printed form."""
        owner = f"{self.entity}+{self.unit}" if self.unit else self.entity
        return f"{owner}/{self.book}/{self.series}/{self.year}"


@dataclass(frozen=True, slots=True, order=True)
class ReceiveNumber:
    """เลขรับ: the number in our received book, with its พ.ศ. year."""

    number: int
    year: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``เลขรับ ๒๒๓๑/๒๕๖๘`` or ``2231/2568``; raise NotUnderstood."""
        plain = to_arabic(tidy(text)).strip()
        lead = r"(?:(?:เลขทะเบียนรับ|เลขรับ)(?:ที่)?\s{0,3}:?\s{0,3})?"
        found = re.fullmatch(lead + r"([0-9]{1,9})\s{0,3}/\s{0,3}([0-9]{4})", plain)
        if found is None or not int(found[1]) or int(found[2]) not in _YEARS:
            raise NotUnderstood("not a receive number", text=text)
        return cls(int(found[1]), int(found[2]))

    def thai(self) -> str:
        """Return ``เลขรับ ๒๒๓๑/๒๕๖๘``."""
        return "เลขรับ " + to_thai(str(self))

    def __str__(self) -> str:
        """Return ``2231/2568``."""
        return f"{self.number}/{self.year}"
