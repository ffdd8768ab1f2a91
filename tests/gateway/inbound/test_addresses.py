"""Address fields, honest and not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.addresses import MOST_ADDRESSES, Mailbox, read_addresses


def boxes(raw):
    return [(box.name, box.address) for box in read_addresses(raw)[0]]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Saraban_06@Phrae.Example", [("", "saraban_06@phrae.example")]),
        (b'"Q, x" <a@b.c>', [("Q, x", "a@b.c")]),
        (b"=?utf-8?B?4LiB?= <a@b.c>", [("ก", "a@b.c")]),
        (b"=?utf-8?q?a=2C_b?= <a@b.c>", [("a, b", "a@b.c")]),
        (b'"=?utf-8?B?4LiB?=" <a@b.c>', [("ก", "a@b.c")]),
        (b"a@b.c (old (nested) name)", [("old (nested) name", "a@b.c")]),
        (b"group: a@b.c, d@e.f; g@h.i", [("", "a@b.c"), ("", "d@e.f"), ("", "g@h.i")]),
        (b"undisclosed-recipients:;", []),
        (b"a@b.c <x@y.z>", [("a@b.c", "x@y.z")]),
        (b"<a@b.c> <x@y.z>", [("", "a@b.c"), ("", "x@y.z")]),
        (b"<@r1,@r2:c@d.e>", [("", "c@d.e")]),
        (b"<a @ b.c>", [("", "a@b.c")]),
        (b"<a@b.c", [("", "a@b.c")]),
        (b"Name a@b.c", [("", "a@b.c")]),
        (b"a@b.c; d@e.f", [("", "a@b.c"), ("", "d@e.f")]),
        (b"\xcb\xb9\xd1\xa7\xca\xd7\xcd <a@b.c>", [("หนังสือ", "a@b.c")]),
        (b"", []),
    ],
)
def test_addresses_are_read_as_meant(raw, expected):
    assert boxes(raw) == expected


@pytest.mark.parametrize(
    "raw", [b"<a@[>", b"a", b"a@", b"@b", b"<a@b@>", b"x\x00y@b.c", b"<a b@c>"]
)
def test_what_cannot_be_an_address_is_left_out_and_named(raw):
    found, defects = read_addresses(raw)
    assert found == ()
    assert defects == ("an address that cannot be one",)


@pytest.mark.parametrize("raw", [b"<", b'"', b"(", b":", b",", b"<>", b"[", b"((((", b'"\\'])
def test_fragments_that_break_other_parsers_are_nothing(raw):
    assert read_addresses(raw)[0] == ()


def test_of_a_hundred_thousand_addresses_two_hundred_are_read():
    found, defects = read_addresses(b"a@b.c, " * 100_000)
    assert len(found) == MOST_ADDRESSES
    assert "more than 200" in defects[0]


@pytest.mark.parametrize(
    "unit", [b"a ", b"(", b"<", b'"', b"a<", b":", b"[", b"a@b ", b"\\", b"<,", b" "]
)
def test_no_field_takes_long(unit):
    """Other parsers need many seconds for some of these."""
    started = time.process_time()
    read_addresses((unit * 16384)[:16384])
    assert time.process_time() - started < 2


@given(st.binary(max_size=200) | st.text('a@b.<>,;:"()[]\\ ').map(str.encode))
def test_no_field_breaks_the_reader(raw):
    for box in read_addresses(raw)[0]:
        assert isinstance(box, Mailbox)
        assert box.address.count("@") >= 1
