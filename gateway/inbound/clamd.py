"""Asking ClamAV whether a letter carries a virus: clamd's INSTREAM, block by block.

The whole raw mail is streamed, since clamd unpacks MIME itself; memory is one block whatever its
size. Nobody waits longer than ``scan.timeout``, a free connection included. What clamd cannot say
(it is away, hangs, talks nonsense, the letter is too big for it) is *not scanned*, never clean and
never infected: such a letter is kept, and its files wait for an officer.

The protocol is that of clamd(8): ``zINSTREAM``, then blocks with their length in four octets, a
length of zero at the end, then one answer that ends with NUL. clamd may answer and hang up before
it has everything, so the answer is read while the letter is still being sent.

Findings that are no virus are told apart: a limit of clamd's own that was passed
(``AlertExceedsMax``), or content that is encrypted (``AlertEncrypted``), is *not scanned*. Without
``AlertExceedsMax`` clamd calls what it did not look at clean; docs/OPERATING.md says how to set it.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from gateway.settings import ScanSettings
from gateway.threads import in_thread

log = logging.getLogger(__name__)

AWAY: Final = "the scanner is away"
"""How the detail begins when clamd could not be asked at all; it may be back later."""
TOO_BIG: Final = "final: too big for the scanner"
"""``final:`` stands before a reason that asking again does not change."""
_BLOCK: Final = 1 << 18
_LONGEST_ANSWER: Final = 4096
_BEYOND_IT: Final = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")

Read = Callable[[BinaryIO], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a letter: ``scan`` is "" (no scanner), clean, infected or not_scanned.

    ``detail`` is for logs and officers: the name of what was found, or why it was not scanned.
    """

    scan: str = ""
    detail: str = ""


class Scanner:
    """One clamd as one process asks it: at most ``scan.connections`` letters at once."""

    def __init__(self, settings: ScanSettings) -> None:
        self._settings = settings
        self._free = asyncio.Semaphore(settings.connections)

    async def scan(self, path: Path) -> Verdict:
        """Have this file looked at; never raises for what clamd does. OSError if it is gone."""
        return await self._judge(path, _in_a_thread)

    async def _judge(self, path: Path, read: Read) -> Verdict:
        if not self._settings.clamd:
            return Verdict()
        if _size(path) > self._settings.max_bytes:
            return Verdict("not_scanned", TOO_BIG)
        try:
            async with asyncio.timeout(self._settings.timeout), self._free:
                answer = await self._ask(path, read)
        except TimeoutError:
            return Verdict("not_scanned", f"no answer within {self._settings.timeout:g} s")
        except (OSError, EOFError, ValueError) as error:
            return Verdict("not_scanned", f"{AWAY}: {type(error).__name__}")
        return _read_answer(answer)

    async def _ask(self, path: Path, read: Read) -> bytes:
        """Stream the file, and give what clamd answers; b"" when it hung up without a word."""
        async with _connected(self._settings.clamd) as (reader, writer):
            answer = asyncio.ensure_future(_answer(reader))
            sending = asyncio.ensure_future(_send(path, read, writer))
            try:
                await asyncio.wait({answer, sending}, return_when=asyncio.FIRST_COMPLETED)
                if not answer.done() and sending.done():
                    with contextlib.suppress(ConnectionError):  # it has answered, then hung up
                        sending.result()
                return await answer
            finally:
                for task in (answer, sending):
                    task.cancel()
                await asyncio.gather(answer, sending, return_exceptions=True)


def scan_file(path: Path, settings: ScanSettings) -> Verdict:
    """Have a file looked at from a thread that has no event loop; blocks up to ``scan.timeout``."""

    async def once() -> Verdict:
        return await Scanner(settings)._judge(path, _at_once)  # noqa: SLF001 - of this module

    return asyncio.run(once()) if settings.clamd else Verdict()


def _size(path: Path) -> int:
    return path.stat().st_size


def _read_answer(answer: bytes) -> Verdict:
    """Tell clamd's answer: ``stream: OK``, ``stream: NAME FOUND``, or ``... ERROR``."""
    text = answer.decode("ascii", "replace").strip()
    said = text.removeprefix("stream:").strip()
    if said == "OK":
        return Verdict("clean")
    if text.startswith("stream:") and said.endswith(" FOUND"):
        name = _printable(said.removesuffix(" FOUND"))
        beyond = name.startswith(_BEYOND_IT)
        return Verdict("not_scanned", f"final: {name}") if beyond else Verdict("infected", name)
    if "size limit exceeded" in said:
        return Verdict("not_scanned", TOO_BIG)
    return Verdict("not_scanned", f"the scanner answered: {_printable(said) or 'nothing'}")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)[:200]


@contextlib.asynccontextmanager
async def _connected(
    address: str,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect to ``unix:/path`` or ``host:port``, and hang up without waiting for the peer."""
    if address.startswith("unix:"):
        reader, writer = await asyncio.open_unix_connection(address.removeprefix("unix:"))
    else:
        host, _, port = address.rpartition(":")
        reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def _send(path: Path, read: Read, writer: asyncio.StreamWriter) -> None:
    writer.write(b"zINSTREAM\0")
    file = await in_thread(path.open, "rb", 0) if read is _in_a_thread else path.open("rb", 0)
    with file:
        while block := await read(file):
            writer.write(len(block).to_bytes(4, "big"))
            writer.write(block)
            await writer.drain()
    writer.write(bytes(4))
    await writer.drain()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Read up to NUL, the end, or more than any answer has."""
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        try:
            block = await reader.read(_LONGEST_ANSWER)
        except ConnectionError:
            break
        if not block:
            break
        answer += block
    return answer.partition(b"\0")[0]


async def _in_a_thread(file: BinaryIO) -> bytes:
    return await in_thread(file.read, _BLOCK)


async def _at_once(file: BinaryIO) -> bytes:
    return file.read(_BLOCK)
