"""Scans as scanners leave them: a page drawn, turned, laid askew, as PDF or picture."""

import io
from pathlib import Path
from typing import Final

import fontpkg_sarabun
from PIL import Image, ImageDraw, ImageFont

_FONT: Final = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"
_INCH: Final = 25.4


def drawn(*lines: str, dpi: int = 200, turn: int = 0, askew: float = 0.0) -> Image.Image:
    """Give a sheet of 105 x 60 mm with these lines; ``turn`` and ``askew`` in degrees."""
    font = ImageFont.truetype(str(_FONT), round(dpi * 16 / 72), layout_engine=ImageFont.Layout.RAQM)
    sheet = Image.new("L", (round(105 / _INCH * dpi), round(60 / _INCH * dpi)), 250)
    draw = ImageDraw.Draw(sheet)
    for at, line in enumerate(lines):
        place = dpi * 0.3, dpi * (0.3 + 0.42 * at)
        draw.text(place, line, fill=20, font=font, language="th")
    if askew:
        sheet = sheet.rotate(askew, Image.Resampling.BICUBIC, fillcolor=250)
    return sheet.rotate(turn, expand=True) if turn else sheet


def as_file(kind: str, *sheets: Image.Image, dpi: int = 200) -> bytes:
    """Give sheets as a file that Pillow writes: PDF, TIFF, PNG or JPEG."""
    out = io.BytesIO()
    more = {"save_all": True, "append_images": sheets[1:]} if len(sheets) > 1 else {}
    if kind == "PDF":
        sheets[0].save(out, "PDF", resolution=dpi, **more)
    else:
        sheets[0].save(out, kind, dpi=(dpi, dpi), **more)
    return out.getvalue()
