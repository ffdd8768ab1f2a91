"""A picture file as a PDF: each of its sheets on a page of its size, so that it can be stamped.

A JPEG that stands upright is taken in as it is; other pictures are packed without loss, photographs
of telephones as JPEG. How large a page is says the picture (:func:`registry.pdf.pictures.dots_of`).

Runs in the process that may fall over (:mod:`registry.texts.child`). Limits: two hundred sheets,
and as many points together as one picture may have; further sheets are left out.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fpdf import FPDF
from PIL import Image, ImageOps

from registry.pdf.huge import MOST_HELD
from registry.pdf.pictures import dots_of, open_picture, reading_picture
from registry.texts.extract import Unreadable

BROKEN: Final = "ไฟล์ภาพเสียหายหรือไม่สมบูรณ์ จึงประทับตราบนสำเนาไม่ได้"
TOO_LARGE: Final = "ภาพใหญ่เกินกำหนด จึงประทับตราบนสำเนาไม่ได้"
_POINTS: Final = 72
_SHEETS: Final = 200
_PLAIN: Final = ("1", "L", "RGB")
_LOSSY: Final = ("HEIF", "WEBP", "AVIF", "JPEG2000", "JPEG")
_QUALITY: Final = 90
_ORIENTATION: Final = 0x0112  # Exif


def as_pdf(path: Path) -> bytes:
    """Give the PDF of a picture file. Raises Unreadable, which says why there is none; OSError."""
    with reading_picture(BROKEN):
        return _laid_out(path)


def _laid_out(path: Path) -> bytes:
    pdf = FPDF(unit="pt")
    pdf.set_margin(0)
    pdf.set_auto_page_break(auto=False)
    with open_picture(path) as picture:
        for wide, high, sheet in _sheets(path, picture):
            pdf.add_page(format=(wide, high))
            pdf.image(sheet, 0, 0, wide, high)
    return bytes(pdf.output())


def _sheets(path: Path, picture: Image.Image) -> Iterator[tuple[float, float, io.BytesIO]]:
    """Give width and height of each sheet in points, and its picture as it goes into the PDF."""
    held = 0
    for number in range(min(getattr(picture, "n_frames", 1), _SHEETS)):
        picture.seek(number)
        held += picture.width * picture.height
        if held > MOST_HELD:
            if number == 0:
                raise Unreadable(TOO_LARGE)
            return
        across, down = dots_of(picture)
        upright = ImageOps.exif_transpose(picture)
        if upright.size != picture.size:
            across, down = down, across
        wide, high = upright.width * _POINTS / across, upright.height * _POINTS / down
        yield wide, high, _packed(path, picture, upright)


def _packed(path: Path, picture: Image.Image, upright: Image.Image) -> io.BytesIO:
    straight = picture.getexif().get(_ORIENTATION, 1) == 1
    if picture.format == "JPEG" and picture.mode in _PLAIN and straight:
        picture.load()  # says whether it is whole
        return io.BytesIO(path.read_bytes())
    out, kind = io.BytesIO(), "JPEG" if picture.format in _LOSSY else "PNG"
    _plain(upright).save(out, kind, **({"quality": _QUALITY} if kind == "JPEG" else {}))
    return out


def _plain(picture: Image.Image) -> Image.Image:
    """Give a picture on white paper, in one of three ways of keeping dots."""
    if picture.has_transparency_data:
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.convert("I").point(lambda level: level / 256).convert("L")
    return picture if picture.mode in _PLAIN else picture.convert("RGB")
