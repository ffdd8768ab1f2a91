"""What may not be seen cannot be told from what is not there; what was given before is known."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from sqlalchemy import event, func, select

from registry import letters, outbox, schema, shelf
from registry.accounts import access
from registry.accounts.access import Reach
from registry.clock import FrozenClock
from registry.db import Database
from registry.desk.context import Desk
from registry.errors import NotFound
from registry.ids import new_id
from registry.models.books import EntryRow
from registry.models.search import SearchDueRow
from registry.search.terms import Reader
from tests.registry.conftest import Office
from tests.registry.search.books import Shelf
from tests.registry.units import (
    BOSS,
    FINANCE,
    HIDDEN,
    WORKS,
    filled,
    reach,
    stocked,
)


@pytest.fixture
def shelf_(database: Database, clock: FrozenClock, office: Office) -> Shelf:
    """Phrae with units; payroll is below finance."""
    return stocked(database, clock, office)


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """Hear what the database is asked."""
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_more) -> None:
        heard.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def test_what_may_not_be_seen_is_what_is_not_there(shelf_: Shelf, office: Office):
    """The same answer after the very same questions, for entries and for letters."""
    found = filled(shelf_, office)
    hidden = [found[name] for name in sorted(HIDDEN)]
    hidden += [
        shelf_.wait("ลับ", unit_code=FINANCE, secrecy="ลับ"),
        shelf_.wait("ลับ", unit_code=FINANCE, state="secret"),
        shelf_.wait("อ่านไม่ได้", unit_code=FINANCE, facts={"unread": True}),
    ]
    theirs = reach(shelf_)
    with shelf_.database.read() as session:
        wanted = select(EntryRow.letter_id, EntryRow.id)
        entries = {row[0]: row[1] for row in session.execute(wanted)}

    def opened(get, name: str) -> tuple[str, list[str]]:
        with (
            shelf_.database.read() as session, asked(shelf_.database) as heard,
            access.gate(session, theirs), pytest.raises(NotFound) as error,
        ):  # fmt: skip
            get(session, name)
        return error.value.thai, heard

    nothing = opened(letters.get_letter, new_id())
    assert nothing[1]
    assert all(opened(letters.get_letter, one) == nothing for one in hidden)
    nothing = opened(shelf.get, new_id())
    assert all(opened(shelf.get, entries[one]) == nothing for one in hidden if one in entries)
    with shelf_.database.read() as session, access.gate(session, theirs):
        assert letters.get_letter(session, found["given"]).id == found["given"]
        assert shelf.get(session, entries[found["asked"]]).letter_id == found["asked"]


def test_the_gate_lets_the_cleared_pass(shelf_: Shelf):
    """And whoever sees all of an entity, of that entity alone."""
    secret = shelf_.wait("ลับ", secrecy="ลับ")
    opened = shelf_.wait("เปิดแล้ว", facts={"unread": True, "opened_by": BOSS})
    with shelf_.database.read() as session:
        with access.gate(session, Reach(shelf_.entity, cleared=True)):
            assert letters.get_letter(session, secret).secrecy == "ลับ"
        with access.gate(session, Reach(shelf_.entity)):
            assert letters.get_letter(session, opened).subject == "เปิดแล้ว"
            with pytest.raises(NotFound):
                letters.get_letter(session, secret)
        with access.gate(session, Reach(shelf_.entity + 1, cleared=True)), pytest.raises(NotFound):
            letters.get_letter(session, secret)
        assert letters.get_letter(session, secret).id == secret, "behind the gate all is as before"


def test_units_that_got_copies_earlier_are_known_from_the_outbox(shelf_: Shelf, desk: Desk):
    """The step that brings the column fills it; every entry is noted to be marked anew."""
    mine, other = shelf_.register("งบ"), shelf_.register("งบ")
    with shelf_.database.write() as session:
        entry = session.scalars(select(EntryRow).where(EntryRow.letter_id == mine)).one()
        for at, unit in enumerate((WORKS, FINANCE, FINANCE)):
            outbox.enqueue(
                session, desk, outbox.Kind.COPY, shelf_.entity, f"{at}@phrae.example",
                entry_id=entry.id, facts={"unit": unit}, once=f"copy:{at}",
            )  # fmt: skip
    shelf_.settle()
    config = schema._config()
    for step_, revision in ((command.downgrade, "0009"), (command.upgrade, "head")):
        with shelf_.database.engine.begin() as connection:
            config.attributes["connection"] = connection
            step_(config, revision)
    with shelf_.database.read() as session:
        rows = session.execute(select(EntryRow.letter_id, EntryRow.given_to))
        kept = {row[0]: row[1] for row in rows}
        assert sorted(kept[mine].strip(",").split(",")) == sorted([FINANCE, WORKS])
        assert kept[other] == ""
        assert session.scalar(select(func.count()).select_from(SearchDueRow)) >= 2
    shelf_.settle()
    assert shelf_.found("งบ", Reader.of(reach(shelf_))) == [mine]
