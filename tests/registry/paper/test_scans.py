"""What a scan loses: marks of the words that tell the parts apart, and consonants of numbers."""

import pytest

from registry.letter.page import Page
from registry.paper.mend import mended
from tests.registry.paper.pages import one, page, with_line


def scanned(at: int, text: str) -> Page:
    made = with_line(at, text)
    return page([(line.box.left, line.text) for line in made.lines], sure=97, source="ocr")


@pytest.mark.parametrize(
    ("read", "word"),
    [
        ("ด่วนทีสุด", "ด่วนที่สุด"), ("วันทิ ๓ ตุลาคม ๒๕๖๒", "วันที่ ๓ ตุลาคม ๒๕๖๒"),
        ("ที มท ๐๘๑๐/๑", "ที่ มท ๐๘๑๐/๑"), ("ระยะที ๒", "ระยะที่ ๒"), ("เลขรบ 7860", "เลขรับ 7860"),
        ("ขอแสดงความนบถอ", "ขอแสดงความนับถือ"), ("อ้างถิง หนังสือ", "อ้างถึง หนังสือ"),
        ("Sufi ๖ เมษายน ๒๕๖๓", "วันที่ ๖ เมษายน ๒๕๖๓"), ("กราบเรยน ผู้ว่า", "กราบเรียน ผู้ว่า"),
        ("แบบ จ้านวน ๑ ชุด", "แบบ จำนวน ๑ ชุด"),
    ],
)  # fmt: skip
def test_words_that_tell_the_parts_apart_are_put_right(read: str, word: str) -> None:
    assert mended(read) == word


def test_what_is_right_stays() -> None:
    for text in ("ที่ประชุมมีมติ", "วันที่ผ่านมา", "เรื่องที่เกี่ยวข้อง", "ด่วนพิเศษ"):
        assert mended(text) == text


def test_words_of_a_scan_wait_for_an_officer_though_its_figures_are_sure() -> None:
    found = scanned(3, "๑๖ กันยายน ๒๕๖๒,")
    assert one(found, "dated").believed
    assert one(found, "number").believed
    assert not one(found, "subject").believed


def test_a_number_of_no_listed_office_is_doubted_in_a_scan() -> None:
    assert not one(scanned(0, "ที่ ฬฬ ๐๘๑๐.๗/ว ๓๙๗๔"), "number").believed


def test_a_number_whose_consonants_were_not_read_has_those_of_the_office_and_is_doubted() -> None:
    found = one(scanned(0, "ก Ad 0810.7/ว 3974"), "number")
    assert (found.value, found.original) == ("มท 0810.7/ว 3974", "Ad 0810.7/ว 3974")
    assert not found.believed


def test_a_number_of_nobody_listed_below_an_office_that_is_not_either_stays_as_it_was_read() -> (
    None
):
    lines = [(0.14, "ก Ad 0810.7/ว 3974"), (0.6, "บริษัทแห่งหนึ่ง"), (0.14, "เรื่อง ทดสอบ")]
    assert one(page(lines, sure=97, source="ocr"), "number").value == "Ad 0810.7/ว 3974"
