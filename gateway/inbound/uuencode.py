"""Files written into a text between ``begin 644 name`` and ``end`` (uuencode, POSIX.1).

A filter over the decoded blocks of a text: the text passes, the files go to whoever opens them.
A line that begins like a file is one only if the next line is uuencoded too; a file breaks off at
the first line that is not, which is text again. So nothing is lost where somebody only writes
about uuencode. Memory is one line and a block.

Bounds: 100 files of a text, lines of 64 KiB; what is beyond stays in the text.
"""

import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

MOST_FILES: Final = 100

_BEGIN: Final = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,500}?)[ \t]*\r?\n", re.MULTILINE)
_MAY_BEGIN: Final = b"begin "
_END: Final = re.compile(rb"end[ \t]*\r?\n?\Z")
_LONGEST_LINE: Final = 1 << 16
_FULL: Final = 45  # bytes of an ordinary line


class Sink(Protocol):
    """One file being taken out."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""

    def close(self, *, whole: bool) -> None:
        """The file ends; ``whole`` says that its end was told."""


def taken_apart(blocks: Iterable[bytes], open_file: Callable[[bytes], Sink]) -> Iterator[bytes]:
    """Give the text without its files; ``open_file`` is called with the name of each of them."""
    filter_ = _Filter(open_file)
    for block in blocks:
        yield from filter_.feed(block)
    yield from filter_.finish()


class Nowhere:
    """A sink for those who want the text only."""

    def __init__(self, _name: bytes = b"") -> None:
        """Open nothing."""

    def write(self, data: bytes, /) -> object:
        """Forget the bytes."""
        return len(data)

    def close(self, *, whole: bool) -> None:
        """Forget the end."""


class _Filter:
    def __init__(self, open_file: Callable[[bytes], Sink]) -> None:
        self.open_file = open_file
        self.files = 0
        self.held = b""  # bytes that cannot be judged before more is seen
        self.fresh = True  # whether what is held begins a line
        self.sink: Sink | None = None
        self.ending = False  # a line of no bytes came: only "end" may follow

    def feed(self, block: bytes) -> Iterator[bytes]:
        self.held += block
        yield from self.work(last=False)

    def finish(self) -> Iterator[bytes]:
        yield from self.work(last=True)
        if self.sink:
            self.leave(self.sink, whole=False)

    def work(self, *, last: bool) -> Iterator[bytes]:
        """Go on as far as what is held can be judged."""
        while self.held:
            before = len(self.held), self.sink
            if self.sink:
                self.inside(self.sink, last=last)
            else:
                yield from self.outside(last=last)
            if before == (len(self.held), self.sink):
                return

    def outside(self, *, last: bool) -> Iterator[bytes]:
        data, at = self.held, 0 if self.fresh else 1
        while begin := self.next_begin(data, at):
            line = _line(data, begin.end(), last=last)
            if line is None:
                yield from self.text(data[: begin.start()])
                return
            if _bytes_of(line) is not None:
                yield from self.text(data[: begin.start()])
                self.enter(begin)
                return
            at = begin.end()
        yield from self.text(data[: len(data) - (0 if last else _undecided(data))])

    def next_begin(self, data: bytes, at: int) -> re.Match[bytes] | None:
        if self.files >= MOST_FILES or data.find(_MAY_BEGIN, at) < 0:
            return None
        return _BEGIN.search(data, at)

    def enter(self, begin: re.Match[bytes]) -> None:
        self.held = self.held[begin.end() - begin.start() :]
        self.files += 1
        self.sink, self.ending = self.open_file(begin[1]), False

    def text(self, data: bytes) -> Iterator[bytes]:
        """Let this much pass; it is the beginning of what is held."""
        if data:
            self.held = self.held[len(data) :]
            self.fresh = data.endswith(b"\n")
            yield data

    def inside(self, sink: Sink, *, last: bool) -> None:
        at = 0
        pieces: list[bytes] = []
        whole: bool | None = None  # None: the file goes on
        while whole is None and (line := _line(self.held, at, last=last)):
            data = None if self.ending or _END.match(line) else _bytes_of(line)
            if data is None:
                whole = bool(_END.match(line))
                at += len(line) if whole else 0
                break
            self.ending = not data
            pieces.append(data)
            at += len(line)
        sink.write(b"".join(pieces))
        self.held = self.held[at:]
        if whole is not None:
            self.leave(sink, whole=whole)

    def leave(self, sink: Sink, *, whole: bool) -> None:
        sink.close(whole=whole)
        self.sink, self.fresh = None, True


def _undecided(data: bytes) -> int:
    """How many bytes at the end could still become a first line."""
    tail = data[data.rfind(b"\n") + 1 :]
    return len(tail) if len(tail) < 1000 and _MAY_BEGIN.startswith(tail[: len(_MAY_BEGIN)]) else 0


def _line(data: bytes, at: int, *, last: bool) -> bytes | None:
    """Give the line that begins here; None if its end is not here yet."""
    end = data.find(b"\n", at)
    if end >= 0:
        return data[at : end + 1]
    return data[at:] if last or len(data) - at > _LONGEST_LINE else None


def _bytes_of(line: bytes) -> bytes | None:
    """Undo one line; None if it is not uuencoded."""
    bare = line.rstrip(b"\r\n")
    if not bare or not 0x20 <= bare[0] <= 0x60:
        return None
    length = (bare[0] - 0x20) & 63
    digits = (length + 2) // 3 * 4
    # Mailers take blanks off the end of a line, and some programs put one more character there.
    if length > _FULL or len(bare) - 1 > digits + 1 or len(bare.rstrip()) - 1 > digits + 1:
        return None
    if digits - (len(bare) - 1) > digits // 2:
        return None
    try:
        return binascii.a2b_uu(bare[: digits + 1])
    except binascii.Error:
        return None
