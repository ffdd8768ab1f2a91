"""The letters and figures of a PDF's first page, each with its baseline and its height, in lines.

Points of the page as it is shown, from its upper left corner. Marks over and under letters are left
out: which line it is, is told by the letters, and a text layer with damaged marks does. Limits: a
page whose text is not upright as it is shown has no lines here; twenty thousand characters.
"""

import contextlib
import math
import re
from collections.abc import Iterator
from ctypes import c_double
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from registry.letter.page import Box
from registry.pdf.opening import open_pdf
from registry.pdf.pieces import Piece, in_rows
from registry.pdf.view import MOST, Rect, View, held_upright

_MARK: Final = re.compile(r"[\s\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\uf700-\uf71a]")


@dataclass(frozen=True, slots=True)
class Sign:
    """One letter or figure: from left to right, its baseline, and how high it is drawn."""

    char: str
    left: float
    right: float
    base: float
    high: float


@dataclass(slots=True)
class SignLine(Piece):
    """Signs beside each other; ``text`` is their characters, one each."""

    signs: list[Sign] = field(default_factory=list)


def sign_rows(path: Path) -> tuple[tuple[float, float], list[list[SignLine]]]:
    """Give width and height of the first page, and its lines by rows from top to bottom.

    Raises PdfiumError, also for a file without pages.
    """
    with contextlib.closing(open_pdf(path)) as document:
        if not len(document):
            raise pypdfium2.PdfiumError("no page")
        leaf = document[0]
        size = leaf.get_size()
        with held_upright(leaf) as view:
            lines = [] if view.quarters else _lines(leaf, view)
        return size, in_rows(lines)


def _lines(leaf: pypdfium2.PdfPage, view: View) -> list[SignLine]:
    lines: list[SignLine] = []
    with contextlib.closing(leaf.get_textpage()) as sheet:
        for box, sign in _signs(sheet, view):
            if not (lines and lines[-1].takes(box)):
                lines.append(SignLine(box, ""))
            line = lines[-1]
            line.text += sign.char
            line.box = line.box.around(box)
            line.signs.append(sign)
    return lines


def _signs(sheet: pypdfium2.PdfTextPage, view: View) -> Iterator[tuple[Box, Sign]]:
    for at in range(min(pdfium.FPDFText_CountChars(sheet), MOST)):
        code = pdfium.FPDFText_GetUnicode(sheet, at)
        char = chr(code) if 0x20 < code < 0x110000 else " "
        rect = None if _MARK.match(char) else _loose(sheet, at)
        if rect is not None:
            box = view.upright(rect)
            yield box, Sign(char, box.left, box.right, *_drawn(sheet, at, view))


def _drawn(sheet: pypdfium2.PdfTextPage, at: int, view: View) -> tuple[float, float]:
    """Give a character's baseline and the height of what is drawn of it."""
    x, y = c_double(), c_double()
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    pdfium.FPDFText_GetCharOrigin(sheet, at, x, y)
    pdfium.FPDFText_GetCharBox(sheet, at, left, right, bottom, top)
    box = view.upright(((left.value, bottom.value), (right.value, top.value)))
    return view.upright(((x.value, y.value),) * 2).top, box.bottom - box.top


def _loose(sheet: pypdfium2.PdfTextPage, at: int) -> Rect | None:
    """Give where a character stands, with the room above and below it that its font asks for."""
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(sheet, at, rect):
        return None
    corners = (rect.left, rect.bottom), (rect.right, rect.top)
    return corners if all(map(math.isfinite, (*corners[0], *corners[1]))) else None
