"""Who is at the door: how many sessions there are, and from where.

So many sessions at once from one client and so many in all; who comes beyond that hears 421 and
may come again. An IPv6 client is its /64, since one host has as many addresses as it likes. Hosts
of the trusted networks count in the total only.
"""

import ipaddress
from collections import Counter
from typing import Protocol

from gateway.errors import Refusal, TooManyConnections
from registry.errors import OutOfOrder

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Guest(Protocol):
    """One session, as far as the door counts it."""

    peer: str

    def go_home(self) -> None:
        """End the session as soon as that breaks no promise."""


class Networks:
    """Some networks of the settings; ``"10.0.0.5" in networks`` asks for an address."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        try:
            self._networks = [ipaddress.ip_network(text, strict=False) for text in texts]
        except ValueError as error:
            raise OutOfOrder(f"not a network in the settings: {error}") from error

    def __contains__(self, peer: str) -> bool:
        address = _address(peer)
        return address is not None and any(address in network for network in self._networks)


class Guests:
    """The sessions that are open."""

    def __init__(self, total: int, per_client: int, trusted: Networks) -> None:
        self._total = total
        self._per_client = per_client
        self._trusted = trusted
        self._inside: set[Guest] = set()
        self._from: Counter[str] = Counter()

    def enter(self, guest: Guest) -> Refusal | None:
        """Count a session in; the refusal says why it may not stay. It leaves in either case."""
        full = len(self._inside) >= self._total
        client = _client(guest.peer)
        crowd = self._from[client] >= self._per_client and guest.peer not in self._trusted
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

    def __len__(self) -> int:
        return len(self._inside)


def _address(peer: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _client(peer: str) -> str:
    address = _address(peer)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or peer)
