"""Markings on first pages: found on the paper before the letter is registered, within bounds."""

import os
from pathlib import Path

import fontpkg_sarabun
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.letter.grades import Secrecy, find_secrecy
from registry.letter.page import Box, Line, Page
from registry.pdf import first_page
from registry.pdf.first_page import MOST_FILES, FirstPages, marking_at_edges, marking_in

FONT = next(Path(fontpkg_sarabun.__file__).parent.rglob("*Regular.ttf"))
PDF = "application/pdf"
HEAD = ["ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔", "กรมส่งเสริมการปกครองท้องถิ่น", "๒๑ ตุลาคม ๒๕๖๒", "เรื่อง ขอความร่วมมือ"]
LARGEST = 20_000_000


def paper(folder: Path, *pages: list[str], name: str = "paper.pdf") -> tuple[Path, int, str]:
    """Typeset pages of lines."""
    document = typesetter()
    for lines in pages:
        document.add_page()
        document.set_font("Sarabun", size=16)
        for line in lines:
            document.cell(
                0, 9, line, align="C" if len(line) < 12 else "L", new_x="LMARGIN", new_y="NEXT"
            )
    return written(folder, document, name)


def typesetter() -> FPDF:
    """Give an empty document that sets Thai."""
    document = FPDF()
    document.add_font("Sarabun", fname=str(FONT))
    document.set_text_shaping(use_shaping_engine=True)
    return document


def blank_page() -> FPDF:
    """Give a document of one empty page."""
    document = typesetter()
    document.add_page()
    return document


def written(folder: Path, document: FPDF, name: str = "paper.pdf") -> tuple[Path, int, str]:
    """Write a document."""
    path = folder / name
    document.output(str(path))
    return path, path.stat().st_size, PDF


@pytest.fixture
def looker():
    """Whoever looks at first pages; it ends with the test."""
    made = FirstPages(LARGEST)
    yield made
    made.close()


@pytest.mark.parametrize("grade", list(Secrecy))
def test_a_marking_alone_on_its_line_is_found(tmp_path, looker, grade):
    assert looker.marking([paper(tmp_path, [grade.thai, *HEAD, grade.thai])]) is grade


@pytest.mark.parametrize("size", [14, 24, 32, 40])
@pytest.mark.parametrize("left", [30, 95])
@pytest.mark.parametrize("grade", list(Secrecy))
def test_a_marking_is_found_in_any_size(tmp_path, looker, grade, left, size):
    """pdfium puts the marks of large letters on lines of their own, in any order."""
    document = blank_page()
    document.set_font("Sarabun", size=size)
    document.set_x(left)
    document.cell(0, 20, grade.thai, new_x="LMARGIN", new_y="NEXT")
    document.set_font("Sarabun", size=16)
    for line in HEAD:
        document.cell(0, 9, line, new_x="LMARGIN", new_y="NEXT")
    assert looker.marking([written(tmp_path, document)]) is grade


@pytest.mark.parametrize(
    "beside", [{20: "ที่ มท ๐๘๑๐.๗/๑๒", 150: "กรมการปกครอง"}, {130: "ชุดที่ ๑ ของ ๓ ชุด"}]
)
def test_a_marking_beside_something_else_is_found(tmp_path, looker, beside):
    document = blank_page()
    document.set_font("Sarabun", size=16)
    for left, words in {**beside, 100: "ลับมาก"}.items():
        document.set_xy(left, 20)
        document.cell(text=words)
    assert looker.marking([written(tmp_path, document)]) is Secrecy.SECRET


def test_a_cell_of_a_table_in_the_middle_of_a_page_is_no_marking(tmp_path, looker):
    document = blank_page()
    document.set_font("Sarabun", size=16)
    for row, grade in enumerate(("ลับ", "ปกติ", "ลับมาก")):
        for left, words in ((20, f"เอกสารที่ {row}"), (100, grade), (150, "๑ ชุด")):
            document.set_xy(left, 140 + 9 * row)
            document.cell(text=words)
    assert looker.marking([written(tmp_path, document)]) is None


@pytest.mark.parametrize(
    ("line", "grade"),
    [
        ("ล บั", Secrecy.CONFIDENTIAL),
        ("ล ั บ ทส ี ่ ด", Secrecy.TOP_SECRET),
        ("ลบมาก", Secrecy.SECRET),
        ("ลบ", None),
        ("ลืบ", None),
        ("ลบัๆ", None),
        ("ลบั 5", None),
        ("ลำบั", None),
    ],
)
def test_marks_may_stand_in_any_order_but_nothing_else_beside(line, grade):
    page = Page(1, "text", 1.0, 595.0, 842.0, (Line(line, Box(0.4, 0.05, 0.6, 0.08)),))
    assert marking_at_edges(page) is grade


