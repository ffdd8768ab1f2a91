"""Where a stamp may stand on a page: top right, moved away from whatever is printed there.

The page is drawn small, as a person sees it (turned and cropped as it asks), and everything that
differs from its ground counts as print: text, pictures, stamps of other offices, scanned pages. The
place nearest to the upper right corner that covers none wins. A page that is full, or so dark that
ink would not be seen on it, has none. Units are those of the page (points, unless it has a
UserUnit).
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2

_SCALE: Final = 0.5  # pixels to the unit
_MOST: Final = 800  # pixels of the longer side
_INK: Final = 40  # levels of grey from the ground
_MM: Final = 72 / 25.4
_RIGHT, _TOP, _EDGE = 8 * _MM, 6 * _MM, 3 * _MM  # where it wants to be, and how near the edge
_AIR: Final = 1.2 * _MM  # kept free around it
_FREE: Final = 0.0008  # share of pixels that is dust
_MOST_COVERED: Final = 0.01  # share of print under a stamp that can still be read, like the print
_DARK: Final = 128  # level of grey of a ground on which blue is hard to see
_DEAR: Final = 60_000.0  # units of distance that a covered share of 1 is worth
_DOWN: Final = 1.4  # to the left is better than down


class Place(NamedTuple):
    """The lower left corner, from that of the page as shown; ``moved`` away from the corner."""

    x: float
    y: float
    moved: bool


def find_place(page: pypdfium2.PdfPage, width: float, height: float, unit: float) -> Place | None:
    """Give where a stamp of this size goes on a page, None where there is no room for it.

    ``unit`` is the page's UserUnit.
    """
    wide, high = page.get_size()
    scale = min(_SCALE * unit, _MOST / max(wide, high))
    ink = _ink(page, scale)
    if ink is None:
        return None
    rows, columns = ink.shape
    air = _AIR / unit
    box_w = min(max(1, round((width + 2 * air) * scale)), columns)
    box_h = min(max(1, round((height + 2 * air) * scale)), rows)
    share = _sums(ink, box_h, box_w) / (box_h * box_w)
    lefts = np.arange(share.shape[1]) / scale + air
    tops = np.arange(share.shape[0]) / scale + air
    want_left = wide - _RIGHT / unit - width
    want_top = min(_TOP / unit, max(high - height, 0))
    away = np.abs(lefts - want_left)[None, :] + _DOWN * np.abs(tops - want_top)[:, None]
    cost = away * unit + _DEAR * np.maximum(share - _FREE, 0)
    edge = _EDGE / unit
    outside_x = (lefts < edge) | (lefts > wide - width - edge)
    outside_y = (tops < edge) | (tops > high - height - edge)
    cost += 1e9 * (outside_x[None, :] | outside_y[:, None])
    top, left = np.unravel_index(int(np.argmin(cost)), cost.shape)
    if share[top, left] > _MOST_COVERED:
        return None
    moved = bool(away[top, left] * unit > 4 * _MM)
    x = min(max(float(lefts[left]), 0.0), max(wide - width, 0.0))
    y = min(max(high - float(tops[top]) - height, 0.0), max(high - height, 0.0))
    return Place(x, y, moved)


def _ink(page: pypdfium2.PdfPage, scale: float) -> npt.NDArray[np.float64] | None:
    """Draw the page small and tell print from ground, 1 and 0; None for a dark ground."""
    drawn = page.render(scale=scale, grayscale=True).to_numpy()
    grey = drawn.reshape(drawn.shape[0], drawn.shape[1]).astype(np.int16)
    ground = int(np.bincount(grey.ravel(), minlength=256).argmax())
    if ground < _DARK:
        return None
    ink: npt.NDArray[np.float64] = (np.abs(grey - ground) > _INK).astype(np.float64)
    return ink


def _sums(ink: npt.NDArray[np.float64], high: int, wide: int) -> npt.NDArray[np.float64]:
    """Give for each place of a box how much print is under it."""
    table: npt.NDArray[np.float64] = np.pad(ink.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    found: npt.NDArray[np.float64] = table[high:, wide:] - table[:-high, wide:]
    found += table[:-high, :-wide] - table[high:, :-wide]
    return found
