"""Where the lines of a PDF's page stand, as a person sees it: turned and cropped as the page asks.

pdfium tells the place of each character. Characters beside each other make a line; a gap wider
than two letters are high parts it in two, since an office's address stands on the line of ที่. What
touches is one line though the page says it at different times, as a number behind its blank place.
What a line says is taken from the text that was chosen for the page (:mod:`registry.pdf.quality`):
the letters without their marks are the same in both, so that each line is found in it again. Lines
that a scanner laid behind its picture (:mod:`registry.pdf.layer`) are never sure.

Limits: where some lines of a page run along it and others up or down, the fewer ones give lines of
a letter each; only the pages that fields are read from are laid out, twenty thousand characters of
one at most.
"""

import contextlib
import math
from collections.abc import Iterator, Sequence
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from registry.letter.page import Box, Line, Page
from registry.pdf import layer
from registry.pdf.lines import with_text
from registry.pdf.pieces import SPACE, Piece, in_rows
from registry.pdf.repair import legible, repaired
from registry.pdf.view import MOST, Rect, View, held_upright

FIRST: Final = 3
"""So many pages from the first are laid out, and the last."""

_BREAKS: Final = frozenset("\x00\x02\ufffe")


def laid_out(leaf: pypdfium2.PdfPage, number: int, text: str, quality: float) -> Page:
    """Give a page with its lines; ``text`` is what was chosen for it, "" if it has none.

    Raises PdfiumError.
    """
    width, height = leaf.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and min(width, height) > 0):
        raise pypdfium2.PdfiumError("a page without a size")
    if not text.strip():
        return Page(number, "none", 0.0, width, height)
    sure = layer.SURE if layer.shown(leaf).hidden else 100
    with held_upright(leaf) as view:
        pieces = _pieces(leaf, view)
    said = with_text(_repaired([piece.text for piece in pieces]), text)
    for piece, words in zip(pieces, said, strict=True):
        piece.text = words
    told = [piece for row in in_rows(pieces) for piece in _joined(row) if piece.text.strip()]
    lines = tuple(Line(piece.text, view.seen(piece.box), sure) for piece in told)
    return Page(number, "text", quality, width, height, lines)


def _joined(row: Sequence[Piece]) -> list[Piece]:
    """Join what was written at different times and touches: a number behind its blank place."""
    joined: list[Piece] = []
    for piece in (one for one in row if one.text.strip()):
        last = joined[-1] if joined else None
        if last is None or not last.touches(piece):
            joined.append(piece)
            continue
        gap = piece.box.left - last.box.right > SPACE * (piece.box.bottom - piece.box.top)
        last.text = last.text.rstrip() + (" " if gap else "") + piece.text
        last.box = last.box.around(piece.box)
    return joined


def _pieces(leaf: pypdfium2.PdfPage, view: View) -> list[Piece]:
    """Give the runs of characters in the order in which the page says them."""
    pieces: list[Piece] = []
    with contextlib.closing(leaf.get_textpage()) as sheet:
        for char, box in _characters(sheet, view):
            if box is None:
                if pieces and not pieces[-1].text.endswith(" "):
                    pieces[-1].text += " "
            elif pieces and pieces[-1].takes(box):
                last = pieces[-1]
                gap = box.left - last.box.right > SPACE * (box.bottom - box.top)
                last.text += " " + char if gap and not last.text.endswith(" ") else char
                last.box = last.box.around(box)
            else:
                pieces.append(Piece(box, char))
    return pieces


def _characters(sheet: pypdfium2.PdfTextPage, view: View) -> Iterator[tuple[str, Box | None]]:
    """Give each character and its place; None for one that is not seen."""
    for at in range(min(pdfium.FPDFText_CountChars(sheet), MOST)):
        code = pdfium.FPDFText_GetUnicode(sheet, at)
        char = chr(code) if 0 < code < 0x110000 else " "
        unseen = char in _BREAKS or char.isspace()
        rect = None if unseen else _rect(sheet, at)
        yield (" ", None) if rect is None else (char, view.upright(rect))


def _rect(sheet: pypdfium2.PdfTextPage, at: int) -> Rect | None:
    """Give where a character stands, with the room above and below it that its font asks for."""
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(sheet, at, rect):
        return None
    corners = (rect.left, rect.bottom), (rect.right, rect.top)
    return corners if all(map(math.isfinite, (*corners[0], *corners[1]))) else None


def _repaired(said: Sequence[str]) -> list[str]:
    """Mend lines as a page is mended: whether Thai is meant shows in the whole."""
    whole = repaired("\n".join(said))
    mended = whole.split("\n")
    if len(mended) != len(said):
        return [repaired(one) for one in said]
    return mended if legible(whole) else [""] * len(said)
