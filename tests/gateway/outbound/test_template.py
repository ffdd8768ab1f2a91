"""What templates do with facts: subjects in brief, numbers and dates kept whole."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.outbound.template import pieces, render

LONG = "แนวทางการปรับปรุงคู่มือสำหรับประชาชน ตามแผนการยกระดับการบริการภาครัฐ ระยะที่ ๒ " * 2


def test_letter_numbers_and_dates_are_pieces_that_stay_whole():
    text = "หนังสือ ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ลงวันที่ ๒๒ พฤศจิกายน ๒๕๖๙ ตาม พ.ร.บ. พ.ศ. ๒๕๕๘"
    whole = [piece for piece, stays in pieces(text) if stays]
    assert whole == ["มท ๐๘๑๐.๗/ว ๓๙๗๔", "ลงวันที่ ๒๒ พฤศจิกายน ๒๕๖๙", "พ.ศ. ๒๕๕๘"]


@given(st.text("กท มพ.๐๑/ว <&พฤศจิกายน ๒๕๖๙", max_size=80))
def test_pieces_put_together_are_the_text(text):
    assert "".join(piece for piece, _ in pieces(text)) == text


def test_nothing_is_one_empty_piece():
    assert pieces(None) == [("", False)]


def test_a_long_matter_is_brief_in_the_subject_alone():
    rendered = render("note_taken", {"head": {"subject": LONG.strip()}})
    assert rendered.subject.endswith("…")
    assert len(rendered.subject) < 150
    assert LONG.strip() in rendered.text
