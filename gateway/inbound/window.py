"""A raw mail on disk, looked at through a window: search and read without ever holding it whole.

Memory is one block whatever the size of the file. Offsets are absolute. The file must not change
while it is read, which holds for a spooled mail.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Self

_BLOCK: Final = 1 << 18


class Window:
    """A file opened for reading at any offset; close it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO = path.open("rb", buffering=0)
        self._start = 0
        self._data = b""
        self.size = self._file.seek(0, 2)

    def read(self, start: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``start``; fewer only at the end of the file."""
        offset = start - self._start
        if offset < 0 or offset + length > len(self._data):
            self._load(start, length)
            offset = 0
        return self._data[offset : offset + length]

    def find(self, needle: bytes, start: int, end: int) -> int:
        """Return the offset of the first whole ``needle`` in [start, end), or -1."""
        while end - start >= len(needle):
            if not self._start <= start <= self._start + len(self._data) - len(needle):
                self._load(start, len(needle))
            found = self._data.find(needle, start - self._start, end - self._start)
            if found >= 0:
                return self._start + found
            if len(self._data) < len(needle):
                return -1  # the file is shorter than it was said to be
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
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load(self, start: int, length: int) -> None:
        self._file.seek(start)
        self._start = start
        self._data = self._file.read(max(length, _BLOCK)) or b""
