"""Places to break a line, and places that matched, in one text."""

import re

import pytest
from markupsafe import escape

from saraban.web.breaks import breakable, marked

TEXT = 'ขอเชิญประชุม "<b>คณะกรรมการ</b>" ครั้งที่ ๙'


def test_without_places_it_is_the_text_with_breaks():
    assert marked(TEXT, ()) == breakable(TEXT)


@pytest.mark.parametrize("span", [(0, 12), (4, 9), (13, 20), (0, len(TEXT)), (5, 6)])
def test_what_is_marked_is_exactly_the_place(span):
    html = re.sub("<wbr>|</?span[^>]*>", "", marked(TEXT, (span,)))
    lit = "".join(re.findall("<mark>(.*?)</mark>", html))
    assert lit == str(escape(TEXT[span[0] : span[1]]))
    assert "<b>" not in html


def test_marks_move_no_break():
    assert marked(TEXT, ((5, 6),)).count("<wbr>") == breakable(TEXT).count("<wbr>")


def test_a_long_text_is_marked_too():
    long = "งบ " * 400
    assert "<mark>งบ</mark>" in marked(long, ((3, 5),))
    assert "<wbr>" not in marked(long, ((3, 5),))
