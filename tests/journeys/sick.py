"""A relay that is sick as it is told, and what it heard; and processes that find the disk full."""

import asyncio
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Self

from tests.gateway.outbound.peer import ScriptedPeer

_BEFORE = ("GREETING", "EHLO", "MAIL")


@dataclass
class SickRelay(ScriptedPeer):
    """A scripted peer in a thread; from RCPT on its script is for mails to ``sick_for`` alone.

    ``heard`` has every mail whose end it saw, with the recipient, whatever it answered.
    """

    sick_for: str = ""
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._to: dict[Any, str] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        self._do(self.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self.__aexit__())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def well(self) -> None:
        """Answer as a healthy server does, from now on."""
        self.replies.clear()

    def mails_to(self, address: str, words: bytes) -> list[bytes]:
        """Give what was heard for an address and has these words in it."""
        return [raw for to, raw in self.heard if address in to and words in raw]

    def _do(self, what: Any) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    def _reply(self, verb: str) -> str:
        task = asyncio.current_task()
        if verb == "RCPT":
            self._to[task] = self.commands[-1]
        if verb in _BEFORE or self.sick_for in self._to.get(task, ""):
            return super()._reply(verb)
        script, self.replies = self.replies, {}
        try:
            return super()._reply(verb)
        finally:
            self.replies = script

    async def _data(self, reader: asyncio.StreamReader) -> bytes:
        raw = await super()._data(reader)
        self.heard.append((self._to[asyncio.current_task()], raw))
        return raw


@contextmanager
def no_room(pid: int, room: int) -> Iterator[None]:
    """Let a process write no file beyond so many bytes: EFBIG where a full disk says ENOSPC."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def child_of(pid: int, module: str) -> int:
    """Give the one child of a process that runs a module, while others come and go."""
    [child] = [one for one, parent in _parents() if parent == pid and module in _command(one)]
    return child


def kill(pid: int) -> None:
    """End a process as a power cut does; its supervisor begins it anew."""
    os.kill(pid, signal.SIGKILL)


def _command(pid: int) -> str:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _parents() -> Iterator[tuple[int, int]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield int(path.parent.name), int(path.read_text().rpartition(") ")[2].split()[1])
