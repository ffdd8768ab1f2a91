"""The receive stamp as a small page of its own: form 12 of the regulation, 2.5 by 5 centimetres.

The name of the office, เลขรับ, วันที่ and เวลา, each over a dotted line as on the rubber stamp. Thai
is shaped by HarfBuzz and สระอำ written as its two parts (docs/decisions/0012). A long name is set
smaller, and on two lines; the box never grows. Under it one line may say what the sheet is. For a
page that has no room it stands on a white strip, which says that it was added.
"""

import io
import re
from pathlib import Path
from typing import Final

import fontpkg_sarabun
from fpdf import FPDF

from registry.letter.stamp import Stamp

WIDTH: Final = 50.0
HEIGHT: Final = 25.0
"""Millimetres of the box."""
NOTE_HEIGHT: Final = 5.0
"""Millimetres that a note takes under it."""
STRIP_MARGIN: Final = 9.0
"""Millimetres that a strip is higher than its stamp."""
_BLUE: Final = (26, 35, 126)
_GREY: Final = 90
_FONTS: Final = Path(fontpkg_sarabun.__file__).parent / "files"
_SARA_AM: Final = re.compile("([\u0e48-\u0e4b]?)\u0e33")
_PAD: Final = 1.5
_SMALLEST: Final = 5.0
_RIGHT, _BELOW = 8.0, 3.0
_ADDED: Final = "เพิ่มแถบนี้ในสำเนาเพื่อประทับตรารับ เพราะหน้าแรกไม่มีที่ว่าง"
_MM: Final = 72 / 25.4
_ROWS: Final = ("เลขรับ", "วันที่", "เวลา")


def height_of(stamp: Stamp) -> float:
    """Give how high a stamp is with its note, in millimetres."""
    return HEIGHT + (NOTE_HEIGHT if stamp.note else 0)


def draw_stamp(stamp: Stamp) -> bytes:
    """Give the stamp as a PDF of one page of just its size."""
    pdf = _page(WIDTH, height_of(stamp))
    pdf.set_draw_color(*_BLUE)
    pdf.set_text_color(*_BLUE)
    pdf.set_line_width(0.4)
    pdf.rect(0.2, 0.2, WIDTH - 0.4, HEIGHT - 0.4)
    _name(pdf, _whole(stamp.office))
    for at, (word, value) in enumerate(
        zip(_ROWS, (stamp.number, stamp.day, stamp.time), strict=True)
    ):
        _row(pdf, 8.6 + at * 5.3, word, _whole(value))
    if stamp.note:
        _fitted(pdf, _whole(stamp.note), HEIGHT + 0.4, 4.2, 8.0, bold=True)
    return bytes(pdf.output())


def draw_strip(stamp: Stamp, wide: float) -> bytes:
    """Give the stamp at the right end of a white strip, ``wide`` millimetres, as a PDF of a page.

    It is :data:`STRIP_MARGIN` higher than the stamp, and says that it was added, if that has room.
    """
    from pypdf import PdfReader, PdfWriter

    pdf = _page(wide, height_of(stamp) + STRIP_MARGIN)
    pdf.set_fill_color(255)
    pdf.rect(0, 0, pdf.w, pdf.h, style="F")
    pdf.set_draw_color(_GREY)
    pdf.set_line_width(0.15)
    pdf.line(0, pdf.h, wide, pdf.h)
    pdf.set_font("Sarabun", "", 9)
    pdf.set_text_color(_GREY)
    left = wide - _RIGHT - WIDTH
    if pdf.get_string_width(_whole(_ADDED)) < left - 2 * _RIGHT:
        pdf.set_xy(_RIGHT, pdf.h - _BELOW - 5)
        pdf.cell(h=5, text=_whole(_ADDED))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(bytes(pdf.output()))))
    face = PdfReader(io.BytesIO(draw_stamp(stamp))).pages[0]
    writer.pages[0].merge_translated_page(face, left * _MM, _BELOW * _MM)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(wide: float, high: float) -> FPDF:
    pdf = FPDF(unit="mm", format=(wide, high))
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_auto_page_break(auto=False)
    pdf.add_font("Sarabun", "", _FONTS / "Sarabun-Regular.ttf")
    pdf.add_font("Sarabun", "B", _FONTS / "Sarabun-Bold.ttf")
    pdf.set_text_shaping(use_shaping_engine=True, script="thai", language="tha")
    pdf.add_page()
    return pdf


def _name(pdf: FPDF, name: str) -> None:
    """Set the office's name on one line, or on two where one would be too small to read."""
    pdf.set_font("Sarabun", "B")
    pdf.set_font_size(7.5)
    words = name.split(" ")
    if pdf.get_string_width(name) <= WIDTH - 2 * _PAD or (len(words) == 1 and len(name) < 40):
        _fitted(pdf, name, 1.4, 6.2, 11.0, bold=True)
        return
    first, second = _halves(words) if len(words) > 1 else _cut(name)
    _fitted(pdf, first, 1.3, 3.6, 8.0, bold=True)
    _fitted(pdf, second, 4.8, 3.6, 8.0, bold=True)


def _halves(words: list[str]) -> tuple[str, str]:
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return min(cuts, key=lambda pair: max(len(pair[0]), len(pair[1])))


def _cut(name: str) -> tuple[str, str]:
    """Cut a long word near its middle, where a word of the dictionary begins."""
    from registry.search import words

    cuts, _ = words.cut(name)
    middle = len(name) // 2
    places = [at for at in range(4, len(name) - 3) if words.begins(cuts, at)]
    at = min(places, key=lambda place: abs(place - middle)) if places else middle
    return name[:at], name[at:]


def _row(pdf: FPDF, top: float, word: str, value: str) -> None:
    pdf.set_font("Sarabun", "", 9)
    pdf.set_xy(_PAD, top)
    pdf.cell(h=4.8, text=word)
    left = _PAD + pdf.get_string_width(word) + 1.2
    pdf.set_line_width(0.15)
    pdf.set_dash_pattern(dash=0.3, gap=0.5)
    pdf.line(left, top + 4.5, WIDTH - _PAD, top + 4.5)
    pdf.set_dash_pattern()
    _fitted(pdf, value, top - 0.3, 4.8, 10.0, left=left, bold=True)


def _fitted(
    pdf: FPDF, text: str, top: float, height: float, size: float, *,
    left: float = _PAD, bold: bool = False,
) -> None:  # fmt: skip
    """Set a line in the middle between ``left`` and the right side, as large as it may be."""
    room = WIDTH - _PAD - left
    while True:
        pdf.set_font("Sarabun", "B" if bold else "")
        pdf.set_font_size(size)
        wide = pdf.get_string_width(text)
        if wide <= room or size <= _SMALLEST:
            break
        size -= 0.25
    while wide > room and len(text) > 1:  # nothing smaller can be read
        text = text[:-1]
        wide = pdf.get_string_width(text)
    pdf.set_xy(left + (room - wide) / 2, top)
    pdf.cell(w=wide, h=height, text=text)


def _whole(text: str) -> str:
    return _SARA_AM.sub("\u0e4d\\1\u0e32", text)
