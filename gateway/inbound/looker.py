"""A helper process that looks at the types of a mail's files before 250, one mail after another.

Cutting up a hostile mail costs time and memory, and libmagic some 20 MB: neither is wanted in the
process that holds all sessions. So a small program of our own (:mod:`gateway.inbound.looking`) does
it, started when the first letter comes and kept; it has a limit on memory, and a mail that takes
longer than ten seconds costs it its life, not the letter: that is kept as not scanned. It ends when
its pipe is closed, however this process ends.
"""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

PATIENCE: Final = 10.0
"""Seconds that one mail may take, waiting for its turn not counted."""


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
                log.warning("the helper that looks at types failed: %s", type(error).__name__)
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
            sys.executable, "-m", "gateway.inbound.looking", *self._forbidden,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
        )  # fmt: skip
        return self._helper


async def _ask(helper: Process, path: Path) -> str | None:
    assert helper.stdin is not None
    assert helper.stdout is not None
    helper.stdin.write(json.dumps(str(path)).encode() + b"\n")
    await helper.stdin.drain()
    answer = json.loads(await helper.stdout.readline())
    return None if answer is None else str(answer)
