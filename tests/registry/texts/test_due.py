"""Which files are read next: those of urgent letters before the others."""

import pytest

from registry.models.letters import EnclosureRow
from registry.texts.due import Due


@pytest.fixture
def subject_of(database):
    """Give the subjects of the letters that carry these digests."""

    def read(digests: list[str]) -> list[str]:
        with database.read() as session:
            found = session.query(EnclosureRow.sha256, EnclosureRow.letter_id).all()
        return [letter for one in digests for sha256, letter in found if sha256 == one]

    return read


@pytest.fixture
def following(database, clock):
    """A process that has begun to look before the letters came; it is given so many."""
    due = Due()

    def look(most: int = 10) -> list[str]:
        with database.read() as session:
            return due.next(session, clock.now(), most)

    look()
    return look


def test_files_of_the_most_urgent_letters_come_first_then_the_newest(letter, following, subject_of):
    old, urgent = letter(b"old"), letter(b"urgent", urgency="ด่วน")
    most, new = letter(b"most", urgency="ด่วนที่สุด"), letter(b"new")
    assert subject_of(following()) == [most, urgent, new, old]


def test_an_urgent_letter_is_not_behind_all_that_came_after_it(letter, following, subject_of):
    urgent = letter(b"urgent", urgency="ด่วนที่สุด")
    newer = [letter(b"%d" % number) for number in range(4)]
    assert subject_of(following(2)) == [urgent, newer[-1]]


def test_among_letters_that_wait_the_most_urgent_are_read_first_after_a_start(
    letter, database, clock, subject_of
):
    letter(b"plain", state="waiting")
    urgent = letter(b"urgent", state="waiting", urgency="ด่วนมาก")
    letter(b"newest", state="waiting")
    with database.read() as session:
        assert subject_of(Due().next(session, clock.now(), 1)) == [urgent]
