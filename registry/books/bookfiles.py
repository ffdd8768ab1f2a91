"""A book as a file: printed (PDF), or for a spreadsheet (CSV, XLSX), written as lines are read.

Whatever begins as a formula is a stranger's text and is kept from being one: in CSV by an
apostrophe before it (OWASP's advice), in XLSX by the type of the cell. Days are real days there,
shown by the Buddhist calendar; text stays text. Rows are not kept in memory, however many.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO, Final

from registry.books import bookform
from registry.books.bookform import in_digits
from registry.books.booklines import Line
from registry.numbering import BookKey
from registry.thai.dates import short_date

FORMS: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""The forms a book is written in, and their media types."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BUDDHIST: Final = "[$-107041E]d mmm yyyy;@"
_MOST: Final = 32_767  # characters of a cell of XLSX
_WIDTHS: Final = (12, 14, 22, 14, 32, 26, 60, 24, 24)


def write_book(  # noqa: PLR0913 - what is written, and how
    out: BinaryIO, form: str, lines: Iterable[Line], key: BookKey, office: str, *,
    of: str, at: datetime, thai: bool = True,
) -> None:  # fmt: skip
    """Write lines of a book as ``pdf`` (forms 13 and 14), ``xlsx`` or ``csv``.

    ``office`` is whose book it is, ``of`` which part of it, as the printed pages say.
    """
    if form == "pdf":
        from registry.pdf.forms.book import print_book

        print_book(out, lines, key, office, of=of, at=at, thai=thai)
    elif form == "xlsx":
        write_xlsx(out, lines, key)
    else:
        write_csv(out, lines, key, thai=thai)


def write_csv(out: BinaryIO, lines: Iterable[Line], key: BookKey, *, thai: bool = True) -> int:
    """Write lines as CSV (RFC 4180) in UTF-8 with a byte order mark, and give how many."""
    out.write(b"\xef\xbb\xbf")
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(_heads(key))
    count = 0
    for line in lines:
        count += 1
        row = (in_digits(cell, thai=thai) for cell in _row(line, key))
        writer.writerow([_tame(cell) for cell in row])
    text.detach()
    return count


def write_xlsx(out: BinaryIO, lines: Iterable[Line], key: BookKey) -> int:
    """Write lines as a workbook of one sheet, and give how many."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(bookform.title(key)[:31])
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHI", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    head = [WriteOnlyCell(sheet, word) for word in _heads(key)]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)

    def day(value: date) -> Any:
        cell = WriteOnlyCell(sheet, datetime.combine(value, time()))
        cell.number_format = _BUDDHIST
        return cell

    def plain(text: str) -> Any:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:_MOST])
        cell.data_type = "s"  # what begins with = is text
        return cell

    count = 0
    for line in lines:
        count += 1
        cells = [plain(text) for text in _row(line, key)]
        for place, value in ((1, line.day), (3, line.dated)):
            if value is not None:
                cells[place] = day(value)
        if cells[0].value == str(line.number):
            cells[0] = WriteOnlyCell(sheet, line.number)
        sheet.append(cells)
    book.save(out)
    return count


def _heads(key: BookKey) -> tuple[str, ...]:
    """Give the heads: those of the form, and the day that stands over its pages."""
    number, *others = bookform.heads(key.book)
    return (number, "วันที่ลงทะเบียน", *others)


def _row(line: Line, key: BookKey) -> Iterator[str]:
    texts = bookform.cells(line, key.series)
    for field in bookform.FIELDS:
        old = "".join(f"[เดิม: {one}] " for one in bookform.struck(line, field))
        yield old + texts[field]
        if field == "number":
            yield short_date(line.day)


def _tame(cell: str) -> str:
    """Keep a spreadsheet from taking a stranger's text for a formula."""
    return "'" + cell if cell.startswith(_FORMULA) else cell
