"""The process that ``saraban serve`` is: it starts a child for each role and keeps them running.

The door may be several children that share its ports (``smtp.processes``).

All children are in one process group. A child that dies is started again, later each time it dies
soon; a child that says that it cannot run at all (exit code 3: old tables, bad settings) ends the
whole service with the same code. When the supervisor is told to stop, the doors close first, so
that what was taken in can still be entered; when it is killed, the children notice by a pipe that
ends and stop by themselves. SIGHUP goes on to the children that serve: see :mod:`saraban.reload`.

``run/serve.json`` under the data folder holds the process ids and ports while the service runs.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from registry.errors import OutOfOrder
from registry.ids import new_id
from saraban.notify import notify

log = logging.getLogger("saraban.supervisor")

STOP_ORDER = ("smtp", "collector", "web", "links", "worker", "mailq", "metrics")
GRACE = 30.0
CANNOT_RUN = OutOfOrder.exit_code
_RUN = new_id()  # tells children whether what they find was left by this run of the service


class Child:
    """One process of a role, as it runs at the moment; ``name`` tells those of one role apart."""

    def __init__(self, role: str, name: str, command: list[str], alive: int) -> None:
        self.role = role
        self.name = name
        self.command = command
        self.ports: dict[str, int] = {}
        self.process: asyncio.subprocess.Process | None = None
        self.ready = asyncio.Event()
        self.gone = asyncio.Event()
        self._alive = alive
        self._soon = 0
        self._reload_when_ready = False

    async def run(self, stopping: asyncio.Event) -> int:
        """Keep the role running; return the exit code that ended it for good."""
        while True:
            started = time.monotonic()
            code = await self._run_once()
            if stopping.is_set() or code == CANNOT_RUN:
                return code
            self._soon = self._soon + 1 if time.monotonic() - started < 60 else 0
            pause = min(2.0**self._soon - 1.0, 60.0)
            log.error("%s ended with code %d; again in %.0f s", self.name, code, pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)
            if stopping.is_set():
                return code

    async def _run_once(self) -> int:
        read, write = os.pipe()
        self._reload_when_ready = False  # it reads everything anyway
        environ = os.environ | {
            "SARABAN_READY_FD": str(write),
            "SARABAN_ALIVE_FD": str(self._alive),
            "SARABAN_RUN": _RUN,
        }
        # Or malloc keeps for ever what one password cost (argon2 takes 19 MB for a moment).
        environ.setdefault("MALLOC_MMAP_THRESHOLD_", "1048576")
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            pass_fds=(write, self._alive),
            env=environ,
            stdin=asyncio.subprocess.DEVNULL,
        )
        os.close(write)
        listening = asyncio.create_task(self._hear(read))
        code = await self.process.wait()
        await listening
        self.ready.clear()
        self.gone.set()
        return code

    async def _hear(self, fd: int) -> None:
        """Take the line in which the child says that it serves."""
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        pipe = os.fdopen(fd, "rb")
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
        line = await reader.readline()
        transport.close()
        if line:
            self.ports = json.loads(line)
            self.gone.clear()
            self.ready.set()
            if self._reload_when_ready:
                self.reload()

    def reload(self) -> None:
        """Let the child read again what can change; one that starts, as soon as it serves.

        Before it serves it may not listen to signals yet, and may have read everything already.
        """
        self._reload_when_ready = not self.ready.is_set()
        if self.ready.is_set():
            self.signal(signal.SIGHUP)

    def signal(self, number: int) -> None:
        """Send a signal to the child if it is there."""
        if self.process is not None and self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)


class Supervisor:
    """All children of one ``saraban serve``."""

    def __init__(
        self,
        roles: list[str],
        config: Path,
        only: tuple[str, ...],
        run_dir: Path,
        smtp_processes: int = 1,
        reload: Callable[[], bool] = lambda: True,
    ) -> None:
        self._alive_read, self._alive_write = os.pipe()
        self.children = [
            Child(role, name, _command(role, config, only), self._alive_read)
            for role in roles
            for name in _names(role, smtp_processes)
        ]
        self._stopping = asyncio.Event()
        self._note = run_dir / "serve.json"
        self._reload = reload

    async def run(self) -> int:
        """Serve until told to stop; return the exit code of the service."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self.reload)
        running = {asyncio.create_task(child.run(self._stopping)): child for child in self.children}
        announcing = asyncio.create_task(self._announce())
        stopping = asyncio.create_task(self._stopping.wait())
        opening = asyncio.create_task(self._tell_when_open())
        await asyncio.wait({stopping, *running}, return_when=asyncio.FIRST_COMPLETED)
        notify("STOPPING=1")
        opening.cancel()
        failed = any(task.done() and task.result() == CANNOT_RUN for task in running)
        self._stopping.set()
        announcing.cancel()
        await self._stop(running)
        self._note.unlink(missing_ok=True)
        stopping.cancel()
        os.close(self._alive_read)
        os.close(self._alive_write)
        return CANNOT_RUN if failed else 0

    def reload(self) -> None:
        """Read again what can change without a restart, here and in every child that serves."""
        notify("RELOADING=1")
        if self._reload():
            for child in self.children:
                child.reload()
        notify("READY=1")

    async def _tell_when_open(self) -> None:
        """Tell systemd once that the doors are open; the rest may wait for its database."""
        doors = [child for child in self.children if child.role == "smtp"] or self.children
        for child in doors:
            await child.ready.wait()
        notify("READY=1")

    async def _announce(self) -> None:
        """Say on stdout and in run/serve.json that everything serves, and where.

        Again whenever a child came back: it may have another port.
        """
        while True:
            for child in self.children:
                await child.ready.wait()
            self._write_note()
            gone = [asyncio.create_task(child.gone.wait()) for child in self.children]
            await asyncio.wait(gone, return_when=asyncio.FIRST_COMPLETED)
            for task in gone:
                task.cancel()

    def _write_note(self) -> None:
        ports = {name: port for child in self.children for name, port in child.ports.items()}
        pids = {child.name: child.process.pid for child in self.children if child.process}
        self._note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._note.with_suffix(".tmp")
        draft.write_text(json.dumps({"pid": os.getpid(), "ports": ports, "pids": pids}))
        draft.replace(self._note)
        print("ready " + json.dumps(ports), flush=True)  # noqa: T201 - scripts wait for this line

    async def _stop(self, running: dict[asyncio.Task[int], Child]) -> None:
        """Close the doors first; give every child time to finish what it promised."""
        for role in STOP_ORDER:
            tasks = [task for task, child in running.items() if child.role == role]
            for child in self.children:
                if child.role == role:
                    child.signal(signal.SIGTERM)
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=GRACE)
                for task in late:
                    log.error("%s did not stop in time and is killed", running[task].name)
                    running[task].signal(signal.SIGKILL)
        await asyncio.gather(*running, return_exceptions=True)


def _names(role: str, smtp_processes: int) -> list[str]:
    """Name the processes of a role; only the door may have several, which share its ports."""
    more = range(2, smtp_processes + 1) if role == "smtp" else ()
    return [role, *(f"{role}-{n}" for n in more)]


def _command(role: str, config: Path, only: tuple[str, ...]) -> list[str]:
    listed = [name for name in only if name in ("smtp", "submission")] if role == "smtp" else []
    names = ",".join(listed) or ("smtp,submission" if role == "smtp" else role)
    return [sys.executable, "-m", "saraban", "serve", "--config", str(config), "--only", names]
