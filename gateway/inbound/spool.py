"""The spool: where a letter is safe before its sender hears 250.

One folder for each process that writes, held by a lock for as long as the process lives::

    spool/<process>/tmp/    being written; worthless once the process is gone
    spool/<process>/new/    <id>.eml and <id>.json: promised, waiting to be picked up
    spool/<process>/held/   put by until someone says otherwise
    spool/<process>/bad/    failed too often; <id>.reason says why

Order of a commit: raw bytes fsynced, envelope written and fsynced, raw renamed into ``new/``,
then the envelope, folder fsynced. An entry exists when its envelope stands in ``new/``; raw
bytes without one were never promised. A commit that fails takes away whatever it put down, so a
full disk leaves no half entry. Files are 0600, folders 0700.

Reading and finishing is :mod:`gateway.inbound.tray`. Everything here blocks; ``write`` only as
long as the page cache does.
"""

import contextlib
import fcntl
import hashlib
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from gateway.inbound import disk
from gateway.inbound.envelope import Envelope
from registry import faults
from registry.clock import Clock
from registry.errors import OutOfOrder
from registry.ids import new_id

STATES = ("tmp", "new", "held", "bad")
_ORPHANED = 600.0  # seconds after which raw bytes without an envelope are nobody's


@dataclass(frozen=True, slots=True)
class Spooled:
    """One letter in the spool: its name, its envelope, and the file that holds its raw bytes.

    ``state`` is new, held or bad; ``reason`` says why it is not new.
    """

    name: str
    path: Path
    envelope: Envelope
    state: str = "new"
    reason: str = ""


class SpoolFile:
    """One letter on its way in. Either commit or abandon it; leaving a ``with`` block abandons.

    ``size`` and ``sha256`` are of what was written so far. Every method raises
    InsufficientStorage when the disk is full.
    """

    def __init__(self, folder: Path, process: str) -> None:
        self._id = new_id()
        self._folder = folder
        self._digest = hashlib.sha256()
        self._raw = folder / "tmp" / f"{self._id}.eml"
        self.name = f"{process}/{self._id}"
        self.size = 0
        with disk.full_is_temporary():
            self._file = disk.create(self._raw)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.abandon()

    @property
    def path(self) -> Path:
        """The file of the bytes written, until the letter is committed or abandoned."""
        return self._raw

    @property
    def sha256(self) -> str:
        """Digest of the bytes written, in hexadecimal."""
        return self._digest.hexdigest()

    def write(self, block: bytes) -> None:
        """Add bytes as they were received."""
        self._digest.update(block)
        self.size += len(block)
        with disk.full_is_temporary():
            disk.write_all(self._file, block)

    def commit(self, envelope: Envelope) -> str:
        """Make the letter durable and give its name; from now on we answer for it."""
        whole = replace(envelope, name=self.name, raw_sha256=self.sha256, raw_bytes=self.size)
        try:
            with disk.full_is_temporary():
                self._commit(whole)
        except BaseException:
            self._take_away()
            raise
        return self.name

    def abandon(self) -> None:
        """Drop the letter; nothing happens when it was committed or dropped already."""
        if self._file >= 0:
            self._close()
            self._take_away()

    def _commit(self, envelope: Envelope) -> None:
        os.fsync(self._file)
        self._close()
        faults.point("after_raw_fsync")
        card = self._raw.with_suffix(".json")
        disk.write_durably(card, envelope.to_json().encode())
        faults.point("after_envelope_fsync")
        new = self._folder / "new"
        self._raw.rename(new / self._raw.name)
        card.rename(new / card.name)
        faults.point("after_rename")
        disk.fsync_folder(new)

    def _close(self) -> None:
        os.close(self._file)
        self._file = -1

    def _take_away(self) -> None:
        for state in ("new", "tmp"):  # the envelope first: without it there is no entry
            for suffix in (".json", ".eml"):
                with contextlib.suppress(OSError):
                    (self._folder / state / f"{self._id}{suffix}").unlink()
        if self._file >= 0:
            self._close()


class Spool:
    """The writing side, for one process.

    Opening takes the folder ``process``, or ``process-2`` and so on while an older process still
    holds that; what dead processes left half-written is cleaned up. Close it when the last
    letter is committed.
    """

    def __init__(self, root: Path, process: str, clock: Clock) -> None:
        self.clock = clock
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.process, self._lock = _take_folder(root, process)
        self.folder = root / self.process
        clean_dead_folders(root)

    def begin(self) -> SpoolFile:
        """Open a new letter. Raises InsufficientStorage when there is no room even for that."""
        return SpoolFile(self.folder, self.process)

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def clean_dead_folders(root: Path) -> None:
    """Take away what processes that are gone never finished; what they promised stays."""
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        lock = _try_lock(folder)
        if lock is not None:
            _clean(folder)
            os.close(lock)


def _take_folder(root: Path, process: str) -> tuple[str, int]:
    for turn in range(1, 100):
        name = process if turn == 1 else f"{process}-{turn}"
        for state in STATES:
            (root / name / state).mkdir(mode=0o700, parents=True, exist_ok=True)
        (root / name).chmod(0o700)
        lock = _try_lock(root / name)
        if lock is not None:
            _clean(root / name)
            disk.fsync_folder(root / name)
            disk.fsync_folder(root)
            return name, lock
    raise OutOfOrder(f"all spool folders of {process} are in use")


def _try_lock(folder: Path) -> int | None:
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _clean(folder: Path) -> None:
    """Empty tmp/, and drop from new/ what has had no envelope for some time.

    Some time, because a letter that is being readmitted puts its raw bytes there first.
    """
    for left in (folder / "tmp").glob("*"):
        left.unlink(missing_ok=True)
    for left in (folder / "new").glob("*"):
        with contextlib.suppress(FileNotFoundError):
            age = time.time() - left.stat().st_ctime
            if age > _ORPHANED and not left.with_suffix(".json").exists():
                left.unlink()
