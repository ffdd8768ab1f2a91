"""The role ``worker``: it waits for letters in the spool, and enters them while there are any.

Under load it gathers: after a batch that was not full it lets a moment pass, so that what comes
meanwhile is read, entered and made durable together. That costs a letter a tenth of a second
between 250 and its number, and saves the machine more than half of the work. The first letter
after a pause is entered at once.
"""

import asyncio
import contextlib
import gc
import logging

from sqlalchemy.exc import DBAPIError

from gateway import wake
from gateway.findable import findable
from gateway.inbound.alone import alone_at_work
from gateway.inbound.choose import BATCH
from gateway.inbound.chores import Chores
from gateway.inbound.pickup import Pickup, pickup_of
from gateway.service import Ready, Runtime
from gateway.threads import in_thread
from registry.db import database_is_away

log = logging.getLogger("gateway.pickup")

GATHER = 0.1
REST = 1.0


async def run_worker(runtime: Runtime, stop: asyncio.Event, ready: Ready) -> None:
    """Enter letters until told to stop; look at once when the bell rings."""
    chores = Chores(runtime)
    ready({})
    async with (
        alone_at_work(runtime.spool_dir, stop),
        wake.Bell(runtime.data_dir, wake.WORKER) as bell,
        findable(runtime),
    ):
        pickup = await in_thread(pickup_of, runtime, apart=True)
        gc.freeze()  # what was loaded stays: it need not be looked through again and again
        try:
            while not stop.is_set():
                worked = await _turn(pickup, chores)
                if not worked:
                    await bell.wait(REST, stop)
                elif worked < BATCH:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), GATHER)
        finally:
            await in_thread(pickup.close)


async def _turn(pickup: Pickup, chores: Chores) -> int:
    """Enter one batch and do what else is due; give how many letters were entered."""
    try:
        worked = await in_thread(pickup.round)
        await in_thread(chores.do_what_is_due)
    except DBAPIError as error:
        if not database_is_away(error):
            raise
        log.error("the database is away: %s", error.orig)  # noqa: TRY400
        return 0
    except OSError as error:
        log.error("the spool cannot be worked on: %s", error)  # noqa: TRY400
        return 0
    return worked
