"""Addresses of peers, and the networks that the settings name.

An IPv4 address that comes mapped into IPv6 (``::ffff:10.0.0.5``, RFC 4291 §2.5.5.2) is the IPv4
address; a zone (``fe80::1%eth0``) is left out of it.
"""

import ipaddress
from functools import lru_cache

from registry.errors import OutOfOrder

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


_MOST_KNOWN = 1024


class Networks:
    """Some networks of the settings; ``"10.0.0.5" in networks`` asks for an address."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        try:
            self._networks = [ipaddress.ip_network(text, strict=False) for text in texts]
        except ValueError as error:
            raise OutOfOrder(f"not a network in the settings: {error}") from error
        self._known: dict[str, bool] = {}  # answers given; a host comes with every letter anew

    def __contains__(self, peer: str) -> bool:
        if not self._networks:
            return False
        if peer not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[peer] = self._holds(peer)
        return self._known[peer]

    def _holds(self, peer: str) -> bool:
        address = address_of(peer)
        return address is not None and any(address in network for network in self._networks)


@lru_cache(1024)
def address_of(peer: str) -> IPAddress | None:
    """Read a peer's address; None for what is none."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
