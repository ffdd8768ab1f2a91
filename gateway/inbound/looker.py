"""A helper process that looks at the types of a mail's files before 250, one mail after another.

Cutting up a hostile mail costs time and memory, and libmagic some 20 MB: neither is wanted in the
process that holds all sessions. So a small program of our own (:mod:`gateway.inbound.looking`) does
it, started when the first letter comes and kept; it has a limit on memory, and a mail that takes
longer than ten seconds costs it its life, not the letter: that is kept as not scanned. It ends when
its pipe is closed, however this process ends.

Sessions share one helper and ask in turn; the thread of a mailbox has its own while it looks.
"""

import asyncio
import json
import logging
import select
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

PATIENCE: Final = 10.0
"""Seconds that one mail may take, waiting for its turn not counted."""
UNSEEN: Final = "final: the types of its files could not be looked at"
"""Why such a mail was not scanned; ``final:`` stands before what no later scan takes away."""


class Looker:
    """Asks the helper of this process; of one event loop."""

    def __init__(self, forbidden: tuple[str, ...]) -> None:
        self._forbidden = forbidden
        self._turn = asyncio.Lock()
        self._helper: Process | None = None

    async def look(self, path: Path) -> str | None:
        """Give the forbidden type that the mail in this file carries, "" for none.

        None when it could not be looked at: the helper died over it or took too long.
        """
        async with self._turn:
            answered = False
            try:
                helper = await self._ready()
                kind = await asyncio.wait_for(_ask(helper, path), PATIENCE)
                answered = True
            except (OSError, ValueError, TimeoutError) as error:
                _tell(error)
                return None
            finally:
                if not answered:  # a late answer would be taken for the next mail's
                    await self.close()
            return kind

    async def close(self) -> None:
        """End the helper; another is started when it is needed."""
        helper, self._helper = self._helper, None
        if helper is not None:
            if helper.returncode is None:
                helper.kill()
            await helper.communicate()

    async def _ready(self) -> Process:
        if self._helper is not None and self._helper.returncode is None:
            return self._helper
        self._helper = await asyncio.create_subprocess_exec(
            *_command(self._forbidden), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        return self._helper


class BlockingLooker:
    """The same for a thread without an event loop; it belongs to one thread."""

    def __init__(self, forbidden: tuple[str, ...]) -> None:
        self._forbidden = forbidden
        self._helper: subprocess.Popen[bytes] | None = None

    def look(self, path: Path) -> str | None:
        """Give what :meth:`Looker.look` does; blocks for PATIENCE at most."""
        try:
            return _ask_and_wait(self._ready(), path)
        except (OSError, ValueError) as error:
            _tell(error)
            self.close()  # a late answer would be taken for the next mail's
            return None

    def close(self) -> None:
        """End the helper; another is started when it is needed."""
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.kill()
            helper.communicate()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._helper is None:
            self._helper = subprocess.Popen(
                _command(self._forbidden), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, bufsize=0
            )
        return self._helper


def _command(forbidden: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "gateway.inbound.looking", *forbidden]


def _tell(error: Exception) -> None:
    log.warning("the helper that looks at types failed: %s", type(error).__name__)


async def _ask(helper: Process, path: Path) -> str | None:
    assert helper.stdin is not None
    assert helper.stdout is not None
    helper.stdin.write(_question(path))
    await helper.stdin.drain()
    return _answer(await helper.stdout.readline())


def _ask_and_wait(helper: subprocess.Popen[bytes], path: Path) -> str | None:
    assert helper.stdin is not None
    assert helper.stdout is not None
    helper.stdin.write(_question(path))
    answered = select.poll()
    answered.register(helper.stdout, select.POLLIN)
    if not answered.poll(PATIENCE * 1000):
        raise TimeoutError
    return _answer(helper.stdout.readline())


def _question(path: Path) -> bytes:
    return json.dumps(str(path)).encode() + b"\n"


def _answer(line: bytes) -> str | None:
    """Read a verdict. Raises ValueError when there is none, as when the helper died."""
    answer = json.loads(line)
    return None if answer is None else str(answer)
