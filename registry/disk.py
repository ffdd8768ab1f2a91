"""Folders and locks on disk: what must be durable, and who alone may work in a place.

Used by the blob store, the spool and the worker. All of it blocks.
"""

import ctypes
import fcntl
import os
from pathlib import Path
from typing import Final

_libc: Final = ctypes.CDLL(None, use_errno=True)


def fsync_folder(folder: Path | str) -> None:
    """Make renames and removals in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file_system(folder: Path) -> None:
    """Make all that was written to the file system of this folder durable, by one syncfs(2).

    Raises OSError when writing back failed since the folder was last synced so.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if _libc.syncfs(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(handle)


def try_lock(path: Path) -> int | None:
    """Take the lock of this file and give the descriptor that holds it; None if it is taken.

    The lock is the kernel's and ends with the process, however that ends, or when the descriptor
    is closed.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
