"""Typesetting a letter as PDF, with Thai marks where they belong.

fpdf2 shapes Thai with HarfBuzz and the Sarabun font, which ships as a wheel: no Debian package is
needed. สระอำ is written as its two parts before it is set: it looks the same, and text copied out
of the PDF is then whole. Heavy to import (0.7 s); only the demonstration and tests do so.
"""

import datetime as dt
import re
from pathlib import Path

import fontpkg_sarabun
from fpdf import FPDF

from registry.clock import BANGKOK
from saraban.demo.letter import Paper
from saraban.demo.words import breakable

_SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e33")
FONTS = Path(fontpkg_sarabun.__file__).parent / "files"
LINE = 7.2
INDENT = 25.0
LEFT, TOP, RIGHT = 30.0, 25.0, 20.0


def typeset(paper: Paper) -> bytes:
    """Give the letter as a PDF of A4 pages in the layout of form 1."""
    pdf = _Sheet()
    if paper.urgency:
        pdf.set_text_color(179, 38, 30)
        pdf.line_of(paper.urgency, size=24, bold=True, height=11)
        pdf.set_text_color(0)
    pdf.line_of(paper.number)
    for line in paper.owner:
        pdf.line_of(line, left=115)
    pdf.line_of(paper.date, left=105, before=3)
    pdf.field("เรื่อง", paper.subject)
    pdf.field("เรียน", paper.to)
    for word, lines in (("อ้างถึง", paper.references), ("สิ่งที่ส่งมาด้วย", paper.enclosures)):
        for at, line in enumerate(lines):
            pdf.field(word if at == 0 else "", line, width=22 if word == "อ้างถึง" else 32)
    for text in paper.body:
        pdf.paragraph(text)
    pdf.line_of(paper.closing, left=105, before=6)
    pdf.line_of(paper.signer, left=105, before=16)
    for line in paper.position:
        pdf.line_of(line, left=105)
    for at, line in enumerate(paper.unit):
        pdf.line_of(line, before=10 if at == 0 else 0)
    return pdf.finish(paper.subject)


def typeset_text(title: str, text: str) -> bytes:
    """Give running text as a PDF: a heading, then paragraphs."""
    pdf = _Sheet()
    pdf.line_of(title, size=14, bold=True, height=9)
    for paragraph in filter(None, (line.strip() for line in text.splitlines())):
        pdf.paragraph(paragraph)
    return pdf.finish(title)


class _Sheet:
    """A page in the making."""

    def __init__(self) -> None:
        self.pdf = FPDF(format="A4")
        self.pdf.set_margins(LEFT, TOP, RIGHT)
        self.pdf.set_auto_page_break(auto=True, margin=20)
        self.pdf.add_font("Sarabun", "", FONTS / "Sarabun-Regular.ttf")
        self.pdf.add_font("Sarabun", "B", FONTS / "Sarabun-Bold.ttf")
        self.pdf.set_text_shaping(use_shaping_engine=True, script="thai", language="tha")
        self.pdf.add_page()

    def set_text_color(self, red: int, green: int = -1, blue: int = -1) -> None:
        """Set the colour of what follows."""
        self.pdf.set_text_color(red, green, blue)

    def line_of(
        self,
        text: str,
        *,
        size: int = 12,
        bold: bool = False,
        left: float = LEFT,
        before: float = 0,
        height: float = LINE,
    ) -> None:
        """Set one line, or as many as it needs, from the given place."""
        self.pdf.set_font("Sarabun", "B" if bold else "", size)
        self.pdf.ln(before)
        self.pdf.set_x(left)
        self._set(0, height, text)

    def field(self, word: str, text: str, width: float = 16) -> None:
        """Set a field of the head: its name, and the text hanging beside it."""
        self.pdf.ln(2 if word else 0)
        self.pdf.set_font("Sarabun", "", 12)
        self.pdf.set_x(LEFT)
        self.pdf.cell(width, LINE, _whole(word))
        self._set(0, LINE, text)

    def paragraph(self, text: str) -> None:
        """Set a paragraph with its first line indented."""
        self.pdf.ln(2)
        self.pdf.set_font("Sarabun", "", 12)
        self.pdf.set_x(LEFT + INDENT)
        self.pdf.write(LINE, _whole(breakable(text)))
        self.pdf.ln(LINE)

    def finish(self, title: str) -> bytes:
        """Give the bytes of the PDF."""
        self.pdf.set_title(title)
        self.pdf.set_lang("th-TH")
        self.pdf.set_creation_date(dt.datetime(2019, 10, 3, 9, 0, tzinfo=BANGKOK))
        return bytes(self.pdf.output())

    def _set(self, width: float, height: float, text: str) -> None:
        self.pdf.multi_cell(
            width, height, _whole(breakable(text)), align="L", new_x="LMARGIN", new_y="NEXT"
        )


def _whole(text: str) -> str:
    return _SARA_AM.sub("\u0e4d\\1\u0e32", text)
