"""What a whole letter is shown to between the final dot and the commit: nothing unless it is set.

    forbidden types   ``attachments.forbidden_types``: refused with the name of the kind (550)
    virus scanner     ``scan.clamd``: infected is refused (554); not scanned is written on the
                      envelope, and the letter's files wait for an officer

The log names what was found, with the letter's id; the client hears only what to do.
An inspection is ``async (SpoolFile, Envelope) -> Envelope``. It raises a Refusal to turn the letter
away, and otherwise gives the envelope, with what it found out added. What keeps it from looking
(the scanner hangs, a mail that takes too long to read) never keeps a letter out: it is *not
scanned*, and its files wait. :mod:`gateway.inbound.inspect_collected` judges collected mail alike.
"""

import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from gateway.errors import ForbiddenType, Infected
from gateway.inbound.clamd import Scanner
from gateway.inbound.dialogue import Inspection
from gateway.inbound.envelope import Envelope
from gateway.inbound.looker import UNSEEN, Looker
from gateway.inbound.spool import SpoolFile
from gateway.service import Runtime
from gateway.threads import in_thread
from registry.counters import count

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def inspections_of(runtime: Runtime) -> AsyncIterator[tuple[Inspection, ...]]:
    """Give the inspections that the settings ask for, the cheaper first; often there is none.

    What they started is ended with the block.
    """
    made: list[Inspection] = []
    async with contextlib.AsyncExitStack() as started:
        if forbidden := runtime.office.attachments.forbidden_types:
            looker = Looker(forbidden)
            started.push_async_callback(looker.close)
            made.append(_Types(looker).inspect)
        if runtime.gateway.scan.clamd:
            made.append(_Viruses(Scanner(runtime.gateway.scan)).inspect)
        yield tuple(made)


class _Types:
    def __init__(self, looker: Looker) -> None:
        self._looker = looker

    async def inspect(self, letter: SpoolFile, envelope: Envelope) -> Envelope:
        kind = await self._looker.look(await in_thread(_put_down, letter))
        if kind is None:
            log.warning("%s: %s", letter.name, UNSEEN)
            return replace(envelope, scan="not_scanned", scan_detail=UNSEEN)
        if kind:
            raise ForbiddenType(
                f"a file of the forbidden type {kind}",
                text=f"Files of the type {kind} are not taken here; please send another format.",
                thai=f"หน่วยงานนี้ไม่รับไฟล์ชนิด {kind} โปรดส่งเป็น PDF หรือรูปแบบอื่น",
            )
        return envelope


class _Viruses:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner

    async def inspect(self, letter: SpoolFile, envelope: Envelope) -> Envelope:
        verdict = await self._scanner.scan(await in_thread(_put_down, letter))
        count("saraban_scans_total", result=verdict.scan)
        if verdict.scan == "infected":
            raise Infected(f"infected: {verdict.detail}")
        if envelope.scan_detail == UNSEEN:
            return envelope
        if verdict.scan != "clean":
            log.warning("%s was not scanned: %s", letter.name, verdict.detail)
        else:
            log.info("%s was scanned: clean", letter.name)
        return replace(envelope, scan=verdict.scan, scan_detail=verdict.detail)


def _put_down(letter: SpoolFile) -> Path:
    """Give the file of a letter; a small one is written now, which may wait for the disk."""
    return letter.path
