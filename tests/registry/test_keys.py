"""The keys: drawn once, readable by us alone, and never printed."""

import stat

import pytest

from registry.errors import OutOfOrder
from registry.keys import KeyRing


def test_keys_are_drawn_once_and_stay(tmp_path):
    first = KeyRing.create(tmp_path / "keys")
    assert KeyRing.create(tmp_path / "keys") == first == KeyRing.load(tmp_path / "keys")
    assert first.token != first.link
    assert len(first.token) == len(first.link) == 32


def test_keys_are_readable_by_us_alone(tmp_path):
    KeyRing.create(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}


def test_a_ring_of_keys_does_not_print_them(tmp_path):
    ring = KeyRing.create(tmp_path)
    assert repr(ring) == "KeyRing()"


@pytest.mark.parametrize("text", ["", "not hex", "00" * 31, "กุญแจ"])
def test_a_damaged_key_stops_the_program_and_says_what_to_do(tmp_path, text):
    KeyRing.create(tmp_path)
    (tmp_path / "link.key").write_text(text, encoding="utf-8")
    with pytest.raises(OutOfOrder, match=r"link\.key"):
        KeyRing.load(tmp_path)


def test_a_missing_key_is_never_drawn_anew_in_silence(tmp_path):
    with pytest.raises(OutOfOrder, match="restore it from a backup"):
        KeyRing.load(tmp_path)
