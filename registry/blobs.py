"""Where the bytes of letters and enclosures are kept: one file per content, named by its SHA-256.

Promises. A digest handed out by :meth:`Staged.keep` or :meth:`BlobStore.put` names bytes that
are on disk: the file is written aside, fsynced, renamed into ``ab/cd/<sha256>``, and the folders
are fsynced. The same content is stored once; keeping it again renews its time, which is a
reservation: :meth:`BlobStore.sweep` takes only files without a user that nobody kept lately.
Files are 0600, folders 0700, and nothing stored is ever changed.

Limits. A folder on one file system; staging lies inside it, so that a rename is atomic even when
the folder is a mounted volume. The keeper of a digest must write its row within the sweep's age.
"""

import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Self

from registry.disk import fsync_folder, sync_file_system
from registry.errors import NotFound

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_STAGING = "staging"
_BLOCK = 1 << 18
_FEW = 8  # folders that are synced one by one


class Staged:
    """Bytes on their way into the store: write, then :meth:`keep` or :meth:`drop`.

    As a context manager it drops what was not kept, so that an error leaves nothing behind.
    """

    def __init__(self, store: "BlobStore", path: Path) -> None:
        self._store = store
        self._path: Path | None = path
        self._file = os.fdopen(
            os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb", _BLOCK
        )
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes | memoryview) -> int:
        """Append these bytes; a full disk raises OSError."""
        self._hash.update(data)
        self.size += len(data)
        return self._file.write(data)

    @property
    def sha256(self) -> str:
        """The digest of what was written so far, 64 hex digits."""
        return self._hash.hexdigest()

    def keep(self) -> str:
        """Put the bytes into the store for good and return their digest."""
        digest, path = self.sha256, self._path
        assert path is not None
        try:
            self._file.flush()
            if self._store.batching:
                self._path = self._store.put_by(path, digest, self.size)
            else:
                os.fsync(self._file.fileno())
                self._file.close()
                self._store.admit(path, digest, self.size)
        finally:
            self.drop()
        return digest

    def drop(self) -> None:
        """Forget the bytes; harmless after :meth:`keep`."""
        try:
            self._file.close()
        finally:
            if self._path is not None:
                self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()


class BlobStore:
    """A folder of contents; any number of processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._staging = root / _STAGING
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._staging.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = self._staging / ".lock"
        self._put_by: dict[str, tuple[Path, int]] | None = None

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
        self._put_by = {}
        try:
            yield
            self._admit_all(self._put_by)
        finally:
            left, self._put_by = self._put_by, None
            for path, _ in left.values():
                path.unlink(missing_ok=True)

    def put_by(self, staged: Path, sha256: str, size: int) -> Path | None:
        """Take a finished file into the open batch; give it back where it is there already."""
        assert self._put_by is not None
        if sha256 in self._put_by:
            return staged
        self._put_by[sha256] = staged, size
        return None

    def _admit_all(self, staged: dict[str, tuple[Path, int]]) -> None:
        """Make the bytes durable, then their names, whatever their number with few syncs."""
        if staged:
            sync_file_system(self._staging)
        folders: set[Path] = set()
        with self._locked(fcntl.LOCK_SH):
            for sha256, (path, size) in staged.items():
                place = self._place(sha256)
                self._make_shard(place.parent, sync=folders.add)
                self._move(path, place, size)
                folders.add(place.parent)
        if len(folders) > _FEW:
            sync_file_system(self.root)
        else:
            for folder in folders:
                fsync_folder(folder)

    def stage(self) -> Staged:
        """Begin a new content."""
        return Staged(self, self._staging / f"{os.getpid()}-{secrets.token_hex(8)}")

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their digest."""
        with self.stage() as staged:
            staged.write(data)
            return staged.keep()

    def path(self, sha256: str) -> Path:
        """The file of this content; NotFound if it is not here or is no digest."""
        if self._put_by and sha256 in self._put_by:
            return self._put_by[sha256][0]
        place = self._place(sha256)
        if not place.is_file():
            raise NotFound(f"no blob {sha256}")
        return place

    def open(self, sha256: str) -> BinaryIO:
        """Open this content for reading; NotFound if it is not here."""
        return self.path(sha256).open("rb")

    def exists(self, sha256: str) -> bool:
        """Whether this content is here; says nothing about its health, see :meth:`verify`."""
        return bool(_DIGEST.match(sha256)) and self._place(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        """Read the whole content and say whether it is there and still is what its name says."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except (NotFound, OSError):
            return False

    def all(self) -> Iterator[str]:
        """Every digest in the store, in order."""
        for shard in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
            yield from sorted(f.name for f in shard.iterdir() if _DIGEST.match(f.name))

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
        self._clear_staging(limit)
        return removed

    def admit(self, staged: Path, sha256: str, size: int) -> None:
        """Move a finished, fsynced file to its place; for :meth:`Staged.keep` only."""
        place = self._place(sha256)
        self._make_shard(place.parent, sync=fsync_folder)
        with self._locked(fcntl.LOCK_SH):
            self._move(staged, place, size)
        fsync_folder(place.parent)  # also for a twin: its maker may not have come so far

    def _move(self, staged: Path, place: Path, size: int) -> None:
        """Give a finished file its name; the lock is held."""
        try:
            # A file cut short by a damaged disk is replaced by the good one in hand.
            whole = place.stat().st_size == size
        except FileNotFoundError:
            whole = False
        if whole:
            os.utime(place)
        else:
            staged.rename(place)

    def _place(self, sha256: str) -> Path:
        if not _DIGEST.match(sha256):
            raise NotFound(f"not a digest: {sha256[:80]!r}")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def _make_shard(self, shard: Path, sync: Callable[[Path], object]) -> None:
        if shard.is_dir():
            return
        for folder in (shard.parent, shard):
            folder.mkdir(mode=0o700, exist_ok=True)
            sync(folder.parent)

    def _old(self, sha256: str, limit: float) -> bool:
        try:
            return self._place(sha256).stat().st_mtime < limit
        except FileNotFoundError:
            return False

    def _remove(self, sha256: str, limit: float) -> bool:
        with self._locked(fcntl.LOCK_EX):
            if not self._old(sha256, limit):
                return False
            self._place(sha256).unlink()
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
