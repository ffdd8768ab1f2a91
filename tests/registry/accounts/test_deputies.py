"""Who acts in another's place: on the named days, with that officer's rights, and told by name."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from registry import directory, journal
from registry.accounts import deputies, people
from registry.desk.authority import must_register
from registry.errors import NotAllowed, NotUnderstood
from registry.letter.entity import Role
from registry.models.evidence import JournalRow
from registry.models.people import OfficerRow

DAYS = (date(2025, 10, 3), date(2025, 10, 5))


@pytest.fixture
def two(database, office, clock):
    with database.write() as session:
        made = [
            people.add_officer(
                session, office.phrae, email=f"{role}@phrae.example", role=role, at=clock.now()
            )
            for role in (Role.OFFICER, Role.CLERK)
        ]
        deputies.appoint(session, made[0], made[1], DAYS, "admin@phrae.example", clock.now())
    return made


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (2, True), (3, False)])
def test_a_deputy_stands_in_on_the_named_days_only(database, two, clock, days, may):
    with database.read() as session:
        found = deputies.principals(session, two[1].id, clock.now() + timedelta(days=days))
    assert bool(found) is may


@pytest.mark.parametrize(("ends", "may"), [(-1, False), (0, True)])
def test_nobody_stands_in_for_whose_own_term_is_over(database, two, clock, ends, may):
    last = clock.now().date() + timedelta(days=ends)
    with database.write() as session:
        wanted = update(OfficerRow).where(OfficerRow.id == two[0].id)
        session.execute(wanted.values(ends=last))
        assert bool(deputies.principals(session, two[1].id, clock.now())) is may


def test_a_deputy_has_the_officers_rights_and_the_journal_names_both(database, office, two, clock):
    officer, clerk = two
    with database.write() as session:
        entity = directory.entity_by_id(session, office.phrae)
        with pytest.raises(NotAllowed):
            must_register(session, entity, clerk.email)
        deputies.stand_in(session, clerk, officer)
        assert must_register(session, entity, clerk.email).email == clerk.email
        journal.record(session, office.phrae, "tried", clerk.email, clock.now())
    with database.read() as session:
        line = session.scalars(select(JournalRow).where(JournalRow.act == "tried")).one()
        assert (line.actor, line.facts) == (clerk.email, {"for": officer.id})
        assert journal.verify(session) == []


def test_nobody_is_a_deputy_across_entities_or_their_own(database, office, two, clock):
    with database.write() as session:
        stranger = people.add_officer(
            session, office.town, email="x@town.example", role=Role.OFFICER, at=clock.now()
        )
        for other in (stranger, two[0]):
            with pytest.raises(NotAllowed):
                deputies.appoint(session, two[0], other, DAYS, "admin", clock.now())


def test_days_that_run_backwards_are_refused(database, two, clock):
    with database.write() as session, pytest.raises(NotUnderstood):
        deputies.appoint(session, two[0], two[1], DAYS[::-1], "admin", clock.now())


def test_whoever_was_dismissed_is_no_deputy_and_no_principal(database, office, two, clock):
    with database.write() as session:
        people.disable_officer(session, two[0].email, by="admin", at=clock.now())
        assert deputies.principals(session, two[1].id, clock.now()) == ()
        people.disable_officer(session, two[1].email, by="admin", at=clock.now())
        gone = directory.officer_by_email(session, two[1].email)
        with pytest.raises(NotAllowed):
            deputies.appoint(session, two[0], gone, DAYS, "admin", clock.now())


def test_an_appointment_that_was_ended_lets_nobody_act(database, office, two, clock):
    with database.write() as session:
        (made,) = deputies.listing(session, office.phrae, DAYS[0])
        deputies.end(session, made.id, "admin@phrae.example", clock.now())
        assert deputies.principals(session, two[1].id, clock.now()) == ()
        assert deputies.listing(session, office.phrae, DAYS[0]) == []
