"""Urgency (ชั้นความเร็ว) and secrecy (ชั้นความลับ): two scales, independent of each other.

Urgency (ข้อ 28): ด่วน, ด่วนมาก, ด่วนที่สุด, or nothing, which is ปกติ. A letter that must be there
by a certain hour says ด่วนภายใน with date and time; that ranks as ด่วน here, and the hour
itself is what the office watches. Secrecy: ลับ, ลับมาก, ลับที่สุด, under the rules on
official secrets of พ.ศ. 2544; an ordinary letter has none.

A marking is a word alone on its line, or with no more than which copy or page it is of, or
before the letter's own number; or a tag in the Subject: in brackets, in front of everything
else, before เรื่อง, or at the end behind a dash (ลับ also behind a space). กลับ, สลับ, ลับแล,
เร่งด่วน and letters *about* secrecy are no markings, nor is the urgency of an older letter that
is cited. In doubt secrecy is seen rather than missed: an officer frees a letter in a minute, but
nobody can take one back from a register that all may read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum
from typing import Final, Self

from registry.clock import BANGKOK
from registry.errors import NotUnderstood
from registry.letter.number import LetterNumber
from registry.thai.dates import find_dates, short_date, thai_time
from registry.thai.numerals import to_arabic
from registry.thai.text import fold, tidy


class _Grade(Enum):
    """A scale: its values are the Thai words, in rising order."""

    @property
    def thai(self) -> str:
        """The word as it is marked on a letter."""
        return str(self.value)

    @property
    def rank(self) -> int:
        """The step on the scale, from 0."""
        return list(type(self)).index(self)

    @classmethod
    def parse(cls, word: str) -> Self:
        """Read one word of the scale and nothing else; raise NotUnderstood."""
        try:
            return cls(fold(word))
        except ValueError:
            name = cls.__name__.lower()
            raise NotUnderstood(f"not a word for {name}", text=word) from None

    def __lt__(self, other: object) -> bool:
        return self.rank < other.rank if isinstance(other, type(self)) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.rank <= other.rank if isinstance(other, type(self)) else NotImplemented


class Urgency(_Grade):
    """How fast a letter must move; compares by rank."""

    NORMAL = "ปกติ"
    URGENT = "ด่วน"
    VERY_URGENT = "ด่วนมาก"
    MOST_URGENT = "ด่วนที่สุด"


class Secrecy(_Grade):
    """How grave disclosure would be; compares by rank. Ordinary letters have None."""

    CONFIDENTIAL = "ลับ"
    SECRET = "ลับมาก"  # noqa: S105 - a class of letters
    TOP_SECRET = "ลับที่สุด"  # noqa: S105 - the same


@dataclass(frozen=True, slots=True)
class UrgencyMark:
    """What a letter says of its urgency; ``due`` is aware, for ด่วนภายใน only."""

    urgency: Urgency
    due: datetime | None = None

    def thai(self) -> str:
        """Return the marking: ``ด่วนมาก``, or ``ด่วนภายใน ๑๒ ต.ค. ๒๕๖๒ เวลา ๑๐.๐๐ น.``."""
        if self.due is None:
            return self.urgency.thai
        day = self.due.astimezone(BANGKOK).date()
        return f"ด่วนภายใน {short_date(day)} เวลา {thai_time(self.due)}"


_END_OF_WORD: Final = r"(?![ก-๎])(?!\s?ๆ)"
_WORD: Final = rf"(?:(?:ลับ|ด่วน)ที่สุด|ลับมาก)(?!\s?ๆ)|(?:ด่วนมาก|ด่วน|ลับ){_END_OF_WORD}"
_WORDS: Final = re.compile(_WORD)
_OTHER: Final = "[^0-9A-Za-z๐-๙ก-๎]"  # brackets, dashes, stars, spaces
_REPLY: Final = r"(?:re|fwd?|aw|ตอบ(?:กลับ)?|ส่งต่อ)\s?(?:\[[0-9]+\])?\s?:"
_LEADING: Final = re.compile(
    rf"(?P<word>{_WORD})|{_REPLY}|\[[^\]]{{0,40}}\]|เรื่อง(?:\s?:|\s)|{_OTHER}", re.IGNORECASE
)
_LABEL: Final = r"(?:ชั้นความ(?:ลับ|เร็ว)\s{0,3}:?\s{0,3})?"
_BRACKETED: Final = re.compile(
    rf"[\[({{<【*]\s{{0,3}}{_LABEL}(?:(?:{_WORD})[\s/,|+–-]{{0,3}})+[\])}}>】*]"
)
_HIDES: Final = r"ลับ(?:ที่สุด|มาก)?"
_TRAILING: Final = re.compile(rf"\s(?:[-–—/|:]\s{{0,3}}(?:{_WORD})|{_HIDES})$")
_AMID: Final = re.compile(rf"\s{_HIDES}(?=\s{{1,3}}เรื่อง)")
_TAGS: Final = (_BRACKETED, _TRAILING, _AMID)
_NAMED: Final = re.compile(rf"(?:หนังสือ|เอกสาร|บันทึก){_HIDES}(?:\s?\(?[0-9๐-๙]{{1,4}}\)?)?")
_PART: Final = r"(?:ชุด|คู่ฉบับ|ฉบับ|สำเนา|แผ่น|หน้า)"
_COUNT: Final = rf"{_PART}(?:ที่)?\s?[0-9]{{1,4}}(?:\s?(?:ของ|ใน|จาก|/)\s?[0-9]{{1,4}}\s?{_PART}?)?"
_BESIDE: Final = rf"(?:(?:{_COUNT}|-\s?[0-9]{{1,3}}\s?-){_OTHER}*)*"
_GRADED: Final = r"(?:ลับ|ด่วน)(?:ที่สุด|มาก)?"
_ALONE: Final = re.compile(rf"{_OTHER}*?{_BESIDE}{_LABEL}(?:{_GRADED}{_OTHER}*)+{_BESIDE}")
_HEAD: Final = re.compile(rf"(?:หนังสือ)?((?:{_GRADED}\s?)+)(?=(?:เลข)?ที่ ?[ก-ฮ])(.+)")
_SECRET_NUMBER: Final = re.compile(r"(?:เลข)?ที่ ?[ก-ฮ]{1,4}\.? ?[0-9][0-9.]{0,12}/ ?ล ?[0-9]{1,6}")
_WITHIN: Final = re.compile(r"(?:^|(?<=[\s\[(]))ด่วนภายใน(?P<rest>.*)")
_BEFORE_DAY: Final = re.compile(r"\s{0,3}(?:วันที่)?\s{0,3}")
_HOUR: Final = re.compile(r"\s{0,3}(?:เวลา)?\s{0,3}([01]?[0-9]|2[0-3])[.:]([0-5][0-9])(?![0-9])")
_CLOSING: Final = time(16, 30)
_LONGEST: Final = 80  # characters of a line that is nothing but a marking


def find_urgency(text: str) -> UrgencyMark | None:
    """Return the highest urgency marked in a subject (one line) or in a letter (several).

    In a letter only a line of its own counts, or the line that also bears the letter's
    number. A date in ด่วนภายใน without an hour means the end of that day's office hours.
    """
    if "ด" not in text:  # most letters: no line need be looked at
        return None
    lines = tidy(text).strip().split("\n")
    if within := next(filter(None, map(_within, lines)), None):
        return within
    words = list(_tags(lines[0])) if len(lines) == 1 else []
    words += [word for line in lines for word in _alone(line) + _head(line)]
    found = [Urgency(word) for word in words if word.startswith("ด่วน")]
    return UrgencyMark(max(found)) if found else None


def find_secrecy(subject: str, lines: Iterable[str] = ()) -> Secrecy | None:
    """Return the highest secrecy tagged in a subject or standing alone on a line.

    ``lines`` are those of the body or of a first page, one by one.
    """
    words = [*_tags(tidy(subject).strip()), *_alone(subject)] if "บ" in subject else []
    words += [word for line in lines if "บ" in line for word in _alone(line) + _head(line)]
    return _gravest(words)


def secrecy_of_name(name: str) -> Secrecy | None:
    """Return the highest secrecy that the name of a file says (ลับ_รายงาน.pdf, หนังสือลับ.pdf)."""
    stem = tidy(re.sub(r"\.[0-9A-Za-z]{1,8}$", "", name).replace("_", " ")).strip()
    if "บ" not in stem:
        return None
    named = re.findall(_HIDES, stem) if _NAMED.fullmatch(stem) else []
    return _gravest([*_tags(stem), *_alone(stem), *named])


def _gravest(words: Iterable[str]) -> Secrecy | None:
    return max((Secrecy(word) for word in words if word.startswith("ลับ")), default=None)


def _tags(subject: str) -> Iterator[str]:
    at = 0
    while found := _LEADING.match(subject, at):
        at = found.end()
        if found["word"]:
            yield found["word"]
    for group in (found for tag in _TAGS for found in tag.finditer(subject)):
        yield from _WORDS.findall(re.sub("ชั้นความ(?:ลับ|เร็ว)", "", group[0]))


def _alone(line: str) -> list[str]:
    if len(line) > _LONGEST or not ("บ" in line or "ด" in line):  # no word without one of them
        return []
    if not _ALONE.fullmatch(folded := fold(line)):
        return []
    return re.findall(_GRADED, folded.replace("ความลับ", ""))


def _head(line: str) -> list[str]:
    if len(line) > _LONGEST or not ("บ" in line or "ด" in line):
        return []
    if not (found := _HEAD.fullmatch(fold(line))):
        return []
    return re.findall(_GRADED, found[1]) if _is_number(found[2]) else []


def _is_number(text: str) -> bool:
    if _SECRET_NUMBER.fullmatch(text):
        return True
    try:
        LetterNumber.parse(text)
    except NotUnderstood:
        return False
    return True


def _within(line: str) -> UrgencyMark | None:
    if "ด" not in line:
        return None
    found = _WITHIN.search(to_arabic(line))
    return UrgencyMark(Urgency.URGENT, _due(found["rest"])) if found else None


def _due(rest: str) -> datetime | None:
    days = find_dates(rest)
    if not days or not _BEFORE_DAY.fullmatch(rest[: days[0][1]]):
        return None
    day, _, end = days[0]
    hour = _HOUR.match(rest, end)
    at = time(int(hour[1]), int(hour[2])) if hour else _CLOSING
    return datetime.combine(day, at, BANGKOK)
