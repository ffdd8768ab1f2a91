"""The header is seen once, whole, whatever the blocks; and never more than so much of it."""

import pytest

from gateway.errors import Looping
from gateway.inbound.header_watch import LONGEST_HEADER, HeaderWatch


def seen_by(blocks, *, close=True):
    seen = []

    def look(fields):
        seen.append(fields)
        return 3

    watch = HeaderWatch(look)
    for block in blocks:
        watch.feed(block)
    if close:
        watch.close()
    assert watch.urgency == (3 if seen else 0)
    return seen


@pytest.mark.parametrize("end", [b"\r\n\r\n", b"\n\n", b"\n\r\n"])
def test_the_header_is_shown_when_the_blank_line_has_come_however_it_is_cut(end):
    letter = b"Subject: a\r\n b\r\nFrom: c@d" + end + b"Subject: body"
    for place in range(len(letter)):
        (fields,) = seen_by([letter[:place], letter[place:]], close=False)
        assert list(fields.all("subject")) == [b"a b"]


def test_a_letter_that_begins_with_the_blank_line_has_no_fields():
    (fields,) = seen_by([b"\r\nSubject: body\r\n"], close=False)
    assert fields.items == ()


def test_a_letter_that_is_all_header_is_shown_at_its_end():
    assert [f.get("a") for f in seen_by([b"A: b\r\n"])] == [b"b"]


def test_an_endless_header_is_shown_once_and_no_more_is_gathered():
    block = b"A: b\r\n" * 10_000
    shown = seen_by([block] * (2 * LONGEST_HEADER // len(block) + 2))
    assert len(shown) == 1


def test_what_the_check_refuses_is_raised_and_only_once():
    def refuse(_fields):
        raise Looping

    watch = HeaderWatch(refuse)
    with pytest.raises(Looping):
        watch.feed(b"A: b\r\n\r\n")
    watch.feed(b"more")
    watch.close()
