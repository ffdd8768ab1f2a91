"""The mail queue: takes jobs out of the outbox and brings each to its receiver, or says why not.

Jobs are claimed with a lease, the most urgent and the oldest first, no more than can be worked on;
every fourth place goes to the one that waits longest, so that much urgent mail holds up no other.
The lease is kept up while a large mail is on its way. Each try is written down before the peer
hears of it. What becomes of it:

- sent: the delivery is *sent*; what had to wait for the same host is due again;
- put off: again after a wait that doubles (:mod:`gateway.outbound.retry`); when the host itself
  could not be reached, its *door* is shut and all mail through it waits, without being tried;
- too large for the next hop: composed again at once with more files on the download page;
- refused, or its time is over: *failed*, and the clerk is told once, in Thai;
- withdrawn: dropped where it stands, up to the moment before DATA.

No mail is lost by a crash: it is tried again when this process comes back, or at the latest when
its lease runs out, with a line in the log when it may have been sent already. No error of one job
stops the others. Mail to entities hosted here goes through the spool; without a relay all other
mail waits, with that reason.
"""

import asyncio
import logging
import socket
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from gateway import wake
from gateway.inbound.spool import Spool
from gateway.outbound import hooks
from gateway.outbound.answer import Answer, Fate
from gateway.outbound.carry import Carrier
from gateway.outbound.close import close, ids_of
from gateway.outbound.compose import Composer
from gateway.outbound.draft import Tools
from gateway.outbound.relay import Patience
from gateway.service import Ready, Runtime
from gateway.threads import in_thread
from registry import outbox
from registry.db import database_is_away
from registry.jobs import Job
from registry.log import about
from registry.node import node_of

log = logging.getLogger(__name__)

SLOTS: Final = 10
PER_DESTINATION: Final = 3
LEASE: Final = 600.0
AGAIN: Final = 2.0  # seconds between tries to write down what became of a mail
_LOOK: Final = 1.0
_OLDEST: Final = 4  # one place in so many goes to the job that waits longest


