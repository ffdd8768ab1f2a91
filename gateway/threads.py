"""The one crossing from the event loop to code that blocks, and promises that outlive a client.

The registry, the disk and password hashing are plain functions that block; :func:`in_thread` runs
them in threads of our own, so that a library that fills the loop's default pool cannot stop an
fsync from happening. :class:`Promises` carries work that must end once it has begun, even when
the client for whom it began has hung up.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, ParamSpec, TypeVar

from gateway.errors import Refusal

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 16
_POOL = ThreadPoolExecutor(THREADS, thread_name_prefix="saraban")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that blocks in a thread and give what it returns or raises.

    When the caller is cancelled the function goes on; nothing can stop a thread.
    """
    loop = asyncio.get_running_loop()
    work = partial(copy_context().run, function, *args, **kwargs)  # ids of the log go along
    return await loop.run_in_executor(_POOL, work)


async def in_thread_to_its_end(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do the same; a caller that is cancelled goes on only when the function has ended.

    For work on something that the caller takes away when it is broken off: an open file, say.
    """
    work = asyncio.ensure_future(in_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise


class Promises:
    """Work that is finished whatever becomes of those who wait for it."""

    def __init__(self) -> None:
        self._kept: set[asyncio.Task[Any]] = set()

    async def keep(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work as a task of its own and wait for it; cancelling stops only the waiting."""
        task = asyncio.create_task(work)
        self._kept.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    async def drain(self) -> None:
        """Wait until all work is done; whether it went well is told to those who waited."""
        while self._kept:
            await asyncio.wait(self._kept)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._kept.discard(task)
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, Refusal):  # a refusal is an answer, and told as one
            log.warning("promised work failed: %s", type(error).__name__)
