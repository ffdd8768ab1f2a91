"""Holding the books of every entity that has a letter, on the engine where two can wait for two."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from registry import journal
from registry.db import Database
from registry.models.evidence import JournalHeadRow
from registry.secret import twins
from tests.registry.desk.conftest import PHRAE, TOWN


@pytest.fixture
def database(postgres_url):
    """SQLite has one writer: only here does anybody wait for a single book."""
    opened = Database.open(postgres_url)
    yield opened
    opened.close()


def is_free(database, entity_id):
    """Say whether somebody else could hold this entity's books now."""
    row = select(JournalHeadRow).where(JournalHeadRow.entity_id == entity_id)
    try:
        with database.write() as session:
            session.scalars(row.with_for_update(nowait=True)).one()
    except OperationalError:
        return False
    return True


def test_a_book_found_late_is_held_in_its_turn(house, mail, monkeypatch):
    """Phrae's is the first; who holds the town's while waiting for it could wait for ever."""
    assert house.phrae.id < house.town.id
    house.one(mail())
    letter_id = house.one(mail(raw="same", recipients=(TOWN,))).letter_id
    found, lock, asked = twins.twins, journal.lock_head, []

    def meanwhile(session, letter_ids):
        if asked:
            monkeypatch.setattr(twins, "twins", found)
            monkeypatch.setattr(journal, "lock_head", lock)
            house.one(mail(raw="same", recipients=(PHRAE,)))
            monkeypatch.setattr(journal, "lock_head", watched)
        return found(session, letter_ids)

    def watched(session, entity_id):
        asked.append((entity_id, is_free(house.database, house.town.id)))
        return lock(session, entity_id)

    monkeypatch.setattr(twins, "twins", meanwhile)
    monkeypatch.setattr(journal, "lock_head", watched)
    with house.database.write() as session:
        same = twins.hold_books(session, [letter_id])
        held = [not is_free(house.database, one.id) for one in (house.phrae, house.town)]
    assert len(same) == 2
    assert asked == [(house.town.id, True), (house.phrae.id, True), (house.town.id, True)]
    assert held == [True, True]
