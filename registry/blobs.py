"""Where the bytes of letters and enclosures are kept: one file per content, named by its SHA-256.

Promises. A digest handed out by :meth:`registry.staged.Staged.keep` or :meth:`BlobStore.put` names
bytes that are on disk: the file is written aside, fsynced, renamed into ``ab/<sha256>``, and the
folders are fsynced; a file that is durable already is given its second name there
(:meth:`BlobStore.adopt`).
The same content is stored once; keeping it again renews its time, which is a reservation:
:meth:`BlobStore.sweep` takes only files without a user that nobody kept lately. Files are 0600,
folders 0700, and nothing stored is ever changed.

What only secret letters carry is encrypted a moment after it came, and stands in
:mod:`registry.secret.store`. It is opened like any other (:meth:`BlobStore.open`), by a process
that has the keys; it has no path. Who may read it is for the caller to ask.

Limits. A folder on one file system; staging lies inside it, so that a rename is atomic even when
the folder is a mounted volume. What lies one level deeper (``ab/cd/<sha256>``) is found and stays.
The keeper of a digest must write its row within the sweep's age.
"""

import fcntl
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import BinaryIO

from registry.disk import fsync_folder, sync_file_system
from registry.errors import NotFound
from registry.secret.container import Damaged, Keys
from registry.secret.store import SecretStore, digest_of
from registry.staged import Staged

__all__ = ["BlobStore", "Staged"]

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_STAGING = "staging"
_FEW = 8  # folders that are synced one by one


