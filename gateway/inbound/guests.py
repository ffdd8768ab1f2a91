"""Who is at the door: how many sessions there are, and from where.

So many sessions at once from one client and so many in all; who comes beyond that hears 421 and
may come again. An IPv6 client is its /64, since one host has as many addresses as it likes. Hosts
of the trusted networks count in the total only.
"""

import ipaddress
from collections import Counter
from typing import Protocol

from gateway.errors import Refusal, TooManyConnections
from gateway.networks import Networks, address_of


class Guest(Protocol):
    """One session, as far as the door counts it."""

    peer: str

    def go_home(self) -> None:
        """End the session as soon as that breaks no promise."""

    def throw_out(self) -> None:
        """Break the connection off."""


class Guests:
    """The sessions that are open; hosts of the ``trusted`` networks are not counted apart."""

    def __init__(self, total: int, per_client: int, trusted: Networks) -> None:
        self._total = total
        self._per_client = per_client
        self.trusted = trusted
        self._inside: set[Guest] = set()
        self._from: Counter[str] = Counter()

    def enter(self, guest: Guest) -> Refusal | None:
        """Count a session in; the refusal says why it may not stay. It leaves in either case."""
        full = len(self._inside) >= self._total
        client = _client(guest.peer)
        crowd = self._from[client] >= self._per_client and guest.peer not in self.trusted
        self._inside.add(guest)
        self._from[client] += 1
        return (
            TooManyConnections(f"too many sessions, with {guest.peer}") if full or crowd else None
        )

    def leave(self, guest: Guest) -> None:
        """Count a session out; twice is harmless."""
        if guest in self._inside:
            self._inside.remove(guest)
            client = _client(guest.peer)
            self._from[client] -= 1
            if not self._from[client]:
                del self._from[client]

    def send_home(self) -> None:
        """Ask every session to end."""
        for guest in list(self._inside):
            guest.go_home()

    def throw_out(self) -> None:
        """Break off every session that is left."""
        for guest in list(self._inside):
            guest.throw_out()

    def __len__(self) -> int:
        return len(self._inside)


def _client(peer: str) -> str:
    address = address_of(peer)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or peer)
