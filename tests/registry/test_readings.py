"""Who looked at what, and the journal as people look at it: filtered, by pages, each its own."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from registry import journal, lines, readings
from registry.lines import Asked
from registry.models.evidence import JournalRow


@pytest.fixture
def looks(database, office, clock):
    """Five looks on five days, by two people; one in another entity."""
    with database.write() as session:
        for n in range(5):
            readings.record(
                session, office.phrae, f"p{n % 2}@phrae.example", "page" if n % 2 else "file",
                clock.now() + timedelta(days=n), letter_id=f"letter{n}", detail="x" * 300,
            )  # fmt: skip
        readings.record(session, office.town, "t@town.example", "page", clock.now())


def test_looks_are_listed_newest_first_and_cut_to_their_room(database, office, looks):
    with database.read() as session:
        found = readings.listing(session, office.phrae)
        one = readings.listing(session, office.phrae, letter_id="letter2")
    assert [look.letter_id for look in found] == [f"letter{n}" for n in (4, 3, 2, 1, 0)]
    assert [look.letter_id for look in one] == ["letter2"]
    assert len(one[0].detail) == 200


def test_looks_are_filtered_by_who_what_and_day(database, office, looks, clock):
    day = clock.now().date()
    with database.read() as session:

        def found(**asked):
            page = lines.readings_page(session, office.phrae, Asked(**asked), cleared=False)
            return [line.letter_id for line in page]

        assert found(who="P1@") == ["letter3", "letter1"]
        assert found(act="file") == ["letter4", "letter2", "letter0"]
        since = {"since": day + timedelta(days=1), "until": day + timedelta(days=2)}
        assert found(**since) == ["letter2", "letter1"]
        assert found(letter_id="letter4") == ["letter4"]


def test_pages_of_the_journal_follow_each_other_without_gap_or_double(
    database, office, clock, monkeypatch
):
    monkeypatch.setattr(lines, "PAGE", 2)
    with database.write() as session:
        for n in range(5):
            journal.record(session, office.phrae, f"act{n}", "x@phrae.example", clock.now())
    found, before = [], 0
    with database.read() as session:
        while page := lines.journal_page(session, office.phrae, Asked(before=before)):
            found += [line.position for line in page]
            before = page[-1].position
            assert all(line.sound for line in page)
    assert found == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("change", [{"actor": "y"}, {"previous": "0" * 64}, {"hash": "0" * 64}])
def test_a_line_that_was_changed_is_not_sound(database, office, clock, change):
    with database.write() as session:
        for _ in range(3):
            journal.record(session, office.phrae, "act", "x@phrae.example", clock.now())
        session.execute(update(JournalRow).where(JournalRow.position == 2).values(change))
    with database.read() as session:
        page = lines.journal_page(session, office.phrae, Asked())
        assert lines.acts_of(session, office.phrae) == ["act"]
    assert not page[1].sound
    assert page[2].sound
