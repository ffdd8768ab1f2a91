"""Looking at a file through a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound import window as subject
from gateway.inbound.envelope import Envelope
from gateway.inbound.spool import Spooled
from gateway.inbound.window import Window
from registry.letter.message import Listener
from tests.gateway.inbound.mails import OFFICE_HOUR


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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subject, "_BLOCK", 8)
        with Window(path) as window:
            found = window.find(needle, start, len(data))
    assert found == data.find(needle, start)


def test_what_ends_beyond_the_end_is_not_found(opened):
    window = opened(b"0123456789abcdef")
    assert window.find(b"9a", 0, 10) == -1
    assert window.find(b"9a", 0, 11) == 9


def test_a_file_cut_short_behind_our_back_ends_every_search(opened, tmp_path):
    window = opened(b"0123456789" * 10)
    (tmp_path / "file").write_bytes(b"0123")
    assert window.find(b"99", 0, 100) == -1
    assert b"".join(window.blocks(0, 100)) == b"0123"


@pytest.mark.parametrize("most", [8, 1 << 18])
def test_a_letter_among_others_in_one_file_shows_nothing_of_its_neighbours(
    tmp_path, monkeypatch, most
):
    monkeypatch.setattr(subject, "_BLOCK", most)
    path = tmp_path / "several"
    path.write_bytes(b"before--" + b"the letter itself" + b"--behind")
    envelope = Envelope(Listener.MX, OFFICE_HOUR, raw_bytes=17)
    with Window.of(Spooled("smtp/a", path, envelope, at=8)) as window:
        assert (window.size, window.alone) == (17, False)
        assert window.read(0, 100) == b"the letter itself"
        assert b"".join(window.blocks(4, 100)) == b"letter itself"
        assert (window.find(b"-", 0, 17), window.find(b"itself", 0, 17)) == (-1, 11)


@pytest.mark.parametrize("size", [0, 3])
def test_a_letter_has_no_more_bytes_than_its_envelope_says(tmp_path, size):
    path = tmp_path / "several"
    path.write_bytes(b"0123456789")
    envelope = Envelope(Listener.MX, OFFICE_HOUR, raw_bytes=size)
    with Window.of(Spooled("smtp/a", path, envelope)) as window:
        assert window.read(0, 100) == b"0123456789"[:size]


def test_a_letter_beyond_the_end_of_its_file_is_empty(tmp_path):
    path = tmp_path / "several"
    path.write_bytes(b"0123456789")
    with Window(path, 100, 5) as window:
        assert (window.size, window.read(0, 5)) == (0, b"")
