"""Work on strangers' files in a process of its own: within limits, watched, and started anew.

A library that hangs, eats memory or falls over a file takes that process with it and no other.
:class:`Apart` is our side of it, :func:`serve` the other. What passes between them is JSON and
bytes, never pickles: a process that a file has taken over can lie, but not run anything here.

The kernel bounds address space for good and CPU time for each request; the wall clock is watched
from our side. The process yields the CPU to others, is the first to go when the machine runs out of
memory, and ends by itself when nobody has asked it anything for two minutes, or when we are gone.
"""

import contextlib
import json
import os
import resource
import select
import signal
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from registry import loading

Answer = tuple[dict[str, Any], bytes]
"""Facts that JSON can carry, and bytes."""

IDLE: Final = 120.0
_HEAD: Final = struct.Struct(">QQ")
_MOST: Final = 1 << 30  # bytes of an answer; who says more is not believed


class Died(Exception):
    """The process ended before it answered."""


class Over(Exception):
    """The request needs more time than one may."""


class Apart:
    """One process that answers requests, one after the other; any thread may ask.

    ``entry`` is the module whose ``main`` calls :func:`serve` with ``memory``, in bytes (0: no
    limit), and ``nice``, 0 to 19: how readily it yields the CPU.
    """

    def __init__(self, entry: str, memory: int, nice: int) -> None:
        self._command = loading.command(entry, memory, nice)
        self._child: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._closed = False

    @property
    def pid(self) -> int:
        """The process that answers; 0 when none does."""
        return self._child.pid if self._child else 0

    def ask(self, request: dict[str, Any], seconds: float, wait: float) -> Answer:
        """Give the answer to one request; it may take ``seconds`` of CPU, ``wait`` in all.

        Raises Died, Over; OSError when no process can be started, or after :meth:`close`.
        """
        with self._turn:
            for _ in range(2):  # the first may just have ended for want of work
                child = self._living()
                try:
                    return self._converse(child, request | {"seconds": seconds}, wait)
                except (EOFError, BrokenPipeError, struct.error, ValueError) as error:
                    code = self._end()
                    self._refuse_when_closed()
                    if code == -signal.SIGXCPU:
                        raise Over("too much CPU time") from error
                    if code != 0:
                        raise Died(f"exit code {code}") from error
                except TimeoutError as error:
                    self._end()
                    raise Over("too much time") from error
            raise Died("it ended twice without an answer")

    def close(self) -> None:
        """End at once, also in the middle of a request."""
        self._closed = True
        if (child := self._child) is not None:
            child.kill()
        with self._turn:
            self._end()

    def _living(self) -> "subprocess.Popen[bytes]":
        self._refuse_when_closed()
        if self._child is not None and self._child.poll() is not None:
            self._end()
        if self._child is None:
            self._child = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        return self._child

    def _converse(
        self, child: "subprocess.Popen[bytes]", request: dict[str, Any], wait: float
    ) -> Answer:
        assert child.stdin is not None
        assert child.stdout is not None
        _write(child.stdin.fileno(), request, b"")
        facts, body = _read(child.stdout.fileno(), time.monotonic() + wait)
        if facts.pop("last", False):  # its memory is worth nothing any more
            self._end()
        return facts, body

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise OSError("no more files are read here")

    def _end(self) -> int:
        child, self._child = self._child, None
        if child is None:
            return 0
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(1)
        child.kill()
        return child.wait()


def serve(answer: Callable[[dict[str, Any]], Answer], memory: int, nice: int) -> None:
    """Answer requests until nobody asks; ``answer`` may raise MemoryError, and nothing else."""
    for number in (signal.SIGINT, signal.SIGTERM):  # whoever asks decides when it ends
        signal.signal(number, signal.SIG_IGN)
    loading.loaded()
    inlet, outlet = 0, os.dup(1)
    os.dup2(2, 1)  # nothing that prints may get between the answers
    _yield_to_others(memory, nice)
    while _is_there(inlet, IDLE):
        try:
            request, _ = _read(inlet, None)
        except EOFError:
            return
        _allow(request["seconds"])
        try:
            facts, body = answer(request)
        except MemoryError:
            facts, body = {"trouble": "memory", "last": True}, b""
        _write(outlet, facts, body)


def _yield_to_others(memory: int, nice: int) -> None:
    os.nice(nice)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _allow(seconds: float) -> None:
    """Let the kernel end this process when the request takes twice the time; see Bounds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    last = int(used.ru_utime + used.ru_stime + 2 * seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (last, resource.RLIM_INFINITY))


def _write(to: int, facts: dict[str, Any], body: bytes) -> None:
    head = json.dumps(facts).encode()
    for data in (_HEAD.pack(len(head), len(body)), head, body):
        view = memoryview(data)
        while view:
            view = view[os.write(to, view) :]


def _read(source: int, deadline: float | None) -> Answer:
    lengths = _HEAD.unpack(_exactly(source, _HEAD.size, deadline))
    if max(lengths) > _MOST:
        raise ValueError("it says too much")
    head, body = (_exactly(source, length, deadline) for length in lengths)
    facts = json.loads(head)
    if not isinstance(facts, dict):
        raise ValueError("it makes no sense")  # noqa: TRY004 - what it said, not what we passed
    return facts, body


def _exactly(source: int, length: int, deadline: float | None) -> bytes:
    data = bytearray()
    while len(data) < length:
        if deadline is not None and not _is_there(source, deadline - time.monotonic()):
            raise TimeoutError
        block = os.read(source, min(length - len(data), 1 << 20))
        if not block:
            raise EOFError
        data += block
    return bytes(data)


def _is_there(source: int, seconds: float) -> bool:
    """Wait until there is something to read, or its end; False when the time is over first."""
    poll = select.poll()  # select(2) knows no descriptor above 1023
    poll.register(source, select.POLLIN)
    return seconds > 0 and bool(poll.poll(seconds * 1000))
