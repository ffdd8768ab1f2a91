"""Single wrong words of a scan's เรื่อง are mended by the dictionary; right ones stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.letter.page import Page
from registry.paper.mend_words import mended_words
from registry.paper.rows import Row
from registry.paper.sheet import Sheet
from registry.paper.subject import read_subject
from tests.registry.paper.pages import one, page, with_line

RIGHT = (
    "การให้บริการประชาชนผ่านระบบดิจิทัล ระยะที่ ๒",
    "แนวทางปฏิบัติของเจ้าหน้าที่ ตามหนังสือหน้า ๓",
    "ขอเชิญประชุมเทศบาลตำบลคลองเปรง",
    "การปรับปรุงคู่มือสำหรับประชาชน พ.ศ. ๒๕๕๘",
    "โครงการ Smart Office ค.ศ. 2019",
)


def scanned(text: str) -> Page:
    made = with_line(4, f"เรื่อง {text}")
    return page([(line.box.left, line.text) for line in made.lines], sure=97, source="ocr")


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("แจ้งการโอนเงินอุดหนูนโครงการ", "แจ้งการโอนเงินอุดหนุนโครงการ"),
        ("การให้บริการประชาชูนผ่านระบบ", "การให้บริการประชาชนผ่านระบบ"),
        ("โครงการอบรมการใชงาน ระบบ", "โครงการอบรมการใช้งาน ระบบ"),
        ("การบริหารจัดการน้าในช่วงฤดูแล้ง", "การบริหารจัดการน้ำในช่วงฤดูแล้ง"),
        ("ของทางราชการ W.A. ๒๕๕๘", "ของทางราชการ พ.ศ. ๒๕๕๘"),
        ("ของทางราชการ พ.ศ ๒๕๕๘", "ของทางราชการ พ.ศ. ๒๕๕๘"),
        ("ของทางราชการ N.A.2558", "ของทางราชการ พ.ศ. 2558"),
    ],
)
def test_a_word_that_is_one_mistake_from_one_word_is_that_word(read: str, meant: str) -> None:
    assert mended_words(read) == meant


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_stays(text: str) -> None:
    assert mended_words(text) == text


def test_where_two_words_would_do_what_was_read_stays() -> None:
    assert mended_words("ฝุ่นละอองขนาดเลก") == "ฝุ่นละอองขนาดเลก"


def test_what_was_mended_is_told_and_waits_for_an_officer() -> None:
    found = one(scanned("การให้บริการประชาชูนผ่านระบบ"), "subject")
    assert found.value.startswith("การให้บริการประชาชนผ่านระบบ")
    assert found.facts["mended"]
    assert "ประชาชูน" in found.original
    assert not found.believed


def test_a_text_layer_is_not_mended() -> None:
    found = one(with_line(4, "เรื่อง การให้บริการประชาชูนผ่านระบบ"), "subject")
    assert found.value.startswith("การให้บริการประชาชูนผ่านระบบ")
    assert not found.facts


@given(st.text("ประชานูน้าใช้งกข .พศWA๒๕๖", max_size=40))
def test_mending_never_fails_and_never_makes_sure(text: str) -> None:
    before = Sheet(parts={"subject": [Row(text, 100, "ocr")]})
    for found in read_subject(before):
        assert not found.believed


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ระบบสารบรรณลอิเล็กทรอนิกส์", "ระบบสารบรรณอิเล็กทรอนิกส์"),
        ("รองรับโครงกฎรพัฒนา", "รองรับโครงการพัฒนา"),
        ("จัดซื้อ ณ สำนักงาน", "จัดซื้อ ณ สำนักงาน"),
    ],
)
def test_a_consonant_said_too_much_goes_and_one_read_for_sara_aa_is_it_again(read, meant):
    assert mended_words(read) == meant
