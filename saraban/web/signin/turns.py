"""Whose turn it is to have a password looked at: each takes 19 MB and a core for a moment.

So many are looked at together (``app.state.hashing``); of one network only a few may wait, and only
so many come in a minute, so that who floods the form waits behind nobody but themselves. Browsers
that have signed in before are counted each by itself.

Kept in the memory of the one process that serves the pages.
"""

import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.requests import Request

from registry.accounts.guessing import Place
from registry.errors import SarabanError

_WAITING: Final = 8
_A_MINUTE: Final = 60


class Busy(SarabanError):
    """Too many sign in from one place."""

    thai = "มีผู้พยายามเข้าระบบจากเครือข่ายนี้พร้อมกันมากเกินไป โปรดรอสักครู่ แล้วลองใหม่"


class Turns:
    """Who waits, and who came in this minute, by place."""

    def __init__(self) -> None:
        self._waiting: Counter[str] = Counter()
        self._came: Counter[str] = Counter()
        self._minute = 0

    def enter(self, place: Place) -> None:
        """Let somebody wait. Raises Busy."""
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._came = minute, Counter()
        if self._waiting[place.name] >= _WAITING or self._came[place.name] >= _A_MINUTE:
            raise Busy(f"too many sign in from {place.name}")
        self._waiting[place.name] += 1
        self._came[place.name] += 1

    def leave(self, place: Place) -> None:
        """Let somebody go who waited."""
        self._waiting[place.name] -= 1
        if not self._waiting[place.name]:
            del self._waiting[place.name]


@asynccontextmanager
async def turn(request: Request, place: Place) -> AsyncIterator[None]:
    """Wait until a password may be looked at. Raises Busy."""
    state = request.app.state
    turns: Turns | None = getattr(state, "turns", None)
    if turns is None:
        turns = state.turns = Turns()
    turns.enter(place)
    try:
        async with state.hashing:
            yield
    finally:
        turns.leave(place)
