"""Histories: every entry is what the journal says it became, step by step."""

import pytest
from sqlalchemy import delete, select, update

from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.proving.histories import prove_histories
from tests.registry.day import proven


def unentered(session) -> list[str]:
    """Give the ids of the entries on which no note hangs, in order."""
    wanted = select(EntryRow.id).where((EntryRow.number > 1) | (EntryRow.book == "sent"))
    return sorted(session.scalars(wanted))


@pytest.mark.parametrize("which", [0, -1])
def test_an_entry_taken_out_anywhere_is_named(database, busy, which):
    with database.write() as session:
        gone = unentered(session)[which]
        session.execute(delete(EntryRow).where(EntryRow.id == gone))
        count, problems = prove_histories(session)
    assert count == 5
    assert (f"entry {gone}", "the entry was taken out") in [(p.where, p.what) for p in problems]


def test_a_history_whose_steps_do_not_meet_is_found(database, busy, blobs):
    with database.write() as session:
        line = session.scalars(select(JournalRow).where(JournalRow.act == "amended")).one()
        line.facts = {**line.facts, "before": "0" * 64}
    assert "its history is broken" in str(proven(database, blobs).problems)


def test_an_entry_made_in_another_entitys_journal_is_found(database, busy):
    with database.write() as session:
        session.execute(update(JournalRow).values(entity_id=busy.town))
        _, problems = prove_histories(session)
    assert "made it under another number" in str(problems)
