"""Looking at a file through a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound import window as subject
from gateway.inbound.window import Window


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of eight bytes, so that everything lies on a border sooner or later."""
    monkeypatch.setattr(subject, "_BLOCK", 8)


@pytest.fixture
def opened(tmp_path, small_blocks):
    windows = []

    def over(data):
        path = tmp_path / "file"
        path.write_bytes(data)
        windows.append(Window(path))
        return windows[-1]

    yield over
    for one in windows:
        one.close()


def test_any_stretch_is_read_in_any_order(opened):
    data = bytes(range(100))
    window = opened(data)
    for start, length in [(0, 3), (95, 20), (3, 40), (50, 1), (100, 5), (0, 100)]:
        assert window.read(start, length) == data[start : start + length]


def test_blocks_put_together_are_the_stretch(opened):
    data = bytes(range(100))
    assert b"".join(opened(data).blocks(13, 87)) == data[13:87]


def test_an_empty_file_has_nothing(opened):
    window = opened(b"")
    assert (window.size, window.read(0, 10), window.find(b"x", 0, 0)) == (0, b"", -1)


@given(
    data=st.binary(max_size=60).map(lambda b: bytes(c % 3 for c in b)),
    needle=st.binary(min_size=1, max_size=12).map(lambda b: bytes(c % 3 for c in b)),
    start=st.integers(0, 60),
)
def test_find_finds_what_one_search_would(data, needle, start, tmp_path_factory):
    path = tmp_path_factory.mktemp("w") / "f"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch, Window(path) as window:
        patch.setattr(subject, "_BLOCK", 8)
        assert window.find(needle, start, len(data)) == data.find(needle, start)


def test_what_ends_beyond_the_end_is_not_found(opened):
    window = opened(b"0123456789abcdef")
    assert window.find(b"9a", 0, 10) == -1
    assert window.find(b"9a", 0, 11) == 9


def test_a_file_cut_short_behind_our_back_ends_every_search(opened, tmp_path):
    window = opened(b"0123456789" * 10)
    (tmp_path / "file").write_bytes(b"0123")
    assert window.find(b"99", 0, 100) == -1
    assert b"".join(window.blocks(0, 100)) == b"0123"
