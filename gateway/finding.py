"""The process that keeps letters findable: it reads the text of their files, and keeps the index.

Besides, it reads the fields off letters' papers and verifies their signatures. All this is much
work for a letter and may wait a moment, so it is done in a process beside the worker that yields
the CPU to it, and shares nothing with it but the database and the blob store. Nothing it does is
needed for a number: killed at any point, it goes on where it was. A thread each, so that no long
file keeps the index from following within a second. While letters are being entered the index waits
for up to half a minute: under load numbers come first.

It is started by :mod:`gateway.findable`, gets its settings on its standard input, and ends when
that ends.
"""

import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.inbound import smime
from gateway.inbound.tray import Tray
from gateway.service import Runtime
from registry import loading
from registry.counters import start_counting
from registry.db import database_is_away
from registry.desk.context import Desk
from registry.desk.found_secret import found_on_paper, marking_on, spread
from registry.letter.marking_doubt import marking_like
from registry.letter.page import Page
from registry.log import start_logging
from registry.models.search import SearchDueRow
from registry.paper_reading import PaperReading
from registry.search import index
from registry.secret.keeping import Keeping
from registry.signatures import Verifying
from registry.texts.reading import Reading

log = logging.getLogger(__name__)

ROLE: Final = "finder"
_NICE: Final = 5
_REST: Final = 0.5  # seconds between two looks
_PATIENCE: Final = timedelta(seconds=30)  # for which the index waits while letters are entered
_UPKEEP: Final = 20  # looks after which the index is tended though nothing changed
_TROUBLE: Final = 10.0
_END: Final = 10.0


class Index:
    """Follows what changed; asks little while nothing does."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._idle = _UPKEEP

    def turn(self) -> int:
        """Do one step; give how much was done."""
        self._idle += 1
        with self._runtime.database.read() as session:
            oldest = session.scalar(select(SearchDueRow.at).order_by(SearchDueRow.id).limit(1))
        if oldest is None and self._idle < _UPKEEP:
            return 0
        if self._worker_is_busy() and not _late(oldest, self._runtime.clock.now()):
            return 0
        worked = index.step(self._runtime.database, self._runtime.clock)
        self._idle = _UPKEEP if worked else 0
        return worked

    def _worker_is_busy(self) -> bool:
        """Whether letters are being entered at this moment: that goes first."""
        return Tray(self._runtime.spool_dir).busy()


class Yielding:
    """Lets the worker go first while letters are being entered, for as long as the index does."""

    def __init__(self, runtime: Runtime, turn: Callable[[], int]) -> None:
        self._runtime, self._turn = runtime, turn
        self._since: datetime | None = None

    def turn(self) -> int:
        """Do one step, or none for now; give how much was done."""
        now = self._runtime.clock.now()
        if Tray(self._runtime.spool_dir).busy():
            self._since = self._since or now
            if now - self._since <= _PATIENCE:
                return 0
        self._since = None
        return self._turn()


def _late(oldest: datetime | None, now: datetime) -> bool:
    """Whether the index has let the worker go first for long enough."""
    return oldest is not None and now - oldest > _PATIENCE


def main() -> None:
    """Work until the worker is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the worker decides
        signal.signal(number, signal.SIG_IGN)
    loading.loaded()
    office, gateway = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own other half
    os.nice(_NICE)
    start_logging(office.log, ROLE)
    runtime = Runtime(office, gateway)
    start_counting(runtime.data_dir, ROLE)
    stop = threading.Event()
    hide = partial(hide_if_marked, runtime.desk)
    reading = Reading(runtime.database, runtime.blobs, runtime.clock, office.reading, hide)
    papers = PaperReading(runtime.database, runtime.blobs, runtime.desk, lambda: runtime.links_url)
    verifying = Verifying(runtime.database, runtime.blobs, runtime.clock, office, smime.lay_out)
    elsewhere = partial(spread, desk=runtime.desk)
    keeping = Keeping(runtime.database, runtime.blobs, runtime.clock, runtime.data_dir, elsewhere)
    turns: list[Callable[[], int]] = [
        Index(runtime).turn,
        lambda: reading.turn(lambda: not stop.is_set()),
        Yielding(runtime, lambda: papers.turn(lambda: not stop.is_set())).turn,
        lambda: verifying.turn(lambda: not stop.is_set()),
        keeping.turn,
    ]
    threads = [threading.Thread(target=keep_at, args=(one, stop), daemon=True) for one in turns]
    for thread in threads:
        thread.start()
    sys.stdin.buffer.read()  # until it ends
    stop.set()
    reading.close()
    papers.close()
    verifying.close()
    for thread in threads:
        thread.join(_END)
    runtime.close()


def hide_if_marked(desk: Desk, session: Session, sha256: str, page: Page) -> None:
    """Hide the letters that carry a content whose first page bears a marking of secrecy.

    A line of a scan that may be one, misread, counts, though not for other books: the officer of
    secret letters frees it.
    """
    read = marking_on([line.text for line in page.lines])
    if (grade := read or marking_like(page)) is not None:
        found_on_paper(session, desk, sha256, grade, doubted=read is None)


def keep_at(turn: Callable[[], int], stop: threading.Event) -> None:
    """Work turn after turn; what goes wrong is told, and tried again a little later."""
    while not stop.is_set():
        rest = _REST
        try:
            rest = 0.0 if turn() else _REST
        except Exception as error:
            rest = _TROUBLE
            if database_is_away(error):
                log.warning("letters are not kept findable now: the database is away")
            elif not stop.is_set():
                log.exception("letters are not kept findable now")
        stop.wait(rest)
