"""A bell between processes: whoever has put something down rings, whoever waits looks at once.

A bell is a named pipe in ``run/`` under the data folder. Ringing never blocks and never fails: if
nobody listens, the other process will look by itself within a second or so. A bell carries no
content; what there is to do stands in the spool or the outbox.
"""

import asyncio
import contextlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self

WORKER = "worker"
MAILQ = "mailq"


def ring(data_dir: Path, role: str = WORKER) -> None:
    """Wake the process of this role if one is waiting."""
    with contextlib.suppress(OSError):
        pipe = os.open(_path(data_dir, role), os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(pipe, b"!")
        finally:
            os.close(pipe)


class Bell:
    """The waiting side; use as an async context manager inside the process of the role."""

    def __init__(self, data_dir: Path, role: str) -> None:
        self._path = _path(data_dir, role)
        self._rung = asyncio.Event()
        self._pipe = -1

    async def __aenter__(self) -> Self:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.mkfifo(self._path, mode=0o600)
        # Both ends: the pipe then never reports that its last writer left.
        self._pipe = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)
        asyncio.get_running_loop().add_reader(self._pipe, self._heard)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._pipe)
        os.close(self._pipe)

    async def wait(self, seconds: float, stop: asyncio.Event) -> None:
        """Return when the bell rings, when the time is over, or when all is to stop."""
        waiting = [asyncio.create_task(self._rung.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        self._rung.clear()

    def _heard(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._pipe, 4096)
        self._rung.set()


def _path(data_dir: Path, role: str) -> Path:
    return data_dir / "run" / f"{role}.bell"
