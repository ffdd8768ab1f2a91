"""Where a letter was left blank for its number and date, and what is to be written there.

The line of ที่ ends in the sender's code and a slash (``ที่ มท ๐๘๑๐.๗/``, or ``/ว`` of a circular),
and nothing stands behind it. The line of the date stands beside it or below, above เรื่อง: nothing
but its words, a month and a year, and dots. Without its day it is blank; one that names another
month or year than the number has is left alone, like one that has its day. Figures are written as
those of the blank are, Thai or Arabic; a date without any has those of the number.

Limits: those of :mod:`registry.pdf.signs`; a line of ที่ with dots behind the slash; a date for
which nothing at all was typed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

from registry.letter.number import LetterNumber
from registry.pdf.signs import Sign, SignLine
from registry.texts.extract import Unreadable
from registry.thai.dates import long_date
from registry.thai.numerals import to_arabic, to_thai

NO_PLACE: Final = (
    "ไม่พบบรรทัด “ที่ {code}/” ที่เว้นเลขไว้ในหน้าแรกของไฟล์ (ไฟล์ภาพสแกนใช้ไม่ได้) โปรดพิมพ์เลขในต้นฉบับแล้วส่งใหม่"
)
TWO_PLACES: Final = (
    "พบที่เว้นไว้สำหรับเลขหรือวันที่มากกว่าหนึ่งแห่งในหน้าแรกของไฟล์ จึงไม่พิมพ์ให้ โปรดพิมพ์ในต้นฉบับแล้วส่งใหม่"
)
NO_ROOM: Final = "ที่ว่างหลัง “ที่ {code}/” ในไฟล์แคบเกินกว่าจะพิมพ์เลขได้ โปรดพิมพ์ในต้นฉบับแล้วส่งใหม่"

_MARKS: Final = re.compile(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_DAY_WORD, _MONTH_WORD, _SUBJECT = "วนท", "เดอน", "เรอง"  # without their marks
_LEAD: Final = re.compile(r"^(?:เลข)?ท:?")
_DOTS: Final = r"[.…_·‥]"
_MONTHS: Final = [
    _MARKS.sub("", long_date(date(2025, month, 1)).split()[1]) for month in range(1, 13)
]
_NAMES: Final = "|".join(_MONTHS)
_YEAR_WORD: Final = r"(?:พ\.?ศ\.?|ป)"
_BLANK: Final = re.compile(
    rf"(?P<word>{_DAY_WORD})?:?(?P<day>{_DOTS}{{2,}})?(?:{_MONTH_WORD})?"
    rf"(?:(?P<month>{_NAMES})|(?P<no_month>{_DOTS}{{2,}}))?"
    rf"{_YEAR_WORD}?(?:(?P<year>[0-9]{{4}})|(?P<no_year>{_DOTS}{{2,}}))?"
)
_OF_A_DATE: Final = re.compile(
    rf"(?:{_DAY_WORD}|{_MONTH_WORD}|{_NAMES}|{_YEAR_WORD}|[0-9]{{4}}|{_DOTS}{{2,}}|:)+"
)
_FIGURES: Final = re.compile("[0-9๐-๙]")
_SPACE: Final = 0.5  # of the height of letters
_DAY_WIDE: Final = 2.5  # of the height of letters: two figures and two spaces
_LEAST_DOTS: Final = 5  # that are a line for a whole date
_HEAD: Final = 0.45  # of a page without เรื่อง


class Writing(NamedTuple):
    """Words for a page: they begin, end or are centred at ``x``, ``near`` these letters."""

    text: str
    x: float
    base: float
    align: Literal["left", "right", "centre"]
    near: tuple[Sign, ...]
    room: float


@dataclass(frozen=True, slots=True)
class Blanks:
    """What is to be written on a page; ``day`` is empty where the date is left alone."""

    number: Writing
    day: tuple[Writing, ...]


def blanks(
    rows: Sequence[Sequence[SignLine]], width: float, height: float, number: LetterNumber, day: date
) -> Blanks:
    """Say what to write where. Raises Unreadable, which says in Thai why nothing can be."""
    code = number.sender.thai()
    found = [
        (at, writing) for at, row in enumerate(rows) for writing in _of_number(row, width, number)
    ]
    if not found:
        raise Unreadable(NO_PLACE.format(code=code))
    if len(found) > 1:
        raise Unreadable(TWO_PLACES)
    first, writing = found[0]
    if writing.room < len(writing.text):
        raise Unreadable(NO_ROOM.format(code=code))
    like = "".join(sign.char for sign in writing.near)
    days = [one for row in _head(rows[first:], height) if (one := _of_day(row, day, like))]
    if len(days) > 1:
        raise Unreadable(TWO_PLACES)
    return Blanks(writing, days[0] if days else ())


def _of_number(row: Sequence[SignLine], width: float, number: LetterNumber) -> Iterator[Writing]:
    """Give what is to be written behind a code and its slash in this row."""
    code = to_arabic(number.sender.thai().replace(" ", ""))
    figures = str(number.number)
    wanted = {f"{code}/": f"ว {figures}" if number.circular else figures}
    if number.circular:
        wanted |= {f"{code}/ว": figures, f"{code}/ว.": figures}
    ends = [*(one.box.left for one in row[1:]), width]
    for line, end in zip(row, ends, strict=True):
        whole = to_arabic(line.text)
        said = whole if whole in wanted else _LEAD.sub("", whole)
        if said in wanted:
            last = line.signs[-1]
            high = line.box.bottom - line.box.top
            x = last.right + high * (0.03 if last.char == "/" else 0.16)
            room = (end - x) / (0.4 * high)
            text = _like(wanted[said], line.text)
            yield Writing(text, x, last.base, "left", tuple(line.signs), room)


def _head(rows: Sequence[Sequence[SignLine]], height: float) -> Iterator[Sequence[SignLine]]:
    """Give the rows down to the one of เรื่อง."""
    for row in rows:
        if any(line.text.startswith(_SUBJECT) for line in row) or row[0].box.top > _HEAD * height:
            return
        yield row


def _like(text: str, *there: str) -> str:
    """Write figures as those of the first words that have any; in Thai where none has."""
    told = next(filter(None, map(_FIGURES.findall, there)), [])
    return text if any(one.isascii() for one in told) else to_thai(text)


def _of_day(row: Sequence[SignLine], day: date, number: str) -> tuple[Writing, ...]:
    """Give what is to be written into a row that is a blank date; nothing for any other.

    ``number`` is the line of ที่, whose figures count where the row has none.
    """
    signs = [
        sign for line in row if _OF_A_DATE.fullmatch(to_arabic(line.text)) for sign in line.signs
    ]
    words = "".join(sign.char for sign in signs)
    said = to_arabic(words)
    found = _BLANK.fullmatch(said) if signs else None
    if found is None or not _is_blank(found, day):
        return ()
    if found["month"] and not found["day"] and not _fits(signs, found):
        return ()
    whole = _like(to_arabic(long_date(day)), words, number)
    figure, month, year = whole.split()
    if not (found["month"] or found["no_month"] or found["year"] or found["no_year"]):
        return (_whole(signs, found, whole),)
    written = [_gap(signs, found, "day", figure) if found["day"] else _before(signs, found, figure)]
    if found["no_month"]:
        written.append(_gap(signs, found, "no_month", month))
    if found["no_year"]:
        written.append(_gap(signs, found, "no_year", year))
    if not (found["year"] or found["no_year"]):
        written.append(_behind(signs, year))
    return tuple(written)


def _is_blank(found: re.Match[str], day: date) -> bool:
    month = found["month"]
    if month and month != _MONTHS[day.month - 1]:
        return False
    if found["year"] and int(found["year"]) != day.year + 543:
        return False
    if found["no_month"] and not found["day"]:
        return False
    if not (month or found["no_month"]):  # a year alone is no date
        dots = found["day"] or ""
        said = found["word"] or len(dots) >= _LEAST_DOTS
        return bool(said) and not (found["year"] or found["no_year"])
    return True


def _whole(signs: Sequence[Sign], found: re.Match[str], text: str) -> Writing:
    if found["day"]:
        return _gap(signs, found, "day", text)
    return _behind(signs, text)


def _gap(signs: Sequence[Sign], found: re.Match[str], name: str, text: str) -> Writing:
    first, end = found.span(name)
    middle = (signs[first].left + signs[end - 1].right) / 2
    return Writing(text, middle, signs[first].base, "centre", tuple(signs), len(text))


def _fits(signs: Sequence[Sign], found: re.Match[str]) -> bool:
    """Say whether a day goes between what stands before the month and the month."""
    at = found.start("month")
    if at == 0:
        return True
    return signs[at].left - signs[at - 1].right > _DAY_WIDE * max(one.high for one in signs)


def _before(signs: Sequence[Sign], found: re.Match[str], text: str) -> Writing:
    """Write a day before the month, a space apart."""
    month = signs[found.start("month")]
    return Writing(text, month.left, month.base, "right", tuple(signs), len(text))


def _behind(signs: Sequence[Sign], text: str) -> Writing:
    """Write behind a word, a space apart."""
    last = signs[-1]
    x = last.right + _SPACE * max(one.high for one in signs)
    return Writing(text, x, last.base, "left", tuple(signs), len(text))
