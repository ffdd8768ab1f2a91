"""Contents of secret letters as programs need them: encrypted, laid open, or read from a path.

The open copy of a content goes only when its encrypted one was read back whole, and an encrypted
one goes only when the open one stands; so being cut off costs a second copy for a while, never the
only one.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from registry.blobs import BlobStore
from registry.disk import try_lock
from registry.errors import NotFound
from registry.secret.container import Damaged
from registry.secret.store import digest_of

_BLOCK = 1 << 18
_LOCK = "keeping.lock"


def encrypt(blobs: BlobStore, sha256: str) -> None:
    """Keep an encrypted copy of a content, durably, and read back.

    One that is there is read too before the open one may go, and made anew if it is damaged. Raises
    NotFound, Damaged; OutOfOrder without the key of the one that is there.
    """
    if blobs.secret.exists(sha256):
        if not blobs.is_open(sha256):
            return
        try:
            with blobs.secret.open(sha256) as text:
                if digest_of(text) == sha256:
                    blobs.secret.settle(sha256)
                    return
        except Damaged:
            pass
        blobs.secret.remove(sha256)
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
def alone(blobs: BlobStore) -> Iterator[bool]:
    """Within the block no other process changes in which form contents stand.

    Gives False, and promises nothing, where one does or wants none to (:func:`standing_still`).
    """
    lock = try_lock(blobs.root / _LOCK)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            os.close(lock)


@contextmanager
def standing_still(blobs: BlobStore) -> Iterator[None]:
    """Wait until nobody changes in which form contents stand; within the block nobody does."""
    handle = os.open(blobs.root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


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


@contextmanager
def in_memory(folder: Path, names: Iterable[str]) -> Iterator[None]:
    """Let what is written to files of these names in a folder lie in memory within the block.

    The names are links to it, for programs of this machine; nothing of it is ever on a disk.
    """
    links = [folder / name for name in names]
    with ExitStack() as stack:
        for link in links:
            handle = os.memfd_create("saraban", os.MFD_CLOEXEC)
            stack.callback(os.close, handle)
            stack.callback(link.unlink, missing_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(f"/proc/{os.getpid()}/fd/{handle}")
        yield
