"""Who sees which letters: one rule, as a condition of every question and as marks of the index."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import event, func, select

from registry import access, directory, letters, movements, outbox, people, schema, shelf
from registry.access import Reach
from registry.clock import FrozenClock
from registry.db import Database
from registry.desk.context import Desk
from registry.errors import Conflict, NotFound
from registry.ids import new_id
from registry.letter.entity import Officer, Role
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow
from registry.models.people import EntityRow, UnitRow
from registry.models.search import SearchDueRow
from registry.models.work import MovementRow
from registry.search.terms import Reader
from tests.registry.conftest import Office
from tests.registry.search.books import Shelf

FINANCE, PAYROLL, WORKS = "finance", "payroll", "works"
CLERK, BOSS = "somjai@phrae.example", "boss@phrae.example"


@pytest.fixture
def shelf_(database: Database, clock: FrozenClock, office: Office) -> Shelf:
    """Phrae with units; payroll is below finance."""
    with database.write() as session:
        for code, above in ((FINANCE, ""), (PAYROLL, FINANCE), (WORKS, "")):
            people.add_unit(session, office.phrae, code=code, name=code, above=above)
    return Shelf(database, clock, office.phrae)


def reach(shelf: Shelf, unit: str = FINANCE, email: str = CLERK, role: Role = Role.CLERK) -> Reach:
    with shelf.database.read() as session:
        entity = directory.entity_by_id(session, shelf.entity)
        officer = Officer(1, email, entity.code, unit, "", role, disabled=False)
        return access.reach_of(session, entity, officer)


def step(shelf: Shelf, letter: str, **to: str) -> None:
    """Write a step of a letter's way, as ส่งต่อ and เสนอ do."""
    with shelf.database.write() as session:
        entry = session.scalars(select(EntryRow.id).where(EntryRow.letter_id == letter)).one()
        kind = "pass_on" if "to_unit" in to else "present"
        session.add(
            MovementRow(
                entity_id=shelf.entity, entry_id=entry, kind=kind, at=shelf.clock.now(),
                by="officer@phrae.example", **to,
            )
        )  # fmt: skip


def filled(shelf: Shelf, office: Office) -> dict[str, str]:
    """Register one letter for each way of concerning somebody, and some that concern others."""
    found = {
        "kept by the unit": shelf.register("งบ", unit_code=FINANCE),
        "kept by a unit below": shelf.register("งบ", unit_code=PAYROLL),
        "given": shelf.register("งบ"), "passed on": shelf.register("งบ"),
        "written": shelf.register("งบ"), "asked": shelf.register("งบ"),
        "registered": shelf.register("งบ"), "reserved": shelf.register("งบ"),
        "of works": shelf.register("งบ", unit_code=WORKS), "of nobody": shelf.register("งบ"),
        "of the town": shelf.register("งบ", entity_id=office.town, unit_code=FINANCE),
    }  # fmt: skip
    shelf.change(LetterRow, found["written"], clerk=CLERK)
    with shelf.database.write() as session:
        of = {name: EntryRow.letter_id == letter for name, letter in found.items()}
        for name, values in (
            ("given", {"given_to": f",{WORKS},{FINANCE},"}),
            ("registered", {"registered_by": CLERK}),
            ("reserved", {"reserved_for": CLERK}),
            ("of works", {"given_to": f",{WORKS},"}),
        ):  # fmt: skip
            line = session.scalars(select(EntryRow).where(of[name])).one()
            for column, value in values.items():
                setattr(line, column, value)
    step(shelf, found["passed on"], to_unit=FINANCE)
    step(shelf, found["asked"], to_address=CLERK)
    step(shelf, found["of works"], to_unit=WORKS)
    step(shelf, found["of nobody"], to_address=BOSS)
    return found


HIDDEN = {"of works", "of nobody", "of the town"}


