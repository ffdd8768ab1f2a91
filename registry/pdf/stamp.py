"""The receive stamp on a copy of a PDF or a picture; what came is read, and never written.

How it is added, and what becomes of broken, huge and enciphered files, is
:mod:`registry.pdf.overlay`. The copy of a signed file says that it is a copy; behind a real
password there is no copy. A first page without room for it grows by a strip above, so that
nothing on it is covered.

Runs in the process that may fall over (:mod:`registry.texts.child`).
"""

import contextlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pypdfium2

from registry.letter.stamp import Stamp
from registry.pdf.huge import has_huge_picture
from registry.pdf.opening import open_pdf
from registry.pdf.overlay import Drawing, Overlay, Sheet, laid_over, matrix_of
from registry.pdf.pictured import as_pdf
from registry.pdf.stamp_face import STRIP_MARGIN, WIDTH, draw_stamp, draw_strip, height_of
from registry.pdf.stamp_place import Place, find_place
from registry.texts.kinds import is_picture

LOCKED: Final = "ไฟล์ PDF มีรหัสผ่าน จึงประทับตราบนสำเนาไม่ได้ โปรดขอไฟล์ที่เปิดได้จากผู้ส่ง"
BROKEN: Final = "ไฟล์ PDF เสียหายหรือไม่สมบูรณ์ จึงประทับตราบนสำเนาไม่ได้"
COPY: Final = "สำเนา – ต้นฉบับลงลายมือชื่อดิจิทัล"
_MM: Final = 72 / 25.4
_SHARE: Final = 0.6  # of a small page's width or height that a stamp may take


def stamped(
    path: Path, stamp: Stamp, media_type: str = "application/pdf"
) -> tuple[dict[str, Any], bytes]:
    """Give what is told of a stamped copy, and its bytes; the copy of a picture is a PDF too.

    Told are ``behind`` (the bytes go behind the file as it came; else they are the copy),
    ``signed`` and ``moved`` (from the corner). Raises Unreadable, which says in Thai why there is
    no copy; OSError, MemoryError.
    """
    if is_picture(media_type):
        return _of_picture(path, stamp)

    def draw(sheet: Sheet, signed: bool) -> Drawing:  # noqa: FBT001 - as it is called
        return _fitted(path, sheet, stamp, signed=signed)

    return laid_over(path, Overlay("/SarabanStamp", LOCKED, BROKEN, draw))


def _of_picture(path: Path, stamp: Stamp) -> tuple[dict[str, Any], bytes]:
    """Put a picture on pages of its size, in memory, and stamp the first."""
    page = as_pdf(path)
    with os.fdopen(os.memfd_create("saraban", os.MFD_CLOEXEC), "wb") as held:
        held.write(page)
        held.flush()
        told, behind = stamped(Path(f"/proc/self/fd/{held.fileno()}"), stamp)
    return told | {"behind": False}, page + behind if told["behind"] else behind


def _fitted(path: Path, sheet: Sheet, stamp: Stamp, *, signed: bool) -> Drawing:
    """Draw the stamp and say how it is laid on the page, and if it was moved."""
    if signed:
        stamp = replace(stamp, note=COPY)
    wide, high = sheet.shown
    width, height = WIDTH * _MM / sheet.unit, height_of(stamp) * _MM / sheet.unit
    shrunk = min(1.0, _SHARE * wide / width, _SHARE * high / height)
    scale = shrunk / sheet.unit
    place = _place(path, width * shrunk, height * shrunk, sheet)
    if place is None:
        strip = draw_strip(stamp, wide / scale / _MM)
        grown = (height_of(stamp) + STRIP_MARGIN) * _MM * scale
        return Drawing(matrix_of(sheet, 0, high, scale), strip, {"moved": True}, grown)
    matrix = matrix_of(sheet, place.x, place.y, scale)
    return Drawing(matrix, draw_stamp(stamp), {"moved": place.moved})


def _place(path: Path, width: float, height: float, sheet: Sheet) -> Place | None:
    """Look for a free place; what cannot be drawn has its stamp in the corner."""
    with (
        contextlib.suppress(pypdfium2.PdfiumError),
        contextlib.closing(open_pdf(path)) as document,
    ):
        if not has_huge_picture(leaf := document[0]):
            return find_place(leaf, width, height, sheet.unit)
    wide, high = sheet.shown
    return Place(max(wide - width - 8 * _MM, 0), max(high - height - 6 * _MM, 0), moved=False)
