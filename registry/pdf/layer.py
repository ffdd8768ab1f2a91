"""Whether a page's text is what a person sees: a scanner lays words behind its picture for search.

Such words were read off the picture by some program, wrongly in parts, and its figures most of all:
programs that cannot print ๔ ๖ ๗ ๘ ๙ put others there. The words are drawn in no ink (text
rendering mode 3, ISO 32000-1 9.3.6), in clear ink, or before the picture that covers them. A page
that pictures fill may also carry a few words that are seen: what another office stamped onto it.

Limit: words that a program set in place of the picture's own (ClearScan) look typeset.
"""

import contextlib
import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

SURE: Final = 80
"""How sure a line is that nobody sees: never enough to be believed."""

_MOST: Final = 20_000  # objects of a page that are looked at
_ASKED: Final = 400  # characters that say whether the text is seen
_DEEP: Final = 5  # forms within forms
_CELLS: Final = 20  # of a page's side
_FILLS: Final = 0.8  # share of a page
_COVERS: Final = 0.5  # share of a page, of a picture that may hide words
_UNSEEN: Final = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})

Rect = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Shown:
    """``hidden`` if most of a page's letters are not seen; ``pictured`` if pictures fill it."""

    hidden: bool
    pictured: bool


def shown(leaf: pypdfium2.PdfPage) -> Shown:
    """Say what of a page is seen. Raises PdfiumError."""
    page = leaf.get_bbox()
    hidden: set[int] = set()
    words: dict[int, Rect] = {}
    cells: set[tuple[int, int]] = set()
    for one in islice(leaf.get_objects(max_depth=_DEEP), _MOST):
        if one.type == pdfium.FPDF_PAGEOBJ_TEXT:
            words[_address(one)] = _place(one)
            if _is_clear(one):
                hidden.add(_address(one))
        elif one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            place = _place(one)
            cells |= _cells(place, page)
            if _share(place, page) >= _COVERS and not pdfium.FPDFPageObj_HasTransparency(one):
                hidden |= {word for word, at in words.items() if _is_covered(at, place)}
    pictured = len(cells) >= _FILLS * _CELLS**2
    return Shown(bool(hidden) and _are_most(leaf, hidden), pictured)


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


def _is_clear(one: pypdfium2.PdfObject) -> bool:
    if pdfium.FPDFTextObj_GetTextRenderMode(one) in _UNSEEN:
        return True
    red, green, blue, ink = (ctypes.c_uint() for _ in range(4))
    told = pdfium.FPDFPageObj_GetFillColor(one, red, green, blue, ink)
    return bool(told) and ink.value == 0


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


def _is_covered(word: Rect, picture: Rect) -> bool:
    """Say whether the beginning of a word's line lies under a picture; its end may run beyond."""
    middle = (word[1] + word[3]) / 2
    return picture[0] <= word[0] <= picture[2] and picture[1] <= middle <= picture[3]
