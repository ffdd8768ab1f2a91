"""A scan's lone line that may be a marking of secrecy is doubted; ordinary lines are not."""

import pytest

from registry.letter.grades import Secrecy
from registry.letter.marking_doubt import marking_like
from registry.letter.page import Box, Line, Page


def scan(*lines: tuple[str, float, float], source: str = "ocr") -> Page:
    """Give a page of lines, each with its left and top."""
    set_lines = [
        Line(text, Box(left, top, left + 0.012 * len(text) + 0.03, top + 0.02))
        for text, left, top in lines
    ]
    return Page(1, "ocr" if source == "ocr" else "text", 0.9, 595.0, 842.0, tuple(set_lines))


@pytest.mark.parametrize(
    ("read", "grade"),
    [
        ("ลบปบ", Secrecy.CONFIDENTIAL), ("ลบ", Secrecy.CONFIDENTIAL), ("( สับ. )", None),
        ("ลับมาถ", Secrecy.SECRET), ("ลปมาก", Secrecy.SECRET), ("ลับทีสด", Secrecy.TOP_SECRET),
        ("ลบทิสุค", Secrecy.TOP_SECRET), ("ด่วนที่สุด", None), ("ดวนทสด", None), ("ด่วนมาก", None),
        ("ที่", None), ("กลับ", None), ("ล.บ.", None), ("ลบ 12", None), ("เทศบาล", None),
    ],
)  # fmt: skip
def test_what_is_a_marking_but_for_a_letter_or_marks_is_doubted(read: str, grade: Secrecy | None):
    head = (read, 0.16, 0.07), ("ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔", 0.16, 0.14)
    assert marking_like(scan(*head)) is grade
    assert marking_like(scan((read, 0.45, 0.95))) is grade


@pytest.mark.parametrize("read", ["สบ", "อบ", "ลป", "ลย", "(สบ)", "กลบ", "พลบ", "สลบ"])
def test_codes_of_offices_and_other_words_are_no_markings(read: str):
    assert marking_like(scan((read, 0.16, 0.07))) is None
    assert marking_like(scan((read, 0.45, 0.95))) is None


@pytest.mark.parametrize(
    "lines",
    [
        [("ลบ", 0.16, 0.5)],  # in the text
        [("ลบ", 0.8, 0.05)],  # in a receive stamp
        [("ลบ", 0.16, 0.07), ("ส่วนราชการ สำนักปลัด", 0.2, 0.071)],  # part of a line
        [("เรื่อง การรักษาความลับของทางราชการ", 0.16, 0.18)],
    ],
)
def test_other_lines_are_not(lines: list[tuple[str, float, float]]):
    assert marking_like(scan(*lines)) is None


def test_a_text_layer_is_read_as_it_stands():
    assert marking_like(scan(("ลบ", 0.16, 0.07), source="text")) is None
