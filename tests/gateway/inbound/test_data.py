"""Framing of DATA: whatever the blocks, the same letter; and only CRLF.CRLF ends it."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.inbound.data import Framing, Pace
from tests.gateway.inbound.client import stuffed

ODD_ENDINGS = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r.\r",
    b"\r\n.\r",
    b"\r.\r\n",
    b"\n\n.\r\n",
    b"\r\n\x00.\r\n",
    b"\r\n.\x00\r\n",
    b"\r\r\n.\r\r\n",
    b"\r\n. \r\n",
    b"\r\n.\r\x00\n",
]
PIECES = st.lists(
    st.one_of(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"..", b"x"]), st.binary(max_size=9))
).map(b"".join)


def read(blocks):
    """Feed blocks; give what the letter is, and what was left over."""
    framing = Framing()
    letter = b""
    blocks = iter(blocks)
    for block in blocks:
        letter += framing.feed(block)
        if framing.ended:
            return letter, framing.rest + b"".join(blocks), framing.bare_line_endings
    return letter, None, framing.bare_line_endings


def cut(data, places):
    """Cut bytes at these places."""
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[a:b] for a, b in itertools.pairwise(ends)]


@given(PIECES, st.lists(st.integers(min_value=0)), st.binary(max_size=20))
@settings(max_examples=500)
def test_any_letter_cut_anywhere_arrives_byte_for_byte(content, places, behind):
    content += b"" if content.endswith(b"\r\n") or not content else b"\r\n"
    letter, rest, _ = read(cut(stuffed(content) + behind, places))
    assert (letter, rest) == (content, behind)


@given(PIECES)
def test_bare_line_endings_are_counted_over_every_border(content):
    content += b"\r\n"
    bare = content.replace(b"\r\n", b"")
    wire = stuffed(content)
    counted = read(wire[n : n + 1] for n in range(len(wire)))[2]
    assert counted == bare.count(b"\r") + bare.count(b"\n")


@pytest.mark.parametrize("ending", ODD_ENDINGS, ids=repr)
def test_nothing_but_crlf_dot_crlf_ends_a_letter_wherever_it_is_cut(ending):
    wire = b"A: b\r\n\r\nx" + ending + b"MAIL FROM:<evil@x>\r\n.\r\n"
    for place in range(len(wire) + 1):
        letter, rest, _ = read([wire[:place], wire[place:]])
        assert rest == b""
        assert b"MAIL FROM:<evil@x>\r\n" in letter


def test_an_empty_letter_is_empty():
    assert read([b".\r\n"])[:2] == (b"", b"")


def test_a_dot_before_the_first_line_is_taken_off():
    assert read([b"..\r\n.\r\n"])[0] == b".\r\n"


def test_commands_behind_the_end_are_left_over():
    assert read([b"x\r\n.\r\nQUIT\r\n"])[:2] == (b"x\r\n", b"QUIT\r\n")


def test_a_short_last_line_is_not_waited_for():
    """Three bytes that could be dot CR LF, and are not."""
    assert read([b"x\r\n", b".\r\n"])[:2] == (b"x\r\n", b"")


def test_a_letter_that_was_cut_off_never_ends():
    assert read([b"x\r\n.\r"])[1] is None


def test_bytes_buy_time_and_silence_does_not():
    pace = Pace(timeout=10, min_rate=100, now=0)
    assert pace.left(4) == 6
    pace.came(1000)
    assert pace.left(4) == 10
    assert pace.left(15) == 5
    assert pace.left(30) == 0


def test_no_pace_is_asked_for_at_rate_zero():
    assert Pace(timeout=10, min_rate=0, now=0).left(1_000_000) == 10


@pytest.mark.parametrize("ending", ODD_ENDINGS, ids=repr)
def test_line_endings_that_nobody_counts_end_nothing_either(ending):
    wire = b"a: b\r\n\r\n" + ending + b"MAIL FROM:<x@y.th>\r\n..\r\n.\r\nNOOP\r\n"
    framing = Framing(counts=False)
    letter = framing.feed(wire)
    assert (letter, framing.rest, framing.bare_line_endings) == (*read([wire])[:2], 0)
