"""A report on A4 upright: a title, paragraphs and tables of facts, on as many pages as needed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from registry.books.bookform import in_digits
from registry.pdf.forms.lines import Run, lay
from registry.pdf.forms.sheet import Sheet
from registry.pdf.forms.table import Column, Table
from registry.thai.dates import long_date, thai_time

_LEFT: Final = 42.0
_TOP: Final = 40.0
_SIZE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with a table under it, or with ``text`` alone.

    ``columns`` are heads with their share of the width; without heads the rows are facts by name.
    ``verbatim`` names the heads, or facts, whose text is somebody else's word - a file's name, what
    a server answered - and is printed as it is, whatever digits the reader likes.
    """

    title: str
    columns: Sequence[tuple[str, float]] = (("รายการ", 0.26), ("ข้อมูล", 0.74))
    rows: Sequence[Sequence[str]] = ()
    text: str = ""
    verbatim: Collection[str] = ()


def print_report(
    out: BinaryIO, title: str, told: str, sections: Iterable[Section], at: datetime, *, thai: bool
) -> int:
    """Write a report as a PDF and give how many pages it has.

    ``told`` stands under the title and on each page; digests keep their Arabic digits when they
    stand in columns whose head is ASCII, or in facts so named.
    """
    page = _Page(Sheet(out, title, at, landscape=False), in_digits(told, thai=thai), at, thai)
    page.paragraph(in_digits(title, thai=thai), 16, bold=True)
    page.paragraph(page.told, 11)
    for section in sections:
        page.heading(in_digits(section.title, thai=thai))
        if section.text:
            page.paragraph(in_digits(section.text, thai=thai), _SIZE, after=5)
        if section.rows:
            page.table(section)
    page.sheet.close()
    return page.sheet.pages


class _Page:
    """Where the next thing goes."""

    def __init__(self, sheet: Sheet, told: str, at: datetime, thai: bool) -> None:  # noqa: FBT001
        self.sheet, self.told, self._at, self._thai = sheet, told, at, thai
        self._width = sheet.width - 2 * _LEFT
        self._bottom = sheet.height - 48
        self._y = self.turn()

    def turn(self) -> float:
        """Begin a page, with its number and what the report is of."""
        self.sheet.new_page()
        words = (
            f"หน้า {self.sheet.pages} · พิมพ์เมื่อ {long_date(self._at.date())} {thai_time(self._at)}"
        )
        foot = f"{self.told} · {in_digits(words, thai=self._thai)}" if self.told else words
        piece = self.sheet.plain.piece(foot, 8)
        self.sheet.show(_LEFT, self.sheet.height - 36, [piece], 8, grey=0.35)
        return _TOP

    def paragraph(self, text: str, size: float, *, bold: bool = False, after: float = 0.0) -> None:
        """Set running text, with some room after it."""
        face = self.sheet.bold if bold else self.sheet.plain
        for row in lay(face, size, [Run(text)], self._width):
            if self._y + size * 1.5 > self._bottom:
                self._y = self.turn()
            if row.pieces:
                self.sheet.show(_LEFT, self._y, row.pieces, size, bold=bold)
            self._y += size * 1.5
        self._y += after

    def heading(self, text: str) -> None:
        """Set a heading, with room for something under it."""
        if self._y + 80 > self._bottom:
            self._y = self.turn()
        self._y += 10
        self.paragraph(text, 12, bold=True)
        self._y += 3

    def table(self, section: Section) -> None:
        """Set a table here; it goes on over the pages that it needs."""
        columns = [Column(head, share * self._width) for head, share in section.columns]
        first = [self._y]

        def above() -> float:
            return first.pop() if first else self.turn()

        table = Table(self.sheet, columns, above, left=_LEFT, bottom=self._bottom, size=9)
        for row in section.rows:
            table.row([[Run(self._cell(section, place, row))] for place in range(len(row))])
        self._y = table.close()

    def _cell(self, section: Section, place: int, row: Sequence[str]) -> str:
        names = (section.columns[place][0], *(row[:1] if len(row) == 2 else ()))
        kept = any(name.isascii() or name in section.verbatim for name in names)
        return row[place] if kept else in_digits(row[place], thai=self._thai)