def test_who_is_bound_to_a_unit_sees_what_concerns_it_and_them(shelf_: Shelf, office: Office):
    """Both forms of the rule give the same letters: the condition and the marks."""
    found = filled(shelf_, office)
    shelf_.settle()
    mine = {letter for name, letter in found.items() if name not in HIDDEN}
    theirs = reach(shelf_)
    with shelf_.database.read() as session, access.limited(session, theirs):
        assert set(session.scalars(select(EntryRow.letter_id))) == mine
        assert set(session.scalars(select(LetterRow.id))) == mine
        assert session.scalar(select(func.count()).select_from(EntryRow)) == len(mine)
    assert set(shelf_.found("งบ", Reader.of(theirs))) == mine
    total = shelf_.page("งบ", Reader.of(theirs)).total
    assert total is not None
    assert (total.number, total.more) == (len(mine), False)


def test_it_is_the_same_in_segments_of_the_index(shelf_: Shelf, office: Office):
    """Sixty-four documents make a segment, in which marks are intersected."""
    found = filled(shelf_, office)
    for _each in range(64):
        shelf_.register("อื่น", unit_code=WORKS)
    shelf_.settle()
    mine = {letter for name, letter in found.items() if name not in HIDDEN}
    page = shelf_.page("งบ", Reader.of(reach(shelf_)), limit=100)
    assert {hit.letter_id for hit in page.hits} == mine
    nothing = shelf_.page("อื่น", Reader.of(reach(shelf_)))
    assert (nothing.hits, nothing.offers) == ((), ())
    assert f"{'๘'} ฉบับแล้ว" in nothing.explained[0]


def test_who_was_passed_a_letter_later_finds_it_then(shelf_: Shelf):
    """A step of its way marks it anew."""
    letter = shelf_.register("งบ")
    shelf_.settle()
    reader = Reader.of(reach(shelf_))
    assert shelf_.found("งบ", reader) == []
    step(shelf_, letter, to_unit=PAYROLL)
    shelf_.settle()
    assert shelf_.found("งบ", reader) == [letter]
    assert shelf_.found("งบ", reader, unit=PAYROLL) == [letter]
    assert shelf_.found("งบ", reader, unit=WORKS) == []


def test_a_letter_that_waits_is_of_its_unit_or_its_writer(shelf_: Shelf):
    """What nobody placed yet is the central registry's."""
    mine = shelf_.wait("งบ", unit_code=FINANCE)
    shelf_.wait("งบ")
    shelf_.settle()
    theirs = reach(shelf_)
    assert shelf_.found("งบ", Reader.of(theirs)) == [mine]
    with shelf_.database.read() as session, access.limited(session, theirs):
        assert [one.id for one in letters.waiting(session, "phrae")] == [mine]


def test_the_central_registry_and_wider_roles_see_the_entity(shelf_: Shelf):
    """So does everybody where the entity says so."""
    assert reach(shelf_, unit="").is_whole
    assert reach(shelf_, role=Role.AUDITOR).is_whole
    cleared = reach(shelf_, role=Role.SECRET_OFFICER)
    assert (cleared.is_whole, cleared.cleared) == (True, True)
    assert not reach(shelf_, role=Role.OFFICER).is_whole
    assert reach(shelf_).units == {FINANCE, PAYROLL}
    with shelf_.database.write() as session:
        row = session.get_one(EntityRow, shelf_.entity)
        row.readers = access.ENTITY
    assert reach(shelf_).is_whole


def test_standing_in_for_somebody_is_seeing_what_they_see(shelf_: Shelf):
    """And what one wrote oneself."""
    with shelf_.database.read() as session:
        entity = directory.entity_by_id(session, shelf_.entity)
        who = Officer(1, CLERK, "phrae", WORKS, "", Role.CLERK, disabled=False)
        boss = Officer(2, BOSS, "phrae", FINANCE, "", Role.OFFICER, disabled=False)
        found = access.reach_of(session, entity, who, boss)
    assert found == Reach(shelf_.entity, units=frozenset({FINANCE, PAYROLL}),
                          persons=frozenset({CLERK, BOSS}))  # fmt: skip


