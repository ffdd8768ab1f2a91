"""Bytes on their way into the blob store, before anybody may ask for them by their digest.

What is small stays in memory until it is kept, so that it costs one file made and written at once,
and none where the open batch of the store holds the same content already. What is larger goes into
a file of the store's staging folder as it comes. Memory is one block either way.
"""

import contextlib
import hashlib
import os
from typing import Final, Protocol, Self

_HELD: Final = 1 << 16  # bytes that wait in memory for more


class Store(Protocol):
    """What bytes on their way need of their store (:class:`registry.blobs.BlobStore`)."""

    @property
    def batching(self) -> bool:
        """Whether a batch is open."""

    def aside(self) -> str:
        """Give a path in the staging folder that nobody else uses."""

    def has_put_by(self, sha256: str) -> bool:
        """Whether the open batch holds this content."""

    def put_by(self, staged: str, sha256: str, size: int, *, durable: bool) -> bool:
        """Take a finished file into the open batch; False where that content is there already."""

    def admit(self, staged: str, sha256: str, size: int) -> None:
        """Move a finished, durable file to its place."""


class Staged:
    """Bytes on their way into the store: write, then :meth:`keep` or :meth:`drop`.

    As a context manager it drops what was not kept, so that an error leaves nothing behind.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._path = ""  # of the file, as long as it is ours
        self._file = -1
        self._held = bytearray()
        self._hash = hashlib.sha256()
        self._ended = False
        self.size = 0

    def write(self, data: bytes | memoryview) -> int:
        """Append these bytes; a full disk raises OSError."""
        self._hash.update(data)
        self.size += len(data)
        if len(self._held) + len(data) <= _HELD:
            self._held += data
        else:
            self._put_down()
            self._into_file(data)
        return len(data)

    @property
    def sha256(self) -> str:
        """The digest of what was written so far, 64 hex digits."""
        return self._hash.hexdigest()

    def keep(self) -> str:
        """Put the bytes into the store for good and return their digest."""
        assert not self._ended
        digest = self.sha256
        try:
            if not self._store.has_put_by(digest):
                self._put_down()
                self._hand_over(digest)
        finally:
            self.drop()
        return digest

    def drop(self) -> None:
        """Forget the bytes; harmless after :meth:`keep`."""
        self._ended, self._held = True, bytearray()
        try:
            self._close()
        finally:
            if self._path:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._path)  # noqa: PTH108 - once for many a letter
                self._path = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()

    def _hand_over(self, digest: str) -> None:
        if self._store.batching:
            self._close()
            if self._store.put_by(self._path, digest, self.size, durable=False):
                self._path = ""
            return
        os.fsync(self._file)
        self._close()
        self._store.admit(self._path, digest, self.size)

    def _put_down(self) -> None:
        """Write what is held into the file; there is one from now on."""
        held, self._held = self._held, bytearray()
        self._into_file(held)

    def _into_file(self, data: bytes | bytearray | memoryview) -> None:
        if self._file < 0:
            path = self._store.aside()
            self._file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            self._path = path
        left = memoryview(data)
        while left:
            left = left[os.write(self._file, left) :]

    def _close(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)
