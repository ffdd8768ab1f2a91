"""Whoever guesses a password or a code at the pages waits, longer each time.

Counted by the address that was tried, whether or not there is such an officer, and by *where* it
was tried from: a network, or a browser that has signed in before. The first failures cost nothing;
from the fifth on each closes the address to that place for a minute, two, four, … at most fifteen.
A stranger so keeps nobody out but their own network. Against many networks that guess together the
address counts as a whole too, and closes to all but known browsers after a hundred failures.

What was counted is halved every half hour; a right sign-in, or a quiet day, forgets.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from registry.db import insert_if_new
from registry.models.access import SignInFailureRow

FREE: Final = 4
"""Failures at one place that cost no waiting."""
FREE_EVERYWHERE: Final = 100
"""Failures from everywhere together that cost none."""
_LONGEST: Final = 15
_HALVED: Final = timedelta(minutes=30)
_FORGOTTEN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a try comes from; ``alone`` says that what others tried elsewhere is not its matter."""

    name: str
    alone: bool = False

    @classmethod
    def of_peer(cls, host: str) -> "Place":
        """Give the network of a peer: what one customer has of it, /24 or /56."""
        try:
            version = ipaddress.ip_address(host).version
        except ValueError:
            return cls(f"peer {host[:60]}")
        width = 24 if version == 4 else 56
        return cls(f"net {ipaddress.ip_network((host, width), strict=False)}")

    @classmethod
    def known(cls, device: str) -> "Place":
        """Give a browser in which this address has signed in before."""
        return cls(f"device {device}", alone=True)


CODE: Final = Place("code", alone=True)
"""The second step, which nobody reaches without the password."""
OLD: Final = Place("old", alone=True)
"""The old password, asked of somebody who is signed in."""
_EVERYWHERE: Final = Place("")


def closed_for(session: Session, address: str, at: datetime, place: Place) -> timedelta:
    """Give how long this address must still wait at this place; nothing when it may try."""
    rows = [session.get(SignInFailureRow, _key(address, one)) for one in _counted(place)]
    until = [row.locked_until for row in rows if row is not None and row.locked_until is not None]
    return max([timedelta(), *(one - at for one in until)])


def failed(session: Session, address: str, at: datetime, place: Place) -> timedelta:
    """Count a failure and give how long the address waits now at this place."""
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.last_at < at - _FORGOTTEN))
    return max(_count(session, _key(address, one), at, free) for one, free in _free(place))


def succeeded(session: Session, address: str, place: Place | None = None) -> None:
    """Forget the failures of an address at this place, or everywhere."""
    key = _key(address, place or _EVERYWHERE)
    mine = SignInFailureRow.address_hash == key
    if place is None:
        mine = SignInFailureRow.address_hash.startswith(key[:32])
    session.execute(delete(SignInFailureRow).where(mine))


def _free(place: Place) -> list[tuple[Place, int]]:
    return [(one, FREE if one is place else FREE_EVERYWHERE) for one in _counted(place)]


def _counted(place: Place) -> list[Place]:
    return [place] if place.alone else [place, _EVERYWHERE]


def _count(session: Session, key: str, at: datetime, free: int) -> timedelta:
    insert_if_new(session, SignInFailureRow, address_hash=key, failed=0, last_at=at)
    row = session.get_one(SignInFailureRow, key, with_for_update=True)
    halvings = max(int((at - row.last_at) / _HALVED), 0)
    row.failed, row.last_at = (row.failed >> min(halvings, 60)) + 1, at
    if row.failed <= free:
        return timedelta()
    wait = timedelta(minutes=min(2 ** min(row.failed - free - 1, 10), _LONGEST))
    row.locked_until = at + wait
    return wait


def _key(address: str, place: Place) -> str:
    """Give 32 characters for the address, then 32 for the place."""
    return _digest(address.strip().casefold()) + _digest(place.name)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
