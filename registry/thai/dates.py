"""Dates and times of day as letters write them: ๓ ตุลาคม ๒๕๖๒, ๑๐.๔๖ น.

A letter's date is a day number, the month's name and the พ.ศ. year (ข้อ 11); mails and
spreadsheets add short months, figures alone, and ค.ศ. years. The reader takes all of
those, and refuses whatever could mean two different days:

- a year of four figures is พ.ศ. from 2443 on and ค.ศ. from 1900 to 2199, but from 2050 on only if
  marked so or in ISO 8601: 2069 is a slip for 2569;
- a year of two figures is พ.ศ. 25xx if marked พ.ศ. or 40 and over; below that it could
  as well be ค.ศ. 20xx, which must then be marked ค.ศ.;
- figures alone run day, month, year, as everybody in Thailand writes, or
  year-month-day with hyphens (ISO 8601);
- an impossible day (๓๑ กุมภาพันธ์) is no day, not the one after.

Dates are Gregorian ``datetime.date`` inside; the era is only a matter of printing.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from registry.clock import BANGKOK
from registry.errors import NotUnderstood
from registry.thai.numerals import to_arabic, to_thai
from registry.thai.text import tidy

_ERA: Final = 543
_MONTHS: Final = (
    ("มกราคม", "ม.ค."),
    ("กุมภาพันธ์", "ก.พ."),
    ("มีนาคม", "มี.ค."),
    ("เมษายน", "เม.ย."),
    ("พฤษภาคม", "พ.ค."),
    ("มิถุนายน", "มิ.ย."),
    ("กรกฎาคม", "ก.ค."),
    ("สิงหาคม", "ส.ค."),
    ("กันยายน", "ก.ย."),
    ("ตุลาคม", "ต.ค."),
    ("พฤศจิกายน", "พ.ย."),
    ("ธันวาคม", "ธ.ค."),
)
MONTHS: Final = tuple(name for name, _ in _MONTHS)
"""Names of the months in full, มกราคม first."""
_NUMBER_OF: Final = {
    re.sub(r"[.\s]", "", name): number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names
}


def _written(name: str) -> str:
    """Return a pattern for a month's name, whose full stops may be missing."""
    if not name.endswith("."):
        return name
    return name[:-1].replace(".", r"\.?\s?") + r"(?![ก-๎])\.?"


_NAME: Final = "|".join(_written(name) for names in _MONTHS for name in names)
_GAP: Final = r"\s{0,4}"
_ERAS: Final = r"พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|พุทธศักราช|คริสต์?ศักราช"
_YEAR: Final = rf"(?P<era>{_ERAS})?{_GAP}(?P<year>[0-9]{{4}}|[0-9]{{2}})"
_START: Final = r"(?<![0-9./-])"
_END: Final = r"(?![0-9]|[./-][0-9])"
_SHAPES: Final = tuple(
    re.compile(_START + shape + _END)
    for shape in (
        rf"(?P<day>[0-9]{{1,2}}){_GAP}(?:เดือน)?{_GAP}(?P<month>{_NAME}){_GAP}(?:ปี)?{_GAP}{_YEAR}",
        rf"(?P<day>[0-9]{{1,2}})(?P<sep>[/.-])(?P<month>[0-9]{{1,2}})(?P=sep){_YEAR}",
        r"(?P<era>)(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
    )
)
_ISO: Final = _SHAPES[-1]
_BUDDHIST: Final = 2443  # the first year that is taken for พ.ศ.
_FIGURES: Final = re.compile("[0-9]+")
_FIGURE: Final = re.compile("[0-9๐-๙]")
_BETWEEN: Final = re.compile("[/.-]")  # figures in ASCII, where no month has a name
_BEFORE: Final = re.compile(
    r"^(?:ณ\s?)?(?:ลง)?(?:วัน(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)?\s?(?:ที่)?)?\s?:?\s?"
)


def parse_date(text: str) -> date:
    """Read a text that is a date and nothing else, but for วันที่ or ลงวันที่ before it.

    Raises NotUnderstood for anything else, and for days that do not exist.
    """
    plain = to_arabic(tidy(text)).strip()
    plain = _BEFORE.sub("", plain, count=1).strip()
    for shape in _SHAPES if may_hold_date(plain) else ():
        if found := shape.fullmatch(plain):
            return _day(found, text)
    raise NotUnderstood(
        "not a date", text=text, thai=f"“{text}” ไม่ใช่วันที่ โปรดพิมพ์เช่น 3 ตุลาคม 2562 หรือ 3/10/2562"
    )


def find_dates(text: str) -> list[tuple[date, int, int]]:
    """Return the dates written anywhere in running text, as (date, start, end).

    Positions are of the text as given; ``tidy`` it first. What looks like a date but
    is none, or could be two, is left out.
    """
    if not may_hold_date(text):
        return []
    plain = to_arabic(text)
    found = []
    for shape in _SHAPES:
        for match in _matches(shape, plain):
            try:
                found.append((_day(match, match[0]), match.start(), match.end()))
            except NotUnderstood:
                continue
    return sorted(found, key=lambda item: item[1])


def _matches(shape: re.Pattern[str], plain: str) -> Iterator[re.Match[str]]:
    """Give what ``finditer`` would, looking only where figures begin: each shape begins so."""
    place = 0
    for figures in _FIGURES.finditer(plain):
        if figures.start() >= place and (match := shape.match(plain, figures.start())):
            place = match.end()
            yield match


def may_hold_date(text: str) -> bool:
    """Say at one look whether there could be a date in a text; most lines have none."""
    if text.isascii() and _BETWEEN.search(text) is None:
        return False
    return _FIGURE.search(text) is not None


def long_date(day: date) -> str:
    """Return the date as a letter writes it: ``๓ ตุลาคม ๒๕๖๒``."""
    return to_thai(f"{day.day} {_MONTHS[day.month - 1][0]} {day.year + _ERA}")


def short_date(day: date) -> str:
    """Return the date for tables and stamps: ``๓ ต.ค. ๒๕๖๒``."""
    return to_thai(f"{day.day} {_MONTHS[day.month - 1][1]} {day.year + _ERA}")


def thai_time(at: datetime) -> str:
    """Return an aware time as Bangkok's time of day: ``๑๐.๔๖ น.``."""
    return to_thai(at.astimezone(BANGKOK).strftime("%H.%M")) + " น."


def _day(found: re.Match[str], text: str) -> date:
    name = re.sub(r"[.\s]", "", found["month"])
    month = _NUMBER_OF.get(name) or int(name)
    era = "ค" if found.re is _ISO and int(found["year"]) < _BUDDHIST else (found["era"] or "")[:1]
    year = _year(found["year"], era, text)
    try:
        return date(year, month, int(found["day"]))
    except ValueError:
        raise NotUnderstood(
            "no such day",
            text=text,
            thai=f"ไม่มีวันที่ “{text}” ในปฏิทิน โปรดตรวจวัน เดือน และปี",
        ) from None


def _year(figures: str, era: str, text: str) -> int:
    year = int(figures)
    if len(figures) == 2:
        year = _full_year(year, era)
    if era != "ค" and _BUDDHIST <= year <= 2742:
        return year - _ERA
    if era != "พ" and 1900 <= year <= (2199 if era else 2049):
        return year
    raise NotUnderstood(
        "the year could be another era's",
        text=text,
        thai=f"ไม่แน่ชัดว่า “{text}” เป็นปี พ.ศ. ใด โปรดพิมพ์ปีสี่หลัก",
    )


def _full_year(year: int, era: str) -> int:
    if era == "ค":
        return 2000 + year
    return 2500 + year if era or year >= 40 else year
