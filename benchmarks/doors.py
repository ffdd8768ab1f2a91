"""The two doors that are compared: Postfix that delivers to a maildir, and this system.

Both listen on loopback, keep their files on the same file system, and are driven by Postfix's own
``smtp-source``. A letter counts as accepted when the client heard 250, as done when it stands in
the maildir, or in the register under a number.
"""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.journeys.installation import Installation
from tests.servers import postfix
from tests.servers.waiting import wait_until

SENDER = "saraban@dla.example"
RECIPIENT = "saraban@phrae.go.th"
SOURCE = "/usr/sbin/smtp-source"
_TICKS = os.sysconf("SC_CLK_TCK")


class Door(Protocol):
    """A mail server under measurement."""

    name: str

    @property
    def port(self) -> int:
        """Where it takes mail."""

    @property
    def root(self) -> int:
        """The process that started all its others."""

    def done(self) -> int:
        """How many letters it has brought to their place so far."""


class Peer:
    """Postfix, delivering to a maildir."""

    name = "Postfix"

    def __init__(self) -> None:
        self._server = postfix.start()
        self._box = self._server.folder / "mail" / "all" / "new"

    @property
    def port(self) -> int:
        """Where it takes mail."""
        return self._server.port

    @property
    def root(self) -> int:
        """Postfix's master."""
        return int((self._server.folder / "queue/pid/master.pid").read_text())

    def done(self) -> int:
        """How many letters stand in the maildir."""
        return sum(1 for _ in self._box.iterdir()) if self._box.exists() else 0

    def empty(self) -> None:
        """Throw the letters away, so that the folder does not slow the next round."""
        shutil.rmtree(self._box, ignore_errors=True)


class Ours:
    """This system: the services of one office, SQLite, everything at its default."""

    name = "saraban"

    def __init__(self, roles: str = "smtp,worker", processes: int = 1) -> None:
        self.office = Installation(Path(tempfile.mkdtemp(prefix="saraban-bench-")) / "office")
        self.office.run(
            "entity", "add", "dla", "--name", "กรมส่งเสริมการปกครองท้องถิ่น",
            "--address", SENDER, "--domain", "dla.example", "--letter-code", "มท ๐๘๑๐",
        )  # fmt: skip
        # The letters of smtp-source carry neither file nor number; each is to be acknowledged.
        self.office.settings("registry", answers_per_hour=1_000_000)
        if processes > 1:
            self.office.settings("smtp", processes=processes)
        self._process = self.office.start(roles)

    @property
    def port(self) -> int:
        """Where it takes mail."""
        return self.office.ports["smtp"]

    @property
    def root(self) -> int:
        """The supervisor."""
        return self._process.pid

    @property
    def pids(self) -> dict[str, int]:
        """Its processes by role."""
        return self.office.pids

    def done(self) -> int:
        """How many letters stand in the register."""
        path = f"file:{self.office.folder / 'saraban.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as books:
            return int(books.execute("SELECT coalesce(sum(last), 0) FROM counter").fetchone()[0])

    def empty(self) -> None:
        """Nothing is thrown away: a register is not."""

    def close(self) -> None:
        """Stop the services and take everything away."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)
        shutil.rmtree(self.office.folder.parent)


@dataclass(frozen=True, slots=True)
class Run:
    """One drive: seconds until all were accepted, until all were done, and CPU spent on it."""

    letters: int
    accepted: float
    done: float
    cpu: float  # seconds, of all processes of the door


def drive(door: Door, letters: int, size: int, sessions: int = 8) -> Run:
    """Send letters of this size, one connection each, and wait until all are in their place."""
    before, cpu, began = door.done(), _tree_cpu(door.root), time.perf_counter()
    send(door.port, letters, size, sessions)
    accepted = time.perf_counter() - began
    wait_until(lambda: door.done() >= before + letters, "all letters are in place", seconds=600)
    return Run(letters, accepted, time.perf_counter() - began, _tree_cpu(door.root) - cpu)


def send(port: int, letters: int, size: int, sessions: int) -> None:
    """Let smtp-source send; raises CalledProcessError when one letter was not accepted."""
    how = ["-4", "-s", str(sessions), "-m", str(letters), "-l", str(size)]
    whose = ["-f", SENDER, "-t", RECIPIENT]
    subprocess.run([SOURCE, *how, *whose, f"127.0.0.1:{port}"], check=True)


def cpu_of(pid: int) -> float:
    """CPU seconds that one process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_of(pid: int, what: str = "VmHWM") -> int:
    """Bytes of memory: VmRSS now, VmHWM at most so far."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition(f"{what}:")[2].split()[0]) * 1024


def forget_peak(pid: int) -> None:
    """Let the kernel count the most memory from now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")


@contextlib.contextmanager
def ours(roles: str = "smtp,worker", processes: int = 1) -> Iterator[Ours]:
    """Keep this system's services for the length of the block."""
    door = Ours(roles, processes)
    try:
        yield door
    finally:
        door.close()


def _tree_cpu(root: int) -> float:
    """CPU seconds of a process, of those it started, and of those of them that have ended."""
    used, parents = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text("ascii", "replace").rpartition(") ")[2].split()
            pid = int(stat.parent.name)
            parents[pid] = int(fields[1])
            used[pid] = sum(map(int, fields[11:15])) / _TICKS
    mine, found = {root}, {root}
    while found := {pid for pid, parent in parents.items() if parent in found} - mine:
        mine |= found
    return sum(used.get(pid, 0.0) for pid in mine)