class BlobStore:
    """A folder of contents; any number of processes may use it at once."""

    def __init__(self, root: Path, keys: Keys | None = None) -> None:
        self.root = root
        self.secret = SecretStore(root / "sealed", keys)
        self._staging = root / _STAGING
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._staging.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = self._staging / ".lock"
        self._base = str(root)
        self._put_by: dict[str, tuple[str, int]] | None = None
        self._unsynced = False  # whether the batch holds bytes that may not be on the disk
        self._mark = secrets.token_hex(8)
        self._count = count()

    @property
    def batching(self) -> bool:
        """Whether a batch is open."""
        return self._put_by is not None

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make all that is kept within the block durable together, when it ends.

        Then and not before the promise holds; meanwhile this store, and no other process, gives
        back what was kept. An error drops all of it.
        """
        self._put_by, self._unsynced = {}, False
        try:
            yield
            self._admit_all(self._put_by)
        finally:
            left, self._put_by = self._put_by, None
            for path, _ in left.values():
                Path(path).unlink(missing_ok=True)

    def has_put_by(self, sha256: str) -> bool:
        """Whether the open batch holds this content."""
        return self._put_by is not None and sha256 in self._put_by

    def put_by(self, staged: str, sha256: str, size: int, *, durable: bool) -> bool:
        """Take a finished file into the open batch; False where that content is there already."""
        assert self._put_by is not None
        if sha256 in self._put_by:
            return False
        self._put_by[sha256] = staged, size
        self._unsynced = self._unsynced or not durable
        return True

    def _admit_all(self, staged: dict[str, tuple[str, int]]) -> None:
        """Make the bytes durable, then their names, whatever their number with few syncs."""
        if self._unsynced:
            sync_file_system(self._staging)
        folders: set[str] = set()
        with self._locked(fcntl.LOCK_SH):
            for sha256, (path, size) in list(staged.items()):
                folder, moved = self._move(path, sha256, size, sync=folders.add)
                folders.add(folder)
                if moved:
                    del staged[sha256]
        if len(folders) > _FEW:
            sync_file_system(self.root)
        else:
            for folder in folders:
                fsync_folder(folder)

    def stage(self) -> Staged:
        """Begin a new content."""
        return Staged(self)

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their digest."""
        with self.stage() as staged:
            staged.write(data)
            return staged.keep()

    def path(self, sha256: str) -> Path:
        """The file of this content; NotFound if it is not here, or encrypted, or is no digest."""
        if self._put_by and sha256 in self._put_by:
            return Path(self._put_by[sha256][0])
        found = self._find(sha256)
        if found is None:
            raise NotFound(f"no blob {sha256}")
        return Path(found)

    def open(self, sha256: str) -> BinaryIO:
        """Open this content for reading; NotFound if it is not here.

        Of an encrypted one OutOfOrder without its key, and Damaged, also while it is read.
        """
        try:
            return self.path(sha256).open("rb")
        except (FileNotFoundError, NotFound):
            return self.secret.open(sha256)

    def size(self, sha256: str) -> int:
        """The bytes of this content; NotFound if it is not here."""
        try:
            return self.path(sha256).stat().st_size
        except (FileNotFoundError, NotFound):
            return self.secret.size(sha256)

    def exists(self, sha256: str) -> bool:
        """Whether this content is here; says nothing about its health, see :meth:`verify`."""
        return self.is_open(sha256) or self.secret.exists(sha256)

    def is_open(self, sha256: str) -> bool:
        """Whether this content stands here unencrypted."""
        return bool(_DIGEST.match(sha256)) and self._find(sha256) is not None

    def close_open(self, sha256: str) -> bool:
        """Remove the unencrypted copy of a content that is encrypted too; False if none was."""
        with self._locked(fcntl.LOCK_EX):
            found = self._find(sha256)
            if found is None or not self.secret.exists(sha256):
                return False
            Path(found).unlink()
        fsync_folder(found.rpartition("/")[0])
        return True

    def verify(self, sha256: str) -> bool:
        """Read the whole content and say whether it is there and still is what its name says."""
        try:
            with self.open(sha256) as file:
                return digest_of(file) == sha256
        except (NotFound, Damaged, OSError):
            return False

    def all(self) -> Iterator[str]:
        """Every digest in the store, in order."""
        for shard in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            names = {path.name for pattern in ("*", "??/*") for path in shard.glob(pattern)}
            yield from sorted(name for name in names if _DIGEST.match(name))

    def sweep(
        self, used: Callable[[str], bool], older_than: timedelta = timedelta(hours=24)
    ) -> list[str]:
        """Remove contents that nobody uses nor kept within ``older_than``; return their digests.

        ``used`` is asked outside the lock; the age is looked at again inside it, so that a
        content kept meanwhile survives.
        """
        limit = time.time() - older_than.total_seconds()
        removed = [d for d in self.all() if self._old(d, limit) and not used(d)]
        removed = [d for d in removed if self._remove(d, limit)]
        removed += self.secret.sweep(used, limit)
        self._clear_staging(limit)
        return removed

    def adopt(self, path: Path, sha256: str, size: int) -> bool:
        """Keep a file that is on the disk already, and that nobody will change, without copying.

        It gets a second name here; the first may go. ``sha256`` and ``size`` are of its bytes as
        the caller read them. False if it must be copied: it is on another file system, or gone.
        """
        if self.has_put_by(sha256):
            return True
        aside, kept = self.aside(), False
        try:
            facts = path.lstat()
            if not stat.S_ISREG(facts.st_mode) or facts.st_size != size:
                return False
            if stat.S_IMODE(facts.st_mode) != 0o600:
                path.chmod(0o600)
            os.utime(path)  # the reservation begins before the sweep can see it
            os.link(path, aside)
        except OSError:
            return False
        try:
            if self.batching:
                kept = self.put_by(aside, sha256, size, durable=True)
            else:
                self.admit(aside, sha256, size)
        finally:
            if not kept:
                Path(aside).unlink(missing_ok=True)
        return True

    def aside(self) -> str:
        """Give a path in the staging folder that nobody else uses."""
        return f"{self._base}/{_STAGING}/{os.getpid()}-{self._mark}-{next(self._count)}"

    def admit(self, staged: str, sha256: str, size: int) -> None:
        """Move a finished, durable file to its place; for what is kept outside a batch."""
        with self._locked(fcntl.LOCK_SH):
            folder, _ = self._move(staged, sha256, size, sync=fsync_folder)
        fsync_folder(folder)  # also for a twin: its maker may not have come so far

    def _move(
        self, staged: str, sha256: str, size: int, *, sync: Callable[[str], object]
    ) -> tuple[str, bool]:
        """Give a finished file its name; the lock is held. Return the folder, and if it moved."""
        found = self._find(sha256)
        # A file cut short by a damaged disk is replaced by the good one in hand.
        if found and Path(found).stat().st_size == size:
            os.utime(found)
            return found.rpartition("/")[0], False
        place = found or self._places(sha256)[0]
        folder = place.rpartition("/")[0]
        try:
            os.rename(staged, place)  # noqa: PTH104 - once for every letter there is
        except FileNotFoundError:
            Path(folder).mkdir(mode=0o700, exist_ok=True)
            sync(self._base)
            os.rename(staged, place)  # noqa: PTH104
        return folder, True

    def _places(self, sha256: str) -> tuple[str, str]:
        """Where a content belongs, and where stores of old had it."""
        if not _DIGEST.match(sha256):
            raise NotFound(f"not a digest: {sha256[:80]!r}")
        shard = f"{self._base}/{sha256[:2]}"
        return f"{shard}/{sha256}", f"{shard}/{sha256[2:4]}/{sha256}"

    def _find(self, sha256: str) -> str | None:
        """Give the file of this content, if there is one."""
        return next(filter(os.path.isfile, self._places(sha256)), None)

    def _old(self, sha256: str, limit: float) -> bool:
        try:
            return self.path(sha256).stat().st_mtime < limit
        except (FileNotFoundError, NotFound):
            return False

    def _remove(self, sha256: str, limit: float) -> bool:
        with self._locked(fcntl.LOCK_EX):
            if not self._old(sha256, limit):
                return False
            self.path(sha256).unlink()
            return True

    def _clear_staging(self, limit: float) -> None:
        for path in self._staging.iterdir():
            if path != self._lock and path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        lock = os.open(self._lock, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, how)
            yield
        finally:
            os.close(lock)
