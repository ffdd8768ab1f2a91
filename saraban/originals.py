"""The SHA-256 of originals that are put together again from their parts, for those who prove."""

import hashlib
from collections.abc import Callable

from gateway.inbound import rebuild
from gateway.service import Runtime
from registry.letter.message import Original


def digests(runtime: Runtime) -> Callable[[Original], str]:
    """Give the way to rebuild an original of this installation and tell its SHA-256."""

    def sha256_of(original: Original) -> str:
        digest = _Digest()
        rebuild.write(original, runtime.blobs, digest)
        return digest.hexdigest()

    return sha256_of


class _Digest:
    """A file that only remembers the digest of what is written to it."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def write(self, block: bytes) -> int:
        """Add to the digest."""
        self._hash.update(block)
        return len(block)

    def hexdigest(self) -> str:
        """Give the digest of everything written."""
        return self._hash.hexdigest()