def test_what_is_not_sent_yet_is_opened_by_its_clerk_and_by_those_who_number(shelf_: Shelf):
    """Also where everybody sees all letters of the entity."""
    letter = shelf_.register("ก", unit_code=FINANCE)
    with shelf_.database.write() as session:
        row = session.get_one(LetterRow, letter)
        row.direction, row.state, row.clerk = "out", "draft", CLERK
    seen = {}
    for email, role in (
        (CLERK, Role.CLERK), ("other@phrae.example", Role.CLERK), (BOSS, Role.OFFICER),
        ("auditor@phrae.example", Role.AUDITOR),
    ):  # fmt: skip
        theirs = reach(shelf_, "", email, role)
        with shelf_.database.read() as session, access.gate(session, theirs):
            found = session.scalars(select(LetterRow.id).where(LetterRow.id == letter)).all()
        seen[email] = (bool(found), access.sees_draft(theirs, CLERK))
    assert seen == {
        CLERK: (True, True), BOSS: (True, True), "other@phrae.example": (False, False),
        "auditor@phrae.example": (False, False),
    }  # fmt: skip


def test_rows_that_hang_on_letters_go_with_them(shelf_: Shelf, clock: FrozenClock):
    """Addressees, steps and lines of the journal of other letters are not counted either."""
    mine, other = shelf_.register("ก", unit_code=FINANCE), shelf_.register("ข", unit_code=WORKS)
    with shelf_.database.write() as session:
        for place, letter in enumerate((mine, other), 1000):
            entry = session.scalars(select(EntryRow.id).where(EntryRow.letter_id == letter)).one()
            session.add(DeliveryRow(entry_id=entry, to_address="a@b.example", at=clock.now()))
            session.add(
                JournalRow(
                    entity_id=shelf_.entity, position=place, at=clock.now(), actor="x", act="y",
                    entry_id=entry, facts={}, previous="", hash="",
                )
            )  # fmt: skip
    step(shelf_, mine, to_unit=WORKS)
    step(shelf_, other, to_unit=WORKS)
    with shelf_.database.read() as session:
        wanted = select(EntryRow.id).where(EntryRow.letter_id.in_((mine, other)))
        both = set(session.scalars(wanted))
        for table in (DeliveryRow, JournalRow, MovementRow):
            told = select(table.entry_id).distinct()
            assert set(session.scalars(told)) == both
            with access.limited(session, reach(shelf_)):
                [seen] = session.scalars(told)
                assert shelf.get(session, seen).letter_id == mine


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


def test_units_below_are_seen_from_above_and_never_in_a_ring(shelf_: Shelf):
    """A unit cannot be put below itself, nor below one that is not there."""
    assert reach(shelf_, unit=PAYROLL).units == {PAYROLL}
    with shelf_.database.write() as session:
        change = UnitRow
        row = session.scalars(select(change).where(change.code == FINANCE)).one()
        row.above = PAYROLL
        with pytest.raises(Conflict):
            people.must_be_above(session, row)
        row.above = "nowhere"
        with pytest.raises(NotFound):
            people.must_be_above(session, row)
        row.above = ""


def test_what_a_unit_got_is_kept_once(shelf_: Shelf):
    """Codes stand between commas, so that none is found within another."""
    assert access.given_to("", []) == ""
    assert access.given_to("", ["a", "b"]) == ",a,b,"
    assert access.given_to(",a,", ["b", "a"]) == ",a,b,"


def test_passing_on_lets_the_unit_see_it(shelf_: Shelf, desk: Desk, clock: FrozenClock):
    """The act itself, not only its row."""
    letter = shelf_.register("งบ")
    with shelf_.database.write() as session:
        entry = session.scalars(select(EntryRow).where(EntryRow.letter_id == letter)).one()
        who = people.add_officer(
            session, shelf_.entity, email=BOSS, role=Role.OFFICER, at=clock.now()
        )
        clock.advance(timedelta(seconds=1))
        movements.record(session, entry, "pass_on", who, clock.now(), to_unit=FINANCE)
    with shelf_.database.read() as session, access.limited(session, reach(shelf_)):
        assert shelf.get(session, entry.id).letter_id == letter


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
