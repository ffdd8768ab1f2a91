"""What the worker sees to beside letters: digests, lateness, and bytes that nobody needs.

Digests, arrivals, overdue and unseen letters, terms of officers and readings are looked at every
minute. Letters that no scanner could look at are shown to it again in a thread beside
(:mod:`gateway.inbound.rescan`). Once a day old sign-ins and keys of forms are forgotten and the
blob store is swept: a content goes only if no row needs it and nobody kept it for a day, so what a
letter just put down is safe until its row is written. Each chore has a transaction of its own; what
goes wrong in one keeps no letter from being entered, and is tried again the next time.
"""

import logging
import time

from sqlalchemy.exc import SQLAlchemyError

from gateway.inbound.rescan import EVERY, Rescan
from gateway.service import Runtime
from registry import looks, once
from registry.accounts import officers
from registry.db import database_is_away
from registry.desk import acknowledge, digest, overdue, unseen
from registry.proving.holdings import used

log = logging.getLogger(__name__)

MINUTE = 60.0
DAY = 86_400.0


class Chores:
    """The chores of one worker; blocking."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._next_minute = 0.0
        self._next_day = time.monotonic() + MINUTE
        self._next_scan = 0.0
        self._rescan = Rescan(runtime)

    def do_what_is_due(self) -> None:
        """Do what is due now. Raises when the database is away."""
        now = time.monotonic()
        if now >= self._next_minute:
            self._next_minute = now + MINUTE
            self._tell_people()
        if now >= self._next_scan:
            self._next_scan = now + EVERY
            self._rescan.begin()
        if now >= self._next_day:
            self._next_day = now + DAY
            self._forget()
            self._sweep()

    def _tell_people(self) -> None:
        now = self._runtime.clock.now()
        for work in (
            digest.send_due_digests,
            acknowledge.acknowledge_late_arrivals,
            overdue.mark_overdue,
            unseen.tell_of_unseen,
            officers.end_terms,
            looks.witness_readings,
        ):
            try:
                with self._runtime.database.write() as session:
                    work(session, self._runtime.desk, now)
            except Exception as error:
                if database_is_away(error):
                    raise
                log.exception("%s failed", work.__name__)

    def _forget(self) -> None:
        now = self._runtime.clock.now()
        for work in (once.forget_old, officers.forget_sessions):
            try:
                with self._runtime.database.write() as session:
                    work(session, now)
            except SQLAlchemyError as error:
                if database_is_away(error):
                    raise
                log.exception("%s failed", work.__name__)

    def _sweep(self) -> None:
        try:
            with self._runtime.database.snapshot() as session:
                removed = self._runtime.blobs.sweep(used(session))
        except OSError as error:
            log.error("the blob store was not swept: %s", error)  # noqa: TRY400
        else:
            log.info("swept the blob store: %d contents that nobody needs", len(removed))
