"""The journal: one chain per entity, in which no line can be changed unseen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select, update

from registry import journal
from registry.db import Database
from registry.models.evidence import JournalHeadRow, JournalRow
from tests.registry.conftest import Office


@pytest.fixture
def kept(database: Database, office: Office, clock) -> Office:
    """An office whose two entities have some lines."""
    with database.write() as session:
        for n in range(5):
            for entity_id in (office.phrae, office.town):
                facts = {"n": n, "ชื่อ": "ค่า"}
                journal.record(session, entity_id, "tested", "system", clock.now(), facts=facts)
    return office


def problems(database: Database) -> list[str]:
    """Verify all chains."""
    with database.snapshot() as session:
        return journal.verify(session)


def test_lines_are_counted_for_each_entity(database, kept, clock):
    with database.write() as session:
        assert journal.record(session, kept.phrae, "tested", "a@b.example", clock.now()) == 6
        assert journal.record(session, kept.department, "tested", "system", clock.now()) == 1
    assert problems(database) == []


def test_a_line_of_a_letter_that_came_to_nothing_leaves_no_trace(database, kept, clock):
    with database.write() as session:
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            journal.record(session, kept.phrae, "tested", "system", clock.now()) / 0
        assert journal.record(session, kept.phrae, "tested", "system", clock.now()) == 6
    assert problems(database) == []


def test_many_writers_make_one_chain(database, kept, clock):
    def write(_: int) -> int:
        with database.write() as session:
            return journal.record(session, kept.phrae, "tested", "system", clock.now())

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(write, range(40))) == list(range(6, 46))
    assert problems(database) == []


@pytest.mark.parametrize(
    "column", ["actor", "act", "entry_id", "letter_id", "digest", "previous", "hash"]
)
def test_a_changed_line_is_found(database, kept, column):
    line = (JournalRow.entity_id == kept.phrae) & (JournalRow.position == 3)
    with database.write() as session:
        session.execute(update(JournalRow).where(line).values({column: "x"}))
    assert f"journal of entity {kept.phrae}: line 3 was changed" in problems(database)


def test_changed_facts_are_found(database, kept):
    line = (JournalRow.entity_id == kept.phrae) & (JournalRow.position == 3)
    with database.write() as session:
        session.execute(update(JournalRow).where(line).values(facts={"n": 99}))
    assert problems(database) == [f"journal of entity {kept.phrae}: line 3 was changed"]


def test_a_line_that_was_made_anew_with_a_right_hash_does_not_fit_the_next(database, kept, clock):
    with database.write() as session:
        line = (JournalRow.entity_id == kept.phrae) & (JournalRow.position == 3)
        row = session.scalars(select(JournalRow).where(line)).one()
        row.actor = "somebody@else.example"
        row.hash = journal.hash_of(row)
    assert problems(database) == [f"journal of entity {kept.phrae}: line 4 does not follow"]


def test_a_line_taken_out_is_found(database, kept):
    line = (JournalRow.entity_id == kept.town) & (JournalRow.position == 2)
    with database.write() as session:
        session.execute(delete(JournalRow).where(line))
    assert problems(database) == [f"journal of entity {kept.town}: line 2 is missing"]


def test_the_last_line_taken_out_is_found(database, kept):
    line = (JournalRow.entity_id == kept.town) & (JournalRow.position == 5)
    with database.write() as session:
        session.execute(delete(JournalRow).where(line))
    assert problems(database) == [
        f"journal of entity {kept.town}: the end is not where the head says"
    ]


def test_a_head_taken_out_is_found(database, kept):
    with database.write() as session:
        session.execute(delete(JournalHeadRow).where(JournalHeadRow.entity_id == kept.town))
    assert len(problems(database)) == 1


def test_a_whole_chain_taken_out_is_found(database, kept):
    with database.write() as session:
        session.execute(delete(JournalRow).where(JournalRow.entity_id == kept.town))
    assert len(problems(database)) == 1
