"""The process that reads letters for the worker, within limits.

What strangers send is taken apart here and nowhere else, so that a mail that eats memory, never
ends or brings a library down takes this process with it and no other. It knows the spool, the blob
store and DNS, never the database. The worker (:mod:`gateway.inbound.reading`) hands it batches on
its standard input and gets one answer for each letter on its standard output, both as pickles of
values of this program with their length in front; when the worker is gone it reads an end of file
and ends.

Limits are the kernel's: address space for good, CPU time anew for each letter. The wall clock is
watched by the worker. Once the answer to a batch is complete its blobs are on the disk.
"""

import copyreg
import io
import os
import pickle
import resource
import signal
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import timezone
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, Final

from gateway.inbound.authenticate import Resolver, Rules, TemporaryTrustFailure, authenticate
from gateway.inbound.envelope import Envelope
from gateway.inbound.parse import parse
from gateway.inbound.spool import Spooled
from gateway.settings import TrustSettings, WorkerSettings
from registry import faults, loading
from registry.blobs import BlobStore
from registry.letter.entity import LegalEntity
from registry.letter.message import Message, Original, Part, Trust
from registry.log import start_logging
from registry.pdf.enclosed import EnclosedFiles
from registry.pdf.first_page import FirstPages, can_be_marked
from registry.settings import OfficeSettings

LENGTH: Final = struct.Struct(">Q")
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Task:
    """What a reader must know to read any letter."""

    office: OfficeSettings
    trust: TrustSettings
    blobs: Path
    limits: WorkerSettings


