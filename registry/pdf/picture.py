"""One page of a PDF, or of a picture file, as a WebP picture of a given width.

Runs in the process that may fall over (:mod:`registry.texts.child`): pdfium draws PDFs, Pillow
reads pictures, both bounded in pixels before anything is drawn. Drawn on white; pictures are turned
as their camera says (Exif) and never made larger than they are.
"""

import io
import math
import warnings
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from registry.pdf.huge import MOST_HELD, has_huge_picture
from registry.pdf.opening import open_pdf
from registry.pdf.pictures import dots_of, open_picture
from registry.pdf.read import LOCKED
from registry.texts.extract import NO_PAGE, Unreadable

_TALLEST: Final = 4  # times as high as wide; what is longer is drawn narrower
_A_LITTLE_LESS: Final = 1 - 1e-6  # pdfium rounds up, and 960.0000001 is 960
_QUALITY: Final = 82
_NEARLY: Final = 0.02
_QUICK: Final = 2  # WebP's method: a tenth of a second, a few percent more bytes
_BROKEN: Final = "ไฟล์เสียหายหรือไม่สมบูรณ์ จึงแสดงภาพหน้าไม่ได้"
_TOO_LARGE: Final = "ภาพใหญ่เกินกำหนด จึงแสดงไม่ได้ โปรดดาวน์โหลดไฟล์แทน"
_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD


def picture_of(path: Path, media_type: str, page: int, width: int) -> tuple[int, bytes]:
    """Give how many pages the file has, and this one (counted from 1) as WebP bytes.

    Raises Unreadable, which says in Thai why there is none; OSError, MemoryError.
    """
    draw = _draw_pdf if media_type == "application/pdf" else _draw_picture
    count, picture = draw(path, page, width)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=_QUICK)
    return count, out.getvalue()


def _draw_pdf(path: Path, page: int, width: int) -> tuple[int, Image.Image]:
    try:
        document = open_pdf(path)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _PASSWORD
        raise Unreadable(LOCKED if locked else _BROKEN) from error
    try:
        count = _with_page(len(document), page)
        leaf = document[page - 1]
        if has_huge_picture(leaf):
            raise Unreadable(_TOO_LARGE)
        wide, high = leaf.get_size()
        scale = _scale(wide, high, width)
        return count, leaf.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise Unreadable(_BROKEN) from error
    finally:
        document.close()


def _scale(wide: float, high: float, width: int) -> float:
    """Give by how much a page of these points is drawn larger."""
    sound = math.isfinite(wide) and math.isfinite(high) and min(wide, high) > 0
    if not sound or max(wide, high) > 10_000 * min(wide, high):
        raise Unreadable(_BROKEN)
    return min(width / wide, _TALLEST * width / high) * _A_LITTLE_LESS


def _draw_picture(path: Path, page: int, width: int) -> tuple[int, Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they go by what the file says of itself
            return _small(path, page, width)
    except (UnidentifiedImageError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_BROKEN) from error
    except OSError as error:
        if error.errno is not None:  # the disk; Pillow's own carry no number
            raise
        raise Unreadable(_BROKEN) from error


def _small(path: Path, page: int, width: int) -> tuple[int, Image.Image]:
    Image.MAX_IMAGE_PIXELS = None  # ours is asked below
    with open_picture(path) as picture:
        count = _with_page(getattr(picture, "n_frames", 1), page)
        picture.seek(page - 1)
        if picture.width * picture.height > MOST_HELD:
            raise Unreadable(_TOO_LARGE)
        size = (width, _TALLEST * width)
        across, down = dots_of(picture)
        picture.draft("RGB", size)  # a JPEG is read small from the start
        picture.thumbnail(size)
        turned = ImageOps.exif_transpose(picture)
        lines = across / down if turned.size == picture.size else down / across
        return count, _on_white(_square(turned, lines))


def _square(picture: Image.Image, lines: float) -> Image.Image:
    """Give a picture whose dots are ``lines`` times as high as wide (a fax) its shape again."""
    if abs(lines - 1) < _NEARLY:
        return picture
    return picture.resize((picture.width, max(1, round(picture.height * lines))))


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")


def _with_page(count: int, page: int) -> int:
    if not 1 <= page <= count:
        raise Unreadable(NO_PAGE)
    return count
