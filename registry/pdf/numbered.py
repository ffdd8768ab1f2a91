"""Number and date on a copy of a letter's PDF that was left blank for them; what came stays.

Where they belong is :mod:`registry.pdf.blank`; they are written in Sarabun, with figures as those
beside them, on the baseline of their line and as large as its letters are drawn, and added as a
receive stamp is (:mod:`registry.pdf.overlay`). A signed file is refused: whoever signed did not
sign this number.

Runs in the process that may fall over (:mod:`registry.texts.child`).
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Final, cast

import fontpkg_sarabun
import pypdfium2
from fpdf import FPDF
from fpdf.fonts import TTFFont

from registry.letter.number import LetterNumber
from registry.pdf.blank import Blanks, Writing, blanks
from registry.pdf.overlay import Drawing, Overlay, Sheet, laid_over, matrix_of
from registry.pdf.picture import picture_of
from registry.pdf.signs import Sign, sign_rows
from registry.texts.extract import Unreadable

SIGNED: Final = "ไฟล์ PDF ลงลายมือชื่อดิจิทัลแล้ว จึงพิมพ์เลขและวันที่ลงไปไม่ได้ ให้จองเลขก่อน แล้วพิมพ์เลขก่อนลงนาม"
LOCKED: Final = "ไฟล์ PDF มีรหัสผ่าน จึงพิมพ์เลขและวันที่ลงไปไม่ได้ โปรดขอไฟล์ที่เปิดได้จากผู้ร่าง"
BROKEN: Final = "ไฟล์ PDF เสียหายหรือไม่สมบูรณ์ จึงพิมพ์เลขและวันที่ลงไปไม่ได้ โปรดขอไฟล์ใหม่จากผู้ร่าง"
_MARK: Final = b"/ByteRange"  # in the clear in every signed PDF
_BLOCK: Final = 1 << 20
_FONT: Final = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"
_SPACE: Final = 0.25  # of the size of letters
_SIZES: Final = (6.0, 40.0)
_DOTS: Final = frozenset(".…_·‥:")


def numbered(path: Path, number: LetterNumber, day: date) -> tuple[dict[str, Any], bytes]:
    """Give what is told of a copy with this number and date, and its bytes.

    Told are ``behind`` as of :func:`registry.pdf.overlay.laid_over`, and ``dated``: whether the
    date had a blank place. Raises Unreadable, which says in Thai why there is no copy; OSError,
    MemoryError.
    """
    if _is_signed(path):
        raise Unreadable(SIGNED)
    try:
        (width, height), rows = sign_rows(path)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Unreadable(LOCKED if locked else BROKEN) from error
    found = blanks(rows, width, height, number, day)

    def draw(sheet: Sheet, signed: bool) -> Drawing:  # noqa: FBT001 - as it is called
        if signed:
            raise Unreadable(SIGNED)
        page = _drawn(found, sheet.shown, (width, height))
        return Drawing(matrix_of(sheet, 0, 0, 1), page, {"dated": bool(found.day)})

    return laid_over(path, Overlay("/SarabanNumber", LOCKED, BROKEN, draw))


def pictured(path: Path, told: Mapping[str, Any], data: bytes, width: int) -> bytes:
    """Give the first page of such a copy as WebP, so many pixels wide. Raises Unreadable."""
    with os.fdopen(os.memfd_create("saraban", os.MFD_CLOEXEC), "wb") as copy:
        if told["behind"]:
            with path.open("rb") as came:
                shutil.copyfileobj(came, copy)
        copy.write(data)
        copy.flush()
        made = Path(f"/proc/self/fd/{copy.fileno()}")
        return picture_of(made, "application/pdf", 1, width)[1]


def _is_signed(path: Path) -> bool:
    """Look for the mark of a signature through the whole file, block by block."""
    tail = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if _MARK in tail + block:
                return True
            tail = block[-len(_MARK) :]
    return False


def _drawn(found: Blanks, shown: tuple[float, float], seen: tuple[float, float]) -> bytes:
    """Give a page of that size with nothing but what is written."""
    if any(abs(one - other) > 1 for one, other in zip(shown, seen, strict=True)):
        raise Unreadable(BROKEN)  # two readers do not agree on what is shown of the page
    pdf = FPDF(unit="pt", format=shown)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_auto_page_break(auto=False)
    pdf.add_font("Sarabun", "", _FONT)
    pdf.set_text_shaping(use_shaping_engine=True, script="thai", language="tha")
    pdf.add_page()
    usual = _size(pdf, found.number.near, 16)
    for one in (found.number, *found.day):
        _write(pdf, one, _size(pdf, one.near, usual))
    return bytes(pdf.output())


def _write(pdf: FPDF, one: Writing, size: float) -> None:
    pdf.set_font("Sarabun")
    pdf.set_font_size(size)
    wide = pdf.get_string_width(one.text)
    x = one.x
    match one.align:
        case "right":
            x -= wide + _SPACE * size
        case "centre":
            x -= wide / 2
    pdf.set_xy(max(x, 0), one.base - 0.8 * size)  # a cell's baseline is at 0.5 + 0.3 of its size
    pdf.cell(w=wide, h=size, text=one.text)


def _size(pdf: FPDF, near: Sequence[Sign], usual: float) -> float:
    """Give the size at which Sarabun's letters are as high as these are drawn."""
    font = cast("TTFFont", pdf.fonts["sarabun"]).ttfont
    names, outlines, em = font.getBestCmap(), font["glyf"], font["head"].unitsPerEm
    sizes = []
    for sign in near:
        name = names.get(ord(sign.char))
        if name is None or sign.char in _DOTS or sign.high <= 0:
            continue
        outline = outlines[name]
        high = getattr(outline, "yMax", 0) - getattr(outline, "yMin", 0)
        if high > 0:
            sizes.append(sign.high * em / high)
    size = median(sizes) if sizes else usual
    return min(max(size, _SIZES[0]), _SIZES[1])
