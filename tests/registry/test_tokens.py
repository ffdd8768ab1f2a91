"""Tags and page tokens: ours verify in any case of letters, nobody else's ever do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ids import is_id, new_id
from registry.keys import KeyRing
from registry.tokens import Token, link_token, read_tag, reply_tag

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
IDS = st.text(ALPHABET, min_size=16, max_size=16)
KINDS = st.sampled_from(["r", "b"])


@given(IDS, KINDS)
def test_a_tag_of_ours_says_what_it_was_made_for(keys, target, kind):
    assert read_tag(keys, reply_tag(keys, target, kind)) == Token(kind, target)


@given(IDS, KINDS, st.data())
def test_a_server_on_the_way_may_change_the_case_of_letters(keys, target, kind, data):
    tag = reply_tag(keys, target, kind)
    mixed = "".join(data.draw(st.sampled_from([char.lower(), char.upper()])) for char in tag)
    assert read_tag(keys, mixed) == Token(kind, target)


@given(IDS, KINDS, st.data())
def test_a_tag_with_one_other_character_is_nobodys(keys, target, kind, data):
    tag = reply_tag(keys, target, kind)
    at = data.draw(st.integers(0, len(tag) - 1))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != tag[at]]))
    assert read_tag(keys, tag[:at] + other + tag[at + 1 :]) is None


@given(IDS, st.data())
def test_a_tag_that_was_cut_or_lengthened_is_nobodys(keys, target, data):
    tag = reply_tag(keys, target)
    assert read_tag(keys, tag[: data.draw(st.integers(0, len(tag) - 1))]) is None
    assert read_tag(keys, tag + data.draw(st.text(ALPHABET, min_size=1))) is None


@given(st.text())
def test_no_text_passes_for_a_tag(keys, text):
    assert read_tag(keys, text) is None


@given(st.text(ALPHABET, min_size=33, max_size=33))
def test_guessing_finds_no_tag(keys, text):
    assert read_tag(keys, f"r-{text}") is None


def test_a_tag_of_another_installation_is_nobodys(keys, tmp_path):
    other = KeyRing.create(tmp_path / "other")
    assert read_tag(keys, reply_tag(other, "a" * 16)) is None


def test_a_tag_leaves_room_for_a_central_address(keys):
    assert len(f"saraban+{reply_tag(keys, new_id())}") <= 64


def test_a_tag_names_an_id_and_nothing_else(keys):
    with pytest.raises(ValueError, match="16 characters"):
        reply_tag(keys, "42")


def test_tags_given_out_before_keys_were_changed_keep_working(tmp_path):
    """Keys are named by one character, so of forty two are sure to have the same name."""
    tags = []
    for change in range(40):
        ring = KeyRing.create(tmp_path)
        tags.append(reply_tag(ring, "a" * 16))
        assert {read_tag(ring, tag) for tag in tags} == {Token("r", "a" * 16)}
        (tmp_path / "token.key").rename(tmp_path / f"token-{change}.key")
    assert len(set(tags)) == 40


@given(IDS, IDS, st.integers(1, 9), st.integers(1, 9))
def test_every_link_and_generation_has_its_own_token(keys, one, other, first, second):
    same = (one, first) == (other, second)
    assert (link_token(keys, one, first) == link_token(keys, other, second)) is same


def test_a_page_token_is_128_bits(keys):
    token = link_token(keys, "a" * 16, 1)
    assert len(token) == 26
    assert set(token) <= set(ALPHABET)


def test_ids_are_what_they_are_tested_for():
    made = [new_id() for _ in range(100)]
    assert len(set(made)) == 100
    assert all(is_id(one) for one in made)
