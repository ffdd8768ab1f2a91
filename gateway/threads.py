"""The one crossing from the event loop to code that blocks, and promises that outlive a client.

The registry, the disk and password hashing are plain functions that block; :func:`in_thread` runs
them in threads of our own, so that a library that fills the loop's default pool cannot stop an
fsync from happening. :class:`Promises` knows of work that must end once it has begun.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

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


def hand_over(function: Callable[[], T], then: Callable[[T], None]) -> None:
    """Run a function that never raises in a thread; ``then`` gets what it gave, in this loop.

    Cheaper than :func:`in_thread`, for what is done for every letter there is. A loop that has been
    closed meanwhile hears nothing.
    """
    loop = asyncio.get_running_loop()

    def work() -> None:
        result = function()
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(then, result)

    _POOL.submit(work)


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
    """Work that is waited for before a process ends, whatever has become of its client."""

    def __init__(self) -> None:
        self._kept: set[asyncio.Future[None]] = set()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let :meth:`drain` wait for the end of this block."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._kept.add(done)
        try:
            yield
        finally:
            self._kept.discard(done)
            done.set_result(None)

    async def drain(self) -> None:
        """Wait until nothing is held any more."""
        while self._kept:
            await asyncio.wait(self._kept)
