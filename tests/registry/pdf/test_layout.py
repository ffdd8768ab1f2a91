"""Lines stand where a person sees them, and say what was read best."""

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from registry.letter.page import Line, Page
from registry.pdf.lines import with_text
from registry.pdf.read import read_pdf
from registry.texts.extract import Bounds
from saraban.demo.letter import read
from saraban.demo.typeset import typeset
from tests.registry.texts import papers


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(typeset(read("phrae-w4971")))
    return path


def first_page(path: Path) -> Page:
    return read_pdf(path, Bounds()).leaves[0]


def line_with(page: Page, text: str) -> Line:
    return next(line for line in page.lines if text in line.text)


def test_each_line_is_one_and_stands_below_the_one_before(letter: Path):
    page = first_page(letter)
    assert (page.number, page.source, page.width > 590, page.quality > 0.97) == (
        1, "text", True, True,
    )  # fmt: skip
    number, place = line_with(page, "๔๙๗๑"), line_with(page, "ศาลากลางจังหวัดแพร่")
    assert (number.text, place.text) == ("ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑", "ศาลากลางจังหวัดแพร่")
    assert 0.1 < number.box.left < number.box.right < 0.5 < place.box.left < place.box.right < 0.9
    tops = [line.box.top for line in page.lines]
    assert tops == sorted(tops)
    assert all(0 <= line.box.top < line.box.bottom <= 1 for line in page.lines)
    assert "เรียน นายอำเภอ (ทุกอำเภอ) นายกองค์การบริหารส่วนจังหวัดแพร่ และนายกเทศมนตรี" in page.text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_asks_to_be_turned_has_its_lines_where_they_are_seen(letter: Path, turn: int):
    """As a scanner's program leaves them: the text reads across the page as it is shown."""
    lines = [line.text for line in first_page(letter).lines]
    upright = line_with(first_page(letter), "๔๙๗๑").box
    writer = PdfWriter()
    leaf = writer.add_page(PdfReader(letter).pages[0])
    leaf.rotate(turn)
    writer.write(letter)
    page = first_page(letter)
    assert [line.text for line in page.lines] == lines
    seen = line_with(page, "๔๙๗๑").box
    corners = {
        90: (1 - upright.bottom, upright.left),
        180: (1 - upright.right, 1 - upright.bottom),
        270: (upright.top, 1 - upright.right),
    }
    assert (seen.left, seen.top) == pytest.approx(corners[turn], abs=0.002)


def test_places_are_shares_of_what_is_left_of_a_cropped_page(letter: Path):
    whole = line_with(first_page(letter), "๔๙๗๑").box
    writer = PdfWriter()
    leaf = writer.add_page(PdfReader(letter).pages[0])
    wide, high = float(leaf.mediabox.width), float(leaf.mediabox.height)
    leaf.cropbox = RectangleObject((50, 100, wide, high))
    writer.write(letter)
    page = first_page(letter)
    seen = line_with(page, "๔๙๗๑").box
    assert (page.width, page.height) == pytest.approx((wide - 50, high - 100))
    assert seen.left * page.width == pytest.approx(whole.left * wide - 50, abs=1)
    assert seen.top * page.height == pytest.approx(whole.top * high, abs=1)


def test_the_first_pages_and_the_last_are_laid_out(tmp_path: Path):
    path = tmp_path / "many.pdf"
    path.write_bytes(papers.saying(b"(a) Tj", times=9))
    assert [page.number for page in read_pdf(path, Bounds()).leaves] == [1, 2, 3, 9]
    assert [page.number for page in read_pdf(path, Bounds(pages=2)).leaves] == [1, 2]
    assert read_pdf(path, Bounds(careful=True)).leaves == ()


def test_a_page_comes_back_from_what_json_carries(letter: Path):
    page = first_page(letter)
    again = Page.of(page.as_list())
    assert again.text == page.text
    assert Page.of(again.as_list()) == again


def test_lines_are_said_as_the_better_reading_has_them():
    """Syllables said twice, lines in another order, and one that only the other reading has."""
    lines = ["ปรับรัปรุงคู่มือมื", "ที่ ๑๒๓", "๔๕", "..."]
    text = "ที่ ๑๒๓\nการปรับปรุงคู่มือ (๒)\nปรับปรุงคู่มือ\n๔๕"
    assert with_text(["ที่ ๑๒๓", *lines[:1], *lines[2:]], "ที่ ๑๒๓\nปรับปรุงคู่มือ\n๔๕") == [
        "ที่ ๑๒๓", "ปรับปรุงคู่มือ", "๔๕", "...",
    ]  # fmt: skip
    assert with_text(["ปรับปรุงคู่มือ", "ที่ ๑๒๓"], text)[1] == "ที่ ๑๒๓"
    assert with_text(["ไม่มีในนั้น"], text) == ["ไม่มีในนั้น"]
    assert with_text([], text) == []


def test_lines_with_syllables_said_twice_share_what_the_better_reading_says():
    twice = ["แนวทางการปรับรัปรุงรุ", "คู่มือมือสำหรับรัประชาชน", "ที่ ๑"]
    once = "แนวทางการปรับปรุง\nคู่มือสำหรับประชาชน\nที่ ๑"
    assert with_text(twice, once) == once.split("\n")
