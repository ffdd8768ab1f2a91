"""Counting who is at the door."""

from dataclasses import dataclass, field

import pytest

from gateway.inbound.guests import Guests
from gateway.networks import Networks


@dataclass(eq=False)
class Caller:
    """A session that only has an address."""

    peer: str
    told: list[str] = field(default_factory=list)

    def go_home(self):
        self.told.append("go home")

    def throw_out(self):
        self.told.append("out")


def test_so_many_from_one_address():
    guests = Guests(10, 2, Networks(()))
    refused = [guests.enter(Caller("10.0.0.1")) for _ in range(3)]
    assert [bool(one) for one in refused] == [False, False, True]
    assert guests.enter(Caller("10.0.0.2")) is None


def test_one_ipv6_network_is_one_client():
    guests = Guests(10, 1, Networks(()))
    assert guests.enter(Caller("2001:db8::1")) is None
    assert guests.enter(Caller("2001:db8::2%eth0"))
    assert guests.enter(Caller("2001:db8:0:1::1")) is None


def test_an_ipv4_client_is_the_same_however_it_is_written():
    guests = Guests(10, 1, Networks(()))
    assert guests.enter(Caller("10.0.0.1")) is None
    assert guests.enter(Caller("::ffff:10.0.0.1"))


def test_trusted_hosts_count_in_all_but_not_by_themselves():
    guests = Guests(2, 1, Networks(("10.0.0.0/8",)))
    assert [bool(guests.enter(Caller("10.0.0.1"))) for _ in range(3)] == [False, False, True]


def test_strangers_leave_some_places_to_trusted_hosts():
    guests = Guests(10, 10, Networks(("10.0.0.0/8",)))
    assert [bool(guests.enter(Caller("192.0.2.1"))) for _ in range(11)] == [False] * 10 + [True]
    assert [bool(guests.enter(Caller("10.0.0.1"))) for _ in range(2)] == [False, True]


def test_who_is_turned_away_takes_no_place():
    """Else one client that calls often enough would keep everybody out."""
    guests = Guests(10, 2, Networks(()))
    assert sum(not guests.enter(Caller("10.0.0.1")) for _ in range(100)) == 2
    assert not guests.crowded
    assert guests.enter(Caller("10.0.0.2")) is None


def test_who_leaves_makes_room_and_leaving_twice_makes_no_more():
    guests = Guests(1, 1, Networks(()))
    first = Caller("10.0.0.1")
    guests.enter(first)
    guests.leave(first)
    guests.leave(first)
    assert len(guests) == 0
    assert guests.enter(Caller("10.0.0.1")) is None
    assert guests.enter(Caller("10.0.0.1"))


def test_everybody_is_told_to_leave():
    guests = Guests(2, 2, Networks(()))
    callers = [Caller("10.0.0.1"), Caller("10.0.0.2")]
    for caller in callers:
        guests.enter(caller)
    guests.send_home()
    guests.throw_out()
    assert [caller.told for caller in callers] == [["go home", "out"]] * 2


@pytest.mark.parametrize("peer", ["", "unix", "10.0.0"])
def test_a_peer_without_an_address_is_a_client_too(peer):
    guests = Guests(5, 1, Networks(("0.0.0.0/0",)))
    assert guests.enter(Caller(peer)) is None
    assert guests.enter(Caller(peer))
