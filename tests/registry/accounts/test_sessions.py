"""Sign-ins: found by their token while they are good, and by nothing else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from registry.accounts import guessing, people, sessions
from registry.accounts.guessing import Place
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


HERE, ELSEWHERE = Place.of_peer("203.0.113.7"), Place.of_peer("198.51.100.7")


def guess(database, clock, times, place=HERE):
    """Guess so often; give the minutes to wait after each."""
    with database.write() as session:
        waits = [
            guessing.failed(session, "No@phrae.example", clock.now(), place) for _ in range(times)
        ]
    return [wait.total_seconds() / 60 for wait in waits]


def closed(database, clock, place=HERE):
    with database.read() as session:
        wait = guessing.closed_for(session, "no@PHRAE.example", clock.now(), place)
    return wait.total_seconds() / 60


def test_guesses_close_an_address_for_longer_each_time_whether_or_not_it_is_an_officers(
    database, office, clock
):
    assert guess(database, clock, 10) == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15]
    assert closed(database, clock) == 15
    with database.write() as session:
        guessing.succeeded(session, "no@phrae.example", HERE)
    assert not closed(database, clock)


def test_they_close_it_to_the_network_that_guessed_and_to_nobody_else(database, office, clock):
    guess(database, clock, 10)
    assert closed(database, clock, Place.of_peer("203.0.113.99")) == 15
    assert not closed(database, clock, ELSEWHERE)
    assert not closed(database, clock, Place.known("a browser"))


def test_many_networks_that_guess_together_are_closed_out_but_no_known_browser(
    database, office, clock
):
    for n in range(40):
        guess(database, clock, 3, Place.of_peer(f"10.0.{n}.1"))
    assert closed(database, clock, ELSEWHERE) == 15
    assert not closed(database, clock, Place.known("a browser"))


def test_what_was_counted_dwindles(database, office, clock):
    guess(database, clock, 16)
    clock.advance(timedelta(hours=1))
    assert guess(database, clock, 1) == [1]
    clock.advance(timedelta(hours=2))
    assert guess(database, clock, 1) == [0]


def test_an_administrator_lets_an_address_try_again_wherever_it_was_closed(database, office, clock):
    for place in (HERE, ELSEWHERE, guessing.CODE):
        guess(database, clock, 6, place)
    with database.write() as session:
        guessing.succeeded(session, "no@phrae.example")
    assert not any(closed(database, clock, one) for one in (HERE, ELSEWHERE, guessing.CODE))


@pytest.mark.parametrize(
    ("peer", "name"),
    [("203.0.113.7", "net 203.0.113.0/24"), ("2001:db8:1:2ff::1", "net 2001:db8:1:200::/56"),
     ("", "peer "), ("a name", "peer a name")],
)  # fmt: skip
def test_a_network_is_what_one_customer_has(peer, name):
    assert Place.of_peer(peer).name == name
