"""Letters that are ready at the same moment are made durable together.

One thread at a time commits small letters: while it waits for the disk others become ready, and
are the next batch. Those of a batch share one file (:mod:`gateway.inbound.pack`) and so two fsyncs;
urgent ones have a file of their own, so that they are picked up first. A letter that is ready alone
has files of its own, and so has a large one, whose bytes may take seconds to reach the disk: it is
committed by a thread of its own and keeps no small one waiting. Nobody hears 250 before their own
letter is durable.
"""

import asyncio
import contextlib
import os
from collections.abc import Sequence
from functools import partial

from gateway.inbound import disk, pack
from gateway.inbound.envelope import Envelope
from gateway.inbound.pack import MOST, PACK, PackName
from gateway.inbound.spool import SpoolFile
from gateway.threads import hand_over, in_thread
from registry import faults

Letters = Sequence[tuple[SpoolFile, Envelope]]
_Waiting = tuple[SpoolFile, Envelope, "asyncio.Future[str]"]
Results = list[str | Exception]
"""For each letter of a batch its name, or what kept it from being committed."""


class Committer:
    """Commits the letters of one spool folder, from within one event loop."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._busy = False

    async def commit(self, letter: SpoolFile, envelope: Envelope) -> str:
        """Make the letter durable and give its name; raises what :meth:`SpoolFile.commit` does."""
        if not letter.small:
            return await in_thread(letter.commit, envelope)
        loop = asyncio.get_running_loop()
        done: asyncio.Future[str] = loop.create_future()
        self._waiting.append((letter, envelope, done))
        if not self._busy:
            self._busy = True
            loop.call_soon(self._next)  # those that are ready in this turn of the loop go along
        return await done

    def _next(self) -> None:
        """Begin with the next batch, if anybody waits."""
        batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        self._busy = bool(batch)
        if batch:
            letters = [(letter, envelope) for letter, envelope, _ in batch]
            hand_over(partial(_results, letters), partial(self._tell, batch))

    def _tell(self, batch: list[_Waiting], results: Results) -> None:
        for (*_, done), result in zip(batch, results, strict=True):
            if done.done():  # who waited was broken off
                continue
            if isinstance(result, str):
                done.set_result(result)
            else:
                done.set_exception(result)
        self._next()


def commit_together(letters: Letters) -> Results:
    """Make letters of one folder durable; give the name of each, or what kept it from that.

    Those that share a file share what keeps it from being written; it harms no other.
    """
    done: dict[str, str | Exception] = {}
    for group in _groups(letters):
        try:
            _commit_group(group)
        except Exception as error:  # noqa: BLE001 - it is given to whoever waits for this letter
            done.update((letter.name, error) for letter, _ in group)
        else:
            done.update((letter.name, letter.name) for letter, _ in group)
    return [done[letter.name] for letter, _ in letters]


def _groups(letters: Letters) -> list[Letters]:
    """Part what may share a file from what may not."""
    groups: dict[object, list[tuple[SpoolFile, Envelope]]] = {}
    for letter, envelope in letters:
        groups.setdefault(envelope.priority if letter.small else letter, []).append(
            (letter, envelope)
        )
    return list(groups.values())


def _commit_group(letters: Letters) -> None:
    if len(letters) == 1:
        [(letter, envelope)] = letters
        letter.commit(envelope)
        return
    with disk.full_is_temporary():
        _commit_pack(letters)
    for letter, _ in letters:
        letter.committed()


def _commit_pack(letters: Letters) -> None:
    """Write a pack durably under ``tmp/``, rename it into ``new/``, and fsync that folder."""
    first, envelope = letters[0]
    packed = [one.packed(envelope) for one, envelope in letters]
    name = f"{PackName(first.id, len(packed), envelope.priority)}{PACK}"
    draft, target = f"{first.folder}/tmp/{name}", f"{first.folder}/new/{name}"  # noqa: S108
    try:
        disk.write_new(draft, pack.content(packed))
        faults.point("after_pack_fsync")
        os.rename(draft, target)  # noqa: PTH104 - once for every batch there is
        faults.point("after_rename")
        disk.fsync_folder(first.folder / "new")
    except BaseException:
        for path in (target, draft):
            with contextlib.suppress(OSError):
                os.unlink(path)  # noqa: PTH108
        raise


def _results(letters: Letters) -> Results:
    try:
        return commit_together(letters)
    except Exception as error:  # noqa: BLE001 - nobody may be left waiting for an answer
        return [error] * len(letters)
