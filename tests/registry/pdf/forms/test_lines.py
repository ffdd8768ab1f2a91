"""Text in a column: where its lines end."""

from pathlib import Path

import fontpkg_sarabun
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.books import bookform
from registry.pdf.forms import book, lines
from registry.pdf.forms.face import Face
from registry.pdf.forms.lines import Run, lay
from registry.pdf.forms.parts import parts_of

FACE = Face(Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("คู่มือสำหรับประชาชน", ("คู่มือ", "สำหรับ", "ประชาชน")),
        ("๑๐.๔๒ น.", ("๑๐.๔๒", " ", "น.")),
        ("กรุงเทพฯ ต่าง ๆ", ("กรุงเทพฯ", " ", "ต่าง", " ", "ๆ")),
        ("  (ร่าง)  ", ("(", "ร่าง)")),
        ("", ()),
    ],
)
def test_a_line_may_end_between_words_and_not_before_what_closes_them(text, tokens):
    assert lines._tokens(text) == tokens


def test_no_line_is_wider_than_its_column():
    text = "แนวทางการปรับปรุงคู่มือสำหรับประชาชน https://example.go.th/" + "x" * 80
    rows = lay(FACE, 10, [Run(text)], 90)
    assert len(rows) > 3
    assert all(row.width <= 90 for row in rows)


def test_a_line_does_not_begin_with_a_space():
    [first, second] = lay(FACE, 10, [Run("กรม กรม")], FACE.piece("กรม", 10).width + 1)
    assert first.width == second.width


def test_what_is_struck_is_told_by_its_place():
    [row] = lay(FACE, 10, [Run("เก่า", struck=True), Run("ใหม่")], 500)
    assert row.struck == [(0, FACE.piece("เก่า", 10).width)]
    space = FACE.piece(" ", 10)
    assert row.pieces[1] == space
    assert row.width == row.struck[0][1] + space.width + FACE.piece("ใหม่", 10).width


@pytest.mark.parametrize("struck", ["", "มท ๐๓๐๙.๒/๙๙๙"])
def test_what_is_to_stay_whole_is_not_broken_where_a_line_has_room_for_it(struck):
    number = "มท ๐๓๐๙.๒/๑๐๐๑"
    wide = FACE.piece(number, 10).width
    rows = lay(FACE, 10, [Run(struck, struck=True, whole=True), Run(number, whole=True)], wide + 1)
    assert rows[-1].pieces == [FACE.piece(number, 10)]
    assert [one for row in rows for one in row.struck] == (
        [(0, FACE.piece(struck, 10).width)] if struck else []
    )
    assert len(lay(FACE, 10, [Run(number, whole=True)], wide - 1)) == 2


def test_a_word_takes_the_width_of_its_letters_whatever_marks_it_bears():
    assert FACE.piece("ก", 10).width == FACE.piece("กี่", 10).width
    assert FACE.piece("ก", 20).width == 2 * FACE.piece("ก", 10).width


def test_an_address_is_cut_behind_its_joints():
    rows = lay(FACE, 10, [Run("officer@phrae.go.th")], FACE.piece("officer@phrae.g", 10).width)
    widths = [FACE.piece(part, 10).width for part in ("officer@phrae.", "go.th")]
    assert [row.width for row in rows] == widths


def test_the_heads_of_the_printed_book_are_not_cut_within_a_word():
    for name in bookform.heads("sent") + bookform.heads("received"):
        assert all(FACE.piece(word, 9.5).width <= 60 for word in lines._tokens(name))
    assert book._WIDTHS[0] - 6 >= FACE.piece("เลขทะเบียนรับ", 9.5).width
    assert sum(book._WIDTHS) == 778  # A4 across within its margins


@pytest.mark.parametrize("text", ["๒๗ เม.ย. ๒๕๖๙", "๒๓ พ.ย. ๒๕๖๙"])
def test_a_day_stands_on_one_line_of_the_printed_book(text):
    assert book._WIDTHS[bookform.FIELDS.index("dated")] - 6 >= FACE.piece(text, 9.5).width


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("ตาม พ.ศ. ๒๕๕๘ และ พ.ร.บ.", ["ตาม", "พ.ศ. ๒๕๕๘", "และ", "พ.ร.บ."]),
        ("๑๖ ก.ย. 2568", ["๑๖", "ก.ย. 2568"]),
        ("แจ้ง อปท. ทราบ", ["แจ้ง", "อปท.", "ทราบ"]),
    ],
)
def test_what_is_short_for_something_is_not_cut_and_a_year_stays_with_its_era(text, tokens):
    assert [one for one in lines._tokens(text) if not one.isspace()] == tokens


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("องค์การบริหารส่วนจังหวัด", ["องค์", "การบริหาร", "ส่วน", "จังหวัด"]),
        ("ผู้ว่าราชการจังหวัด", ["ผู้ว่าราชการ", "จังหวัด"]),
        ("กระทรวงมหาดไทย", ["กระทรวง", "มหาดไทย"]),
        ("ฆฌฎฏ", ["ฆฌฎฏ"]),
    ],
)
def test_a_long_name_is_cut_between_the_words_that_it_is_made_of(name, parts):
    assert list(parts_of(name)) == parts


@given(st.text(alphabet="กขคงจรวสนอเแโไาิีุู่้์ะฯๆ", max_size=40))
def test_the_parts_of_a_word_are_the_word_and_none_begins_with_a_mark(word):
    parts = parts_of(word)
    assert "".join(parts) == word
    assert not [one for one in parts[1:] if one[0] in "าิีุู่้์ะฯๆ"]


def test_no_name_of_an_office_is_cut_within_a_word_however_narrow_its_column():
    office = "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ"
    parts = parts_of(office)
    ends = [FACE.piece("".join(parts[:at]), 10).width for at in range(1, len(parts) + 1)]
    rows = lay(FACE, 10, [Run(office)], 80)
    assert len(rows) > 2
    so_far = 0.0
    for row in rows:
        so_far += row.width
        assert so_far == pytest.approx(min(ends, key=lambda end: abs(end - so_far)), abs=0.01)
