"""Writing to disk so that it stays written, and saying it plainly when there is no room.

Used by the spool. A full disk (ENOSPC), a full quota and a file-size limit all mean the same to
a sender: not now (RFC 5321 §4.2.2, 452), and become InsufficientStorage. Other errors of the
disk pass through as OSError.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from gateway.errors import InsufficientStorage
from registry.disk import fsync_folder

__all__ = ["create", "fsync_folder", "full_is_temporary", "write_all", "write_new"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def create(path: Path | str) -> int:
    """Open a new file (0600) for writing and give its descriptor."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def write_all(handle: int, block: bytes) -> None:
    """Write every byte, however many calls it takes."""
    view = memoryview(block)
    while view:
        view = view[os.write(handle, view) :]


def write_new(path: Path | str, content: bytes) -> None:
    """Make a new file, whose content is on the disk when this returns."""
    handle = create(path)
    try:
        write_all(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def full_is_temporary() -> Iterator[None]:
    """Turn "no room" into InsufficientStorage."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise InsufficientStorage(f"disk: {error.strerror}") from error
        raise
