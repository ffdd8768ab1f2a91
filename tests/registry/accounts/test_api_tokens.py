"""Tokens of programs: good while they are good, for one entity, in one officer's name."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.accounts import api_tokens, people
from registry.accounts.api_tokens import Scope
from registry.directory import entity_by_id
from registry.errors import NotAllowed, NotFound, NotUnderstood
from registry.letter.entity import Role
from registry.models.access import ApiTokenRow

BY = "admin@phrae.example"


@pytest.fixture
def officer(database, office, clock):
    with database.write() as session:
        return people.add_officer(
            session, office.phrae, email="one@phrae.example", role=Role.OFFICER, at=clock.now()
        )


@pytest.fixture
def issue(database, office, clock, officer):
    """Make a token of this officer; give it and its secret."""

    def made(*scopes, email=officer.email, name="ระบบแผน", **keys):
        with database.write() as session:
            entity = entity_by_id(session, office.phrae)
            return api_tokens.issue(
                session, entity, name, scopes or (Scope.READ,), officer=email, by=BY,
                at=clock.now(), **keys,
            )  # fmt: skip

    return made


def find(database, secret, at):
    with database.read() as session:
        return api_tokens.find(session, secret, at)


def test_a_secret_leads_to_its_token_and_stands_nowhere(database, issue, clock):
    made, secret = issue(Scope.READ, Scope.ACT)
    assert find(database, secret, clock.now()) == made
    assert find(database, secret + "x", clock.now()) is None
    with database.read() as session:
        row = session.scalars(select(ApiTokenRow)).one()
    assert secret not in str(vars(row))


@pytest.mark.parametrize("ended", ["revoked", "over", "disabled", "term"])
def test_a_token_that_ended_leads_nowhere(database, office, issue, officer, clock, ended):
    made, secret = issue(expires_at=clock.now() + timedelta(days=9))
    at = clock.now()
    with database.write() as session:
        match ended:
            case "revoked":
                api_tokens.revoke(session, made.id, office.phrae, BY, at)
            case "over":
                at += timedelta(days=9)
            case "disabled":
                people.disable_officer(session, officer.email, by=BY, at=at)
            case "term":
                session.execute(
                    people.OfficerRow.__table__.update().values(ends=at - timedelta(days=2))
                )
    assert find(database, secret, at) is None


def test_a_token_of_another_entity_cannot_be_revoked(database, office, issue, clock):
    made, _ = issue()
    with pytest.raises(NotFound), database.write() as session:
        api_tokens.revoke(session, made.id, office.phrae + 1, BY, clock.now())


def test_only_reading_needs_no_officer(issue):
    assert issue(Scope.READ, Scope.WEBHOOKS, email="")[0].officer is None
    with pytest.raises(NotAllowed):
        issue(Scope.READ, Scope.SEND, email="")
    with pytest.raises(NotAllowed):
        issue(Scope.READ, email="stranger@example.com")


def test_secret_letters_need_an_officer_who_is_cleared(database, office, issue, clock):
    with pytest.raises(NotAllowed):
        issue(Scope.SECRET)
    with database.write() as session:
        people.add_officer(
            session, office.phrae, email="two@phrae.example", role=Role.SECRET_OFFICER,
            at=clock.now(),
        )  # fmt: skip
    assert issue(Scope.SECRET, email="two@phrae.example")[0].cleared
    assert not issue(Scope.READ, email="two@phrae.example")[0].cleared


def test_a_token_without_a_name_or_with_a_past_end_is_not_made(issue, clock):
    with pytest.raises(NotUnderstood):
        issue(name="  ")
    with pytest.raises(NotUnderstood):
        issue(expires_at=clock.now())