@dataclass(frozen=True, slots=True)
class Request:
    """One letter to be read; without ``prove`` its sender is not judged, with these words."""

    spooled: Spooled
    unproven: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it: a message, or why there is none.

    ``trouble`` is dns or disk (the letter is innocent), error (it could not be read), or over (it
    needs more memory or time than a letter may).
    """

    message: Message | None
    trouble: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Reader:
    """Reads letters one after the other."""

    office: OfficeSettings
    blobs: BlobStore
    resolver: Resolver
    rules: Rules
    first_pages: FirstPages
    enclosed: EnclosedFiles

    def close(self) -> None:
        """End the processes that open PDFs; the next letter begins others."""
        self.first_pages.close()
        self.enclosed.close()

    def answer(self, request: Request, own: list[LegalEntity]) -> Answer:
        """Read one letter; whatever goes wrong with it is an answer too."""
        try:
            return Answer(self._read(request, own))
        except TemporaryTrustFailure as failure:
            return Answer(None, "dns", str(failure))
        except OSError as error:
            return Answer(None, "disk", str(error))
        except MemoryError:
            return Answer(None, "over", "it needs more memory than a letter may")
        except Exception as error:  # noqa: BLE001 - one letter must not stop the others
            first = str(error).partition("\n")[0][:300]
            return Answer(None, "error", f"{type(error).__name__}: {first}")

    def _read(self, request: Request, own: list[LegalEntity]) -> Message:
        spooled = request.spooled
        message = self._looked_at(parse(spooled, self.blobs, self.office, self.enclosed))
        faults.point("after_blobs")
        if request.unproven:
            return _judged(message, Trust(detail=request.unproven))
        trust = authenticate(spooled, message, self.resolver, own, self.rules)
        faults.point("after_parse")
        return _judged(message, trust)

    def _looked_at(self, message: Message) -> Message:
        """Give the message with the marking on its papers; most have no paper, and cost nothing."""
        papers = [
            one for one in message.parts if not one.decoration and can_be_marked(one.media_type)
        ]
        if not papers:
            return message
        papers.sort(key=_first_looked_at)
        files = [(self.blobs.path(one.sha256), one.bytes, one.media_type) for one in papers]
        grade = self.first_pages.marking(files)
        return replace(message, on_paper=grade.thai) if grade else message


def _first_looked_at(one: Part) -> tuple[bool, bool]:
    """Put what was sent as a file first, and of that the PDFs."""
    return one.taken_from is not None, one.media_type != "application/pdf"


_NAMES: Final = tuple(one.name for one in fields(Message))
_BEFORE_TRUST: Final = attrgetter(*_NAMES[: _NAMES.index("trust")])
_BEHIND_TRUST: Final = attrgetter(*_NAMES[_NAMES.index("trust") + 1 :])


def _judged(message: Message, trust: Trust) -> Message:
    """Give the message with its verdict: replace() of it takes three times as long."""
    values = (*_BEFORE_TRUST(message), trust, *_BEHIND_TRUST(message))
    return Message(*values)


def _reducer(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    """Let a value be made anew from its fields in one call, as its class itself does it."""
    values = attrgetter(*(one.name for one in fields(kind)))
    return lambda value: (kind, values(value))


_REDUCED: Final = copyreg.dispatch_table | {
    one: _reducer(one) for one in (Answer, Request, Spooled, Envelope, Message, Original, Trust)
}
_REDUCED[timezone] = lambda value: (timezone, value.__getinitargs__())


def reader_of(task: Task) -> Reader:
    """Make a reader for this task."""
    rules = Rules.of(task.trust, task.office.instance.hostname)
    pages = FirstPages(task.office.secrecy.look_bytes)
    blobs, resolver = BlobStore(task.blobs), Resolver.of(task.trust)
    return Reader(task.office, blobs, resolver, rules, pages, EnclosedFiles())


def seconds_for(limits: WorkerSettings, size: int) -> float:
    """Give the CPU seconds that a letter of this many bytes may take."""
    return limits.read_seconds + limits.read_seconds_per_megabyte * size / _MEGABYTE


def send(out: BinaryIO, value: Any) -> None:
    """Write one value."""
    buffer = io.BytesIO(bytes(LENGTH.size))  # the length, as soon as it is known
    buffer.seek(LENGTH.size)
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCED
    pickler.dump(value)
    data = buffer.getbuffer()
    LENGTH.pack_into(data, 0, len(data) - LENGTH.size)
    out.write(data)
    out.flush()


def receive(source: Callable[[int], bytes]) -> Any:
    """Read one value. ``source`` gives exactly so many bytes, or raises EOFError."""
    (length,) = LENGTH.unpack(source(LENGTH.size))
    return pickle.loads(source(length))  # noqa: S301 - from our own other half


def main() -> None:
    """Answer batches until the worker is gone."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the worker decides when it ends
        signal.signal(number, signal.SIG_IGN)
    loading.loaded()
    inlet, outlet = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that prints may get between the answers

    def exactly(length: int) -> bytes:
        data = inlet.read(length)
        if len(data) < length:
            raise EOFError
        return data

    task: Task = receive(exactly)
    start_logging(task.office.log, "reader")
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, task.limits.read_memory)
    reader = reader_of(task)
    send(outlet, "ready")
    while True:
        try:
            requests, own = receive(exactly)
        except EOFError:
            return
        _answer_all(reader, task.limits, requests, own, outlet)


def _answer_all(
    reader: Reader,
    limits: WorkerSettings,
    requests: list[Request],
    own: list[LegalEntity],
    out: BinaryIO,
) -> None:
    with reader.blobs.batch():
        for request in requests:
            _allow(seconds_for(limits, request.spooled.envelope.raw_bytes))
            answer = reader.answer(request, own)
            send(out, answer)
            if answer.trouble == "over":
                os._exit(0)  # what is left of its memory is worth nothing
    send(out, "end")


def _allow(seconds: float) -> None:
    """Let the kernel end this process when the next letter takes more CPU time than this."""
    last = int(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (last, resource.RLIM_INFINITY))


def _limit(what: int, most: int) -> None:
    if most or what == resource.RLIMIT_CORE:
        resource.setrlimit(what, (most, most))
