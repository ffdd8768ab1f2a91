"""Where the lines of a PDF's page stand, as a person sees it: turned and cropped as the page asks.

pdfium tells the place of each character. Characters beside each other make a line; a gap wider
than two letters are high parts it in two, since an office's address stands on the line of ที่. What
touches is one line though the page says it at different times, as a number behind its blank place.
What a line says is taken from the text that was chosen for the page (:mod:`registry.pdf.quality`):
the letters without their marks are the same in both, so that each line is found in it again. Lines
that a scanner laid behind its picture, and others that a person does not see
(:mod:`registry.pdf.layer`), are never sure; what stands beside the page is no line of it.

Limits: where some lines of a page run along it and others up or down, the fewer ones give lines of
a letter each; only the pages that fields are read from are laid out, twenty thousand characters of
one at most.
"""

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from registry.letter.page import Box, Line, Page
from registry.pdf import layer
from registry.pdf.lines import with_text
from registry.pdf.pieces import SPACE, Piece, in_rows
from registry.pdf.repair import legible, repaired
from registry.pdf.view import MOST, View, held_upright

FIRST: Final = 3
"""So many pages from the first are laid out, and the last."""

_BREAKS: Final = frozenset("\x00\x02\ufffe")


@dataclass(slots=True)
class _Piece(Piece):
    """``seen`` if a person sees all of it, ``beside`` if it is off the page."""

    seen: bool = True
    beside: bool = False


def laid_out(leaf: pypdfium2.PdfPage, number: int, text: str, quality: float) -> Page:
    """Give a page with its lines; ``text`` is what was chosen for it, "" if it has none.

    Raises PdfiumError.
    """
    width, height = leaf.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and min(width, height) > 0):
        raise pypdfium2.PdfiumError("a page without a size")
    if not text.strip():
        return Page(number, "none", 0.0, width, height)
    hidden, seen = layer.shown(leaf).hidden, layer.Seen.on(leaf)
    with held_upright(leaf) as view:
        pieces = _pieces(leaf, view, seen)
    said = with_text(_repaired([piece.text for piece in pieces]), text)
    for piece, words in zip(pieces, said, strict=True):
        piece.text = words
    there = in_rows(piece for piece in pieces if not piece.beside)
    told = [piece for row in there for piece in _joined(row) if piece.text.strip()]
    lines = tuple(
        Line(piece.text, view.seen(piece.box), layer.SURE if hidden or not piece.seen else 100)
        for piece in told
    )
    return Page(number, "text", quality, width, height, lines)


def _joined(row: Sequence[_Piece]) -> list[_Piece]:
    """Join what was written at different times and touches: a number behind its blank place."""
    joined: list[_Piece] = []
    for piece in (one for one in row if one.text.strip()):
        last = joined[-1] if joined else None
        if last is None or not last.touches(piece):
            joined.append(piece)
            continue
        gap = piece.box.left - last.box.right > SPACE * (piece.box.bottom - piece.box.top)
        last.text = last.text.rstrip() + (" " if gap else "") + piece.text
        last.box, last.seen = last.box.around(piece.box), last.seen and piece.seen
    return joined


def _pieces(leaf: pypdfium2.PdfPage, view: View, seen: layer.Seen) -> list[_Piece]:
    """Give the runs of characters in the order in which the page says them."""
    pieces: list[_Piece] = []
    with contextlib.closing(leaf.get_textpage()) as sheet:
        for at, char, box in _characters(sheet, view):
            if box is None:
                if pieces and not pieces[-1].text.endswith(" "):
                    pieces[-1].text += " "
                continue
            beside, drawn = layer.is_beside(box, view), seen.is_drawn(sheet, at)
            if pieces and pieces[-1].beside == beside and pieces[-1].takes(box):
                last = pieces[-1]
                gap = box.left - last.box.right > SPACE * (box.bottom - box.top)
                last.text += " " + char if gap and not last.text.endswith(" ") else char
                last.box, last.seen = last.box.around(box), last.seen and drawn
            else:
                pieces.append(_Piece(box, char, drawn, beside))
    for piece in pieces:
        piece.seen = piece.seen and layer.is_legible(piece.box)
    return pieces


def _characters(sheet: pypdfium2.PdfTextPage, view: View) -> Iterator[tuple[int, str, Box | None]]:
    """Give each character with its number and its place; None for one that is a space."""
    for at in range(min(pdfium.FPDFText_CountChars(sheet), MOST)):
        code = pdfium.FPDFText_GetUnicode(sheet, at)
        char = chr(code) if 0 < code < 0x110000 else " "
        box = None if char in _BREAKS or char.isspace() else layer.place_of(sheet, at, view)
        yield at, " " if box is None else char, box


def _repaired(said: Sequence[str]) -> list[str]:
    """Mend lines as a page is mended: whether Thai is meant shows in the whole."""
    whole = repaired("\n".join(said))
    mended = whole.split("\n")
    if len(mended) != len(said):
        return [repaired(one) for one in said]
    return mended if legible(whole) else [""] * len(said)
