"""The clerk's words out of another installation's frame, and its pictures out of the files."""

import pytest

from gateway.inbound.framed import framed_words, told_apart
from gateway.quoting import QR_ID, WORDS_BEGIN, WORDS_END
from registry.letter.message import Part

OURS = {"X-Saraban-Subject": "แนวทาง"}
FRAMED = f"ที่ พร ๐๐๒๓/๑\n\n{WORDS_BEGIN}\nเรียน อธิบดี\n\nด้วย\n{WORDS_END}\n\nตัวหนังสือ ๑ ไฟล์"


def test_the_words_are_what_stands_between_our_lines():
    assert framed_words(FRAMED, OURS) == "เรียน อธิบดี\n\nด้วย"


@pytest.mark.parametrize("marks", [{}, {"X-Saraban-Dated": "2025-10-03"}])
def test_mail_that_is_no_letter_of_an_installation_stays_as_it_is(marks):
    """People quote such letters in their answers."""
    assert framed_words(FRAMED, marks) is None


def test_a_letter_that_says_it_has_no_words_has_none():
    assert framed_words("ที่ พร ๐๐๒๓/๑", OURS | {"X-Saraban-Text": "none"}) == ""


@pytest.mark.parametrize("text", ["", WORDS_BEGIN, WORDS_END, f"{WORDS_BEGIN} {WORDS_END}"])
def test_a_frame_that_was_lost_on_the_way_loses_no_words(text):
    assert framed_words(text, OURS) is None


def test_a_frame_quoted_inside_the_words_stays_in_them():
    inner = f"ขอส่งต่อ\n{WORDS_BEGIN}\nเดิม\n{WORDS_END}\nจึงเรียนมา"
    assert framed_words(f"{WORDS_BEGIN}\n{inner}\n{WORDS_END}", OURS) == inner


def test_lines_in_the_wrong_order_frame_nothing():
    assert framed_words(f"ก\n{WORDS_END}\nข\n{WORDS_BEGIN}\nค", OURS) == ""


def _picture(content_id):
    return Part(
        0,
        "p.png",
        "p.png",
        "image/png",
        "image/png",
        9,
        "0" * 64,
        inline=True,
        content_id=content_id,
    )


def test_only_our_own_picture_in_our_own_mail_is_decoration():
    parts = [_picture(QR_ID), _picture("logo@x")]
    assert [part.decoration for part in told_apart(parts, OURS)] == [True, False]
    assert [part.decoration for part in told_apart(parts, {})] == [False, False]
