"""Officers known elsewhere: bound once by a verified address, then known by the subject alone."""

from datetime import date

import pytest
from sqlalchemy import update

from registry.accounts import openid_accounts, people
from registry.errors import NotFound
from registry.letter.entity import Role
from registry.models.people import OfficerRow

HOUSE, EMAIL = "https://id.example", "one@phrae.example"


@pytest.fixture
def one(database, office, clock):
    with database.write() as session:
        return people.add_officer(
            session, office.phrae, email=EMAIL, role=Role.OFFICER, at=clock.now()
        )


def ask(database, clock, subject, email="", house=HOUSE):
    with database.write() as session:
        return openid_accounts.officer_of_subject(session, house, subject, email, clock.now())


def test_a_subject_is_bound_once_and_keeps_its_account(database, one, clock):
    assert ask(database, clock, "1") is None
    assert ask(database, clock, "1", EMAIL.upper()) == one
    assert ask(database, clock, "1", "other@phrae.example") == one
    assert ask(database, clock, "2", EMAIL) is None
    assert ask(database, clock, "1", "", "https://other.example") is None


@pytest.mark.parametrize("values", [{"disabled": True}, {"ends": date(2025, 10, 2)}])
def test_whoever_may_not_act_is_nobody_and_is_not_bound(database, one, clock, values):
    with database.write() as session:
        session.execute(update(OfficerRow).values(values))
    assert ask(database, clock, "1", EMAIL) is None
    with database.read() as session:
        assert session.get(OfficerRow, one.id).oidc_subject is None


@pytest.mark.parametrize("subject", ["", "x" * 400])
def test_a_subject_that_is_none_or_too_long_is_nobody(database, one, clock, subject):
    assert ask(database, clock, subject, EMAIL) is None


def test_a_bond_is_taken_away_by_the_own_entity_only(database, office, one, clock):
    ask(database, clock, "1", EMAIL)
    with database.write() as session:
        with pytest.raises(NotFound):
            openid_accounts.unbind(session, office.town, one.id, by="x", at=clock.now())
        openid_accounts.unbind(session, office.phrae, one.id, by="x", at=clock.now())
    assert ask(database, clock, "1") is None
    assert ask(database, clock, "2", EMAIL) == one