def test_a_letter_about_secrecy_is_not_secret(tmp_path, looker):
    about = [*HEAD, "ตามระเบียบว่าด้วยการรักษาความลับของทางราชการ", "กลับ", "สลับ", "ลับ ๆ ล่อ ๆ"]
    assert looker.marking([paper(tmp_path, about)]) is None


def test_a_word_that_pdfium_tears_off_is_no_line_of_its_own(tmp_path, looker):
    lines = [*HEAD, "ไม่ลับ", "ในที่ลับ", "การประชุมครั้งนี้ไม่ลับ"]
    assert looker.marking([paper(tmp_path, lines)]) is None


def test_only_the_first_page_counts(tmp_path, looker):
    assert looker.marking([paper(tmp_path, HEAD, ["ลับ"])]) is None


def test_the_gravest_of_several_papers_counts(tmp_path, looker):
    first = paper(tmp_path, ["ลับ", *HEAD], name="a.pdf")
    assert looker.marking([first, paper(tmp_path, ["ลับมาก"], name="b.pdf")]) is Secrecy.SECRET


def test_files_beyond_the_bounds_are_left_for_later(tmp_path):
    path, size, _ = paper(tmp_path, ["ลับ"])
    small = FirstPages(size - 1)
    assert small.marking([(path, size, PDF)]) is None
    off = FirstPages(0)
    assert off.marking([(path, size, PDF)]) is None
    many = FirstPages(LARGEST)
    blank = paper(tmp_path, HEAD, name="blank.pdf")
    assert many.marking([*[blank] * MOST_FILES, (path, size, PDF)]) is None
    for one in (small, off, many):
        one.close()


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 a letter", b"", b"%PDF-1.4\n1 0 obj << /Type /Catalog"]
)
def test_what_is_no_sound_pdf_bears_no_marking(tmp_path, looker, data):
    path = tmp_path / "broken.pdf"
    path.write_bytes(data)
    assert looker.marking([(path, max(len(data), 1), PDF)]) is None


def test_a_process_that_dies_over_a_file_finds_nothing_and_the_next_is_looked_at(
    tmp_path, looker, monkeypatch
):
    marked = paper(tmp_path, ["ลับ"])
    monkeypatch.setenv("SARABAN_FAULT", f"on_a_first_page@{tmp_path / 'died'}")
    assert looker.marking([marked]) is None
    assert (tmp_path / "died").exists()
    assert looker.marking([marked]) is Secrecy.CONFIDENTIAL


def test_a_file_that_is_gone_is_no_trouble(tmp_path, looker):
    assert looker.marking([(tmp_path / "none.pdf", 10, PDF)]) is None


THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E2E), min_size=1, max_size=8)
WORDS = st.sampled_from([one.thai for one in Secrecy])
DECOR = st.sampled_from(["", " ", "  ", "- ", "* ", "[", "( ", "– "])


@settings(max_examples=200, deadline=None)
@given(before=THAI, word=WORDS, after=THAI)
def test_a_word_that_goes_on_is_never_a_marking(before, word, after):
    for text in (f"{before}{word}", f"{before}{word}{after}", f"ข้อมูลข่าวสาร{word}{after}"):
        assert marking_in(f"{text}\nเรื่อง ขอความร่วมมือ") is None


@settings(max_examples=200, deadline=None)
@given(word=WORDS, before=DECOR, after=DECOR, others=st.lists(THAI, max_size=4))
def test_a_word_alone_on_its_line_always_is_one(word, before, after, others):
    lines = [*(f"ที่{one}๑" for one in others), f"{before}{word}{after}", "เรื่อง"]
    assert marking_in("\n".join(lines)) is Secrecy(word)
    assert find_secrecy("", lines) is Secrecy(word)


def test_a_word_set_wide_is_one():
    assert marking_in("ล ั บ\nเรื่อง") is Secrecy.CONFIDENTIAL


def test_a_marking_is_found_however_long_the_process_waits_for_the_machine(
    tmp_path, looker, monkeypatch
):
    """To begin alone takes longer than the time that is left here for all files."""
    monkeypatch.setattr(first_page, "SECONDS", 0.001)
    assert looker.marking([paper(tmp_path, ["ลับ", *HEAD])]) is Secrecy.CONFIDENTIAL


def test_files_behind_those_that_used_up_the_time_are_not_looked_at(tmp_path, looker, monkeypatch):
    monkeypatch.setattr(first_page, "SECONDS", 1e-9)
    first = paper(tmp_path, HEAD, name="a.pdf")
    assert looker.marking([first, paper(tmp_path, ["ลับ", *HEAD])]) is None


def test_the_time_that_looking_takes_is_bounded_by_the_process_not_by_the_file(tmp_path, looker):
    path = tmp_path / "big.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(200_000))
    assert looker.marking([(path, 200_009, PDF)]) is None
