"""What OCR makes of the line of the number, and how it is read all the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.letter.page import Page
from registry.letter.paper import HIGH
from registry.paper.number import read_number
from registry.paper.rows import Row
from tests.registry.paper.pages import LETTER, fields, one, page, with_line


def scanned(at: int, text: str) -> Page:
    made = with_line(at, text)
    return page([(line.box.left, line.text) for line in made.lines], sure=97, source="ocr")


@pytest.mark.parametrize("read", ["v", "J", "รี", "จ", "ง", "W"])
def test_between_slash_and_figures_only_wo_can_stand(read: str) -> None:
    found = one(scanned(0, f"ที่ มท ๐๘๑๐.๗/{read} ๓๙๗๔"), "number")
    assert (found.value, found.believed) == ("มท 0810.7/ว 3974", False)


def test_what_may_be_a_figure_is_not_taken_for_wo() -> None:
    found = one(scanned(0, "ที่ มท ๐๘๑๐.๗/l๓๙๗๔"), "number")
    assert "ว" not in found.value
    assert not found.believed


def test_a_two_apart_from_the_figures_is_wo_where_the_letter_is_for_many() -> None:
    found = one(scanned(0, "ที่ มท ๐๘๑๐.๗/๒ ๓๙๗๔"), "number")
    assert (found.value, found.believed) == ("มท 0810.7/ว 3974", False)


def test_a_two_apart_from_the_figures_is_doubted_in_a_letter_to_one() -> None:
    lines = list(LETTER)
    lines[0] = (0.14, "ที่ มท ๐๘๑๐.๗/๒ ๓๙๗๔")
    lines[6] = (0.14, "เรียน นายอำเภอสูงเม่น")
    found = one(page(lines, sure=97, source="ocr"), "number")
    assert "ว" not in found.value
    assert not found.believed


def test_a_number_behind_what_thi_became_is_found_and_doubted() -> None:
    found = one(scanned(0, "fi มท ๐๘๑๐.๗/ว ๓๙๗๔"), "number")
    assert (found.value, found.believed) == ("มท 0810.7/ว 3974", False)


def test_the_number_that_the_letter_asks_to_be_quoted_is_its_own() -> None:
    lines = list(LETTER[1:])
    lines.insert(13, (0.14, "ในการตอบโปรดอ้างหนังสือ ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔"))
    found = one(page(lines, sure=97, source="ocr"), "number")
    assert (found.value, found.believed) == ("มท 0810.7/ว 3974", False)


def test_a_text_layer_is_read_as_it_stands() -> None:
    assert "number" not in fields(with_line(0, "fi มท ๐๘๑๐.๗/W ๓๙๗๔"))


@pytest.mark.parametrize("lead", ["ที่", "ทิ", ""])
def test_an_order_has_no_letter_s_number(lead: str) -> None:
    lines = [
        (0.4, "คำสั่งจังหวัดปัตตานี"), (0.45, lead + " ๙๖๑/๒๕๖๓"), (0.2, "เรื่อง แต่งตั้งคณะกรรมการ"),
        (0.26, "เพื่อให้การดำเนินงานเป็นไปด้วยความเรียบร้อย"), (0.4, "สั่ง ณ วันที่ ๔ กุมภาพันธ์ พ.ศ. ๒๕๖๓"),
    ]  # fmt: skip
    assert "number" not in fields(page(lines, sure=97, source="ocr"))


def test_a_subject_whose_label_was_read_as_latin_letters_is_found_above_the_addressee() -> None:
    found = one(scanned(4, "Sas แนวทางการปรับปรุงคู่มือสำหรับประชาชน"), "subject")
    assert found.value.startswith("แนวทางการปรับปรุง")
    assert not found.believed


def test_the_label_of_the_addressee_is_known_without_its_mark() -> None:
    assert one(scanned(6, "เรยน ผู้ว่าราชการจังหวัด ทุกจังหวัด"), "to").value.startswith("ผู้ว่า")


@given(st.text("ที่มทกควJvW2๒๐๑/ .().0179abc", max_size=30), st.booleans())
def test_only_a_line_that_says_so_by_itself_is_sure(text: str, circular: bool) -> None:
    """A scan's line that had to be put right gives nothing to be believed."""
    row = Row(text, 100, "ocr")
    plain = read_number([Row(text, 100, "text")])
    for found in read_number([row], circular=circular):
        as_it_stands = plain and plain[0].value == found.value
        assert found.confidence < HIGH or as_it_stands
