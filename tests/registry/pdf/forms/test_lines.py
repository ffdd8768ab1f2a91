"""Text in a column: where its lines end."""

from pathlib import Path

import fontpkg_sarabun
import pytest

from registry.books import bookform
from registry.pdf.forms import book, lines
from registry.pdf.forms.face import Face
from registry.pdf.forms.lines import Run, lay

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
    assert row.width > row.struck[0][1]


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
