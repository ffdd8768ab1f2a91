"""Contents of secret letters as programs need them: encrypted, laid open, or read from a path.

The open copy of a content goes only when its encrypted one was read back whole, and an encrypted
one goes only when the open one stands; so being cut off costs a second copy for a while, never the
only one.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.blobs import BlobStore
from registry.errors import NotFound

_BLOCK = 1 << 18


def encrypt(blobs: BlobStore, sha256: str) -> None:
    """Keep an encrypted copy of a content, durably, and read back. Raises NotFound, Damaged."""
    if not blobs.secret.exists(sha256):
        with blobs.path(sha256).open("rb") as source:
            blobs.secret.keep(source, sha256, blobs.aside())


def laid_open(blobs: BlobStore, sha256: str) -> Path:
    """Give the file of a content that an ordinary letter carries; lay it open if it is encrypted.

    Raises NotFound, Damaged; OutOfOrder without the key.
    """
    if not blobs.is_open(sha256):
        with blobs.secret.open(sha256) as text, blobs.stage() as staged:
            while block := text.read(_BLOCK):
                staged.write(block)
            staged.keep()
    return blobs.path(sha256)


@contextmanager
def as_path(blobs: BlobStore, sha256: str) -> Iterator[Path]:
    """Give a path under which programs of this machine may read a content within the block.

    An encrypted one is laid open in memory only, never on a disk. Raises as :func:`laid_open`.
    """
    try:
        path = blobs.path(sha256)
    except NotFound:
        with os.fdopen(os.memfd_create("saraban", os.MFD_CLOEXEC), "wb") as copy:
            with blobs.secret.open(sha256) as text:
                shutil.copyfileobj(text, copy, _BLOCK)
            copy.flush()
            yield Path(f"/proc/{os.getpid()}/fd/{copy.fileno()}")
        return
    yield path
