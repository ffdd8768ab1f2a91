"""The order of a Thai dictionary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.thai.collation import sort_key
from registry.thai.text import tidy

IN_ORDER = [
    ["กา", "เก", "แก", "ขา", "เขา"],
    ["กระบี่", "กรุงเทพมหานคร", "กาญจนบุรี", "กาฬสินธุ์", "กำแพงเพชร", "ขอนแก่น"],
    ["เชียงราย", "เชียงใหม่", "ตรัง", "แพร่", "ภูเก็ต", "เลย", "สกลนคร", "แสนสุข"],
    ["ปา", "ป่า", "ป้า", "ป๊า", "ป๋า", "ปาก"],
    ["Anusorn", "bank", "ก"],
    ["ฤดี", "ลม"],
]


@pytest.mark.parametrize("words", IN_ORDER)
def test_words_are_filed_as_a_dictionary_files_them(words):
    muddled = sorted(words, key=len)
    assert sorted(muddled, key=sort_key) == words


def test_spaces_and_stops_do_not_part_a_name_from_its_like():
    assert sorted(["กรมทรัพย์", "กรม การ", "ก.พ.ร."], key=sort_key) == [
        "ก.พ.ร.",
        "กรม การ",
        "กรมทรัพย์",
    ]


def test_a_tone_mark_without_a_letter_is_still_sorted():
    assert sort_key("่ก") != sort_key("ก")


@given(st.text(max_size=20), st.text(max_size=20))
def test_only_one_and_the_same_text_shares_a_key(one, other):
    assert (sort_key(one) == sort_key(other)) == (tidy(one) == tidy(other))
