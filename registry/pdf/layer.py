"""Whether a page's text is what a person sees: a scanner lays words behind its picture for search.

Such words were read off the picture by some program, wrongly in parts, and its figures most of all:
programs that cannot print ๔ ๖ ๗ ๘ ๙ put others there. The words are drawn in no ink (text
rendering mode 3, ISO 32000-1 9.3.6), in clear ink, or before the picture that covers them. A page
that pictures fill may also carry a few words that are seen: what another office stamped onto it.

Anybody can write a line that nobody sees into a page that was typeset, too: in no ink or nearly the
paper's, too small to read, or beside the page. So each line is asked, not only the page.

Limits: words that a program set in place of the picture's own (ClearScan) look typeset. White is
taken for the paper's colour wherever it stands. What is clipped away, or painted over by anything
but a picture, counts as seen.
"""

import contextlib
import ctypes
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Final, Self

import pypdfium2
import pypdfium2.raw as pdfium

from registry.letter.page import Box
from registry.pdf.view import MOST, View, held_upright

SURE: Final = 80
"""How sure a line is that nobody sees: never enough to be believed."""

_MOST: Final = 20_000  # objects of a page that are looked at
_ASKED: Final = 400  # characters that say whether the text is seen
_DEEP: Final = 5  # forms within forms
_CELLS: Final = 20  # of a page's side
_FILLS: Final = 0.8  # share of a page
_COVERS: Final = 0.5  # share of a page, of a picture that may hide words
_STRIP: Final = 0.8  # share of a page's width, of a picture that is a strip of a scan
_PALE: Final = 237  # of 255: what is no darker than that looks like paper
_TINY: Final = 4.0  # points: letters less high are not read by anybody
_UNSEEN: Final = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})
_FILLED: Final = frozenset({pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_CLIP})
_OUTLINED: Final = frozenset(
    {pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP}
)

Rect = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Shown:
    """``hidden`` if most of a page's letters are not seen; ``pictured`` if pictures fill it.

    ``plain`` are the letters on a page full of pictures that are plainly seen.
    """

    hidden: bool
    pictured: bool
    plain: int = field(default=0, compare=False)


def shown(leaf: pypdfium2.PdfPage) -> Shown:
    """Say what of a page is seen. Raises PdfiumError."""
    words, cells = _looked_at(leaf)
    hidden = {word for word, is_seen in words.items() if not is_seen}
    if len(cells) < _FILLS * _CELLS**2:
        return Shown(bool(hidden) and _are_most(leaf, hidden), pictured=False)
    plain = _plain(leaf, Seen(words))
    return Shown(bool(hidden) and _are_most(leaf, hidden), pictured=True, plain=plain)


class Seen:
    """Which letters of a page a person sees, by the objects that they are drawn with."""

    def __init__(self, words: Mapping[int, bool]) -> None:
        self._words = words

    @classmethod
    def on(cls, leaf: pypdfium2.PdfPage) -> Self:
        """Look at the objects of a page. Raises PdfiumError."""
        return cls(_looked_at(leaf)[0])

    def is_drawn(self, sheet: pypdfium2.PdfTextPage, at: int) -> bool:
        """Say whether a character is drawn in ink; of what was not looked at, that it is not."""
        one = pdfium.FPDFText_GetTextObject(sheet, at)
        return not one or self._words.get(_address(one), False)


def is_legible(box: Box) -> bool:
    """Say whether letters that stand in this place, in points, are large enough to be read."""
    return box.bottom - box.top >= _TINY


def is_beside(box: Box, view: View) -> bool:
    """Say whether a place, in points, is off the page."""
    across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return not (0 <= across <= view.wide and 0 <= down <= view.high)


def place_of(sheet: pypdfium2.PdfTextPage, at: int, view: View) -> Box | None:
    """Give where a character stands, with the room above and below it that its font asks for."""
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(sheet, at, rect):
        return None
    corners = (rect.left, rect.bottom), (rect.right, rect.top)
    return view.upright(corners) if all(map(math.isfinite, chain(*corners))) else None


def _looked_at(leaf: pypdfium2.PdfPage) -> tuple[dict[int, bool], set[tuple[int, int]]]:
    """Give which objects with words are seen, and the cells of the page that pictures fill."""
    page = leaf.get_bbox()
    seen: dict[int, bool] = {}
    words: dict[int, Rect] = {}
    cells: set[tuple[int, int]] = set()
    for one in islice(leaf.get_objects(max_depth=_DEEP), _MOST):
        if one.type == pdfium.FPDF_PAGEOBJ_TEXT:
            words[_address(one)] = _place(one)
            seen[_address(one)] = _is_inked(one)
        elif one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            place = _place(one)
            cells |= _cells(place, page)
            if _hides(place, page) and not pdfium.FPDFPageObj_HasTransparency(one):
                seen |= {word: False for word, at in words.items() if _is_covered(at, place)}
    return seen, cells


