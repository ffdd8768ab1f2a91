"""Header text: encoded words, raw bytes, and both."""

import base64
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.encoded_words import decode_words

THAI = "การจัดทำคู่มือสำหรับประชาชน"


def b_word(data, charset="utf-8"):
    return b"=?%s?B?%s?=" % (charset.encode(), base64.b64encode(data))


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_character_cut_between_two_words_is_read_whole(cut):
    """Thai letters have three bytes; two of the cuts fall inside one."""
    data = THAI.encode()
    value = b_word(data[:cut]) + b"\r\n ".replace(b"\r\n", b"") + b_word(data[cut:])
    assert decode_words(value) == (THAI, ())


def test_words_under_two_names_of_one_charset_are_joined():
    data = THAI.encode("cp874")
    value = b_word(data[:5], "windows-874") + b" " + b_word(data[5:], "TIS-620")
    assert decode_words(value)[0] == THAI


def test_white_space_between_words_goes_and_beside_text_stays():
    value = b"Re: " + b_word("ก".encode()) + b"  " + b_word("ข".encode()) + b" end"
    assert decode_words(value)[0] == "Re: กข end"


def test_a_word_inside_quotation_marks_is_read():
    assert decode_words(b'"' + b_word(THAI.encode()) + b'"')[0] == f'"{THAI}"'


def test_quoted_printable_words_take_underscores_and_question_marks():
    assert decode_words(b"=?utf-8?q?a_b=3D?c?=")[0] == "a b=?c"


def test_a_language_after_the_charset_is_passed_over():
    assert decode_words(b"=?utf-8*th?b?4LiB?=")[0] == "ก"


def test_raw_bytes_beside_words_are_guessed_and_said_to_be():
    text, guesses = decode_words(THAI.encode("cp874") + b" " + b_word("ข้อ".encode()))
    assert text == f"{THAI} ข้อ"
    assert guesses == ("no charset: read as windows-874 (the bytes are Thai letters)",)


def test_base64_without_padding_or_with_rubbish_is_still_read():
    assert decode_words(b"=?utf-8?B?4L iB!?=")[0] == "ก"
    assert decode_words(b"=?us-ascii?B?YQ?=")[0] == "a"


@pytest.mark.parametrize("value", [b"=?", b"=?utf-8?", b"=?utf-8?b?", b"=?utf-8?x?a?=", b"a=?=b"])
def test_what_is_no_word_stays_as_it_is(value):
    assert decode_words(value)[0] == value.decode()


def test_control_characters_and_line_separators_become_spaces():
    assert decode_words(b_word("ก\r\nBcc: x\u2028y".encode()))[0] == "ก Bcc: x y"


@given(st.binary(max_size=300))
def test_no_value_breaks_the_reader(value):
    decode_words(value)[0].encode("utf-8")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=80))
def test_what_the_standard_library_encodes_is_read_back(text):
    value = Header(text, "utf-8").encode().replace("\n", "").encode()
    assert decode_words(value)[0] == text
