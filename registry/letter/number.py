"""The letter number (ที่): who wrote a letter, and which of their letters it is.

A legal entity writes this number at the top left of every letter it sends, as in
``ที่ พร ๐๐๒๓.๓/ว ๓๒``: the consonants of the entity (พร), the code of the unit that owns
the matter (๐๐๒๓.๓), ว if the letter is a circular (ข้อ 32), and the running number in the
sender's own sent book (๓๒). A committee stands in parentheses after the consonants, as
in ``กค (กวจ) 0405.2/ว 119``. No year is printed: number *and* date together say which
letter it is. The grammar is that of Annex 1 of the regulation.

It is the *sender's* number. The receive number (เลขทะเบียนรับ) that we give the same
letter on arrival is another thing: see :mod:`registry.letter.book`.

Limits: a number read by OCR may be well formed and wrong, so a number found in a text
is a suggestion until a person or the sender's own mail confirms it. In running text
(:func:`find`) house numbers and fractions look much alike ("ถนน 12/34"); without the
word ที่ before it only a number whose unit code has four digits or a dot is taken.
"""

import re
from dataclasses import dataclass
from typing import Final, NoReturn, Self

from registry.errors import NotUnderstood
from registry.thai.numerals import to_arabic, to_thai
from registry.thai.text import tidy

_S: Final = r"[^\S\n]{0,3}"  # odd spacing, but never across a line
_CODE: Final = r"[ก-ฮ]{2,4}"
_COMMITTEE: Final = r"[ก-ฮ][ก-๎. ]{0,19}"
_OWNER: Final = rf"[0-9]{{1,6}}(?:{_S}\.{_S}[0-9]{{1,4}}|\([0-9]{{1,3}}\))*"
_SENDER: Final = (
    rf"(?P<code>{_CODE})\.?{_S}(?:\({_S}(?P<committee>{_COMMITTEE})\){_S})?(?P<owner>{_OWNER})"
)
_NUMBER: Final = (
    rf"{_SENDER}{_S}/{_S}(?P<circular>ว\.?)?{_S}(?P<number>(?!0+(?![0-9]))[0-9]{{1,6}})"
)
_LEAD: Final = rf"(?:เลข)?ที่{_S}:?{_S}"
_WHOLE: Final = re.compile(rf"(?:{_LEAD})?{_NUMBER}")
_WHOLE_SENDER: Final = re.compile(rf"(?:{_LEAD})?{_SENDER}{_S}/?")
_IN_TEXT: Final = re.compile(
    rf"(?:(?P<lead>(?<![ก-๎]){_LEAD})|{_LEAD}|(?<![ก-๎])){_NUMBER}(?![0-9/]|\.[0-9])"
)
_SURE_OWNER: Final = re.compile(r"[0-9]{4}|.*\.")


@dataclass(frozen=True, slots=True)
class SenderCode:
    """The part of a letter number that stays: ``มท 0810.7``, an entity and its unit.

    ``owner`` keeps its leading zeros; ``committee`` is None or its consonants.
    """

    code: str
    owner: str
    committee: str | None = None

    def __post_init__(self) -> None:
        again = _WHOLE_SENDER.fullmatch(str(self))
        if again is None or _sender(again) != (self.code, self.owner, self.committee):
            _refuse(str(self))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``มท ๐๘๑๐.๗`` in any spacing and either digits; raise NotUnderstood."""
        found = _WHOLE_SENDER.fullmatch(_plain(text))
        return cls(*_sender(found)) if found else _refuse(text)

    def number(
        self, number: int, *, circular: bool = False, owner: str | None = None
    ) -> "LetterNumber":
        """Return the letter number with this running number, for another unit if given."""
        return LetterNumber(self.code, self.committee, owner or self.owner, circular, number)

    def thai(self) -> str:
        """Return the code in Thai digits."""
        return to_thai(str(self))

    def __str__(self) -> str:
        """Return ``มท 0810.7``, the form that is stored."""
        committee = f"({self.committee}) " if self.committee else ""
        return f"{self.code} {committee}{self.owner}"


@dataclass(frozen=True, slots=True)
class LetterNumber:
    """One ที่, as stored: Arabic digits, one spacing. Equal by value.

    ``number`` runs from 1 to 999999. Values that could not be printed and read back are
    refused with NotUnderstood, so every LetterNumber can be.
    """

    code: str
    committee: str | None
    owner: str
    circular: bool
    number: int

    def __post_init__(self) -> None:
        sender = SenderCode(self.code, self.owner, self.committee)
        if not 0 < self.number < 1_000_000:
            _refuse(f"{sender}/{self.number}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text that is a letter number, with or without ที่; raise NotUnderstood."""
        found = _WHOLE.fullmatch(_plain(text))
        return cls(*_number(found)) if found else _refuse(text)

    @property
    def sender(self) -> SenderCode:
        """Whose number it is."""
        return SenderCode(self.code, self.owner, self.committee)

    @property
    def key(self) -> str:
        """The number without spaces, ``พร0023.3/ว4971``: for columns that are compared."""
        return str(self).replace(" ", "")

    def thai(self) -> str:
        """Return ``พร ๐๐๒๓.๓/ว ๔๙๗๑``, as a letter prints it."""
        return to_thai(str(self))

    def __str__(self) -> str:
        """Return ``พร 0023.3/ว 4971``, the form that is stored."""
        return f"{self.sender}/{'ว ' if self.circular else ''}{self.number}"


def find(text: str) -> list[tuple[LetterNumber, int, int]]:
    """Return the letter numbers in running text, in order, as (number, start, end).

    Positions are of the text as given, and leave out ที่; ``tidy`` the text first.
    """
    if "/" not in text or text.isascii():  # whose it is, is written in consonants
        return []
    found = []
    for match in _IN_TEXT.finditer(to_arabic(text)):
        values = _number(match)
        likely = len(values[2]) > 1 if match["lead"] else _SURE_OWNER.match(values[2])
        if likely:
            found.append((LetterNumber(*values), match.start("code"), match.end()))
    return found


def _plain(text: str) -> str:
    return to_arabic(tidy(text)).strip()


def _sender(found: re.Match[str]) -> tuple[str, str, str | None]:
    committee = found["committee"]
    return (
        found["code"],
        re.sub(r"\s", "", found["owner"]),
        re.sub(r"[.\s]", "", committee) if committee else None,
    )


def _number(found: re.Match[str]) -> tuple[str, str | None, str, bool, int]:
    code, owner, committee = _sender(found)
    return code, committee, owner, bool(found["circular"]), int(found["number"])


def _refuse(text: str) -> NoReturn:
    raise NotUnderstood(
        "not a letter number",
        text=text,
        thai=f"“{text}” ไม่ใช่เลขที่หนังสือ โปรดพิมพ์เช่น มท 0810.3/3780 หรือ พร 0023.3/ว 4971",
    )
