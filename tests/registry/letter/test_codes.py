"""The list of letter codes."""

import tomllib
from importlib.resources import files

import pytest

from registry.letter.codes import code_of, is_province, names_office, whose
from registry.letter.number import SenderCode

SHIPPED = tomllib.loads((files("config") / "letter_codes.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("พร 0023.3", "จังหวัดแพร่"),
        ("กท 0401", "กรุงเทพมหานคร"),
        ("มท 0810.7", "กรมส่งเสริมการปกครองท้องถิ่น"),
        ("มท 9910", "กระทรวงมหาดไทย"),
        ("ตช 0001", "สำนักงานตำรวจแห่งชาติ"),
        ("ฮฮ 0001", None),
    ],
)
def test_a_number_says_in_words_whose_it_is(sender, name):
    assert whose(SenderCode.parse(sender)) == name


def test_all_provinces_are_listed_and_no_code_is_given_twice():
    codes = [code for kind in SHIPPED.values() for code in kind]
    assert len(SHIPPED["province"]) == 77
    assert len(codes) == len(set(codes))


def test_every_listed_code_can_stand_in_a_letter_number():
    for kind in SHIPPED.values():
        for code in kind:
            assert SenderCode.parse(f"{code[:2]} {code[3:] or '00'}01").code == code[:2]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ศาลากลางจังหวัดแพร่", "พร"),
        ("อธิบดีกรมส่งเสริมการปกครองท้องถิ่น", "มท"),
        ("อำเภอเมือง จังหวัด หนองคาย 43000", "นค"),
        ("ศาลากลางจงหวดชลบุร", "ชบ"),
        ("บริษัทแห่งหนึ่ง", None),
    ],
)
def test_a_text_tells_the_code_of_the_body_that_it_names_though_marks_were_lost(text, code):
    assert code_of(text) == code


def test_a_name_is_an_office_only_by_itself():
    assert names_office("จังหวัดแพร่")
    assert not names_office("ผู้ว่าราชการจังหวัดแพร่")
    assert is_province("พร")
    assert not is_province("มท")
