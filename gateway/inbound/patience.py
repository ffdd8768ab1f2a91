"""One timer for all sessions of a process, which looks at them when the first might be overdue.

A session has a deadline that moves with every command. A timer for each would be set and cancelled
for each connection; this one is set again only for a session that is due before all others.
"""

import asyncio
from collections.abc import Iterable
from typing import Protocol

_SOONEST = 0.02  # seconds between two looks


class Waiting(Protocol):
    """A session that waits for its client."""

    def look_at_clock(self, now: float) -> float:
        """Do what is due at this time of the loop; give the time of the next look."""


class Patience:
    """Looks at the sessions; ``of`` may change at any time. Needs the running loop."""

    def __init__(self, of: Iterable[Waiting]) -> None:
        self._of = of
        self._next = float("inf")
        self._timer: asyncio.TimerHandle | None = None

    def ends(self, when: float) -> None:
        """See to it that there is a look at this time, or sooner."""
        if when < self._next:
            if self._timer is not None:
                self._timer.cancel()
            self._next = when
            self._timer = asyncio.get_running_loop().call_at(when, self._look)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        self._next, self._timer = float("inf"), None
        soonest = min((one.look_at_clock(now) for one in list(self._of)), default=float("inf"))
        if soonest < float("inf"):
            self.ends(max(soonest, now + _SOONEST))
