"""Addresses: what is one, and when two are the same."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import NotUnderstood
from registry.letter.address import (
    Address,
    fold_address,
    folded_or_empty,
    local_and_domain,
    tag_of,
)


@pytest.mark.parametrize(
    ("email", "folded"),
    [
        ("saraban@dla.go.th", "saraban@dla.go.th"),
        ("Saraban_06240907@DLA.go.th", "saraban_06240907@dla.go.th"),
        (" saraban@dla.go.th ", "saraban@dla.go.th"),
        ("saraban@dla.go.th.", "saraban@dla.go.th"),
        ("สารบรรณ@ทดสอบ.ไทย", "สารบรรณ@xn--l3cfk7dp.xn--o3cw4h"),
        ("a@localhost", "a@localhost"),
        ("a@[127.0.0.1]", "a@[127.0.0.1]"),
        ('"a b"@example.go.th', '"a b"@example.go.th'),
        ('"a@b"@example.go.th', '"a@b"@example.go.th'),
        ("o'neil+x=y@example.go.th", "o'neil+x=y@example.go.th"),
        ("x" * 64 + "@example.go.th", "x" * 64 + "@example.go.th"),
    ],
)
def test_two_spellings_of_one_box_fold_to_one_address(email, folded):
    assert fold_address(email) == folded
    assert fold_address(folded) == folded


@pytest.mark.parametrize(
    "email",
    [
        "",
        "@",
        "saraban",
        "saraban@",
        "@dla.go.th",
        "a b@dla.go.th",
        "a@b@dla.go.th",
        "a@dla..go.th",
        "a@-dla.go.th",
        "a@dla go.th",
        "<a@dla.go.th>",
        "a@dla.go.th\r\nBcc: x@y.z",
        "a\x00@dla.go.th",
        '"a\nb"@dla.go.th',
        '"a"b"@dla.go.th',
        "a\udce1@dla.go.th",
        "a\u202e@dla.go.th",
        "a@\udce1.go.th",
        "a@" + "ก" * 70 + ".go.th",
        "x" * 65 + "@example.go.th",
        "ก" * 22 + "@example.go.th",
        "a@" + "b" * 64 + ".go.th",
        "a@" + ".".join(["b" * 60] * 5),
    ],
)
def test_what_no_server_could_deliver_to_is_refused(email):
    with pytest.raises(NotUnderstood) as refused:
        fold_address(email)
    assert refused.value.text == email


def test_what_is_no_address_can_be_compared_as_nothing():
    assert folded_or_empty("Saraban@PHRAE.example") == "saraban@phrae.example"
    assert folded_or_empty("saraban@") == ""


@given(
    st.text(max_size=30) | st.from_regex(r"[a-z.+\x00\r\n\"\\ ]{1,9}@[a-z.\-]{1,9}", fullmatch=True)
)
def test_whatever_comes_is_an_address_or_a_typed_error(text):
    with suppress(NotUnderstood):
        folded = fold_address(text)
        assert fold_address(folded) == folded
        assert not set(folded) & set("\r\n\x00")


def test_an_address_of_the_longest_lawful_length_is_taken():
    email = "x" * 64 + "@" + "b" * 61 + "." + "c" * 61 + "." + "d" * 61 + ".th"
    assert len(email) == 253
    assert local_and_domain(email)[0] == "x" * 64


@pytest.mark.parametrize(
    ("email", "central", "tag"),
    [
        ("saraban+กค@dla.go.th", "saraban@dla.go.th", "กค"),
        ("Saraban+DLA@dla.go.th", "saraban@dla.go.th", "dla"),
        ("saraban+r-abc+d@dla.go.th", "saraban@dla.go.th", "r-abc+d"),
        ("saraban@dla.go.th", "saraban@dla.go.th", ""),
        ("saraban+@dla.go.th", "saraban@dla.go.th", ""),
        ("+tag@dla.go.th", "+tag@dla.go.th", ""),
    ],
)
def test_the_tag_is_what_stands_behind_the_first_plus(email, central, tag):
    assert tag_of(email) == (central, tag)


def test_a_display_name_is_one_clean_line():
    address = Address("  กรม\r\nBcc: x\x00 ท\u200bี่ดิน ", "Saraban@dol.go.th")
    assert address.name == "กรม Bcc: x ที่ดิน"
    assert address.email == "Saraban@dol.go.th"
    assert address.folded == "saraban@dol.go.th"


def test_an_address_shows_its_name_if_it_has_one():
    assert str(Address("กรมที่ดิน", "a@dol.go.th")) == "กรมที่ดิน <a@dol.go.th>"
    assert str(Address("", "a@dol.go.th")) == "a@dol.go.th"


def test_an_address_that_is_none_cannot_be_made():
    with pytest.raises(NotUnderstood):
        Address("กรมที่ดิน", "dol.go.th")
