"""The spool: where a letter is safe before its sender hears 250.

One folder for each process that writes, held by a lock for as long as the process lives::

    spool/<process>/tmp/    being written; worthless once the process is gone
    spool/<process>/new/    <id>.eml and <id>.json: promised, waiting to be picked up;
                            <id>.p1 to .p3: an urgent one; <id>-<letters>.pack: several small ones
    spool/<process>/held/   put by until someone says otherwise
    spool/<process>/bad/    failed too often; <id>.reason says why

Order of a commit: raw bytes fsynced, envelope written and fsynced, raw renamed into ``new/``,
then the envelope, folder fsynced. An entry exists when its envelope stands in ``new/``; raw
bytes without one were never promised. A commit that fails takes away whatever it put down, so a
full disk leaves no half entry. Files are 0600, folders 0700.

Small letters that are ready at the same moment share one file (:mod:`gateway.inbound.commit`,
:mod:`gateway.inbound.pack`).

Reading and finishing is :mod:`gateway.inbound.tray`. Everything here blocks; ``write`` only as
long as the page cache does.
"""

import contextlib
import hashlib
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from gateway.inbound import disk
from gateway.inbound.envelope import Envelope
from gateway.inbound.pack import APART, PACK
from registry import faults
from registry.clock import Clock
from registry.disk import try_lock
from registry.errors import OutOfOrder
from registry.ids import new_id

STATES = ("tmp", "new", "held", "bad")
IN_MEMORY = 64 * 1024
"""Bytes of one letter that are held in memory rather than written as they come."""
_ORPHANED = 600.0  # seconds after which raw bytes without an envelope are nobody's


@dataclass(frozen=True, slots=True)
class Spooled:
    """One letter in the spool: its name, its envelope, and the file that holds its raw bytes.

    ``state`` is new, held or bad; ``reason`` says why it is not new. The bytes begin at offset
    ``at`` of the file, and are as many as the envelope says.
    """

    name: str
    path: Path
    envelope: Envelope
    state: str = "new"
    reason: str = ""
    at: int = 0

    @property
    def packed(self) -> bool:
        """Whether other letters stand in the same file."""
        return self.path.suffix != ".eml"

    def raw(self) -> bytes:
        """Read the raw bytes: for small letters, and for people who look at one."""
        with self.path.open("rb") as file:
            file.seek(self.at)
            return file.read(self.envelope.raw_bytes)


class SpoolFile:
    """One letter on its way in. Either commit or abandon it; leaving a ``with`` block abandons.

    A small letter is held in memory until it is committed, so that whoever writes never waits for
    the disk; a larger one goes into its file as it comes. ``size`` and ``sha256`` are of what was
    written so far. Every method raises InsufficientStorage when the disk is full.
    """

    def __init__(self, folder: Path, process: str) -> None:
        self.id = new_id()
        self.folder = folder
        self._digest = hashlib.sha256()
        self._file = -1
        self._held: list[bytes] = []
        self._ended = False
        self.name = f"{process}/{self.id}"
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.abandon()

    @property
    def path(self) -> Path:
        """The file of the bytes written, until the letter is committed or abandoned."""
        self._put_down()
        return Path(self._tmp(".eml"))

    @property
    def sha256(self) -> str:
        """Digest of the bytes written, in hexadecimal."""
        return self._digest.hexdigest()

    @property
    def small(self) -> bool:
        """Whether it is still in memory alone."""
        return self._file < 0

    def write(self, block: bytes) -> None:
        """Add bytes as they were received."""
        self._digest.update(block)
        self.size += len(block)
        self._held.append(block)
        if self.size > IN_MEMORY:
            self._put_down()

    def commit(self, envelope: Envelope) -> str:
        """Make the letter durable and give its name; from now on we answer for it."""
        try:
            with disk.full_is_temporary():
                self._put_in_tmp(envelope)
                self._move_to_new(envelope)
                disk.fsync_folder(self.folder / "new")
        except BaseException:
            self._take_away()
            raise
        return self.name

    def packed(self, envelope: Envelope) -> tuple[Envelope, bytes]:
        """Give envelope and bytes of a small letter, for a pack."""
        raw = b"".join(self._held)
        if len(raw) != self.size:
            raise OutOfOrder(f"{self.name} was abandoned while it was committed")
        return self._whole(envelope), raw

    def committed(self) -> None:
        """Hear that the letter is durable in a pack, and let go of its bytes."""
        self._ended, self._held = True, []

    def abandon(self) -> None:
        """Drop the letter; nothing happens when it was committed or dropped already."""
        if not self._ended:
            self._take_away()

    def _whole(self, envelope: Envelope) -> Envelope:
        return replace(envelope, name=self.name, raw_sha256=self.sha256, raw_bytes=self.size)

    def _put_in_tmp(self, envelope: Envelope) -> None:
        """Write raw bytes and envelope durably under ``tmp/``: the first half of a commit."""
        self._put_down()
        os.fsync(self._file)
        self._close()
        faults.point("after_raw_fsync")
        disk.write_new(self._tmp(".json"), self._whole(envelope).to_json().encode())
        faults.point("after_envelope_fsync")

    def _move_to_new(self, envelope: Envelope) -> None:
        """Rename both into ``new/``, the envelope last: durable when that folder is.

        An urgent letter gets a mark beside it, for whoever chooses among many.
        """
        target = f"{self.folder}/new/{self.id}"
        if envelope.priority:
            os.close(disk.create(f"{target}.p{envelope.priority}"))
        for suffix in (".eml", ".json"):
            os.rename(self._tmp(suffix), target + suffix)  # noqa: PTH104 - see _tmp
        self._ended = True
        faults.point("after_rename")

    def _put_down(self) -> None:
        """Write what is held into the file."""
        with disk.full_is_temporary():
            if self._file < 0:
                self._file = disk.create(self._tmp(".eml"))
            disk.write_all(self._file, b"".join(self._held))
        self._held = []

    def _tmp(self, suffix: str) -> str:
        """Path under ``tmp/``; text, since it is made for each letter several times."""
        return f"{self.folder}/tmp/{self.id}{suffix}"  # noqa: S108 - a folder of our own

    def _close(self) -> None:
        os.close(self._file)
        self._file = -1

    def _take_away(self) -> None:
        """Remove whatever was put down, even if it stands in ``new/`` already."""
        self._ended, self._held = True, []
        for state in ("new", "tmp"):  # the envelope first: without it there is no entry
            for suffix in (".json", ".eml", ".p1", ".p2", ".p3"):
                with contextlib.suppress(OSError):
                    (self.folder / state / f"{self.id}{suffix}").unlink()
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
    return try_lock(folder / "lock")


def _clean(folder: Path) -> None:
    """Empty tmp/, and drop from new/ what has had no envelope for some time.

    Some time, because a letter that is being readmitted puts its raw bytes there first.
    """
    for left in (folder / "tmp").glob("*"):
        left.unlink(missing_ok=True)
    for left in (folder / "new").glob("*"):
        with contextlib.suppress(FileNotFoundError):
            age = time.time() - left.stat().st_ctime
            if left.suffix in (PACK, APART) or left.with_suffix(".json").exists():
                continue
            if age > _ORPHANED:
                left.unlink()