def _plain(leaf: pypdfium2.PdfPage, seen: Seen) -> int:
    """Count the letters that stand on the page, in ink, large enough to be read."""
    plain = 0
    with held_upright(leaf) as view, contextlib.closing(leaf.get_textpage()) as sheet:
        for at in range(min(pdfium.FPDFText_CountChars(sheet), MOST)):
            letter = chr(min(pdfium.FPDFText_GetUnicode(sheet, at), 0x10FFFF)).isalnum()
            if letter and seen.is_drawn(sheet, at):
                box = place_of(sheet, at, view)
                plain += box is not None and is_legible(box) and not is_beside(box, view)
    return plain


def _are_most(leaf: pypdfium2.PdfPage, hidden: set[int]) -> bool:
    """Say whether most letters of a page belong to these objects."""
    seen = unseen = 0
    with contextlib.closing(leaf.get_textpage()) as sheet:
        count = pdfium.FPDFText_CountChars(sheet)
        for at in range(0, count, max(1, count // _ASKED)):
            if not chr(min(pdfium.FPDFText_GetUnicode(sheet, at), 0x10FFFF)).isspace():
                one = pdfium.FPDFText_GetTextObject(sheet, at)
                clear = bool(one) and _address(one) in hidden
                unseen, seen = unseen + clear, seen + (not clear)
    return unseen > seen


def _address(one: Any) -> int:
    return ctypes.cast(getattr(one, "raw", one), ctypes.c_void_p).value or 0


def _is_inked(one: pypdfium2.PdfObject) -> bool:
    """Say whether words are drawn, and darker than paper."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(one)
    if mode in _UNSEEN:
        return False
    asked = [] if mode in _FILLED else [pdfium.FPDFPageObj_GetStrokeColor]
    asked += [] if mode in _OUTLINED else [pdfium.FPDFPageObj_GetFillColor]
    return any(_is_dark(one, ask) for ask in asked)


def _is_dark(one: pypdfium2.PdfObject, ask: Callable[..., int]) -> bool:
    """Say whether a colour shows on paper; one that cannot be told, as a pattern, does."""
    *channels, ink = (ctypes.c_uint() for _ in range(4))
    if not ask(one, *channels, ink):
        return True
    return any(255 - (255 - one.value) * ink.value / 255 < _PALE for one in channels)


def _place(one: pypdfium2.PdfObject) -> Rect:
    """Give where an object stands on the page, out of all the forms it lies in."""
    corners = [(x, y) for x in one.get_bounds()[::2] for y in one.get_bounds()[1::2]]
    for form in _around(one):
        matrix = form.get_matrix()
        corners = [matrix.on_point(x, y) for x, y in corners]
    across, up = zip(*corners, strict=True)
    return min(across), min(up), max(across), max(up)


def _around(one: pypdfium2.PdfObject) -> Iterator[pypdfium2.PdfObject]:
    while one.container is not None:
        one = one.container
        yield one


def _cells(place: Rect, page: Rect) -> set[tuple[int, int]]:
    """Give the cells of a page whose middle lies in this place."""
    wide, high = (page[2] - page[0]) / _CELLS, (page[3] - page[1]) / _CELLS
    return {
        (column, row)
        for column in range(_CELLS)
        for row in range(_CELLS)
        if place[0] <= page[0] + (column + 0.5) * wide <= place[2]
        and place[1] <= page[1] + (row + 0.5) * high <= place[3]
    }


def _share(place: Rect, page: Rect) -> float:
    left, right = max(place[0], page[0]), min(place[2], page[2])
    low, high = max(place[1], page[1]), min(place[3], page[3])
    whole = (page[2] - page[0]) * (page[3] - page[1])
    return max(0.0, right - left) * max(0.0, high - low) / whole if whole > 0 else 0.0


def _hides(place: Rect, page: Rect) -> bool:
    """Say whether a picture may be what a scanner laid over words, whole or in strips."""
    left, right = max(place[0], page[0]), min(place[2], page[2])
    return _share(place, page) >= _COVERS or right - left >= _STRIP * (page[2] - page[0])


def _is_covered(word: Rect, picture: Rect) -> bool:
    """Say whether the beginning of a word's line lies under a picture; its end may run beyond."""
    middle = (word[1] + word[3]) / 2
    return picture[0] <= word[0] <= picture[2] and picture[1] <= middle <= picture[3]