class Queue:
    """The runner of one process; any number of processes may run beside each other."""

    def __init__(self, runtime: Runtime, spool: Spool, patience: Patience | None = None) -> None:
        self._runtime = runtime
        tools = Tools(runtime.office, runtime.gateway, runtime.keys, runtime.blobs)
        composer = Composer(runtime.database, tools)
        self._carrier = Carrier(runtime, composer, spool, patience or Patience())
        # Names a place that one process holds at a time: others, on this host too, may share the
        # database.
        node = node_of(runtime.data_dir)
        self._name = f"{socket.gethostname()[:24]}/{node}/{spool.process}"[:60]
        self._running: dict[asyncio.Task[None], Job] = {}
        self._lanes: dict[str, asyncio.Semaphore] = {}
        self._claimed = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; then let what is on its way arrive, for a while."""
        await in_thread(self._carrier.sweep)
        await in_thread(self._take_over)
        async with wake.Bell(self._runtime.data_dir, wake.MAILQ) as bell:
            keeper = asyncio.create_task(self._keep_leases())
            try:
                while not stop.is_set():
                    if not await self._take():
                        await bell.wait(_LOOK, stop)
            finally:
                await self._let_finish()
                keeper.cancel()
                await asyncio.gather(keeper, return_exceptions=True)

    async def drain(self) -> None:
        """Work off all that is due now; for tests, the demo and a command."""
        while await self._take() or self._running:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def _take(self) -> int:
        """Claim as many jobs as there is room for, and begin them; return how many."""
        free = SLOTS - len(self._running)
        if free <= 0:
            return 0
        try:
            jobs = await in_thread(self._claim, free)
        except SQLAlchemyError as error:
            log.warning("outbox cannot be read: %s", type(error).__name__)
            await asyncio.sleep(_LOOK)  # however often the bell rings meanwhile
            return 0
        for job in jobs:
            task = asyncio.create_task(self._in_lane(job))
            self._running[task] = job
            task.add_done_callback(self._done)
        return len(jobs)

    def _claim(self, free: int) -> list[Job]:
        busy = Counter(job.destination for job in self._running.values())
        crowded = [name for name, count in busy.items() if count >= PER_DESTINATION]
        hooks.follow(self._runtime)
        now = self._runtime.clock.now()
        oldest = (self._claimed + free) // _OLDEST - self._claimed // _OLDEST
        with self._runtime.database.write() as session:
            jobs = outbox.claim(
                session, now, LEASE, free, self._name, resting=crowded, for_the_oldest=oldest
            )
        self._claimed += len(jobs)
        return jobs

    async def _in_lane(self, job: Job) -> None:
        """Wait for a place among the mails to this destination, then work."""
        lane = self._lanes.setdefault(job.destination, asyncio.Semaphore(PER_DESTINATION))
        async with lane:
            with about(**ids_of(job)):
                await self._do(job)

    async def _do(self, job: Job) -> None:
        """One try of one job, from opening the attempt to closing it."""
        if job.uncertain:
            log.warning("job %s: an earlier try was cut off and may have arrived", job.id)
        attempt, until = None, None
        try:
            way = await in_thread(self._carrier.way_of, job)
            until = way.shut_until
            if way.shut is None:
                attempt = await in_thread(self._open, job, way.host)
            answer = await self._carrier.carry(job, way)
        except SQLAlchemyError as error:
            log.warning("job %s: database: %s", job.id, type(error).__name__)
            return  # the lease runs out, and the job is due again
        except Exception:
            log.exception("job %s could not be worked on", job.id)
            answer = Answer(Fate.DEFERRED, 0, "internal error; see the log")
        await self._close(job, attempt, answer, until)

    async def _close(
        self, job: Job, attempt: int | None, answer: Answer, until: datetime | None
    ) -> None:
        """Write down what became of the try, however long the database is away.

        A 250 that is forgotten is a letter sent twice; so the job is kept until it is closed. What
        the database will not keep of the peer's words is left out, once.
        """
        while True:
            try:
                await in_thread(close, self._runtime, job, attempt, answer, wait_until=until)
            except Exception as error:
                passes = database_is_away(error)
                log.warning("job %s: not closed: %s", job.id, type(error).__name__)
                if not passes and not answer.reply:
                    log.exception("job %s cannot be closed", job.id)
                    return
            else:
                return
            answer = answer if passes else replace(answer, reply="")
            await asyncio.sleep(AGAIN)

    def _take_over(self) -> None:
        """Go on with what was on its way when this process last ended; nobody else has it."""
        try:
            with self._runtime.database.write() as session:
                held = outbox.take_over(session, self._name, at=self._runtime.clock.now())
        except SQLAlchemyError as error:
            log.warning("what was on its way waits: %s", type(error).__name__)
            return
        if held:
            log.info("%d mails were on their way when this process last ended", held)

    def _open(self, job: Job, host: str) -> int:
        with self._runtime.database.write() as session:
            return outbox.started(session, job.id, at=self._runtime.clock.now(), host=host)

    def _done(self, task: asyncio.Task[None]) -> None:
        job = self._running.pop(task)
        if all(other.destination != job.destination for other in self._running.values()):
            self._lanes.pop(job.destination, None)
        wake.ring(self._runtime.data_dir, wake.MAILQ)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE / 4)
            for job in list(self._running.values()):
                try:
                    await in_thread(self._renew, job)
                except SQLAlchemyError as error:
                    log.warning("job %s: lease not renewed: %s", job.id, type(error).__name__)

    def _renew(self, job: Job) -> None:
        until = self._runtime.clock.now() + timedelta(seconds=LEASE)
        with self._runtime.database.write() as session:
            outbox.renew(session, job.id, until=until)

    async def _let_finish(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=20)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def run_mailq(runtime: Runtime, stop: asyncio.Event, ready: Ready) -> None:
    """The role ``mailq`` of the service."""
    spool = await in_thread(Spool, runtime.spool_dir, "mailq", runtime.clock)
    try:
        queue = Queue(runtime, spool)
        ready({})
        await queue.run(stop)
    finally:
        spool.close()
