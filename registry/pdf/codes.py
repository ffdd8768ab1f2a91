"""QR codes on the pages of a file: what they say, and where they stand.

Runs in the process that may fall over (:mod:`registry.texts.child`). Pages are drawn as for a
screen (:mod:`registry.pdf.picture`); zxing-cpp looks for codes. Nothing that one says is fetched.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import zxingcpp
from PIL import Image

from registry.pdf.picture import picture_of
from registry.texts.extract import Unreadable

_WIDTH: Final = 1654  # an A4 page at 200 dpi
_MOST: Final = 20  # codes of one file
_LONGEST: Final = 2000


def codes_of(
    path: Path, media_type: str, pages: Iterable[int]
) -> list[tuple[int, str, list[float]]]:
    """Give page, text and box (shares of the page: left, top, right, bottom) of each QR code.

    Pages that cannot be drawn have none. Raises OSError, MemoryError.
    """
    found: list[tuple[int, str, list[float]]] = []
    for page in pages:
        try:
            _, data = picture_of(path, media_type, page, _WIDTH)
        except Unreadable:
            continue
        with Image.open(io.BytesIO(data)) as picture:
            codes = zxingcpp.read_barcodes(
                picture.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
            )
            found += [
                (page, code.text[:_LONGEST], _box(code, picture.size))
                for code in codes
                if code.text
            ]
        if len(found) >= _MOST:
            break
    return found[:_MOST]


def _box(code: Any, size: tuple[int, int]) -> list[float]:
    where = code.position
    corners = (where.top_left, where.top_right, where.bottom_left, where.bottom_right)
    across = [min(max(corner.x / size[0], 0.0), 1.0) for corner in corners]
    down = [min(max(corner.y / size[1], 0.0), 1.0) for corner in corners]
    return [min(across), min(down), max(across), max(down)]
