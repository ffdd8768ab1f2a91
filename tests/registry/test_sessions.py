"""Sign-ins: found by their token while they are good, and by nothing else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from registry import guessing, people, sessions
from registry.letter.entity import Role
from registry.models.people import OfficerRow

IDLE, LIFE = timedelta(hours=2), timedelta(hours=12)


@pytest.fixture
def officer(database, office, clock):
    with database.write() as session:
        return people.add_officer(
            session, office.phrae, email="one@phrae.example", role=Role.OFFICER, at=clock.now()
        )


@pytest.fixture
def token(database, officer, clock):
    with database.write() as session:
        return sessions.begin(session, officer.id, at=clock.now(), life=LIFE, complete=True)


def find(database, token, at):
    with database.read() as session:
        return sessions.find(session, token, at=at, idle=IDLE)


def test_a_token_leads_to_its_officer_and_a_guess_to_nobody(database, officer, token, clock):
    found = find(database, token, clock.now())
    assert found is not None
    assert (found.officer, found.complete) == (officer, True)
    assert find(database, token + "x", clock.now()) is None


@pytest.mark.parametrize("ended", ["idle", "over", "revoked", "disabled", "term"])
def test_a_session_that_ended_leads_nowhere(database, officer, token, clock, ended):
    at = clock.now()
    with database.write() as session:
        match ended:
            case "idle":
                at += IDLE
            case "over":
                found = sessions.find(session, token, at=at, idle=IDLE)
                at += LIFE
                sessions.seen(session, found, at)
            case "revoked":
                assert sessions.end_all(session, officer.id, at) == 1
            case "disabled":
                people.disable_officer(session, officer.email, by="admin", at=at)
            case "term":
                session.execute(update(OfficerRow).values(ends=date(2025, 10, 2)))
    assert find(database, token, at) is None


def test_guesses_close_an_address_for_longer_each_time_whether_or_not_it_is_an_officers(
    database, office, clock
):
    with database.write() as session:
        waits = [guessing.failed(session, "No@phrae.example", clock.now()) for _ in range(10)]
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15]
    with database.write() as session:
        assert guessing.closed_for(session, "no@PHRAE.example", clock.now()) == waits[-1]
        guessing.succeeded(session, "no@phrae.example")
        assert not guessing.closed_for(session, "no@phrae.example", clock.now())
