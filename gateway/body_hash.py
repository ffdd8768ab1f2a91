"""The body hash of a DKIM signature (RFC 6376 §3.4.3, §3.4.4, §3.7), computed block by block.

The result is what hashing the canonicalised body at once would give, with memory that does not
grow with the mail. Empty lines at the end are counted, not held; runs of white space are held as
one bit. Line feeds without a carriage return are taken for line ends.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

_SPACES: Final = re.compile(rb"[ \t]+")
_FLUSH: Final = 1 << 16


def body_hash(blocks: Iterable[bytes], *, relaxed: bool) -> bytes:
    """Return the SHA-256 of the body in these blocks, after simple or relaxed canonicalisation."""
    hasher = BodyHash(relaxed=relaxed)
    for block in blocks:
        hasher.feed(block)
    return hasher.digest()


class BodyHash:
    """The hash of a body that is fed block by block."""

    def __init__(self, *, relaxed: bool) -> None:
        self._relaxed = relaxed
        self._hash = hashlib.sha256()
        self._return = False  # a CR at the end of the last block, which may belong to a CRLF
        self._space = False  # white space at the end of the last block (relaxed)
        self._empty = 0  # line ends not hashed yet: they count only if text follows
        self._any = False

    def feed(self, block: bytes) -> None:
        """Take the next bytes of the body; a block may end anywhere."""
        data = (b"\r" if self._return else b"") + block
        self._return = data.endswith(b"\r")
        data = data[: len(data) - self._return].replace(b"\r\n", b"\n")
        if self._relaxed:
            data = self._compressed(data)
        self._take(data)

    def digest(self) -> bytes:
        """Return the SHA-256 of all that was fed; to be called once, at the end."""
        if self._return:
            self._take((b" " if self._space else b"") + b"\r")
        elif self._space:
            self._take(b" ")
        if self._any or not self._relaxed:
            self._hash.update(b"\r\n")
        return self._hash.digest()

    def _compressed(self, data: bytes) -> bytes:
        if self._space:
            data = b" " + data
        bare = data.rstrip(b" \t")
        self._space = len(bare) < len(data)
        if b" " in bare or b"\t" in bare:
            bare = _SPACES.sub(b" ", bare).replace(b" \n", b"\n")
        return bare

    def _take(self, data: bytes) -> None:
        text = data.rstrip(b"\n")
        if text:
            while self._empty:
                lines = min(self._empty, _FLUSH)
                self._hash.update(b"\r\n" * lines)
                self._empty -= lines
            self._hash.update(text.replace(b"\n", b"\r\n"))
            self._any = True
        self._empty += len(data) - len(text)
