"""Whose turn it is among very many letters."""

from pathlib import Path

import pytest

from gateway.inbound.turn import next_names


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A spool with a hundred letters, the oldest first in the alphabet."""
    for number in range(100):
        folder = tmp_path / ("smtp" if number % 2 else "collector") / "new"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:03}.json").touch()
        (folder / f"{number:03}.eml").touch()
    return tmp_path


def ids(names: list[str]) -> list[int]:
    return [int(name.partition("/")[2]) for name in names]


def test_where_all_fit_age_alone_decides(root: Path):
    assert ids(next_names(root)) == list(range(100))


def test_of_many_three_of_four_places_go_to_the_oldest_and_one_to_the_newest(root: Path):
    assert ids(next_names(root, most=8)) == [0, 1, 2, 99, 3, 4, 5, 98]


def test_urgent_letters_go_first_the_most_urgent_before_the_others(root: Path):
    (root / "smtp/new/051.p3").touch()
    (root / "smtp/new/001.p1").touch()
    (root / "collector/new/090.p3").touch()
    assert ids(next_names(root, most=8)) == [51, 90, 1, 0, 2, 99, 3, 4]


def test_a_mark_without_its_letter_is_nobody(root: Path):
    (root / "smtp/new/999.p3").touch()
    assert ids(next_names(root, most=4)) == [0, 1, 2, 99]


def test_letters_that_rest_leave_their_place_to_others(root: Path):
    assert ids(next_names(root, lambda name: name < "collector/090", most=4)) == [1, 3, 5, 99]


def test_however_many_wait_the_oldest_and_the_newest_are_found(root: Path):
    """The crowd is thinned out many times while it is looked through."""
    assert ids(next_names(root, most=4)) == [0, 1, 2, 99]


def test_a_spool_that_does_not_exist_yet_is_empty(tmp_path: Path):
    assert next_names(tmp_path / "nowhere") == []
