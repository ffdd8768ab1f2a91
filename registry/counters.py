"""Counting what happens, in a small file that outlives its process: what /metrics adds up.

Each process counts in a file of its own below ``run/metrics``, mapped into memory: adding one is
a dictionary look-up and eight bytes written, a microsecond or less, with no lock between
processes and nothing to load. The file is taken with a lock and goes on where the last process of
that role ended, so counts only grow. They are figures for watching, not evidence: a crash of the
machine may lose some, and a copy of the books has its own.

A counter is named as in Prometheus (``saraban_letters_accepted_total``), with labels of which
there are few: never an address, a subject or a name of a file. Limit: 511 counters a process; what
does not fit is not counted.
"""

import fcntl
import mmap
import os
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

Key = tuple[str, tuple[tuple[str, str], ...]]
"""Name of a counter, and its labels in order."""

_RECORD: Final = struct.Struct("<120sd")
_ROOM: Final = 512
_MAGIC: Final = b"saraban counters 1"
_PER_ROLE: Final = 64


class _File:
    """The counters of one process; without a file they are forgotten with it."""

    def __init__(self, file: int = -1) -> None:
        self._map = mmap.mmap(file, _RECORD.size * _ROOM)
        if not self._map[:].startswith(_MAGIC):
            self._map[:] = bytes(len(self._map))
            _RECORD.pack_into(self._map, 0, _MAGIC, 0.0)
        self._values = dict(_records(self._map[:]))
        self._places = {key: place for place, key in enumerate(self._values, 1)}
        self._lock = threading.Lock()

    def add(self, key: Key, amount: float) -> None:
        """Add to a counter, from any thread."""
        with self._lock:
            place = self._places.get(key) or self._new(key)
            if place:
                self._values[key] = value = self._values[key] + amount
                _RECORD.pack_into(self._map, place * _RECORD.size, _written(key), value)

    def _new(self, key: Key) -> int:
        place = len(self._places) + 1
        if place >= _ROOM or len(_written(key)) > _RECORD.size - 8:
            return 0
        self._places[key], self._values[key] = place, 0.0
        return place


def start_counting(data_dir: Path, role: str) -> None:
    """Count in a file from now on; where none can be had, counting goes on in memory."""
    global _own  # noqa: PLW0603 - one file a process
    try:
        file = _take(data_dir / "run" / "metrics", role)
        os.ftruncate(file, _RECORD.size * _ROOM)
        _own = _File(file)
    except OSError:
        return
    _held.append(file)


def count(name: str, amount: float = 1.0, **labels: str) -> None:
    """Add to a counter. Never raises and never waits."""
    _own.add((name, tuple(labels.items())), amount)


def read_all(data_dir: Path) -> dict[Key, float]:
    """Add up what the processes of this folder have counted."""
    total: dict[Key, float] = {}
    for path in sorted((data_dir / "run" / "metrics").glob("*.counters")):
        for key, value in _records(path.read_bytes()):
            total[key] = total.get(key, 0.0) + value
    return total


def _take(folder: Path, role: str) -> int:
    """Open and lock the first file of the role that no living process has."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(_PER_ROLE):
        file = os.open(folder / f"{role}-{number}.counters", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
        else:
            return file
    raise OSError("too many processes count")


def _records(data: bytes) -> Iterator[tuple[Key, float]]:
    if not data.startswith(_MAGIC):
        return
    for place in range(_RECORD.size, len(data) - _RECORD.size + 1, _RECORD.size):
        written, value = _RECORD.unpack_from(data, place)
        text = written.rstrip(b"\0").decode("utf-8", "replace")
        if not text:
            return
        name, *labels = text.split("\t")
        yield (name, tuple((key, one) for key, _, one in (x.partition("=") for x in labels))), value


def _written(key: Key) -> bytes:
    return "\t".join([key[0], *(f"{name}={one}" for name, one in key[1])]).encode()


_own = _File()
_held: list[int] = []  # the lock of our file, for as long as this process lives
