"""One row of an old register read as a line of a book, or the reason in Thai why it cannot be.

Dates are read as people typed them: ๓ ส.ค. ๒๕๖๘, 3/8/68, a date of Excel (also one that Excel took
for the year 2568 or 1968 of its own), a serial number. An empty วันที่รับ, and a ditto mark, mean
the day of the row above. Numbers that were put in between (๑๒๓/๑, ๑๒๓ก) are none of a series.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from registry.errors import NotUnderstood
from registry.importing.sheet import Cell, Row
from registry.thai.dates import parse_date
from registry.thai.numerals import to_arabic, to_thai

_ERA: Final = 543
_NUMBER: Final = re.compile(r"[^\d/]{0,12}?(\d{1,7})(?:\s*/\s*(\d{4}|\d{2}))?")
_TIME: Final = re.compile(r"\s*(?:เวลา)?\s*\d{1,2}[.:]\d{2}(?:[.:]\d{2})?\s*(?:น\.?)?$")
_DITTO: Final = frozenset({'"', "''", "”", "〃", "-", "''-", '-"-', "เดียวกัน"})
_VOID: Final = re.compile(r"[-*( ]*ยกเลิก(?:เลข|เลขนี้|เลขที่)?[-*). ]*")
_NO_DAY: Final = "ไม่มีวันที่"
_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(30_000, 80_000)


@dataclass(frozen=True, slots=True)
class OldLine:
    """One line; ``row`` is where it stands. ``void`` says that the old register voided it.

    ``undated`` is what stands in place of a day where that is none, "" for a line with a day; its
    ``day`` is then only a guess, which the plan replaces.
    """

    row: int
    number: int
    day: date
    letter_number: str = ""
    dated: date | None = None
    from_text: str = ""
    to_text: str = ""
    subject: str = ""
    action: str = ""
    note: str = ""
    void: bool = False
    undated: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that cannot be taken over, and why, in Thai; ``number`` where at least it was read."""

    row: int
    why: str
    number: int = 0


def read_lines(
    rows: Sequence[Row], columns: Mapping[str, int], year: int
) -> Iterator[OldLine | Trouble]:
    """Read the rows of a book of this พ.ศ. year; rows without any meaning are passed over."""
    above: date | None = None
    for row in rows:
        cells = {field: _at(row, column) for field, column in columns.items()}
        if _is_empty(cells):
            continue
        number = 0
        try:
            number = _number(cells.get("number"), year)
            day, undated = _day(cells, above, year)
            above = day or above
            line = _line(row.number, number, above or date(year - _ERA, 1, 1), cells, year)
            yield replace(line, undated=undated) if undated else line
        except NotUnderstood as error:
            yield Trouble(row.number, error.thai, number)


def _at(row: Row, column: int) -> Cell:
    return row.cells[column] if 0 <= column < len(row.cells) else None


def _is_empty(cells: Mapping[str, Cell]) -> bool:
    """Say whether nothing stands there but a number that was written in beforehand."""
    return not any(
        cells.get(field) for field in ("subject", "letter_number", "from_text", "to_text")
    )


def _line(row: int, number: int, day: date, cells: Mapping[str, Cell], year: int) -> OldLine:
    subject = _text(cells.get("subject"))
    void = bool(_VOID.fullmatch(subject)) or _text(cells.get("note")).startswith("ยกเลิกเลข")
    if not subject:
        raise NotUnderstood("no subject", thai="ไม่มีเรื่อง")
    return OldLine(
        row, number, day, _text(cells.get("letter_number")), _dated(cells.get("dated"), year),
        _text(cells.get("from_text")), _text(cells.get("to_text")), subject,
        _text(cells.get("action")), _text(cells.get("note")), void,
    )  # fmt: skip


def _number(cell: Cell, year: int) -> int:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    found = _NUMBER.fullmatch(to_arabic(_text(cell)))
    if cell is None or cell == "":
        raise NotUnderstood("no number", thai="ไม่มีเลขทะเบียน")
    if found is None or not int(found[1]):
        raise NotUnderstood("no number", thai=f"“{_text(cell)}” ไม่ใช่เลขทะเบียน")
    told = int(found[2]) + (2500 if len(found[2]) == 2 else 0) if found[2] else year
    if told != year:
        raise NotUnderstood("another year", thai=f"เป็นเลขของปี {to_thai(str(told))}")
    return int(found[1])


def _day(cells: Mapping[str, Cell], above: date | None, year: int) -> tuple[date | None, str]:
    """Give the day of a line, or what stands in its place. Raises NotUnderstood for other years."""
    cell = cells.get("registered")
    if isinstance(cell, str) and cell in _DITTO:
        cell = None
    try:
        day = (
            read_day(cell, year) if cell is not None else above or _dated(cells.get("dated"), year)
        )
    except NotUnderstood:
        return None, _text(cell)
    if day is None:
        return None, _NO_DAY
    if day.year + _ERA != year:
        word = to_thai(f"{day.day}/{day.month}/{day.year + _ERA}")
        raise NotUnderstood("another year", thai=f"วันที่ {word} ไม่อยู่ในปี {to_thai(str(year))}")
    return day, ""


def _dated(cell: Cell, year: int) -> date | None:
    """Read ลงวันที่; what is no date there is left out, it does not decide anything."""
    if cell is None or (isinstance(cell, str) and cell in _DITTO):
        return None
    try:
        return read_day(cell, year)
    except NotUnderstood:
        return None


def read_day(cell: Cell, year: int) -> date:
    """Read a date however it was typed, of a book of this พ.ศ. year. Raises NotUnderstood."""
    if isinstance(cell, float):
        cell = int(cell)
    if isinstance(cell, int):
        if cell not in _SERIALS:
            raise NotUnderstood("no date", thai=f"“{cell}” ไม่ใช่วันที่")
        cell = _EPOCH + timedelta(days=cell)
    if isinstance(cell, date):
        return _real(cell, year)
    return parse_date(_TIME.sub("", _text(cell)))


def _real(day: date, year: int) -> date:
    """Give the day that was meant where Excel took พ.ศ. for years of its own."""
    if day.year > 2400:
        return day.replace(year=day.year - _ERA, day=min(day.day, 28 if day.month == 2 else 31))
    if 1930 <= day.year < 2000 and abs(day.year - 1900 + 2500 - year) <= 1:
        return day.replace(year=day.year + 600 - _ERA)
    return day


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()
