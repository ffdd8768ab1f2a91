"""Choosing the letters of the next batch: by turn, bounded in number and in bytes, suspects alone.

A letter over which work has ended badly before is worked on by itself and after its neighbours, so
that it can harm none of them; at the third time it is set aside.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from gateway.inbound.envelope import Envelope
from gateway.inbound.rests import Rests
from gateway.inbound.spool import Spooled
from gateway.inbound.tray import CRASHES, DAMAGED, Tray
from registry import faults
from registry.errors import NotUnderstood, SarabanError

log = logging.getLogger("gateway.pickup")

BATCH = 64
BATCH_BYTES = 50_000_000


class Choice:
    """Gives one batch after the other; ``set_aside`` gets letters that cannot be worked on."""

    def __init__(
        self, tray: Tray, rests: Rests, set_aside: Callable[[str, str, Envelope | None], None]
    ) -> None:
        self._tray = tray
        self._rests = rests
        self._set_aside = set_aside
        self._listed: deque[str] = deque()

    def take(self, at_work: Sequence[Spooled]) -> list[Spooled]:
        """Take the next letters that are due, bounded in number and in bytes.

        A pack is taken whole, so there may be somewhat more.
        """
        chosen: list[Spooled] = []
        total, busy = 0, {one.name for one in at_work}
        for name in self._due():
            if name in busy or self._rests.rests(name):
                continue
            suspect = (tries := self._tray.tries(name)) > 0
            if suspect and chosen:  # it may have brought us down: its neighbours go first
                self._listed.appendleft(name)
                break
            found = self._open(name, tries)
            if any(one.name in busy or self._rests.rests(one.name) for one in found):
                continue
            total += sum(one.envelope.raw_bytes for one in found)
            chosen += found
            if suspect or len(chosen) >= BATCH or total >= BATCH_BYTES:
                break
        if chosen:
            self._tray.at_work([*busy, *(one.name for one in chosen)])
            faults.point("after_pickup")
        return chosen

    def _open(self, name: str, tries: int) -> list[Spooled]:
        """Look at a letter or pack; nothing when it has gone or was set aside meanwhile."""
        try:
            found = self._tray.open(name)
        except NotUnderstood:
            log.error("%s: %s", name, DAMAGED)  # noqa: TRY400
            self._set_aside(name, DAMAGED, None)
            return []
        except SarabanError as error:
            log.warning("%s cannot be read now: %s", name, error)
            return []
        if found and tries >= CRASHES:
            why = f"the process died {tries} times over this letter"
            self._set_aside(name, why, found[0].envelope)
            return []
        return found

    def _due(self) -> Iterator[str]:
        """Give names one after the other; the spool is listed again only when all were given."""
        if not self._listed:
            self._listed.extend(self._tray.next_names(self._rests.rests))
        while self._listed:
            yield self._listed.popleft()
