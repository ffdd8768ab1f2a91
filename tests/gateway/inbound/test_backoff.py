"""Who guesses passwords has to wait, and the clerk at the usual desk does not."""

import pytest

from gateway.dismissals import AccountHeld, TooManyFailures
from gateway.inbound import backoff as module
from gateway.inbound.backoff import Backoff
from gateway.networks import Networks
from tests.gateway.inbound.conftest import CLERK, PASSWORD

GUESSER, OTHER, DESK = "192.0.2.1", "192.0.2.2", "10.0.0.5"


class Clock:
    """A monotonic clock that is set by hand."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def backoff(clock):
    return Backoff(3, 2, 100.0, Networks(("10.0.0.0/8",)), clock)


def fail(backoff, peer, *accounts):
    for account in accounts:
        backoff.check(peer, account)
        backoff.failed(peer, account)


def test_a_client_that_fails_too_often_is_sent_away_whatever_the_account(backoff):
    fail(backoff, GUESSER, b"a", b"b", b"c")
    with pytest.raises(TooManyFailures):
        backoff.check(GUESSER, b"d")
    backoff.check(OTHER, b"d")


def test_all_addresses_of_one_ipv6_network_are_one_client(backoff):
    fail(backoff, "2001:db8::1", b"a", b"b", b"c")
    with pytest.raises(TooManyFailures):
        backoff.check("2001:db8::2", b"d")


def test_an_account_is_closed_to_strangers_after_failures_from_anywhere(backoff):
    fail(backoff, GUESSER, b"Somsri@x")
    fail(backoff, OTHER, b"somsri@X")
    with pytest.raises(AccountHeld):
        backoff.check("192.0.2.3", b"somsri@x")


def test_a_clerk_at_the_usual_desk_is_not_kept_out_by_others_who_guess(backoff):
    backoff.succeeded(DESK, b"somsri@x")
    fail(backoff, GUESSER, b"somsri@x", b"somsri@x")
    backoff.check(DESK, b"somsri@x")


def test_trusted_networks_are_not_sent_away(backoff):
    fail(backoff, DESK, b"a", b"b", b"c", b"d")
    backoff.check(DESK, b"e")


def test_failures_are_forgotten_one_by_one(backoff, clock):
    fail(backoff, GUESSER, b"a", b"b", b"c")
    clock.now = 101.0
    backoff.check(GUESSER, b"d")
    backoff.failed(GUESSER, b"d")
    with pytest.raises(TooManyFailures):
        backoff.check(GUESSER, b"e")
    clock.now = 1000.0
    fail(backoff, GUESSER, b"a", b"b", b"c")


def test_only_so_much_is_remembered(monkeypatch, clock):
    monkeypatch.setattr(module, "_REMEMBERED", 5)
    backoff = Backoff(1, 1, 100.0, Networks(()), clock)
    for n in range(50):
        fail(backoff, f"192.0.2.{n}", b"account%d" % n)
        backoff.succeeded(f"192.0.2.{n}", b"account%d" % n)
    kept = [backoff._clients, backoff._accounts, backoff._usual]
    assert [len(seen) for seen in kept] == [5, 5, 5]


def test_who_guesses_from_session_to_session_is_sent_away(open_door):
    door = open_door(submission={"max_auth_failures_per_client": 2})
    replies = []
    for _ in range(3):
        with door.call("submission") as client:
            replies.append(client.starttls().sign_in(CLERK, "wrong password")[:9])
    with door.call("submission") as client:
        replies.append(client.starttls().sign_in("someone@else.example", PASSWORD)[:9])
    assert replies == ["535 5.7.8", "535 5.7.8", "421 4.7.0", "421 4.7.0"]


def test_an_account_that_is_guessed_at_is_closed_to_strangers_and_open_at_its_desk(open_door):
    door = open_door(submission={"max_auth_failures_per_account": 1, "max_auth_failures": 9})
    with door.call("submission") as client:
        client.starttls()
        assert client.sign_in("town@phrae.example", "wrong password").startswith("535 ")
        assert client.sign_in("town@phrae.example", "wrong password").startswith("454 4.7.0 ")
        assert client.sign_in(CLERK, PASSWORD).startswith("235 ")
    with door.call("submission") as client:
        client.starttls()
        assert client.sign_in(CLERK, "wrong password").startswith("535 ")
        assert client.sign_in(CLERK, PASSWORD).startswith("235 ")
