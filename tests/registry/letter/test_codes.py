"""The list of letter codes."""

import tomllib
from importlib.resources import files

import pytest

from registry.errors import OutOfOrder
from registry.letter.codes import LetterCodes
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
    assert LetterCodes.load().name(SenderCode.parse(sender)) == name


def test_all_provinces_are_listed_and_no_code_is_given_twice():
    codes = [code for kind in SHIPPED.values() for code in kind]
    assert len(SHIPPED["province"]) == 77
    assert len(codes) == len(set(codes)) == len(LetterCodes.load())


def test_every_listed_code_can_stand_in_a_letter_number():
    for kind in SHIPPED.values():
        for code in kind:
            assert SenderCode.parse(f"{code[:2]} {code[3:] or '00'}01").code == code[:2]


def test_an_office_may_keep_its_own_list(tmp_path):
    path = tmp_path / "codes.toml"
    path.write_text('[local]\n"ฮฮ" = "องค์การทดลอง"\n', encoding="utf-8")
    assert LetterCodes.load(path).name(SenderCode.parse("ฮฮ 01")) == "องค์การทดลอง"


@pytest.mark.parametrize("text", ['"ฮฮ" = "นอกตาราง"\n', "[local\n"])
def test_a_wrong_list_stops_the_start(tmp_path, text):
    path = tmp_path / "codes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OutOfOrder, match=r"codes\.toml"):
        LetterCodes.load(path)
