"""Thai in straight columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.thai.layout import cut, display_width, pad, table
from registry.thai.text import tidy

THAI = st.text(alphabet="กญนปเแาำัิีุู่้๊์ ๑1A漢…\x1b\n", max_size=30)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("ที่", 1), ("น้ำ", 2), ("ด่วนที่สุด", 6), ("ว 4971", 6), ("漢", 2)],
)
def test_marks_take_no_column(text, columns):
    assert display_width(text) == columns


def test_text_is_never_cut_between_a_consonant_and_its_marks():
    assert cut("ที่ดิน", 2) == "ที่…"
    assert cut("ที่ดิน", 1) == "…"
    assert cut("ที่ดิน", 0) == ""
    assert cut("ที่ดิน", 4) == "ที่ดิน"


def test_numbers_can_be_set_flush_right():
    assert pad("๑๒", 5) == "๑๒   "
    assert pad("๑๒", 5, right=True) == "   ๑๒"


@given(THAI, st.integers(0, 12))
def test_padded_text_fills_its_column_exactly(text, width):
    assert display_width(pad(text, width)) == width


@given(THAI, st.integers(0, 12))
def test_what_is_cut_is_the_beginning_of_the_text(text, width):
    short = cut(text, width)
    clean = tidy(text.replace("\n", " ").replace("\x1b", " "))
    assert short == clean or clean.startswith(short[:-1])


def test_a_table_stands_in_straight_columns():
    text = table(
        [["๗", "ด่วนที่สุด", "จังหวัดแพร่"], ["๒๒๓๑", "ปกติ", "กรมที่ดิน"]],
        ["เลขรับ", "ความเร็ว", "จาก"],
    )
    assert text.splitlines() == [
        "เลขรับ  ความเร็ว  จาก",
        "─────  ───────  ────────",
        "    ๗  ด่วนที่สุด   จังหวัดแพร่",
        " ๒๒๓๑  ปกติ      กรมที่ดิน",
    ]


def test_a_table_without_rows_still_shows_its_headers():
    assert table([], ["ที่", "เรื่อง"]).splitlines()[0] == "ที่  เรื่อง"
    assert table([], []) == "\n"


def test_a_table_gives_way_in_its_widest_column():
    text = table([["๑", "ขอความร่วมมือ" * 20]], ["ที่", "เรื่อง"], width=30)
    assert max(map(display_width, text.splitlines())) == 30
    assert text.endswith("…")


def test_a_table_keeps_four_columns_of_each_even_on_a_narrow_screen():
    text = table([["กรมที่ดิน", "เรื่องยาว"]], ["จาก", "เรื่อง"], width=1)
    assert max(map(display_width, text.splitlines())) == 10


def test_a_row_that_does_not_fit_the_headers_is_a_mistake():
    with pytest.raises(ValueError, match="argument"):
        table([["๑"]], ["ที่", "เรื่อง"])


def test_a_letter_cannot_rewrite_the_officers_screen():
    shown = table([["\x1b[2Jลบ\rจอ\x00\x9b1m"]], ["เรื่อง"])
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in shown.replace("\n", ""))
