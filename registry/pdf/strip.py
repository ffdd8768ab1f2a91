"""A line of a scan read once more by itself, cut out of the page as its letters stand.

Where it looks for lines on a whole page Tesseract takes some too low, so that their marks are lost,
or lets those of the next line in; and what stands beside figures it takes for English. Here a line
is measured by its glyphs (:mod:`registry.pdf.glyphs`), cut out with room for the marks above and
below, cleaned of what hangs in from other lines, and read by the Thai model alone, in several ways.
:mod:`registry.pdf.votes` says which reading is believed. A look takes some twenty milliseconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
import tesserocr
from numpy.typing import NDArray
from PIL import Image

from registry.letter.page import Box
from registry.pdf.glyphs import Row, take_apart
from registry.pdf.heard import Read, heard, joined

_ABOVE: Final = 2.05  # letter heights above the foot of a line that its marks reach
_BELOW: Final = 0.8
_SIDE: Final = 12  # pixels beside a line
_AROUND: Final = 16  # pixels of paper around what is read
_LETTER: Final = 24.0  # pixels of a letter's height that is read best
_LEAST: Final = 8  # pixels of a side
_INK: Final = 1.15  # how much darker than it was ink is drawn

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Strip:
    """A line cut out of its page: its pixels, where they are, and its letters' height in pixels."""

    grey: Grey
    left: int
    top: int
    letter: float
    row: Row


def cut_out(page: Grey, box: Box) -> Strip:
    """Give the line in a box of a page with all its marks."""
    high, wide = page.shape
    left, right = max(0, int(box.left) - _SIDE), min(wide, int(box.right) + _SIDE)
    top, bottom = max(0, int(box.top)), min(high, int(box.bottom))
    row = take_apart(page[top:bottom, left:right])
    letter, foot = row.letter / row.scale, top + row.foot / row.scale
    above = max(0, int(foot - _ABOVE * letter))
    below = min(high, int(foot + _BELOW * letter))
    grey = np.ascontiguousarray(page[above:below, left:right])
    return Strip(grey, left, above, letter, take_apart(grey))


def looks(thai: Any, strip: Strip) -> Iterator[Read]:
    """Give what the Thai model reads in a line, one way after the other; places are the page's."""
    if min(strip.grey.shape) < _LEAST:
        return
    clean, small = _cleaned(strip), _LETTER / max(strip.letter, 1.0)
    single, raw = tesserocr.PSM.SINGLE_LINE, tesserocr.PSM.RAW_LINE
    for framed, scale, mode in ((clean, small, single), (clean, 1.0, raw), (None, 1.0, single)):
        if one := _look(thai, strip, _framed(strip) if framed is None else framed, scale, mode):
            yield one


def _look(thai: Any, strip: Strip, framed: Grey, scale: float, mode: int) -> Read | None:
    image = Image.fromarray(framed)
    if scale != 1:
        wide, high = (max(1, round(side * scale)) for side in image.size)
        image = image.resize((wide, high), Image.Resampling.BICUBIC)
    pieces = heard(thai, image, mode)
    if not pieces:
        return None
    said = reduce(joined, pieces)

    def on_page(at: int) -> int:
        return round(at / scale) - _AROUND + strip.left

    words = [(text, on_page(begin), on_page(end)) for text, begin, end in said.words]
    high, wide = strip.grey.shape
    box = Box(strip.left, strip.top, strip.left + wide, strip.top + high)
    return Read(box, said.text, said.sure, words)


def _framed(strip: Strip) -> Grey:
    """Put paper all around a line."""
    return np.pad(strip.grey, _AROUND, constant_values=int(np.percentile(strip.grey, 85)))


def _cleaned(strip: Strip) -> Grey:
    """Draw the glyphs of a line alone, on white."""
    row, (high, wide) = strip.row, strip.grey.shape
    ink = np.zeros((high * row.scale, wide * row.scale), dtype=np.float32)
    for blot in row.blots:
        place = ink[blot.top : blot.bottom, blot.left : blot.right]
        np.maximum(place, blot.dark[: place.shape[0], : place.shape[1]], out=place)
    ink = ink.reshape(high, row.scale, wide, row.scale).mean(axis=(1, 3))
    drawn = (255 * (1 - np.clip(ink * _INK, 0, 1))).astype(np.uint8)
    return np.pad(drawn, _AROUND, constant_values=255)
