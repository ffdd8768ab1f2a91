"""Reading อ้างถึง: which earlier letters a letter refers to, as it is written.

A letter names earlier letters by whose they are, number and date (ข้อ 11), under the word อ้างถึง,
one or several numbered items: letters, cabinet resolutions, laws. The block ends at the next word
of the letter's head (สิ่งที่ส่งมาด้วย, เรียน) or at a blank line with the body behind it. A sentence of
the body (ตามหนังสือ … ที่ … ลงวันที่ …) refers to a letter too when it gives number *and* date. A
copy of a letter listed under สิ่งที่ส่งมาด้วย is found and says so: it is passed on, not referred
to. The letter itself is never among its references, and no letter is listed twice.

Mails and papers are read by the same rules; which entries are meant is :mod:`registry.desk.cite`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from registry.letter.number import LetterNumber, find
from registry.thai.dates import find_dates
from registry.thai.numerals import to_arabic
from registry.thai.text import fold, tidy

_REFERS: Final = "อ้างถึง"
_HEAD: Final = re.compile(rf"^[ \t]*{_REFERS}[ \t]*:?[ \t]*", re.MULTILINE)
_AFTER_BLOCK: Final = re.compile(
    r"^[ \t]*(?:สิ่งที่ส่งมาด้วย|สิ่งที่แนบ|ตามที่|ตามหนังสือ|ด้วย|เนื่องจาก|เรียน|จึงเรียน|ขอแสดง"
    r"|โปรด|ให้รายงานภายใน|ส่งถึง|ส่งให้|อ้างถึง|──)",
    re.MULTILINE,
)
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n")
_BLANK: Final = re.compile(r"\n[ \t]*\n(?!\s*[0-9]{1,2}[.)]\s)")
_ITEM: Final = re.compile(r"(?:^|\s)[0-9]{1,2}[.)]\s+(?=[^0-9])")
_LETTER_OF: Final = re.compile(r"(?P<copy>สำเนา)?หนังสือ(?P<whose>(?:(?!หนังสือ)[^0-9]){0,160})$")
_MARKS: Final = re.compile(
    r"ด่วนที่สุด|ด่วนมาก|ด่วน|ลับที่สุด|ลับมาก|ลับ(?=\s)|ราชการ(?=\s)|(?:เลข)?ที่\s*:?\s*$"
)
_DATE_LEAD: Final = re.compile(r"[\s,]*(?:ลงวันที่|ลว\.?|วันที่|เมื่อวันที่)?\s*")
_LONGEST_ITEM: Final = 400
_LONGEST_DATE: Final = 120


@dataclass(frozen=True, slots=True)
class Citation:
    """One letter that is referred to, as written; ``number`` is None for a resolution or a law.

    ``enclosed``: a copy of it is among the enclosures, the letter is passed on.
    """

    text: str
    entity: str = ""
    number: LetterNumber | None = None
    dated: date | None = None
    enclosed: bool = False


def find_citations(
    text: str, own: LetterNumber | None = None, dated: date | None = None
) -> list[Citation]:
    """List what a text refers to, in order, each letter once; never raises.

    ``own`` and ``dated`` are the letter's own, which is no reference to itself.
    """
    plain = tidy(text)
    if "/" not in plain and _REFERS not in plain:
        return []
    found, rest = [], []
    at = 0
    for start, end in _blocks(plain):
        found += [read_item(item) for item in items_of(plain[start:end])]
        rest.append(plain[at:start])
        at = end
    rest.append(plain[at:])
    found = [one for one in found if not _is_own(one, own, dated)]
    mentioned = [one for part in rest for one in _in_sentences(part) if one.number != own]
    return _once(found + mentioned)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Give start and end of what stands under each word อ้างถึง."""
    if _REFERS not in text:
        return
    arabic = to_arabic(text)
    for head in _HEAD.finditer(text):
        after = _AFTER_BLOCK.search(text, head.end())
        end = after.start() if after else len(text)
        blank = _BLANK.search(arabic, head.end(), end)
        yield head.end(), blank.start() if blank else end


def items_of(block: str) -> list[str]:
    """Cut the block at ๑. ๒. ๓., keeping the digits as written."""
    found = list(_ITEM.finditer(to_arabic(block)))
    starts = [0] + [item.end() for item in found]
    ends = [item.start() for item in found] + [len(block)]
    items = [" ".join(block[start:end].split()) for start, end in zip(starts, ends, strict=True)]
    return [item[:_LONGEST_ITEM] for item in items if item]


def read_item(text: str) -> Citation:
    """Read one item under อ้างถึง; it need not be a letter."""
    numbers = find(text)
    if not numbers:
        dates = find_dates(text)
        return Citation(text, dated=dates[0][0] if dates else None)
    number, start, end = numbers[0]
    letter = _LETTER_OF.search(text[:start])
    return Citation(text, _whose(letter), number, _date_behind(text[end:])[0])


def _in_sentences(text: str) -> list[Citation]:
    if "/" not in text:  # no number of a letter
        return []
    return [
        one
        for paragraph in _PARAGRAPH.split(text)
        for one in _in_paragraph(" ".join(paragraph.split()))
        if one.dated is not None or one.enclosed
    ]


def _in_paragraph(flat: str) -> Iterator[Citation]:
    before = 0
    for number, start, end in find(flat):
        letter = _LETTER_OF.search(flat[before:start])
        if letter is not None:
            dated, length = _date_behind(flat[end : end + _LONGEST_DATE])
            words = flat[before + letter.start() : end + length]
            copied = letter["copy"] is not None
            yield Citation(words, _whose(letter), number, dated, copied)
        before = end


def _whose(letter: re.Match[str] | None) -> str:
    name = _MARKS.sub(" ", letter["whose"]) if letter else ""
    return " ".join(name.split())[:300]


def _date_behind(rest: str) -> tuple[date | None, int]:
    """Read the date directly behind a number, with or without ลงวันที่; and where it ends."""
    lead = _DATE_LEAD.match(rest)
    at = lead.end() if lead else 0
    for day, start, end in find_dates(rest[: at + 60]):
        if start <= at + 2:
            return day, end
    return None, 0


def _is_own(one: Citation, own: LetterNumber | None, dated: date | None) -> bool:
    """Whether an item is the letter itself; last year's letter of that number is another one."""
    if own is None or one.number != own:
        return False
    return one.dated is None or dated is None or one.dated == dated


def _once(citations: list[Citation]) -> list[Citation]:
    """Keep each letter where it is named first, as the mention that gives its date."""
    kept: list[Citation] = []
    places: defaultdict[str, list[int]] = defaultdict(list)
    for one in citations:
        alike = places[one.number.key if one.number else fold(one.text)]
        place = next((place for place in alike if _same_day(one, kept[place])), None)
        if place is None:
            alike.append(len(kept))
            kept.append(one)
        elif kept[place].dated is None and one.dated is not None:
            kept[place] = one
    return kept


def _same_day(one: Citation, other: Citation) -> bool:
    return one.dated is None or other.dated is None or one.dated == other.dated
