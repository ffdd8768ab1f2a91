"""Starting the services: which roles there are, and how one process runs one of them.

Roles are imported when they are started, so that the process that faces port 25 loads no web, PDF
or migration code. A role serves until it is told to stop (SIGTERM, SIGINT, or the end of the
supervisor that started it) and then finishes what it promised.
"""

import asyncio
import json
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from importlib import import_module

from gateway.service import Ready
from registry import counters, loading
from saraban.runtime import OfficeRuntime

log = logging.getLogger("saraban")

Role = Callable[[OfficeRuntime, asyncio.Event, Ready], Awaitable[None]]

ROLES = {
    "smtp": "gateway.inbound.smtpd:run_smtp",
    "worker": "gateway.inbound.worker:run_worker",
    "mailq": "gateway.outbound.mailq:run_mailq",
    "links": "gateway.links.app:run_links",
    "collector": "gateway.inbound.mailboxes:run_collector",
    "web": "saraban.web.app:run_web",
    "metrics": "saraban.metrics.server:run_metrics",
}
"""Roles that are processes of their own, in the order in which they are started."""

CHOICES = ("smtp", "submission", "collector", "mailq", "links", "web", "worker", "metrics")
"""What ``serve --only`` understands; smtp and submission share a process."""


def roles_of(only: tuple[str, ...]) -> list[str]:
    """Give the roles that serve what was asked for, in starting order."""
    wanted = {"smtp" if name == "submission" else name for name in only or CHOICES}
    return [role for role in ROLES if role in wanted]


def narrow(runtime: OfficeRuntime, only: tuple[str, ...]) -> OfficeRuntime:
    """Close the listener of the SMTP process that was not asked for."""
    gateway = runtime.gateway
    if not {"smtp", "submission"} & set(only):  # no door: this process has nothing to close
        return runtime
    if "smtp" not in only:
        gateway = replace(gateway, smtp=replace(gateway.smtp, listen=""))
    if "submission" not in only:
        gateway = replace(gateway, submission=replace(gateway.submission, listen=""))
    return replace(runtime, gateway=gateway)


def is_child() -> bool:
    """Say whether a supervisor started this process."""
    return "SARABAN_ALIVE_FD" in os.environ


async def run_role(role: str, runtime: OfficeRuntime, reload: Callable[[], None]) -> None:
    """Run one role in this process until it is told to stop; SIGHUP calls ``reload``."""
    stop = asyncio.Event()
    _listen_for_the_end(stop)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reload)
    counters.start_counting(runtime.data_dir, role)
    run = _load(role)
    log.info("%s starts, pid %d", role, os.getpid())
    try:
        await run(runtime, stop, _tell_supervisor)
    finally:
        runtime.close()
    log.info("%s has stopped", role)


def _load(role: str) -> Role:
    module, _, name = ROLES[role].partition(":")
    loading.begin()
    run: Role = getattr(import_module(module), name)
    loading.loaded()
    return run


def _listen_for_the_end(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if is_child():  # reads as ended when the supervisor is gone, however it went
        loop.add_reader(int(os.environ["SARABAN_ALIVE_FD"]), stop.set)


def _tell_supervisor(ports: dict[str, int]) -> None:
    for name, port in ports.items():
        log.info("%s listens on port %d", name, port)
    fd = os.environ.get("SARABAN_READY_FD")
    if fd:
        os.write(int(fd), json.dumps(ports).encode() + b"\n")
        os.close(int(fd))
