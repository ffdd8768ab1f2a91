"""Transfer encodings undone in blocks."""

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.decode import decoder_for


def run(encoding, data, block=7):
    decoder = decoder_for(encoding)
    out = b"".join(decoder.feed(data[at : at + block]) for at in range(0, len(data), block))
    return out + decoder.finish(), decoder.defects


@given(st.binary(max_size=500), st.integers(1, 90), st.sampled_from([b"\r\n", b"\n"]))
def test_base64_is_undone_at_any_block_size(data, block, eol):
    encoded = base64.encodebytes(data).replace(b"\n", eol)
    assert run("base64", encoded, block) == (data, [])


def test_base64_ends_at_the_first_padding_and_says_that_more_follows():
    """Virus scanners stop there; we must see the same file."""
    encoded = base64.b64encode(b"a") + base64.b64encode(b"hidden")
    assert run("base64", encoded) == (b"a", ["data after the end of base64"])


def test_white_space_after_the_padding_is_not_data():
    assert run("base64", b"YQ==\r\n \r\n") == (b"a", [])


def test_foreign_characters_in_base64_are_passed_over_and_named():
    decoded, defects = run("base64", b"aG\x00Vs!bG8=")
    assert decoded == b"hello"
    assert defects == ["characters in base64 that do not belong there"]


def test_base64_that_was_cut_off_gives_what_there_is():
    assert run("base64", b"aGVsbG") == (b"hell", ["base64 that ends in the middle"])
    assert run("base64", b"aGVsb") == (b"hel", ["base64 that ends in the middle"])


@given(st.binary(max_size=500), st.integers(1, 90))
def test_quoted_printable_is_undone_at_any_block_size(data, block):
    encoded = quopri.encodestring(data)
    assert run("quoted-printable", encoded, block) == (quopri.decodestring(encoded), [])


def test_a_quoted_printable_line_without_end_does_not_cut_an_escape():
    data = b"=E0=B8=81" * 60_000
    decoded, _ = run("quoted-printable", data, 65_521)
    assert decoded == "ก".encode() * 60_000


@pytest.mark.parametrize("encoding", ["", "7bit", "8bit", "binary"])
def test_bytes_without_encoding_pass_unchanged(encoding):
    assert run(encoding, b"\x00\r\n\xff=41") == (b"\x00\r\n\xff=41", [])


def test_an_unknown_encoding_leaves_the_bytes_as_they_are_and_says_so():
    decoded, defects = run("x-uuencode", b"begin 644 x")
    assert decoded == b"begin 644 x"
    assert "x-uuencode" in defects[0]


@given(st.sampled_from(["base64", "quoted-printable"]), st.binary(max_size=300), st.integers(1, 50))
def test_no_bytes_break_a_decoder_and_blocks_make_no_difference(encoding, data, block):
    assert run(encoding, data, block)[0] == run(encoding, data, len(data) or 1)[0]
