"""A book as it is printed: forms 13 and 14 on A4 across, each day over its lines.

The heads stand on every page; a value that was corrected is struck through before the one that
holds, a void number's line is grey and says why. The pages go to the file one by one.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import BinaryIO, Final

from registry.books import bookform
from registry.books.bookform import in_digits
from registry.books.booklines import Line
from registry.numbering import BookKey
from registry.pdf.forms.lines import Run
from registry.pdf.forms.sheet import Sheet
from registry.pdf.forms.table import Column, Table
from registry.thai.dates import long_date, thai_time

_WIDTHS: Final = (66, 100, 70, 112, 98, 162, 86, 84)
_WHOLE: Final = frozenset({"number", "letter_number", "dated"})
_FORMS: Final = {"received": "แบบที่ 13", "sent": "แบบที่ 14"}
_LEFT: Final = 32.0
_TOP: Final = 28.0


def print_book(
    out: BinaryIO, lines: Iterable[Line], key: BookKey, office: str, *,
    of: str, at: datetime, thai: bool = True,
) -> int:  # fmt: skip
    """Write lines of a book as a PDF and give how many pages it has.

    ``office`` is whose book it is, ``of`` says in Thai which part of it is printed, ``at`` when.
    """
    title = bookform.title(key)
    sheet = Sheet(out, f"{title} {office}", at, landscape=True)
    heads = bookform.heads(key.book)
    columns = [Column(head, width) for head, width in zip(heads, _WIDTHS, strict=True)]
    columns[0] = Column(heads[0], _WIDTHS[0], bold=True)

    def above() -> float:
        return _head(sheet, key.book, title, f"{office} · {of}", at, thai=thai)

    table = Table(sheet, columns, above, left=_LEFT, bottom=sheet.height - 34, size=9.5)
    day: date | None = None
    for line in lines:
        if line.day != day:
            day = line.day
            table.band(in_digits(f"วันที่ {long_date(day)}", thai=thai))
        table.row(_cells(line, key.series, thai=thai), grey=0.45 if line.state == "void" else 0)
    if day is None:
        table.band("ไม่มีรายการในช่วงที่เลือก")
    table.close()
    sheet.close()
    return sheet.pages


def _head(sheet: Sheet, book: str, title: str, whose: str, at: datetime, *, thai: bool) -> float:
    """Begin a page: whose book it is and which part of it, and when it was printed."""
    sheet.new_page()
    right = _LEFT + sum(_WIDTHS)
    top = sheet.bold.piece(title, 15)
    middle = (_LEFT + right - top.width) / 2
    sheet.show(middle, _TOP, [top], 15, bold=True)
    told = sheet.plain.piece(in_digits(whose, thai=thai), 10.5)
    sheet.show((_LEFT + right - told.width) / 2, _TOP + 22, [told], 10.5)
    if (form := _FORMS.get(book)) is not None:
        sheet.show(_LEFT, _TOP + 2, [sheet.plain.piece(in_digits(form, thai=thai), 9.5)], 9.5)
    page = sheet.plain.piece(in_digits(f"หน้า {sheet.pages}", thai=thai), 9.5)
    sheet.show(right - page.width, _TOP + 2, [page], 9.5)
    foot = in_digits(f"พิมพ์เมื่อ {long_date(at.date())} {thai_time(at)}", thai=thai)
    sheet.show(_LEFT, sheet.height - 28, [sheet.plain.piece(foot, 8)], 8, grey=0.35)
    return _TOP + 44


def _cells(line: Line, series: str, *, thai: bool) -> list[list[Run]]:
    texts = bookform.cells(line, series)
    return [
        [
            *(Run(in_digits(old, thai=thai), struck=True, whole=field in _WHOLE)
              for old in bookform.struck(line, field)),
            Run(in_digits(texts[field], thai=thai), whole=field in _WHOLE),
        ]
        for field in bookform.FIELDS
    ]  # fmt: skip
