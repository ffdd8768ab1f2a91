"""A process that has loaded ``saraban`` once and forks for each start of it: imports cost no more.

Loading is most of what an ordinary command and a starting service cost. What is forked here is
like what ``python -m saraban`` begins as: one thread, nothing opened, nothing asked, the caller's
arguments, environment, folder, descriptors and session, and the caller's child, whom the caller
waits for and kills. :mod:`tests.servers.quick` is the other side. A supervisor and a worker get a
nursery of their own, from which the roles and the finder are forked.

What differs: everything is loaded already. So tests of what a process loads, of its memory and of
its command line start a Python of their own. Modules that know who runs them are not loaded here.
"""

import atexit
import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.servers import quick

COMMANDS = (
    "backup", "calls", "collect", "db", "entity", "letter", "link", "number", "officer", "proof",
    "queue", "read", "register", "route", "search", "secret", "serve", "spool", "unit",
)  # fmt: skip
ONE_EACH = {"saraban.supervisor"}
"""They draw an id when they are loaded, which must be another in each process."""

_CLONE_PARENT = 0x8000


def main() -> None:
    """Load, then fork for each order that comes over the socket; run it in what was forked."""
    from registry import loading

    loading.begin()
    _load()
    sys.argv = _breed(socket.socket(fileno=int(sys.argv[1])))
    while _starts_others(sys.argv) and _is_nursery():
        pass
    _run()


def _run() -> None:
    """Run it and end as Python does, but for taking apart all that was loaded: the kernel does."""
    code: object = 0
    try:
        import_module(sys.argv[0]).main()
    except SystemExit as ended:
        code = ended.code
        if not isinstance(code, int):
            raise
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _load() -> None:
    from sqlalchemy.orm import configure_mappers

    app = import_module("saraban.app")
    for name in COMMANDS:
        import_module(f"saraban.cli.{name}")
    for place in app.ROLES.values():
        import_module(place.partition(":")[0])
    import_module(quick.FINDER)
    configure_mappers()
    assert not ONE_EACH & set(sys.modules)
    assert len(list(Path("/proc/self/task").iterdir())) == 1, "a fork would lose these threads"


def _starts_others(argv: list[str]) -> bool:
    """Whether this is a supervisor, or the worker, which starts the finder."""
    return argv[1:2] == ["serve"] and ("SARABAN_ALIVE_FD" not in os.environ or argv[-1] == "worker")


def _is_nursery() -> bool:
    """Let the children of this process come from a nursery too; True in each of those children."""
    mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        _take([nothing, nothing, nothing, its.fileno()], [0, 1, 2, its.fileno()])
        sys.argv = _breed(its)
        return True
    its.close()
    quick.Quick.nursery = mine
    subprocess.Popen = quick.Quick
    return False


def _breed(line: socket.socket) -> list[str]:
    """Answer each order with the id of the process that carries it out; return only in that."""
    while True:
        order, fds, _, _ = socket.recv_fds(line, quick.MOST, quick.FDS)
        if not order:
            os._exit(0)
        if (pid := _sibling()) == 0:
            line.close()
            return _become(json.loads(order), fds)
        for fd in fds:
            os.close(fd)
        line.send(str(pid).encode())


def _sibling() -> int:
    """Fork a child of this process's own parent. Python is told of it as ``os.fork`` would."""
    clone = ctypes.PyDLL(None).syscall
    pid = int(clone(quick.CLONE, _CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0))
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    elif pid < 0:
        raise OSError(f"clone gave {pid}")
    return pid


def _become(order: dict[str, Any], fds: list[int]) -> list[str]:
    """Take on what the caller gave this process, and return its arguments."""
    _take(fds, order["fds"])
    os.environ.clear()
    os.environ.update(order["environ"])
    time.tzset()
    os.chdir(order["folder"])
    if order["session"]:
        os.setsid()
    return list(order["argv"])


def _take(fds: list[int], targets: list[int]) -> None:
    """Have these descriptors under the numbers that they are to have, and no others."""
    aside = [fcntl.fcntl(fd, fcntl.F_DUPFD, max(targets) + 1) for fd in fds]
    for fd, target in zip(aside, targets, strict=True):
        os.dup2(fd, target)
    for fd in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
        if fd not in targets:
            with suppress(OSError):  # the folder itself, which is closed by now
                os.close(fd)


if __name__ == "__main__":
    main()
