"""One process alone works on a spool: who holds ``worker.lock`` enters its letters.

The lock is the kernel's and ends with the process, however that ends. On SQLite this keeps the
giving of numbers to one process; anywhere it keeps two from reading the same mail twice.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path

from registry.disk import try_lock

log = logging.getLogger("gateway.pickup")


def take_work(spool_dir: Path) -> int | None:
    """Take the lock that makes this process the one worker of the spool; None if it is taken.

    The lock is held until the descriptor is closed or the process ends.
    """
    spool_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return try_lock(spool_dir / "worker.lock")


@contextlib.asynccontextmanager
async def alone_at_work(spool_dir: Path, stop: asyncio.Event) -> AsyncIterator[None]:
    """Wait until no other process works on this spool, and hold the place meanwhile."""
    while (handle := take_work(spool_dir)) is None and not stop.is_set():
        log.warning("another worker is at this spool; waiting for it to end")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 5.0)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)
