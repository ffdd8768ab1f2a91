"""Forms 16, 17, 19, 20 and 25 as files: printed (PDF), or for a spreadsheet (XLSX).

What begins as a formula is a stranger's text and stays text, days are real days shown by the
Buddhist calendar; rows go to the file as they are read, however many (as
:mod:`registry.books.bookfiles` does for the books).
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, BinaryIO, Final

from registry.books.bookfiles import FORMS as MEDIA_TYPES
from registry.books.listforms import Cell, ListForm
from registry.clock import BANGKOK

KINDS: Final = {kind: MEDIA_TYPES[kind] for kind in ("pdf", "xlsx")}
"""The kinds of files, and their media types."""
_DAY: Final = "[$-107041E]d mmm yyyy;@"
_MOMENT: Final = "[$-107041E]d mmm yyyy hh:mm;@"
_MOST: Final = 32_767  # characters of a cell of XLSX
_WIDE: Final = 130  # characters that a sheet is wide


def write_list(  # noqa: PLR0913 - what is written, and how
    out: BinaryIO, kind: str, rows: Iterable[tuple[Cell, ...]], form: ListForm, office: str, *,
    of: str, at: datetime, thai: bool = True,
) -> None:  # fmt: skip
    """Write a form as ``pdf`` or ``xlsx``, of an ``office``; ``of`` is which part of a book."""
    if kind == "pdf":
        from registry.pdf.forms.lists import print_list

        print_list(out, rows, form, office, of=of, at=at, thai=thai)
    else:
        write_sheet(out, rows, form)


def write_sheet(out: BinaryIO, rows: Iterable[tuple[Cell, ...]], form: ListForm) -> int:
    """Write rows as a workbook of one sheet, and give how many."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(form.title[:31])
    sheet.freeze_panes = "A2"
    for letter, (_, share) in zip("ABCDEFGH", form.columns, strict=False):
        sheet.column_dimensions[letter].width = max(9, round(share * _WIDE))
    heads = [WriteOnlyCell(sheet, head) for head in form.heads]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)

    def cell(value: Cell) -> Any:
        if isinstance(value, int):
            return WriteOnlyCell(sheet, value)
        if isinstance(value, date):
            return _day(sheet, value)
        text = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:_MOST])
        text.data_type = "s"  # what begins with = is text
        return text

    count = 0
    for row in rows:
        count += 1
        sheet.append([cell(value) for value in row])
    book.save(out)
    return count


def _day(sheet: Any, value: date) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, datetime):
        made = WriteOnlyCell(sheet, value.astimezone(BANGKOK).replace(microsecond=0, tzinfo=None))
        made.number_format = _MOMENT
    else:
        made = WriteOnlyCell(sheet, datetime.combine(value, time()))
        made.number_format = _DAY
    return made
