"""Mending Thai text, and folding it for search."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.thai import text as thai_text
from registry.thai.text import fold, tidy

GARBAGE = st.text(
    alphabet=st.sampled_from(
        "กญฐปนเแโฤฦาำะัิีึืฺุู็่้๊๋์ํ๎ๆฯ ๑1Aßİ\t\n\u200b\u00a0\u0301\uf70a\uf713\uf71a\uf899\ud800\x00"
    ),
    max_size=40,
)

CORRECT = [
    "ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑",
    "ถนนไชยบูรณ์ น้ำ ป้ำ ปี่ ฝั่ง ฤๅษี กตัญญู ญี่ปุ่น ฐา ฎุ เปี๊ยะ สิทธิ์ พันธุ์ ผู้ว่าฯ",
    "พระราชบัญญัติการอำนวยความสะดวกในการพิจารณาอนุญาตของทางราชการ พ.ศ. ๒๕๕๘",
    "Google Form ตาม QR Code\nแนบท้ายนี้\tภายในวันที่ ๑๙ ตุลาคม ๒๕๖๒ café",
    "พุทฺธํ สรณํ คจฺฉามิ",
]

BROKEN = {
    "tone before its vowel": ("ท่ี", "ที่"),
    "tone before a vowel below": ("ผู้", "ผู้"),
    "marks of a silenced letter": ("สิทธ์ิ", "สิทธิ์"),
    "sara am in two pieces": ("นํา", "นำ"),
    "sara am in two pieces, tone inside": ("นํ้า", "น้ำ"),
    "sara am in two pieces, tone first": ("น้ํา", "น้ำ"),
    "tone after sara am": ("นำ้", "น้ำ"),
    "sara am and sara aa": ("จำานวน", "จำนวน"),
    "nikhahit and sara am": ("นํำ", "นำ"),
    "ae typed as two e": ("เเผน", "แผน"),
    "the same mark twice": ("ที่่", "ที่"),
    "zero-width space inside a word": ("หนัง\u200bสือ", "หนังสือ"),
    "soft hyphen inside a word": ("หนัง\u00adสือ", "หนังสือ"),
    "space before a mark": ("ท ี่", "ที่"),
    "no-break space before a mark": ("ท\u00a0ี่", "ที่"),
    "private code points of Windows fonts": ("ป\uf702\uf70a ญ\uf70f", "ปี่ ญญ"),
    "private code points of Macintosh fonts": ("ป\uf886\uf88b", "ปี่"),
    "carriage returns": ("ก\r\nข\rค", "ก\nข\nค"),
    "form feed between pages": ("ก\x0cข", "ก\nข"),
    "NUL and escape": ("ก\x00ข\x1b[2Jค", "กข[2Jค"),
    "a lone surrogate": ("ก\udce1", "ก\ufffd"),
    "letters in two pieces": ("cafe\u0301", "café"),
    "text turned around": ("ก\u202eข", "กข"),
}


@pytest.mark.parametrize("text", CORRECT)
def test_correct_text_is_left_as_it_is(text):
    assert tidy(text) == text


@pytest.mark.parametrize(("broken", "mended"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_text_is_mended(broken, mended):
    assert tidy(broken) == mended


@given(GARBAGE | st.text(max_size=40))
@settings(max_examples=300)
def test_mending_twice_changes_nothing_more(text):
    once = tidy(text)
    assert tidy(once) == once


@given(GARBAGE | st.text(max_size=40))
@settings(max_examples=300)
def test_folding_twice_changes_nothing_more(text):
    once = fold(text)
    assert fold(once) == once


@given(st.text(alphabet=st.characters()) | GARBAGE)
def test_what_is_stored_any_database_can_keep(text):
    stored = tidy(text).encode()
    assert b"\x00" not in stored


@given(GARBAGE)
def test_how_a_text_is_broken_does_not_matter_to_search(text):
    assert fold(tidy(text)) == fold(text)


def test_a_hostile_run_of_marks_does_not_stall_the_office():
    assert tidy("น" + "ำ่" * 50_000) == "น่ำ"


@pytest.mark.parametrize("pile", ["ุิ้\u0301", "ฺุ", "\u0301\u0323", "ุ ", "\u05b0\u0331\u200b่"])
def test_marks_piled_up_by_the_thousand_do_not_stall_the_office(pile):
    """Normalising such a pile takes the square of its height, if it is let to."""
    once = tidy("น" + pile * 10_000)
    assert len(once) <= 32
    assert tidy(once) == once


@pytest.mark.parametrize("strewn", ["่ำ\u0301ำ", "ํ\u200b\u05b0่"])
def test_accents_strewn_among_thai_marks_do_not_stall_the_office(strewn):
    """Each pass would move one tone by one letter, and every pass reads all of the text."""
    once = tidy(strewn * 5_000)
    assert "\u0301" not in once
    assert tidy(once) == once


def test_other_scripts_are_left_as_they_are():
    text = "漢字" * 40 + " Ελληνικά " + "हिन्दी" * 10
    assert tidy(text) == text


def test_an_accent_on_a_thai_letter_is_kept():
    """Languages of the border provinces are written so."""
    assert tidy("ก\u0331ะ ป\u0331") == "ก\u0331ะ ป\u0331"


def test_search_sees_thai_and_arabic_digits_alike():
    assert fold("มท ๐๘๑๐.๓/๓๗๘๐") == fold("มท 0810.3/3780")


def test_search_sees_no_line_end_inside_thai_words():
    """PDF text breaks lines anywhere; an officer's query does not."""
    assert fold("การปรับปรุงคู่มือ\nสำหรับ  ประชาชน") == "การปรับปรุงคู่มือสำหรับประชาชน"


def test_search_keeps_a_space_where_a_script_ends():
    assert fold(" ทาง  Google\u00a0Form ว 4971 ") == "ทาง google form ว 4971"


def test_search_finds_an_old_vowel_however_it_was_typed():
    assert fold("ฤาษี") == fold("ฤๅษี")
    assert tidy("ฤาษี") == "ฤาษี"


@given(st.text(alphabet="กญลดบนำาเแไๆ่้์ัิีฺุ็ํ๙0aÉé\u0301 \n\r\u200b\uf700\ud800\x00", max_size=40))
def test_what_is_taken_for_sound_at_one_look_needed_no_mending(text):
    assert tidy(text) == thai_text._until_stable(thai_text._mend, text)
    assert fold(text) == thai_text._until_stable(thai_text._fold_once, text)
