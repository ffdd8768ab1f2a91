"""ลงวันที่: the line above เรื่อง that is a date and nothing else, or stands behind the number.

A day that is in no calendar (๓๑ กุมภาพันธ์) is no date: the words are kept, the value stays empty.
A month that OCR spelled wrong is read when only one month is near, and is then not sure. A year in
ค.ศ. without its letters is rare in a letter and not sure either. Of two dates, on two lines or on
one, neither is.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from registry.errors import NotUnderstood
from registry.letter.paper import PaperField
from registry.paper.number import number_in
from registry.paper.rows import Row, field
from registry.thai.dates import MONTHS, find_dates, parse_date
from registry.thai.numerals import to_arabic

_SHAPE: Final = re.compile(
    r"(?:ลง)?(?:วันที่)?\s*:?\s*(?P<day>[0-9๐-๙]{1,2})\s*(?P<month>[ก-๎.]{3,14})\s*"
    r"(?P<era>(?:พ|ค)\.?\s?ศ\.?)?\s*(?P<year>[0-9๐-๙]{4})\W{0,3}"
)
_BEHIND: Final = re.compile(r"[\s,]*(?:ลง)?วันที่\s*:?\s*(?=[0-9๐-๙])")
_WESTERN: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_BETWEEN: Final = re.compile(r"(?:\s|[,;()/–-]|และ|หรือ|ถึง|(?:ลง)?วันที่)*")  # two dates of a line
_GIVEN: Final = re.compile(r"(?:สั่ง|ประกาศ|ให้ไว้|แถลง)\s*ณ\s*วันที่\s*")
_OPEN_END: Final = re.compile(r"(?:วันที่|วันที|ภายใน|ลงวันที่|ตั้งแต่|ระหว่าง|ถึง|และ|หรือ|ณ|เมื่อ|ก่อน|หลัง)\s*$")
_INWARD: Final = 0.3  # share of the width: what begins farther left is text
_NEAR, _CLEAR = 0.7, 0.1  # likeness to a month, and before the next one
_LAST: Final = 20
_SURE, _BARE_WESTERN, _GUESSED, _SEVERAL, _NONE = 98, 80, 70, 60, 10


def read_dated(head: Sequence[Row]) -> list[PaperField]:
    """Give the date, or none; ``facts.candidates`` lists all where there are several."""
    found = [one for row in head for one in _dates_of(row)]
    days = {day: (sure, original, row) for day, sure, original, row in reversed(found) if day}
    if not days:
        return [_no_day(row) for row in head if _SHAPE.fullmatch(row.text)][:1]
    best = max(days, key=lambda day: days[day][0])
    sure, original, row = days[best]
    if len(days) > 1:
        candidates = [day.isoformat() for day in days]
        return [
            field("dated", best.isoformat(), [row], min(sure, _SEVERAL), original=original,
                  facts={"candidates": candidates})
        ]  # fmt: skip
    return [field("dated", best.isoformat(), [row], sure, original=original)]


def read_dated_below(rows: Sequence[Row]) -> list[PaperField]:
    """Give the date under the text: of a letter under seal, of คำสั่ง and ประกาศ (ข้อ 14, 16, 21)."""
    last = rows[-_LAST:]
    given = [row for row in last if _GIVEN.match(row.text)]
    for row in given or _dates_under(last):
        text = _GIVEN.sub("", row.text)
        for day, start, end in find_dates(text)[:1]:
            if start <= 1:
                return [field("dated", day.isoformat(), [row], _SURE, original=text[start:end])]
        if guessed := _guessed(text):
            return [field("dated", guessed.isoformat(), [row], _GUESSED, original=text)]
    return []


def _dates_under(rows: Sequence[Row]) -> list[Row]:
    """Give lines that are a date, the last first; not what a sentence ends with on its own line.

    On paper the date under a seal stands right of where lines begin.
    """
    found = [
        row
        for before, row in pairwise([None, *rows])
        if row is not None
        and is_date(row)
        and not (before is not None and _OPEN_END.search(before.text))
        and (row.box is None or row.box.left > _INWARD)
    ]
    return found[::-1]


def is_date(row: Row) -> bool:
    """Say whether the row is a date, or looks like one, and nothing else."""
    try:
        parse_date(row.text.rstrip(" .,;:'`-–"))
    except NotUnderstood:
        return _SHAPE.fullmatch(row.text) is not None
    return True


def _dates_of(row: Row) -> Iterator[tuple[date | None, int, str, Row]]:
    """Give the date of a line, and others behind it; all of a line that holds nothing but dates."""
    there = find_dates(row.text)
    first = _date_of(row)
    if first is None and len(there) > 1 and _BETWEEN.fullmatch(_without(row.text, there)):
        day, start, end = there[0]
        first = day, _SEVERAL, row.text[start:end], row
    if first is None:
        return
    yield first
    after = [at for at, one in enumerate(there) if row.text[one[1] : one[2]] == first[2]]
    for day, start, end in there[after[0] + 1 :] if after else ():
        yield day, first[1], row.text[start:end], row


def _without(text: str, there: Sequence[tuple[date, int, int]]) -> str:
    """Give a line without its dates."""
    for _, start, end in reversed(there):
        text = text[:start] + text[end:]
    return text


def _date_of(row: Row) -> tuple[date | None, int, str, Row] | None:
    number = number_in(row)
    behind = _BEHIND.match(row.text, number[2]) if number else None
    lead = re.match(r".{0,120}?(?:^|\s)วันที่\s*", row.text) if number is None else None
    start = behind.end() if behind else 0
    if behind is None and number is None:
        try:
            plain = row.text.rstrip(" .,;:'`-–")
            return parse_date(plain), _how_sure(plain), plain, row
        except NotUnderstood:
            pass
        if guessed := _guessed(row.text):
            return guessed, _GUESSED, row.text, row
        if lead is None or not row.text.startswith(("วันที่", "ที่")):
            return None
        start = lead.end()
    elif behind is None:
        return None
    for day, at, end in find_dates(row.text):
        if start <= at <= start + 1:
            return day, _how_sure(row.text[at:end]), row.text[at:end], row
    return None


def _how_sure(text: str) -> int:
    plain = to_arabic(text)
    return (
        _BARE_WESTERN if _WESTERN.search(plain) and "ค" not in plain.split("ศ")[0][-3:] else _SURE
    )


def _guessed(text: str) -> date | None:
    """Read a date whose month is spelled nearly like one, and like no other as nearly."""
    shape = _SHAPE.fullmatch(text)
    if shape is None or shape["month"] in MONTHS:
        return None
    alike = [(SequenceMatcher(None, shape["month"], one).ratio(), one) for one in MONTHS]
    (next_best, _), (best, month) = sorted(alike)[-2:]
    if best < _NEAR or best - next_best < _CLEAR:
        return None
    try:
        return parse_date(f"{shape['day']} {month} {shape['year']}")
    except NotUnderstood:
        return None


def _no_day(row: Row) -> PaperField:
    return field("dated", "", [row], _NONE, facts={"no_day": True})
