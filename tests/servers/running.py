"""Starting and ending a server through its keeper, and sharing one among test processes.

``start`` returns at once; whoever starts a server waits until it answers, with
:func:`tests.servers.waiting.wait_until`. ``once`` lets several processes of one test
run (pytest-xdist) use one server: the first to ask starts it, the others are told where it is.
"""

import contextlib
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.servers import keeper

Facts = dict[str, str]


def start(
    folder: Path, command: list[str], *, stop: str = "SIGTERM", watched: int | None = None
) -> None:
    """Start the server under a keeper that watches this process (or the one given)."""
    beside = [sys.executable, "-I", keeper.__file__, str(watched or os.getpid()), str(folder), stop]
    with (folder / "keeper.log").open("ab") as log:
        subprocess.run(
            [*beside, *command], check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )


def end(folder: Path) -> None:
    """End the server of this folder and wait until it is gone; a server that has gone is fine."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        pid = int((folder / "keeper.pid").read_text("ascii"))
        process = os.pidfd_open(pid)
        os.kill(pid, signal.SIGTERM)
        select.select([process], [], [], 2 * keeper.PATIENCE)
        os.close(process)


def once(run_folder: Path, name: str, begin: Callable[[], Facts]) -> Facts:
    """Let one process of this run begin, and give every process the facts it returned."""
    facts = run_folder / f"{name}.json"
    with (run_folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not facts.exists():
            facts.write_text(json.dumps(begin()), encoding="utf-8")
    return dict(json.loads(facts.read_text("utf-8")))


def log_of(folder: Path) -> str:
    """Give the end of what the server said, for the message of a failure."""
    logs = [path.read_text("utf-8", "replace")[-3000:] for path in sorted(folder.glob("*.log"))]
    return "\n".join(logs)
