"""The keeper of one server: starts it, and ends it when the test run ends, however that ends.

Run as a program: ``keeper.py WATCHED_PID FOLDER SIGNAL COMMAND…``. It goes into the
background at once. When the watched process is gone, or on SIGTERM, it sends SIGNAL to
the server, then SIGKILL to what is left of the server's process group, and removes
FOLDER. ``FOLDER/keeper.pid`` and ``FOLDER/server.log`` are written there.

Linux only (pidfd).
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 10.0
"""Seconds a server may take to end after its signal."""


def keep(watched: int, folder: Path, stop: signal.Signals, command: list[str]) -> None:
    """Run the command until the watched process ends or this one is told to."""
    _adopt_orphans()
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, lambda *_: None)
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    ends = [reader, os.pidfd_open(server.pid)]
    with contextlib.suppress(ProcessLookupError):
        select.select([*ends, os.pidfd_open(watched)], [], [])
    _end(server, stop)
    shutil.rmtree(folder, ignore_errors=True)
    _reap()


def _end(server: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    """Ask the server to end, then end what remains of its group."""
    server.send_signal(stop)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(PATIENCE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _adopt_orphans() -> None:
    """Become the parent of the server's children when it has gone, to see them out."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap() -> None:
    """Wait until no child is left, though not longer than the server's own patience."""
    signal.alarm(int(PATIENCE))
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def main(watched: str, folder: str, stop: str, *command: str) -> None:
    """Go into the background and keep the server."""
    if os.fork():
        return
    os.setsid()
    (Path(folder) / "keeper.pid").write_text(str(os.getpid()), encoding="ascii")
    keep(int(watched), Path(folder), signal.Signals[stop], list(command))


if __name__ == "__main__":
    main(*sys.argv[1:])
