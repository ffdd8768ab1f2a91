"""The worker's side of reading: a process that reads, watched, and started anew when it dies.

A batch is handed over whole and the answers come one by one, so that when the reader dies it is
known over which letter. That letter gets an answer that says so; the others are innocent and are
read again by a new reader. While one batch is read the worker enters another: :meth:`Readers.begin`
gives a future.

A reader that does not even start is the machine's trouble, and is raised as OSError.
"""

import contextlib
import fcntl
import logging
import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO, Final, Protocol, cast

from gateway.inbound.reader import Answer, Reader, Request, Task, receive, seconds_for, send
from registry import loading
from registry.letter.entity import LegalEntity

log = logging.getLogger("gateway.reading")
_START: Final = 60.0  # seconds until a new reader must have said that it is ready
_AT_ONCE: Final = 1 << 16  # bytes of answers that are taken out of the pipe together
_PIPE: Final = 1 << 20  # bytes of answers that the reader may be ahead, where the system lets it
_SEVERAL: Final = 8  # outstanding answers from which nobody hurries
_MOMENT: Final = 0.002  # seconds in which several small letters are read
_SLOW: Final = 4.0  # a machine with much to do gives a process a quarter of its time

Own = list[LegalEntity]


class Readers(Protocol):
    """Whoever reads letters for the worker."""

    def begin(self, requests: Sequence[Request], own: Own) -> "Future[list[Answer]]":
        """Begin to read these letters; the answers come in their order."""

    def close(self) -> None:
        """End, when nothing is being read any more."""


class Here:
    """Reads in the process itself, without limits: for commands that enter a few letters."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def begin(self, requests: Sequence[Request], own: Own) -> "Future[list[Answer]]":
        """Read these letters now."""
        done: Future[list[Answer]] = Future()
        with self._reader.blobs.batch():
            answers = [self._reader.answer(request, own) for request in requests]
        self._reader.close()
        done.set_result(answers)
        return done

    def close(self) -> None:
        """Nothing to end."""


class Apart:
    """Reads in a process of its own, within the limits of ``[worker]``."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._child: _Child | None = None
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")

    def begin(self, requests: Sequence[Request], own: Own) -> "Future[list[Answer]]":
        """Hand the letters over; a death is an answer, a reader that cannot start an OSError."""
        return self._thread.submit(self._read, list(requests), own)

    def close(self) -> None:
        """End at once: what is being read is read again another time."""
        self._closed = True
        if (child := self._child) is not None:
            child.kill()
        self._thread.shutdown(wait=True)
        self._end()

    @property
    def pid(self) -> int:
        """The process that reads; 0 when none does."""
        return self._child.pid if self._child else 0

    def _read(self, requests: list[Request], own: Own) -> list[Answer]:
        found: dict[str, Answer] = {}
        left = requests
        while left:
            if self._closed:
                raise OSError("the worker ends")
            answers = self._converse(left, own)
            for request, answer in zip(left, answers, strict=False):
                found[request.spooled.name] = answer
            if len(answers) == len(left) and self._child is not None:
                break
            # The last answer is a death; what came before it may not be on the disk.
            culprit = left[len(answers) - 1]
            left = [one for one in left if one is not culprit]
        return [found[request.spooled.name] for request in requests]

    def _converse(self, requests: list[Request], own: Own) -> list[Answer]:
        """Give the answers; when the reader died the last of them is about its death."""
        child = self._living()
        answers: list[Answer] = []
        try:
            child.send((requests, own))
            for outstanding, request in zip(range(len(requests), 0, -1), requests, strict=True):
                if outstanding > _SEVERAL:
                    child.let_some_come()
                size = request.spooled.envelope.raw_bytes
                allowed = (
                    _SLOW * seconds_for(self._task.limits, size) + self._task.limits.wait_seconds
                )
                answers.append(child.receive(allowed))
                if answers[-1].trouble == "over":
                    self._end()
                    return answers
            child.receive(_START)
        except (EOFError, BrokenPipeError, TimeoutError) as error:
            late = isinstance(error, TimeoutError)
            answers = [*answers[: len(requests) - 1], self._death(late=late)]
        return answers

    def _living(self) -> "_Child":
        if self._child is None:
            self._child = _Child(self._task)
        return self._child

    def _death(self, *, late: bool) -> Answer:
        code = self._end()
        if late or code == -signal.SIGXCPU:
            return Answer(None, "over", "reading it takes more time than a letter may")
        log.error("the reader died with code %d", code)
        return Answer(None, "error", "the process that read it died")

    def _end(self) -> int:
        child, self._child = self._child, None
        return child.end() if child else 0


class _Child:
    """One reading process and the two pipes to it."""

    def __init__(self, task: Task) -> None:
        command = loading.command("gateway.inbound.reader")
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in = cast("BinaryIO", self._process.stdin)
        self._out = self._process.stdout.fileno()
        with contextlib.suppress(OSError):
            fcntl.fcntl(self._out, fcntl.F_SETPIPE_SZ, _PIPE)
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN)
        self._held = bytearray()  # what came already of answers that nobody asked for yet
        self._deadline = 0.0
        try:
            self.send(task)
            self.receive(_START)
        except (EOFError, BrokenPipeError, TimeoutError) as error:
            self.end()
            raise OSError("the reader does not start") from error

    def send(self, value: Any) -> None:
        """Hand over one value."""
        send(self._in, value)

    def let_some_come(self) -> None:
        """Sleep a moment where no answer is here: to be woken for each costs more than it takes."""
        if not self._held:
            time.sleep(_MOMENT)

    def receive(self, seconds: float) -> Any:
        """Wait for one value. Raises EOFError, and TimeoutError when it takes too long."""
        self._deadline = time.monotonic() + seconds
        return receive(self._exactly)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def kill(self) -> None:
        """Stop it in the middle of what it does."""
        self._process.kill()

    def end(self) -> int:
        """End the process, if it does not by itself, and give its exit code."""
        with contextlib.suppress(OSError):  # what it did not take is lost on it
            self._in.close()
        if self._process.poll() is None and not self._poll.poll(1000):
            self._process.kill()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
        if self._process.stdout:
            self._process.stdout.close()
        return self._process.wait()

    def _exactly(self, length: int) -> bytes:
        while len(self._held) < length:
            left = self._deadline - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                raise TimeoutError
            block = os.read(self._out, _AT_ONCE)
            if not block:
                raise EOFError
            self._held += block
        data = bytes(memoryview(self._held)[:length])
        del self._held[:length]
        return data
