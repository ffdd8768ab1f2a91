"""Consonants of a scan's number are held against the list and the office; none gets surer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.letter.codes import listed_codes
from registry.letter.page import Page
from registry.letter.paper import HIGH, FieldSource, PaperField
from registry.paper.consonants import Offices, hold_to_office, look_alike
from tests.registry.paper.pages import MARGIN, MIDDLE, PARAGRAPH, RIGHT, one, page

NOBODY = Offices(None, None)
CONSONANTS = st.text("กขคงจชซดตถทธนบปผฝพฟภมยรลวศษสหอฐ", min_size=2, max_size=3)


def letter(number: str, office: str, address: str, source: str = "ocr") -> Page:
    lines = [
        (MARGIN, number), (RIGHT, office), (RIGHT, address), (MIDDLE, "๑๖ กันยายน ๒๕๖๒"),
        (MARGIN, "เรื่อง แนวทางการปรับปรุงคู่มือ"), (MARGIN, "เรียน ผู้ว่าราชการจังหวัดแพร่"),
    ]  # fmt: skip
    return page(lines, sure=97, source=source)


def number(value: str, sure: int = 95, source: FieldSource = "ocr") -> PaperField:
    return PaperField("number", value, value, sure, source)


@pytest.mark.parametrize(
    ("read", "office", "address", "meant"),
    [
        ("ขบ ๕๒๙๕๓/๗๙", "สำนักงานเทศบาลดอนแก้ว", "จังหวัดชลบุรี ๖๒๓๒๐", "ชบ 52953/79"),
        ("นธ ๐๐๒๑/ว ๗๓๔๕", "ศาลากลางจังหวัดนครปฐม", "ถนนประชาราษฎร์ นฐ ๕๑๐๐๐", "นฐ 0021/ว 7345"),
        ("ศก ๐๔๑๑/๙๗", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", "กทม. ๑๐๕๗๐", "ศธ 0411/97"),
        ("ภภก ๐๐๑๗.๑/๘๕", "ศาลากลางจังหวัดภูเก็ต", "ถนนนริศร ภก ๘๓๐๐๐", "ภก 0017.1/85"),
        ("สถี ๐๙๒๑/๑๓๕๓๖", "กรมอนามัย", "ถนนติวานนท์ นบ ๑๑๐๐๐", "สธ 0921/13536"),
        ("ขบ ๐๐๒๑/๙", "ศาลากลางจงหวดชลบุร", "ถนนมนตเสวี", "ชบ 0021/9"),
    ],
)  # fmt: skip
def test_a_code_that_was_misread_is_that_of_the_office_in_the_head_and_is_doubted(
    read: str, office: str, address: str, meant: str
) -> None:
    found = one(letter(f"ที่ {read}", office, address), "number")
    assert found.value == meant
    assert not found.believed


def test_what_was_read_is_offered_beside_what_it_is_taken_for() -> None:
    (found,) = hold_to_office([number("นธ 0021/ว 7345")], Offices("นฐ", None))
    assert found.facts["candidates"] == ["นฐ 0021/ว 7345", "นธ 0021/ว 7345"]


def test_a_code_that_the_head_confirms_stays_sure() -> None:
    found = one(letter("ที่ ชบ ๐๐๒๑/๙", "ศาลากลางจังหวัดชลบุรี", "ถนนมนตเสวี ชบ ๒๐๐๐๐"), "number")
    assert (found.value, found.believed) == ("ชบ 0021/9", True)


def test_a_listed_code_of_another_office_is_doubted_and_stays() -> None:
    (found,) = hold_to_office([number("พร 0021/9")], Offices("ชบ", None))
    assert (found.value, found.believed) == ("พร 0021/9", False)


def test_an_office_of_a_ministry_in_a_province_may_bear_the_ministry_s_code() -> None:
    assert hold_to_office([number("กค 0403/9")], Offices("พร", "พร")) == [number("กค 0403/9")]


def test_a_code_with_a_look_alike_is_doubted_where_nothing_confirms_it() -> None:
    (found,) = hold_to_office([number("นธ 0021/9")], NOBODY)
    assert (found.value, found.believed) == ("นธ 0021/9", False)


def test_of_several_codes_that_it_may_be_the_letter_s_office_decides() -> None:
    like = [code for code in listed_codes() if look_alike("ศฐ", code)]
    assert len(like) > 1
    (alone,) = hold_to_office([number("ศฐ 0021/9")], NOBODY)
    (named,) = hold_to_office([number("ศฐ 0021/9")], Offices("ศธ", None))
    assert (alone.value, named.value) == ("ศฐ 0021/9", "ศธ 0021/9")


def test_a_letter_under_seal_is_of_the_office_that_its_seal_names() -> None:
    lines = [
        (MARGIN, "ที่ อฉ ๐๐๑๗.๑/๗๐๐๗"), (MARGIN, "ถึง ผู้ว่าราชการจังหวัดน่าน"),
        (PARAGRAPH, "ตามที่กรมการปกครองได้กำหนดให้หน่วยงานดำเนินการ"), (MARGIN, "เพื่อให้เกิดประโยชน์"),
        (PARAGRAPH, "จึงแจ้งมาเพื่อโปรดทราบ"), (RIGHT, "จังหวัดอำนาจเจริญ"), (RIGHT, "๑๔ มีนาคม ๒๕๖๒"),
    ]  # fmt: skip
    found = one(page(lines, sure=97, source="ocr"), "number")
    assert (found.value, found.believed) == ("อจ 0017.1/7007", False)


def test_a_text_layer_is_left_as_it_is() -> None:
    found = one(letter("ที่ นธ ๐๐๒๑/๑", "ศาลากลางจังหวัดนครปฐม", "ถนนเทศา", "text"), "number")
    assert (found.value, found.confidence) == ("นธ 0021/1", 97)


def test_a_number_of_a_committee_that_was_not_read_is_not_made_up() -> None:
    found = one(letter("ก กค (NI) ๐๔๒๔.๘/๔๕๔๑", "กรมบัญชีกลาง", "กทม. ๑๐๑๑๐"), "number")
    assert "by_office" not in found.facts
    assert not found.believed


@pytest.mark.parametrize(
    ("read", "code", "alike"),
    [("ขบ", "ชบ", True), ("พพ", "พพ", False), ("ภภก", "ภก", True), ("กส", "มท", False)],
)  # fmt: skip
def test_one_consonant_may_be_another_that_looks_like_it(read: str, code: str, alike: bool) -> None:
    assert look_alike(read, code) is alike


@given(
    CONSONANTS, st.integers(0, 100), st.sampled_from(["ocr", "text"]),
    st.none() | st.sampled_from(sorted(listed_codes())),
    st.none() | st.sampled_from(sorted(listed_codes())),
)  # fmt: skip
def test_nothing_gets_surer_and_what_is_changed_is_never_sure(
    code: str, sure: int, source: FieldSource, writes: str | None, address: str | None
) -> None:
    before = number(f"{code} 0021/9", sure, source)
    (after,) = hold_to_office([before], Offices(writes, address))
    assert after.confidence <= before.confidence
    if after.value != before.value:
        assert after.confidence < HIGH
