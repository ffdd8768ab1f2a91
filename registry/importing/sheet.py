"""Reading a spreadsheet as rows of plain cells: xlsx, or CSV in UTF-8 or Thai Windows.

Read row by row, within bounds: a file that unpacks to more than it should, or has more rows than a
register of years, is refused. Merged cells have their value in each cell they cover, as people see
it. Formulas give the value that was last seen. Nothing of the file is kept or run.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from registry.errors import NotUnderstood
from registry.thai.text import tidy

MOST_BYTES: Final = 20_000_000
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 40
_UNPACKED: Final = 150_000_000
_LONGEST: Final = 5000
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException, KeyError, ValueError,
    TypeError, IndexError, AttributeError, EOFError, OSError, RuntimeError,
)  # fmt: skip
_BLOCK: Final = 1 << 20
_TAIL: Final = 200  # bytes in which one such element may be cut
_MERGED: Final = re.compile(
    rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"'
)

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row as people number it, from 1, with its cells; trailing empty cells are left out."""

    number: int
    cells: tuple[Cell, ...]


class Unreadable(NotUnderstood):
    """The file is no spreadsheet that can be read."""

    thai = "อ่านไฟล์นี้ไม่ได้ โปรดบันทึกเป็น .xlsx หรือ .csv จากโปรแกรม Excel แล้วลองใหม่"


def read(path: Path) -> list[Row]:
    """Give the rows of the first sheet that hold anything. Raises Unreadable; blocking."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable("too large", thai="ไฟล์ใหญ่เกิน ๒๐ MB โปรดแบ่งเป็นไฟล์ละปี")
    with path.open("rb") as file:
        zipped = file.read(4) == b"PK\x03\x04"
    rows = _xlsx(path) if zipped else _csv(path)
    return [row for row in rows if row.cells]


def _workbook(file: BinaryIO) -> Any:
    from openpyxl import load_workbook

    return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _xlsx(path: Path) -> list[Row]:
    try:
        _within_bounds(path)
        with path.open("rb") as file, closing(_workbook(file)) as book:
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()
            values = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
            rows = list(_numbered(values))
            merged = _merged(path, sheet._worksheet_path)  # noqa: SLF001 - told nowhere else
        return _spread(rows, merged)
    except Unreadable:
        raise
    except _BROKEN as error:
        raise Unreadable(f"no workbook: {type(error).__name__}") from error


def _within_bounds(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        if sum(one.file_size for one in packed.infolist()) > _UNPACKED:
            raise Unreadable("it unpacks to too much")


def _merged(path: Path, part: str) -> list[tuple[int, int, int, int]]:
    """Give the merged ranges as (top, left, bottom, right), rows from 1 and columns from 0."""
    found, rest = [], b""
    with zipfile.ZipFile(path) as packed, packed.open(part) as file:
        while block := file.read(_BLOCK):
            text, end = rest + block, 0
            for match in _MERGED.finditer(text):
                left, top, right, bottom = match.groups()
                found.append((int(top), _column(left), int(bottom), _column(right)))
                end = match.end()
            rest = text[end:][-_TAIL:]
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _spread(rows: list[Row], merged: list[tuple[int, int, int, int]]) -> list[Row]:
    """Write the value of merged cells into each of them."""
    cells = {row.number: list(row.cells) for row in rows}
    covered = 0
    for top, left, lowest, right in merged:
        bottom, last = min(lowest, MOST_ROWS), min(right, MOST_COLUMNS - 1)
        covered += max(0, bottom - top + 1) * max(0, last - left + 1)
        if covered > MOST_ROWS * MOST_COLUMNS:  # they overlap, which Excel never writes
            raise Unreadable("merged cells overlap")
        first = cells.get(top, [])
        value = first[left] if left < len(first) else None
        if value is None:
            continue
        for number in range(top, bottom + 1):
            mine = cells.get(number)
            if mine is None:
                continue
            mine.extend([None] * (last + 1 - len(mine)))
            mine[left : last + 1] = [value] * (last + 1 - left)
    return [Row(row.number, tuple(cells[row.number])) for row in rows]


def _csv(path: Path) -> list[Row]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp874", "replace")
    if "\x00" in text:
        raise Unreadable("no text")
    head = text[:20_000]
    comma = max(",;\t", key=head.count)
    try:
        return list(_numbered(csv.reader(io.StringIO(text, newline=""), delimiter=comma)))
    except csv.Error as error:
        raise Unreadable(f"no CSV: {error}") from error


def _numbered(rows: Iterable[Iterable[Any]]) -> Iterator[Row]:
    for number, values in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise Unreadable("too many rows", thai="ไฟล์มีเกิน ๕๐,๐๐๐ แถว โปรดแบ่งเป็นไฟล์ละปี")
        cells = [_cell(value) for value in list(values)[:MOST_COLUMNS]]
        while cells and cells[-1] is None:
            cells.pop()
        yield Row(number, tuple(cells))


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, (date, int, float)) or value is None:
        return value
    return " ".join(tidy(str(value)[:_LONGEST]).split()) or None
