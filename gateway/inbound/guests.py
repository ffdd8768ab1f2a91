"""Who is at the door: how many sessions there are, and from where.

So many sessions at once from one client and so many in all; who comes beyond that hears 421 and
may come again, and takes nobody's place while it is told so. An IPv6 client is its /64, since one
host has as many addresses as it likes. Hosts of the trusted networks count in the total only, and
have some places that strangers cannot fill. A proxy counts in the total only until it has said for
whom it speaks: then the session is :meth:`~Guests.recount`-ed as that client's.

While few places are left the door is *crowded*: silent clients are then let go sooner.
"""

import ipaddress
from collections import Counter
from functools import lru_cache
from typing import Protocol

from gateway.dismissals import TooManyConnections
from gateway.errors import Refusal
from gateway.inbound.patience import Patience, Waiting
from gateway.networks import Networks, address_of

_CROWDED = 0.8  # of all places taken
_KEPT = 10  # for every ten places one more, for trusted hosts
_PROXIES = "proxies"  # no address is called so


class Guest(Waiting, Protocol):
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
        self._inside: dict[Guest, str | None] = {}  # and its client; None: it was turned away
        self._seated = 0
        self._from: Counter[str] = Counter()
        self.patience = Patience(self._inside)

    @property
    def crowded(self) -> bool:
        """Whether few places are left."""
        return self._seated > self._total * _CROWDED

    def enter(self, guest: Guest, *, proxy: bool = False) -> Refusal | None:
        """Count a session in; the refusal says why it may not stay. It leaves in either case."""
        trusted = guest.peer in self.trusted
        client = _PROXIES if proxy else client_of(guest.peer)
        full = self._seated >= self._total + (self._total // _KEPT if trusted else 0)
        crowd = not proxy and not trusted and self._from[client] >= self._per_client
        if full or crowd:
            self._inside[guest] = None
            return TooManyConnections(f"too many sessions, with {guest.peer}")
        self._inside[guest] = client
        self._seated += 1
        self._from[client] += 1
        return None

    def recount(self, guest: Guest, *, proxy: bool = False) -> Refusal | None:
        """Count a session anew: as its real client's, once the proxy has named that."""
        self.leave(guest)
        return self.enter(guest, proxy=proxy)

    def leave(self, guest: Guest) -> None:
        """Count a session out; twice is harmless."""
        client = self._inside.pop(guest, None)
        if client is not None:
            self._seated -= 1
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


@lru_cache(1024)
def client_of(peer: str) -> str:
    """Name the client that an address belongs to: itself, or its /64."""
    address = address_of(peer)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or peer)
