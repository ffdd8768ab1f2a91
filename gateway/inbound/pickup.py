"""The worker: takes letters from the spool, oldest first, and enters them in the books.

Several letters are read first and then entered in one transaction, each in a savepoint of its
own: under load the cost of a durable commit is shared. A letter that cannot be entered is tried
alone, and set aside after three failures; it never stops the ones behind it. While the database
or DNS is away everything stays in the spool and is tried again.

On SQLite this is the one process that gives receive numbers.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError

from gateway import wake
from gateway.inbound.authenticate import Resolver, TemporaryTrustFailure
from gateway.inbound.journey import Journey
from gateway.inbound.spool import Spooled
from gateway.inbound.tray import CRASHES, Tray
from gateway.service import Ready, Runtime
from gateway.threads import in_thread
from registry import cursors, faults
from registry.db import database_is_away
from registry.desk import acknowledge, digest
from registry.errors import SarabanError
from registry.letter.message import Message, Trust
from registry.letter.sorting import Outcome

log = logging.getLogger("gateway.pickup")

BATCH = 32
BATCH_BYTES = 50_000_000
DNS_PATIENCE = 3600.0
REST = 1.0
DIGEST_EVERY = 60.0


@dataclass
class Pickup:
    """The work of one worker process; every method blocks and runs in a thread."""

    journey: Journey
    tray: Tray
    _not_before: dict[str, float] = field(default_factory=dict)
    _first_failure: dict[str, float] = field(default_factory=dict)
    _listed: deque[str] = field(default_factory=deque)

    def round(self) -> int:
        """Enter what is there, up to one batch; return how many letters were finished."""
        batch = [
            (spooled, message) for spooled in self._choose() if (message := self._read(spooled))
        ]
        if not batch:
            return 0
        try:
            done = self._enter(batch)
        except Exception as error:
            if database_is_away(error):
                self._put_back(batch)
                raise
            if len(batch) == 1:
                self._failed(batch[0][0], error)
                return 0
            return sum(self._alone(one) for one in batch)
        for spooled, _ in batch:
            self.tray.finish(spooled.name)
        return done

    def _choose(self) -> list[Spooled]:
        """Take the next letters that are due, bounded in number and in bytes."""
        chosen: list[Spooled] = []
        total = 0
        now = time.monotonic()
        for name in self._due():
            if self._not_before.get(name, 0.0) > now:
                continue
            suspect = self.tray.tries(name) > 0
            if suspect and chosen:  # it may have brought us down: its neighbours go first
                self._listed.appendleft(name)
                break
            if (spooled := self._start(name)) is None:
                continue
            total += spooled.envelope.raw_bytes
            chosen.append(spooled)
            if suspect or len(chosen) >= BATCH or total >= BATCH_BYTES:
                break
        faults.point("after_pickup")
        return chosen

    def _start(self, name: str) -> Spooled | None:
        """Begin work on a letter; None when it has gone or was set aside meanwhile."""
        try:
            spooled = self.tray.read(name)
        except SarabanError as error:
            log.warning("%s cannot be read now: %s", name, error)
            return None
        return spooled if spooled.state == "new" and self.tray.start(name) else None

    def _due(self) -> Iterator[str]:
        """Give names one after the other; the spool is listed again only when all were given."""
        if not self._listed:
            self._listed.extend(self.tray.list_new())
        while self._listed:
            yield self._listed.popleft()

    def _read(self, spooled: Spooled) -> Message | None:
        """Read one letter; None means that it stays for later."""
        try:
            return self.journey.read(spooled)
        except TemporaryTrustFailure as error:
            return self._without_dns(spooled, error)
        except OSError as error:
            log.error("%s stays in the spool: %s", spooled.name, error)  # noqa: TRY400
            self._later(spooled, 5.0)
            return None

    def _without_dns(self, spooled: Spooled, error: Exception) -> Message | None:
        """Wait for DNS for an hour; then go on without proof, so that an officer sees it."""
        first = self._first_failure.setdefault(spooled.name, time.monotonic())
        if time.monotonic() - first < DNS_PATIENCE:
            self._later(spooled, 30.0)
            log.warning("%s waits for DNS: %s", spooled.name, error)
            return None
        return self.journey.read_unproven(spooled, Trust(detail=f"DNS did not answer: {error}"))

    def _enter(self, batch: list[tuple[Spooled, Message]]) -> int:
        """Enter a batch in one transaction, each letter in a savepoint."""
        with self.journey.database.write() as session:
            for spooled, message in batch:
                with session.begin_nested():
                    outcomes = self.journey.enter(session, message)
                    cursors.finish(session, spooled.name, self.journey.desk.now())
                _tell(spooled, outcomes)
            faults.point("before_commit")
        faults.point("after_commit")
        wake.ring(self.journey.desk.settings.instance.data_dir, wake.MAILQ)
        faults.point("before_finish")
        return len(batch)

    def _alone(self, one: tuple[Spooled, Message]) -> int:
        """Enter one letter by itself, so that a poisoned one harms no other."""
        try:
            done = self._enter([one])
        except Exception as error:
            if database_is_away(error):
                self._put_back([one])
                raise
            self._failed(one[0], error)
            return 0
        self.tray.finish(one[0].name)
        return done

    def _failed(self, spooled: Spooled, error: Exception) -> None:
        """Note a failure; the third sets the letter aside for a person."""
        log.error("%s could not be entered: %s", spooled.name, type(error).__name__, exc_info=error)
        self._not_before[spooled.name] = time.monotonic() + 5.0
        if self.tray.tries(spooled.name) >= CRASHES:
            self.tray.set_aside(spooled.name, f"{type(error).__name__}: {error}")

    def _put_back(self, batch: list[tuple[Spooled, Message]]) -> None:
        for spooled, _ in batch:
            self.tray.put_back(spooled.name)

    def _later(self, spooled: Spooled, seconds: float) -> None:
        """Leave an innocent letter in the spool for a while."""
        self._not_before[spooled.name] = time.monotonic() + seconds
        self.tray.put_back(spooled.name)


def _tell(spooled: Spooled, outcomes: list[Outcome]) -> None:
    """One line a letter, with ids and numbers, never with content."""
    for one in outcomes:
        number = f" No. {one.number}/{one.year}" if one.number else ""
        log.info("%s at %s: %s%s", spooled.name, one.entity_code, one.state or one.kind, number)


async def run_worker(runtime: Runtime, stop: asyncio.Event, ready: Ready) -> None:
    """Enter letters until told to stop; look at once when the bell rings."""
    pickup = pickup_of(runtime)
    ready({})
    next_digest = 0.0
    async with _alone_at_work(runtime, stop), wake.Bell(runtime.data_dir, wake.WORKER) as bell:
        while not stop.is_set():
            try:
                worked = await in_thread(pickup.round)
                if time.monotonic() >= next_digest:
                    await in_thread(_digests, runtime)
                    next_digest = time.monotonic() + DIGEST_EVERY
            except DBAPIError as error:
                if not database_is_away(error):
                    raise
                log.error("the database is away: %s", error.orig)  # noqa: TRY400
                worked = 0
            if not worked:
                await bell.wait(REST, stop)


def pickup_of(runtime: Runtime) -> Pickup:
    """Make the worker of this runtime."""
    journey = Journey(runtime.desk, runtime.database, runtime.blobs, Resolver())
    return Pickup(journey, Tray(runtime.spool_dir))


def take_work(runtime: Runtime) -> int | None:
    """Take the lock that makes this process the one worker of the spool; None if it is taken.

    The lock is held until the descriptor is closed or the process ends.
    """
    runtime.spool_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(
        runtime.spool_dir / "worker.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
    )
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


@contextlib.asynccontextmanager
async def _alone_at_work(runtime: Runtime, stop: asyncio.Event) -> AsyncIterator[None]:
    """Wait until no other process works on this spool, and hold the place meanwhile."""
    while (handle := take_work(runtime)) is None and not stop.is_set():
        log.warning("another worker is at this spool; waiting for it to end")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 5.0)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _digests(runtime: Runtime) -> None:
    """Write the officers' digest mails that are due, and arrivals that nobody told yet."""
    now = runtime.clock.now()
    with runtime.database.write() as session:
        digest.send_due_digests(session, runtime.desk, now)
        acknowledge.acknowledge_late_arrivals(session, runtime.desk, now)
