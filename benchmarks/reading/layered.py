"""Scans with words behind them, as programs leave that read a scan and make it searchable.

Each page of a scan is laid into a new PDF with lines of text, where they stand or, where nobody
knows, one below the other: in no ink (``unseen``: text rendering mode 3), in black with the picture
laid over them (``under``), or over the picture, where everybody sees them (``over``).
"""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import fontpkg_sarabun
import pypdfium2
from fpdf import FPDF
from fpdf.enums import TextMode

from registry.letter.page import Box, Line

_FONT: Final = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"
_DOTS: Final = 150
_SIZE: Final = 14
_FIRST, _STEP, _TALL, _FOOT = 0.05, 0.021, 0.015, 0.95  # shares of a page's height
_MARGIN, _INWARD, _LETTER = 0.14, 0.24, 0.009  # shares of its width
_WIDE: Final = 100  # characters of a line
_HALF: Final = 60
_LABEL: Final = re.compile("เรื่อง|เรียน|อ้างถึง|สิ่งที่ส่งมาด้วย")
_ITEM: Final = re.compile("[๐-๙]{1,2}[.]")

How = Literal["unseen", "under", "over"]


def layered(scanned: bytes, pages: Sequence[Sequence[Line]], how: How = "unseen") -> bytes:
    """Give a scan with these lines on its pages, the first ones of each."""
    out = FPDF(unit="pt")
    out.add_font("layer", fname=str(_FONT))
    source = pypdfium2.PdfDocument(scanned)
    try:
        for leaf, lines in zip(source, pages, strict=False):
            _lay(out, leaf, lines, how)
    finally:
        source.close()
    return bytes(out.output())


def _lay(out: FPDF, leaf: pypdfium2.PdfPage, lines: Sequence[Line], how: How) -> None:
    wide, high = leaf.get_size()
    out.add_page(format=(wide, high))
    out.set_font("layer", size=_SIZE)
    picture = io.BytesIO()
    leaf.render(scale=_DOTS / 72).to_pil().convert("L").save(picture, "JPEG", quality=70)
    if how == "under":
        _write(out, lines, wide, high)
    out.image(picture, 0, 0, wide, high)
    if how != "under":
        with out.local_context(text_mode=TextMode.INVISIBLE if how == "unseen" else TextMode.FILL):
            _write(out, lines, wide, high)


def as_lines(text: str) -> list[list[Line]]:
    """Give the lines of a text whose places are not known, page by page, as a letter sets them.

    What is longer than a line goes on below: under a label it goes in, else it comes back.
    """
    pages: list[list[Line]] = [[]]
    top, before, hangs = _FIRST, "", False
    for said in (" ".join(line.split()) for line in text.split("\n")):
        labelled = _LABEL.match(said) is not None
        hangs = labelled or (hangs and (bool(before) or _ITEM.match(said) is not None))
        goes_in = (hangs and not labelled) or (not before and len(said) > _HALF and not labelled)
        for piece in _wrapped(said):
            if top > _FOOT:
                pages, top = [*pages, []], _FIRST
            left = _INWARD if goes_in else _MARGIN
            right = min(left + len(piece) * _LETTER, 1 - _MARGIN)
            pages[-1].append(Line(piece, Box(left, top, right, top + _TALL)))
            top, goes_in = top + _STEP, hangs
        top, before = top + (0 if said else _STEP / 2), said
    return pages


def _wrapped(said: str) -> list[str]:
    """Cut a line where it is full, at a space if there is one near."""
    pieces: list[str] = []
    while len(said) > _WIDE:
        end = said.rfind(" ", _WIDE // 2, _WIDE)
        end = end if end > 0 else _WIDE
        pieces.append(said[:end])
        said = said[end:].strip()
    return [*pieces, said] if said else pieces


def _write(out: FPDF, lines: Sequence[Line], wide: float, high: float) -> None:
    for line in lines:
        out.set_stretching(100)  # a width is measured as it is stretched now
        long = out.get_string_width(line.text)
        out.set_stretching(min(100.0, 100 * (line.box.right - line.box.left) * wide / max(long, 1)))
        out.text(line.box.left * wide, line.box.bottom * high, line.text)
