"""How a scanned page lies: on its side or not, and how far its lines slope.

Lines of text make rows of dark and light. Summed along the lines the page is sharply striped, and
across them it is grey: that tells a page that lies on its side, and the slope at which the stripes
are sharpest is how far it was laid askew. Upside down looks the same; only reading tells.
"""

import math
from typing import Any, Final

import numpy as np
from PIL import Image

Plane = np.ndarray[Any, np.dtype[np.float32]]

_SMALL: Final = 900  # pixels of the longer side that is looked at
_STEPS: Final = ((1.0, 8.0), (0.25, 1.0), (0.05, 0.25))  # degrees: how fine, how far either way
_FEW: Final = (-8, -6, -4, -2, 0, 2, 4, 6, 8)
_BLANK: Final = 0.0003  # of a page is dark at least where something is written
_DARK: Final = 40.0  # darker than the paper by so much, of 255


def plane(image: Image.Image) -> Plane:
    """Give a grey page small: 1 where it is dark, 0 where it is paper."""
    scale = min(1.0, _SMALL / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    grey = np.asarray(image.resize(size, Image.Resampling.BOX), dtype=np.float32)
    return (grey < float(np.median(grey)) - _DARK).astype(np.float32)


def is_blank(page: Plane) -> bool:
    """Say whether nothing is written there."""
    return float(page.mean()) < _BLANK


def lies_on_its_side(page: Plane) -> bool:
    """Say whether the lines run up and down."""
    return _sharpest(page.T) > _sharpest(page)


def slope(page: Plane) -> float:
    """Give by how many degrees lines fall to the right; between -9 and 9."""
    best, found = 0.0, _stripes(page)
    for step, far in _STEPS:
        centre = best
        for turn in np.arange(centre - far, centre + far + step / 2, step):
            sharp = _stripes(_sheared(page, math.tan(math.radians(float(turn)))))
            if sharp > found:
                best, found = float(turn), sharp
    return best


def _sharpest(page: Plane) -> float:
    """Give how sharp the stripes of a page are at the best of a few slopes."""
    return max(_stripes(_sheared(page, math.tan(math.radians(turn)))) for turn in _FEW)


def _sheared(page: Plane, fall: float) -> Plane:
    """Give the page with each column moved up by what its lines have fallen there."""
    high, wide = page.shape
    moved = np.rint(fall * (np.arange(wide) - wide / 2)).astype(np.intp)
    rows = np.arange(high)[:, None] + moved[None, :]
    sheared: Plane = page[rows.clip(0, high - 1), np.arange(wide)[None, :]]
    return sheared


def _stripes(page: Plane) -> float:
    """Give how sharply the rows of a page differ from the next."""
    return float(np.square(np.diff(page.mean(axis=1))).sum())
