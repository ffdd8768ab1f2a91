"""What was typed and not sent stays with whoever typed it."""

from datetime import timedelta

import pytest

from registry import directory, saved
from registry.letter.entity import Role
from registry.proving.holdings import used


@pytest.fixture
def people(database, office, clock):
    """Two officers of Phrae, by id."""
    with database.write() as session:
        made = [
            directory.add_officer(
                session, office.phrae, email=f"{name}@phrae.example", role=Role.OFFICER,
                at=clock.now(),
            )
            for name in ("one", "two")
        ]  # fmt: skip
    return [one.id for one in made]


def test_saving_again_replaces(database, people, clock):
    with database.write() as session:
        for text in ("a", "b"):
            saved.put(session, people[0], "letter", "k", {"text": text}, clock.now())
        assert saved.get(session, people[0], "letter", "k").content == {"text": "b"}
        assert len(saved.listing(session, people[0], "letter")) == 1


def test_nobody_reads_what_another_has_typed(database, people, clock):
    with database.write() as session:
        saved.put(session, people[0], "letter", "k", {}, clock.now())
        assert saved.get(session, people[1], "letter", "k") is None
        assert saved.listing(session, people[1], "letter") == []


def test_the_oldest_beyond_the_most_go(database, people, clock):
    with database.write() as session:
        for number in range(saved.MOST + 2):
            at = clock.now() + timedelta(seconds=number)
            saved.put(session, people[0], "letter", str(number), {}, at)
        kept = [one.key for one in saved.listing(session, people[0], "letter")]
    assert len(kept) == saved.MOST
    assert "0" not in kept


def test_files_of_a_saved_form_stay_in_the_store_until_it_is_forgotten(database, people, clock):
    digest = "ab" * 32
    with database.write() as session:
        saved.put(session, people[0], "letter", "k", {"files": [{"sha256": digest}]}, clock.now())
        assert used(session)(digest)
        saved.forget(session, people[0], "letter", "k")
        assert not used(session)(digest)
