"""A raw mail on disk, looked at through a window: search and read without ever holding it whole.

Memory is one block whatever the size of the mail; one that fits into a block is read once. Offsets
count from the beginning of the mail, which may be a stretch of a file that holds several. The file
must not change while it is read, which holds for a spooled mail.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from gateway.inbound.spool import Spooled

_BLOCK: Final = 1 << 18


class Window:
    """A mail opened for reading at any offset; close it, or use it as a context manager.

    The mail is the whole file, or at most ``length`` bytes of it from ``at``. ``alone`` says that
    nothing else stands in the file, which has ``file_size`` bytes and the number ``inode``.
    """

    def __init__(self, path: Path, at: int = 0, length: int | None = None) -> None:
        self.path = path
        self.at = at
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        facts = os.fstat(self._file)
        self.file_size, self.inode = facts.st_size, facts.st_ino
        rest = max(self.file_size - at, 0)
        self.size = rest if length is None else min(rest, length)
        self.alone = self.size == self.file_size
        self._start = 0
        self._data = b""
        if self.size <= _BLOCK:
            self._load(0, self.size)
            self.close()

    @classmethod
    def of(cls, spooled: Spooled) -> Self:
        """Open a letter of the spool: as many bytes as its envelope says, and no others."""
        return cls(spooled.path, spooled.at, spooled.envelope.raw_bytes)

    def read(self, start: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``start``; fewer only at the end of the mail."""
        offset = start - self._start
        if self._file >= 0 and (offset < 0 or offset + length > len(self._data)):
            self._load(start, length)
            offset = 0
        return self._data[offset : offset + length]

    def find(self, needle: bytes, start: int, end: int) -> int:
        """Return the offset of the first whole ``needle`` in [start, end), or -1."""
        while end - start >= len(needle):
            known = self._start <= start <= self._start + len(self._data) - len(needle)
            if not known and self._file >= 0:
                self._load(start, len(needle))
            found = self._data.find(needle, start - self._start, end - self._start)
            if found >= 0:
                return self._start + found
            if self._file < 0 or len(self._data) < len(needle):
                return -1  # all was searched, or the file is shorter than it was said to be
            start = self._start + len(self._data) - len(needle) + 1
        return -1

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        """Give the bytes of [start, end) in blocks."""
        while start < end:
            block = self.read(start, min(_BLOCK, end - start))
            if not block:
                return
            yield block
            start += len(block)

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load(self, start: int, length: int) -> None:
        most = min(max(length, _BLOCK), self.size - start)
        self._start = start
        self._data = os.pread(self._file, most, self.at + start) if most > 0 else b""
