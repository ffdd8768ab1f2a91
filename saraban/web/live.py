"""Pages that change by themselves: one stream of events (SSE) for each browser that looks.

Every second, while anybody looks, one small query asks how far the journals and the histories of
deliveries have come; whoever looks at an entity whose books went on hears so and fetches what they
see anew. A stream carries no content, so a lost one loses nothing. It ends with its session, and
when the service stops.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool

from registry import progress
from saraban.runtime import OfficeRuntime

log = logging.getLogger(__name__)

EVERY: Final = 1.0
BEAT: Final = 20.0
"""Seconds after which a quiet stream says that it is there, and its session is looked at."""


class Live:
    """Those who look, by entity."""

    def __init__(self, runtime: OfficeRuntime, stop: asyncio.Event) -> None:
        self._runtime = runtime
        self._stop = stop
        self._bells: dict[int, set[asyncio.Event]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def events(self, entity_id: int) -> AsyncIterator[bool]:
        """Give True whenever something happened in an entity's books, False for each beat."""
        bell = asyncio.Event()
        self._bells.setdefault(entity_id, set()).add(bell)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        try:
            while not self._stop.is_set():
                yield await self._heard(bell)
        finally:
            self._bells[entity_id].discard(bell)

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
        known: dict[int, tuple[int, int]] = {}
        while any(self._bells.values()) and not self._stop.is_set():
            with suppress(DBAPIError):
                found = await run_in_threadpool(self._standing)
                for entity_id in found.keys() & self._bells.keys():
                    if known.get(entity_id, found[entity_id]) != found[entity_id]:
                        for bell in self._bells[entity_id]:
                            bell.set()
                known = found
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), EVERY)

    def _standing(self) -> dict[int, tuple[int, int]]:
        with self._runtime.database.read() as session:
            return progress.marks(session)
