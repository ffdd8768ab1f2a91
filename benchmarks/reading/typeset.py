"""Setting a letter of the corpus as PDF, in the forms of the regulation, in many fonts.

fpdf2 shapes Thai with HarfBuzz; สระอำ is written as its two parts (docs/decisions/0012); lines end
between words.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Final

import fontpkg_sarabun
from fpdf import FPDF

from benchmarks.reading.letter import Letter, Stamp
from registry.thai.numerals import to_thai
from registry.thai.wordlist import cutter

_SARA_AM: Final = re.compile("([\u0e48-\u0e4b]?)\u0e33")
_THAI: Final = re.compile(r"[ก-๎]+")
_STAYS: Final = re.compile("(?:\u200b)(?=[ฯๆะ-ฺๅ็-๎])")
_TLWG: Final = Path("/usr/share/fonts/truetype/tlwg")
_SARABUN: Final = Path(fontpkg_sarabun.__file__).parent / "files"
_LATIN: Final = re.compile(r"\S*[A-Za-z@]\S*")


def typeset(letter: Letter) -> bytes:
    """Give the letter as a PDF of A4 pages."""
    sheet = _Sheet(letter)
    {"memo": sheet.memo, "order": sheet.order}.get(letter.kind, sheet.outward)()
    sheet.pdf.set_title("corpus")
    sheet.pdf.set_creation_date(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    return bytes(sheet.pdf.output())


class _Page(FPDF):
    """Counts its pages in the middle of the top, from the second on."""

    thai = True

    def header(self) -> None:
        if self.page_no() > 1:
            text = f"- {self.page_no()} -"
            self.set_xy(0, 14)
            self.cell(210, 8, to_thai(text) if self.thai else text, align="C")
            self.set_y(28)


class _Sheet:
    """A letter's pages in the making; places are in mm."""

    def __init__(self, letter: Letter) -> None:
        self.letter, self.look = letter, letter.look
        self.high = self.look.size * 0.3528 * (1.22 if self.look.font == "Laksaman" else 1.62)
        self.pdf = _Page(format="A4")
        self.pdf.thai = self.look.thai
        self.pdf.set_margins(self.look.left, 18, 20)
        self.pdf.set_auto_page_break(auto=True, margin=18)
        for style, path in zip(("", "B"), _files(self.look.font), strict=True):
            self.pdf.add_font("face", style, path)
        self.pdf.set_font("face", "", self.look.size)
        self.pdf.set_text_shaping(use_shaping_engine=True, script="thai", language="tha")
        self.pdf.add_page()

    def outward(self) -> None:
        """หนังสือภายนอก and ประทับตรา (forms 1 and 3)."""
        letter, pdf = self.letter, self.pdf
        if self.look.emblem:
            self.emblem(105, 24)
        if letter.stamp:
            self.stamp(letter.stamp)
        pdf.set_y(20)
        for word in filter(None, (letter.secrecy, letter.urgency)):
            self.red(word)
        pdf.set_y(max(pdf.get_y() + 2, 40 if self.look.emblem or letter.stamp else 30))
        top = pdf.get_y()
        self.line(f"ที่  {letter.number}")
        if self.look.beside and letter.owner:  # else the next line would lie over the number
            pdf.set_y(top)
        for text in letter.owner:
            self.line(text, left=122)
        if letter.kind == "external":
            self.line(letter.date, left=105, before=2)
            self.item("เรื่อง", letter.subject)
        self.item(letter.greeting, letter.to)
        self.lists()
        self.body()
        if letter.kind == "stamped":
            self.line(letter.closing, left=120, before=14)
            self.line(letter.date, left=120)
        else:
            self.sign()
        for at, text in enumerate(letter.unit):
            self.line(text, before=8 if at == 0 else 0)

    def lists(self) -> None:
        """Set อ้างถึง and สิ่งที่ส่งมาด้วย."""
        letter = self.letter
        for word, texts in (("อ้างถึง", letter.references), ("สิ่งที่ส่งมาด้วย", letter.enclosures)):
            for at, text in enumerate(texts):
                self.item(word, text, shown=at == 0)

    def memo(self) -> None:
        """บันทึกข้อความ (form 2)."""
        letter, pdf = self.letter, self.pdf
        pdf.set_y(20)
        if letter.urgency:
            self.red(letter.urgency)
        self.line("บันทึกข้อความ", left=80, size=self.look.size * 1.6, bold=True)
        self.item("ส่วนราชการ", letter.owner[0])
        top = pdf.get_y() + 1
        pdf.set_y(top)
        self.line(f"ที่  {letter.number}")
        pdf.set_y(top)
        self.line(f"วันที่  {letter.date}", left=110)
        self.item("เรื่อง", letter.subject)
        self.item(letter.greeting, letter.to)
        self.body()
        self.sign()

    def order(self) -> None:
        """คำสั่ง (form 4)."""
        letter = self.letter
        if self.look.emblem:
            self.emblem(105, 24)
        self.pdf.set_y(42)
        for text in (letter.owner[0], f"ที่ {letter.number}", f"เรื่อง {letter.subject}"):
            self.middle(text)
        self.body()
        self.line(f"สั่ง ณ วันที่ {letter.date}", left=80, before=6)
        self.sign()

    def red(self, word: str) -> None:
        """A grade of urgency or secrecy, large and red (ข้อ 28)."""
        self.pdf.set_text_color(179, 38, 30)
        self.line(word, size=self.look.size * 1.7, bold=True)
        self.pdf.set_text_color(0)

    def line(
        self, text: str, *, left: float = 0, before: float = 0, size: float = 0, bold: bool = False
    ) -> None:
        """Set a line, or as many as it needs."""
        pdf = self.pdf
        size = size or self.look.size
        pdf.set_font("face", "B" if bold else "", size)
        if pdf.get_y() + before + self.high > 279:
            pdf.add_page()
        pdf.set_xy(left or self.look.left, pdf.get_y() + before)
        pdf.multi_cell(
            0,
            self.high * size / self.look.size,
            self.ready(text),
            align="L",
            new_x="LMARGIN",
            new_y="NEXT",
        )
        pdf.set_font("face", "", self.look.size)

    def middle(self, text: str) -> None:
        """Set text in the middle of the line."""
        self.pdf.multi_cell(
            0, self.high, self.ready(text), align="C", new_x="LMARGIN", new_y="NEXT"
        )

    def item(self, word: str, text: str, *, shown: bool = True) -> None:
        """Set a field of the head, its text hanging beside its name."""
        pdf = self.pdf
        pdf.set_xy(self.look.left, pdf.get_y() + (1.5 if shown else 0))
        wide = pdf.get_string_width(self.ready(word)) + (4 if self.look.spaced else 1.8)
        if shown:
            pdf.cell(wide, self.high, self.ready(word))
        pdf.set_x(self.look.left + wide)
        pdf.multi_cell(0, self.high, self.ready(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def body(self) -> None:
        """Set the paragraphs; one may begin a new page, announced at the foot of the first."""
        pdf = self.pdf
        for at, text in enumerate(self.letter.body):
            if at and at == self.letter.break_before and pdf.page_no() == 1:
                pdf.set_xy(140, min(pdf.get_y() + 8, 268))
                first = re.split(r"(?<=\S)\s", text)[0][:18]
                pdf.cell(50, self.high, self.ready(f"/{first}..."), align="R")
                pdf.add_page()
            pdf.set_xy(self.look.left + 25, pdf.get_y() + 1.5)
            pdf.write(self.high, self.ready(text))
            pdf.ln(self.high)

    def sign(self) -> None:
        """Set คำลงท้าย, the name in parentheses and the position."""
        letter = self.letter
        if self.pdf.get_y() > 225:
            self.pdf.add_page()
        if letter.closing:
            self.line(letter.closing, left=105, before=4)
        self.line(f"({letter.signer})", left=108, before=14)
        for text in letter.position:
            self.line(text, left=100)

    def stamp(self, stamp: Stamp) -> None:
        """Set ตรารับหนังสือ at the top right (form 12)."""
        pdf = self.pdf
        pdf.set_draw_color(*stamp.colour)
        pdf.set_text_color(*stamp.colour)
        pdf.rect(143, 8, 57, 27)
        size = self.look.size * 0.85
        for at, text in enumerate((stamp.entity, *stamp.lines)):
            pdf.set_font("face", "B" if at == 0 else "", size)
            while pdf.get_string_width(self.ready(text)) > 54:
                pdf.set_font_size(pdf.font_size_pt * 0.94)
            pdf.set_xy(144, 9 + at * 6.4)
            pdf.cell(55, 6.2, self.ready(text), align="C" if at == 0 else "L")
        pdf.set_text_color(0)
        pdf.set_draw_color(0)
        pdf.set_font("face", "", self.look.size)

    def emblem(self, x: float, y: float) -> None:
        """Draw something where the Garuda stands: lines and curves that are no letters."""
        for radius in (4, 8, 13):
            self.pdf.ellipse(x - radius / 1.3, y - radius, radius * 1.5, radius * 2)
        for step in range(-3, 4):
            self.pdf.line(x, y + 10, x + step * 4, y - 12 + abs(step) * 3)

    def ready(self, text: str) -> str:
        """Give text as it is set: its digits, its breaks, สระอำ in two."""
        if self.look.thai:
            at, out = 0, []
            for latin in _LATIN.finditer(text):
                out += [to_thai(text[at : latin.start()]), latin[0]]
                at = latin.end()
            text = "".join([*out, to_thai(text[at:])])
        cut = _THAI.sub(lambda run: "\u200b".join(cutter()(run[0])), text)
        return _SARA_AM.sub("\u0e4d\\1\u0e32", _STAYS.sub("", cut))


def _files(font: str) -> tuple[Path, Path]:
    if font == "Sarabun":
        return _SARABUN / "Sarabun-Regular.ttf", _SARABUN / "Sarabun-Bold.ttf"
    return _TLWG / f"{font}.ttf", _TLWG / f"{font}-Bold.ttf"
