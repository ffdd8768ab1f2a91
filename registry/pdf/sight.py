"""A page as eyes see it: grey, at three hundred dots an inch, whatever it was made of.

Pages of PDFs are drawn by pdfium, pictures are read by Pillow; both are measured before anything is
unpacked, so that a page that says it is a kilometre wide, or a picture of a billion points, costs
nothing. A picture that does not say how large its paper is is taken for a sheet of A4.

Runs in the process that may fall over (:mod:`registry.texts.child`).
"""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image, ImageOps

from registry.pdf.huge import MOST_HELD, has_huge_picture
from registry.pdf.opening import open_pdf
from registry.pdf.pictures import dots_of, open_picture, reading_picture
from registry.texts.extract import NO_PAGE, Unreadable

DPI: Final = 300
TOO_LARGE: Final = "ภาพใหญ่เกินกำหนด จึงไม่ได้อ่านตัวหนังสือในภาพ"
BROKEN: Final = "ไฟล์ภาพเสียหายหรือไม่สมบูรณ์"
TOO_SMALL: Final = "ภาพเล็กเกินกว่าจะมีตัวหนังสือให้อ่าน"

_POINTS: Final = 72
_MOST_DRAWN: Final = 20_000_000  # pixels of a page that is looked at: A3 at 300 dpi has 17
_LEAST: Final = 100  # pixels of a side
_LARGER: Final = 4.0  # times that a picture is drawn larger at most


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: a grey picture of it, and its width and height in points."""

    image: Image.Image
    width: float
    height: float


def sheet_of(path: Path, media_type: str, number: int) -> Sheet:
    """Give page ``number``, counted from 1. Raises Unreadable, OSError, MemoryError."""
    if media_type == "application/pdf":
        return _drawn(path, number)
    with _opened(path) as picture:
        return _scanned(picture, number)


def sheets_in(path: Path) -> int:
    """Give how many pages a picture file has. Raises Unreadable, OSError."""
    with _opened(path) as picture:
        return int(getattr(picture, "n_frames", 1))


def _drawn(path: Path, number: int) -> Sheet:
    try:
        with contextlib.closing(open_pdf(path)) as document:
            if not 1 <= number <= len(document):
                raise Unreadable(NO_PAGE)
            leaf = document[number - 1]
            wide, high = leaf.get_size()
            sound = math.isfinite(wide) and math.isfinite(high) and min(wide, high) > 1
            if not sound or max(wide, high) > 100 * min(wide, high):
                raise Unreadable(BROKEN)
            if has_huge_picture(leaf):
                raise Unreadable(TOO_LARGE)
            scale = min(DPI / _POINTS, math.sqrt(_MOST_DRAWN / (wide * high)))
            image = leaf.render(scale=scale, grayscale=True).to_pil().convert("L")
            return Sheet(image, wide, high)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(BROKEN) from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open a picture within the block, and say in one way what is wrong with it."""
    with reading_picture(BROKEN), open_picture(path) as picture:
        yield picture


def _scanned(picture: Image.Image, number: int) -> Sheet:
    if not 1 <= number <= getattr(picture, "n_frames", 1):
        raise Unreadable(NO_PAGE)
    picture.seek(number - 1)
    if picture.width * picture.height > MOST_HELD:
        raise Unreadable(TOO_LARGE)
    if min(picture.size) < _LEAST:
        raise Unreadable(TOO_SMALL)
    across, down = dots_of(picture)
    image = _grey(ImageOps.exif_transpose(picture))
    if image.size != picture.size:  # it lay on its side
        across, down = down, across
    wide, high = image.width * _POINTS / across, image.height * _POINTS / down
    scale = min(DPI / _POINTS, _LARGER * across / _POINTS, math.sqrt(_MOST_DRAWN / (wide * high)))
    size = round(wide * scale), round(high * scale)
    if size != image.size:
        how = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
        image = image.resize(size, how)
    return Sheet(image, wide, high)


def _grey(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("L")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture.convert("RGBA")).convert("L")
