"""Pages that change by themselves: one stream of events (SSE) for each browser that looks.

Every second, while anybody looks, one small query asks how far the journals and the histories of
deliveries have come; whoever looks at an entity whose books went on hears so and fetches what they
see anew. A page says how far they were when it was made, and a stream that is opened anew what it
told last, so nothing is lost between the two. It carries no content. It ends with its session, and
when the service stops.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from registry import progress
from saraban.runtime import OfficeRuntime

log = logging.getLogger(__name__)

EVERY: Final = 1.0
BEAT: Final = 20.0
"""Seconds after which a quiet stream says that it is there, and its session is looked at."""


@dataclass(eq=False, slots=True)
class _Looker:
    """One stream; ``seen`` is the mark of the books that it knows, "" before the first."""

    seen: str
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, mark: str) -> None:
        """Ring when the books went on."""
        if self.seen and self.seen != mark:
            self.bell.set()
        self.seen = mark


class Live:
    """Those who look, by entity."""

    def __init__(self, runtime: OfficeRuntime, stop: asyncio.Event) -> None:
        self._runtime = runtime
        self._stop = stop
        self._lookers: dict[int, set[_Looker]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def events(self, entity_id: int, since: str) -> AsyncIterator[str]:
        """Give the mark of an entity's books when they went on since this one; "" for a beat."""
        looker = _Looker(since)
        self._lookers.setdefault(entity_id, set()).add(looker)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        try:
            while not self._stop.is_set():
                yield looker.seen if await self._heard(looker.bell) else ""
        finally:
            self._lookers[entity_id].discard(looker)

    async def _heard(self, bell: asyncio.Event) -> bool:
        waits = [asyncio.create_task(one.wait()) for one in (bell, self._stop)]
        try:
            await asyncio.wait(waits, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
        finally:  # also when the browser has gone
            for task in waits:
                task.cancel()
        rang = bell.is_set()
        bell.clear()
        return rang

    async def _ask(self) -> None:
        while any(self._lookers.values()) and not self._stop.is_set():
            with suppress(SQLAlchemyError):
                found = await run_in_threadpool(self._standing)
                for entity_id in found.keys() & self._lookers.keys():
                    for looker in self._lookers[entity_id]:
                        looker.hear(found[entity_id])
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), EVERY)

    def _standing(self) -> dict[int, str]:
        with self._runtime.database.read() as session:
            return progress.marks(session)
