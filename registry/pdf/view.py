"""How a PDF's page is looked at: turned and cropped as it asks, and held with its text upright.

A page has a measure of its own, which /Rotate turns and /CropBox shifts (ISO 32000-1 8.3.2.3); a
table that was laid across the sheet reads from below to above even so. A :class:`View` goes from
the page's measure to points of the page held upright, and from there to shares of the page as it is
shown (:mod:`registry.letter.page`). Limit: where some lines run along the page and others up or
down, it is held for the most.
"""

import contextlib
import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from registry.letter.page import Box

MOST: Final = 20_000
"""So many characters of a page are looked at."""

_FINE: Final = 1_000_000  # of a page's width: how exact a place is
_ASKED: Final = 200  # characters that say which way is up

Place = tuple[float, float]
Rect = tuple[Place, Place]
Axis = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class View:
    """How a page is held: its measure, and how far that is from how it asks to be shown."""

    across: Axis  # points from the left of the held page, of a place in the page's own measure
    down: Axis
    wide: float  # points, as it is held
    high: float
    quarters: int  # turns counterclockwise from how it is shown to how it is held

    def upright(self, rect: Rect) -> Box:
        """Give a place, in points, on the page as it is held."""
        (left, right), (top, bottom) = (
            sorted(axis[0] * x + axis[1] * y + axis[2] for x, y in rect)
            for axis in (self.across, self.down)
        )
        return Box(left, top, right, bottom)

    def seen(self, box: Box) -> Box:
        """Give the place of something upright on the page as it is shown, in shares of it."""
        left, right = _share(box.left / self.wide), _share(box.right / self.wide)
        top, bottom = _share(box.top / self.high), _share(box.bottom / self.high)
        match self.quarters:
            case 1:
                return Box(1 - bottom, left, 1 - top, right)
            case 2:
                return Box(1 - right, 1 - bottom, 1 - left, 1 - top)
            case 3:
                return Box(top, 1 - right, bottom, 1 - left)
            case _:
                return Box(left, top, right, bottom)


@contextlib.contextmanager
def held_upright(leaf: pypdfium2.PdfPage) -> Iterator[View]:
    """Hold a page within the block so that most of its letters are upright: pdfium asks for that.

    Raises PdfiumError.
    """
    asked = leaf.get_rotation()
    quarters = _quarters(leaf)
    if quarters:
        leaf.set_rotation((asked - 90 * quarters) % 360)
    try:
        across, down = _axes(leaf)
        wide, high = leaf.get_size()
        yield View(across, down, wide, high, quarters)
    finally:
        if quarters:
            leaf.set_rotation(asked)


def _quarters(leaf: pypdfium2.PdfPage) -> int:
    """Give by how many quarters most letters are turned clockwise."""
    axes = _axes(leaf)
    with contextlib.closing(leaf.get_textpage()) as sheet:
        count = min(pdfium.FPDFText_CountChars(sheet), MOST)
        sample = range(0, count, max(1, count // _ASKED))
        turns = Counter(turn for at in sample if (turn := _turn(sheet, at, axes)) is not None)
    return max(turns, key=turns.__getitem__, default=0)


def _turn(sheet: pypdfium2.PdfTextPage, at: int, axes: tuple[Axis, Axis]) -> int | None:
    """Give how many quarters clockwise a character is turned; None if it does not say."""
    matrix = pdfium.FS_MATRIX()
    if chr(min(pdfium.FPDFText_GetUnicode(sheet, at), 0x10FFFF)).isspace():
        return None
    if not pdfium.FPDFText_GetMatrix(sheet, at, matrix):
        return None
    right, down = (axis[0] * matrix.a + axis[1] * matrix.b for axis in axes)
    return round(math.atan2(down, right) / (math.pi / 2)) % 4


def _axes(leaf: pypdfium2.PdfPage) -> tuple[Axis, Axis]:
    """Give how a place of the page's own measure becomes points of the page as it is shown."""
    origin, right, up = (_shown(leaf, *place) for place in ((0, 0), (1000, 0), (0, 1000)))
    across, down = (
        ((right[n] - origin[n]) / 1000, (up[n] - origin[n]) / 1000, origin[n]) for n in (0, 1)
    )
    return across, down


def _shown(leaf: pypdfium2.PdfPage, x: float, y: float) -> Place:
    wide, high = leaf.get_size()
    column, row = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(leaf, 0, 0, _FINE, _FINE, 0, x, y, column, row)
    return column.value * wide / _FINE, row.value * high / _FINE


def _share(place: float) -> float:
    return min(max(place, 0.0), 1.0)
