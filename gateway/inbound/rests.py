"""Which letters of the spool rest for a while, and why: after a failure, or until DNS answers.

Kept in memory only, and never for more than a few thousand: whoever is forgotten is merely tried
sooner. Times are those of the monotonic clock.
"""

import time
from typing import Final, TypeVar

_V = TypeVar("_V")
MOST: Final = 10_000
DNS_PATIENCE: Final = 3600.0
_DNS_REST: Final = 30.0


class Rests:
    """The letters that are not to be worked on now."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._silent: dict[str, tuple[float, str]] = {}

    def rests(self, name: str) -> bool:
        """Say whether the letter is to be left alone for now."""
        return self._until.get(name, 0.0) > time.monotonic()

    def rest(self, name: str, seconds: float) -> None:
        """Leave the letter alone for so many seconds."""
        _put(self._until, name, time.monotonic() + seconds)

    def wait_for_dns(self, name: str, detail: str) -> None:
        """Leave the letter alone until DNS may answer; ``detail`` is what it did not answer."""
        first, _ = self._silent.get(name, (time.monotonic(), ""))
        _put(self._silent, name, (first, detail))
        self.rest(name, _DNS_REST)

    def unproven(self, name: str) -> str:
        """Say why the letter must go on without proof, after an hour of waiting; "" before."""
        first, detail = self._silent.get(name, (time.monotonic(), ""))
        patient = time.monotonic() - first < DNS_PATIENCE
        return "" if patient else f"DNS did not answer: {detail}"

    def clear(self) -> None:
        """Let all of them be tried at once."""
        self._until.clear()


def _put(known: dict[str, _V], name: str, value: _V) -> None:
    """Keep a value, and forget the one kept longest when there are too many."""
    known.pop(name, None)
    known[name] = value
    if len(known) > MOST:
        del known[next(iter(known))]
