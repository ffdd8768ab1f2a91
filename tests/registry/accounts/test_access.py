"""Who sees which letters: one rule, as a condition of every question and as marks of the index."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from registry import directory, letters, movements, shelf
from registry.accounts import access, people
from registry.accounts.access import Reach
from registry.clock import FrozenClock
from registry.db import Database
from registry.desk.context import Desk
from registry.errors import Conflict, NotFound
from registry.letter.entity import Officer, Role
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow
from registry.models.people import EntityRow, UnitRow
from registry.models.work import MovementRow
from registry.search.terms import Reader
from tests.registry.conftest import Office
from tests.registry.search.books import Shelf
from tests.registry.units import (
    BOSS,
    CLERK,
    FINANCE,
    HIDDEN,
    PAYROLL,
    WORKS,
    filled,
    reach,
    step,
    stocked,
)


@pytest.fixture
def shelf_(database: Database, clock: FrozenClock, office: Office) -> Shelf:
    """Phrae with units; payroll is below finance."""
    return stocked(database, clock, office)


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
