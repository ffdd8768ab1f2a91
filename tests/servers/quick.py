"""Starting ``python -m saraban …`` from a nursery (:mod:`tests.servers.nursery`).

:class:`Quick` is ``subprocess.Popen`` in all but where the process comes from. What asks for more
than a nursery gives (another program, a function before exec, other users, Python's own settings)
gets a Python of its own, as from Popen, and so does everything on a machine of another kind.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from registry import loading

MOST, FDS = 200_000, 64
FINDER = "gateway.finding"
CLONE = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine, 0)
"""The number by which the kernel is asked to fork; 0 where we do not know it."""
ROOT = Path(__file__).parents[2]
_turn = threading.Lock()


class Quick(subprocess.Popen[Any]):
    """A process; ``nursery`` is where those that this process starts come from."""

    nursery: socket.socket | None = None

    def _execute_child(self, args: Any, executable: Any, *given: Any) -> None:
        (
            before, close, passed, cwd, env, _, _, shell, *ends,
            _, gid, gids, uid, mask, session, group,
        ) = given  # fmt: skip
        environ = dict(os.environ if env is None else env)
        ordinary = (before, close, bool(shell), gid, gids, uid, mask, group) == (
            None, True, False, None, None, None, -1, -1,
        )  # fmt: skip
        argv = _ours(args)
        if not (CLONE and argv and ordinary and _same_python(environ)):
            super()._execute_child(args, executable, *given)
            return
        order = {"argv": argv, "environ": environ, "session": session}
        std = [end if end != -1 else at for at, end in enumerate((ends[0], ends[3], ends[5]))]
        fds = [*range(3), *passed]
        order |= {"folder": str(Path(cwd or ".").resolve()), "fds": fds}
        self.pid = _ask(json.dumps(order).encode(), [*std, *passed])
        self._child_created = True
        self._close_pipe_fds(*ends)


def _ours(args: Any) -> list[str]:
    """Give the module whose ``main`` a nursery has, and its arguments; else nothing."""
    given = [args] if isinstance(args, str | bytes | os.PathLike) else list(args)
    if given[:3] == [sys.executable, "-m", "saraban"]:
        return ["saraban.__main__", *given[3:]]
    return [FINDER] if given == loading.command(FINDER) else []


def _same_python(environ: dict[str, str]) -> bool:
    mine, its = (
        {k: v for k, v in one.items() if k.startswith("PYTHON")} for one in (os.environ, environ)
    )
    return mine == its


def _ask(order: bytes, fds: list[int]) -> int:
    with _turn:
        if Quick.nursery is None:
            Quick.nursery = _begin()
        socket.send_fds(Quick.nursery, [order], fds)
        answer = Quick.nursery.recv(100)
    if not answer:
        raise OSError("the nursery is gone")
    return int(answer)


def _begin() -> socket.socket:
    """Start the nursery of this process; it ends when we do."""
    mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.nursery", str(its.fileno())],
            pass_fds=[its.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=ROOT,
        )  # fmt: skip
    atexit.register(_end, program, mine)
    return mine


def _end(program: "subprocess.Popen[bytes]", mine: socket.socket) -> None:
    mine.close()
    program.wait()
