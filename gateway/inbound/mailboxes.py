"""The process that collects: a thread of its own for each mailbox, which nothing else waits on.

A thread keeps one connection open: it looks, then waits in IDLE (RFC 2177) until mail comes or
``poll`` seconds have passed, and looks again. A letter is thus here within a second or two where
the server knows IDLE, and within ``poll`` seconds everywhere. IDLE is left every ``idle`` seconds,
much more often than servers ask for: only an answer proves that the connection is alive, so
one that is half dead is found within ``idle`` + ``timeout`` seconds. After trouble the thread
rests, longer each time and never quite as long as the others, and begins anew; it ends only when
told to.

Stopping cuts the connection, whatever is being read: a mail that was on its way is fetched again.
"""

import asyncio
import logging
import random
import threading
import time

from gateway.inbound.collector import TROUBLE, Collector
from gateway.inbound.imap import Imap, signed_in
from gateway.inbound.imap_line import Plug
from gateway.inbound.spool import Spool
from gateway.service import Ready, Runtime
from gateway.settings import CollectorSettings
from gateway.threads import in_thread
from registry.db import database_is_away

log = logging.getLogger("gateway.collector")

REST_FIRST = 1.0
REST_MOST = 300.0
_SOON = 0.25  # seconds until mail that was fetched may be in the books
_PATIENCE = 5.0  # seconds that a thread has to end; then it ends with the process


class Keeper:
    """The thread of one mailbox."""

    def __init__(self, runtime: Runtime, settings: CollectorSettings, spool: Spool) -> None:
        self._runtime = runtime
        self._settings = settings
        self._plug = Plug()
        self._collector = Collector(runtime, settings, spool, self._plug)
        self._soon = _SOON
        self._rest = 0.0
        self._thread = threading.Thread(
            target=self._run, name=f"collector {self._collector.account}", daemon=True
        )

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Cut the connection and end; does not wait."""
        self._plug.pull()

    def join(self, seconds: float) -> bool:
        """Wait until the thread has ended, and say whether it has."""
        self._thread.join(max(seconds, 0))
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._plug.pulled():
            began = self._runtime.clock.now()
            try:
                with signed_in(self._settings, self._plug) as imap:
                    self._keep_looking(imap)
            except Exception as error:  # noqa: BLE001 - a mailbox is looked into for ever
                if self._plug.pulled():
                    return
                self._rest = min(max(self._rest * 2, REST_FIRST), REST_MOST)
                self._tell(error)
                self._collector.note_trouble(began, error)
                self._plug.rest(self._rest * random.uniform(0.7, 1.0))  # noqa: S311 - no secret

    def _tell(self, error: Exception) -> None:
        expected = isinstance(error, TROUBLE) or database_is_away(error)
        account, rest = self._collector.account, self._rest
        log.error("%s: %s; again in %.0f s", account, error, rest, exc_info=not expected)

    def _keep_looking(self, imap: Imap) -> None:
        next_whole = 0.0
        while not self._plug.pulled():
            whole = time.monotonic() >= next_whole
            if whole:
                next_whole = time.monotonic() + self._settings.poll
            look = self._collector.look(imap, whole=whole)
            self._rest = 0.0
            if look.fetched or look.marked:
                log.info(
                    "%s: %d fetched, %d marked", self._collector.account, look.fetched, look.marked
                )
            self._soon = min(self._soon * 2, self._settings.poll) if look.waiting else _SOON
            end = next_whole
            if look.waiting:
                end = min(end, time.monotonic() + self._soon)
            self._wait(imap, end)

    def _wait(self, imap: Imap, end: float) -> None:
        """Wait for mail, or until this moment; see now and then that the server answers."""
        while not self._plug.pulled() and (left := end - time.monotonic()) > 0:
            span = min(left, self._settings.idle)
            if not imap.knows_idle:
                self._plug.rest(span)
                imap.ask()
            elif imap.wait(span):
                return


async def run_collector(runtime: Runtime, stop: asyncio.Event, ready: Ready) -> None:
    """Look into every mailbox again and again until told to stop."""
    spool = await in_thread(Spool, runtime.spool_dir, "collector", runtime.clock)
    keepers = [Keeper(runtime, one, spool) for one in runtime.gateway.collector]
    for keeper in keepers:
        keeper.start()
    ready({})
    await stop.wait()
    for keeper in keepers:
        keeper.stop()
    end = time.monotonic() + _PATIENCE
    ended = [await in_thread(keeper.join, end - time.monotonic()) for keeper in keepers]
    if all(ended):
        spool.close()
