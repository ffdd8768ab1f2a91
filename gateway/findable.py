"""Beside the worker, a process that keeps letters findable (:mod:`gateway.finding`).

It is started a moment after the worker, since letters that wait come first, lives as long, is
started again when it dies, each time a little later, and never makes the worker wait: letters are
entered whether or not it runs.
"""

import asyncio
import contextlib
import logging
import pickle
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Final

from gateway.service import Runtime
from registry.loading import command

log = logging.getLogger(__name__)

_SETTLE: Final = 3.0
_PAUSES: Final = (1.0, 5.0, 30.0)
_END: Final = 15.0


@contextlib.asynccontextmanager
async def findable(runtime: Runtime) -> AsyncIterator[None]:
    """Keep letters findable within the block."""
    keeping = asyncio.create_task(_keep(runtime))
    try:
        yield
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


async def _keep(runtime: Runtime) -> None:
    await asyncio.sleep(_SETTLE)
    times = 0
    while True:
        try:
            process = await _start(runtime)
        except OSError as error:
            log.error("the finder does not start: %s", error)  # noqa: TRY400
        else:
            code = await _watch(process)
            log.error("the finder ended with code %d", code)
        await asyncio.sleep(_PAUSES[min(times, len(_PAUSES) - 1)])
        times += 1


async def _start(runtime: Runtime) -> Process:
    process = await asyncio.create_subprocess_exec(*command("gateway.finding"), stdin=PIPE)
    assert process.stdin is not None
    process.stdin.write(pickle.dumps((runtime.office, runtime.gateway)))
    return process


async def _watch(process: Process) -> int:
    """Wait for its end; when we end it gets a moment to end too."""
    try:
        return await process.wait()
    except asyncio.CancelledError:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _END)
        except TimeoutError:
            process.kill()
            await process.wait()
        raise
