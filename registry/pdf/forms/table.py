"""A ruled table over many pages: its head stands on each, and no row is lost for being long.

A row that does not fit goes to the next page; a very long one is cut between lines and goes on
there. Whoever makes the table brings what stands above its head on each page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from registry.pdf.forms.lines import Row, Run, lay
from registry.pdf.forms.sheet import Sheet

_PAD: Final = 3.0
_WHOLE: Final = 12  # lines of a row that is not cut
_FEW: Final = 3  # lines that another leaves on a page at least


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its width in points, and whether its text is bold."""

    head: str
    width: float
    bold: bool = False


class Table:
    """A table in the making. ``above`` begins a page and gives where the table's head may stand."""

    def __init__(
        self, sheet: Sheet, columns: Sequence[Column], above: Callable[[], float], *,
        left: float, bottom: float, size: float = 10.0,
    ) -> None:  # fmt: skip
        self._sheet, self._columns, self._above = sheet, columns, above
        self._left, self._bottom, self._size = left, bottom, size
        self._leading = size * 1.5
        self._y = 0.0
        self._top = 0.0
        self._open = False

    @property
    def width(self) -> float:
        """Width of all columns."""
        return sum(column.width for column in self._columns)

    def row(self, cells: Sequence[Sequence[Run]], *, grey: float = 0.0) -> None:
        """Set one row; ``grey`` is the colour of its text, 0 for black."""
        set_ = [self._lay(column, cell) for column, cell in zip(self._columns, cells, strict=True)]
        left = max(len(rows) for rows in set_)
        while left:
            room = self._room()
            if room < (left if left <= _WHOLE else _FEW):
                self._turn()
                room = self._room()
            take = min(left, room)
            self._draw([rows[:take] for rows in set_], take, grey)
            set_ = [rows[take:] for rows in set_]
            left -= take

    def band(self, text: str) -> None:
        """Set one line across all columns, on grey: a day, a heading."""
        if self._room() < _FEW:
            self._turn()
        self._posts()
        height = self._leading + 2 * _PAD
        self._sheet.box(self._left, self._y, self.width, height, 0.92)
        piece = self._sheet.bold.piece(text, self._size)
        self._sheet.show(self._left + _PAD, self._y + _PAD, [piece], self._size, bold=True)
        self._end_row(height)
        self._top = self._y
        for x in (self._left, self._left + self.width):
            self._sheet.line(x, self._y - height, x, self._y, 0.4)

    def close(self) -> float:
        """Rule the last page off, and give where the table ends."""
        self._rule()
        return self._y

    def _lay(self, column: Column, cell: Sequence[Run]) -> list[Row]:
        face = self._sheet.bold if column.bold else self._sheet.plain
        return lay(face, self._size, cell, column.width - 2 * _PAD)

    def _room(self) -> int:
        if not self._open:
            return 0
        return int((self._bottom - self._y - 2 * _PAD) / self._leading)

    def _turn(self) -> None:
        """Rule this page off and begin the next with the head."""
        self._rule()
        self._y = self._top = self._above()
        self._open = True
        self._sheet.line(self._left, self._y, self._left + self.width, self._y, 0.8)
        heads = [lay(self._sheet.bold, self._size, [Run(column.head)], column.width - 2 * _PAD)
                 for column in self._columns]  # fmt: skip
        self._draw(heads, max(len(rows) for rows in heads), 0.0, bold=True)

    def _draw(self, cells: list[list[Row]], lines: int, grey: float, *, bold: bool = False) -> None:
        x = self._left
        for column, rows in zip(self._columns, cells, strict=True):
            y = self._y + _PAD
            for row in rows:
                self._set(x + _PAD, y, row, grey, bold=bold or column.bold)
                y += self._leading
            x += column.width
        self._end_row(lines * self._leading + 2 * _PAD)

    def _set(self, x: float, y: float, row: Row, grey: float, *, bold: bool) -> None:
        if row.pieces:
            self._sheet.show(x, y, row.pieces, self._size, bold=bold, grey=grey)
        for begin, end in row.struck:
            middle = y + self._size * 0.85
            self._sheet.line(x + begin, middle, x + end, middle, 0.7)

    def _end_row(self, height: float) -> None:
        self._y += height
        self._sheet.line(self._left, self._y, self._left + self.width, self._y, 0.4)

    def _rule(self) -> None:
        """Rule the page off."""
        if self._open:
            self._posts()
        self._open = False

    def _posts(self) -> None:
        """Draw the lines between the columns, from the head or band to where the rows end."""
        x = self._left
        for width in (0.0, *(column.width for column in self._columns)):
            x += width
            self._sheet.line(x, self._top, x, self._y, 0.4)
