"""Letters that are ready at the same moment are made durable together.

One thread at a time commits small letters: while it waits for the disk others become ready, and
are the next batch, so that the folder is fsynced once for several of them. A large letter, whose
bytes may take seconds to reach the disk, is committed by a thread of its own and keeps no small
one waiting. Nobody hears 250 before their own letter is durable.
"""

import asyncio
from typing import Final

from gateway.inbound.envelope import Envelope
from gateway.inbound.spool import SpoolFile, commit_together
from gateway.threads import in_thread

MOST: Final = 64
"""Letters in one batch."""


class Committer:
    """Commits the letters of one spool folder, from within one event loop."""

    def __init__(self) -> None:
        self._waiting: list[tuple[SpoolFile, Envelope, asyncio.Future[str]]] = []
        self._work: asyncio.Task[None] | None = None

    async def commit(self, letter: SpoolFile, envelope: Envelope) -> str:
        """Make the letter durable and give its name; raises what :meth:`SpoolFile.commit` does."""
        if not letter.small:
            return await in_thread(letter.commit, envelope)
        done: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.append((letter, envelope, done))
        if self._work is None:
            self._work = asyncio.create_task(self._commit_all())
        return await done

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                results = await _commit([(letter, envelope) for letter, envelope, _ in batch])
                for (*_, done), result in zip(batch, results, strict=True):
                    _tell(done, result)
        finally:
            self._work = None


async def _commit(letters: list[tuple[SpoolFile, Envelope]]) -> list[str | Exception]:
    try:
        return await in_thread(commit_together, letters)
    except Exception as error:  # noqa: BLE001 - nobody may be left waiting for an answer
        return [error] * len(letters)


def _tell(done: "asyncio.Future[str]", result: str | Exception) -> None:
    if done.done():  # who waited was broken off
        return
    if isinstance(result, str):
        done.set_result(result)
    else:
        done.set_exception(result)
