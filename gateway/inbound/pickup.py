"""The worker: takes letters from the spool, oldest first, and enters them in the books.

Several letters are read first and then entered in one transaction, each in a savepoint of its
own: under load the cost of a durable commit is shared. A letter that cannot be read or entered is
tried alone, and after three failures given to people as it is: entered unread, so that it waits
for an officer, else set aside with a notice (:mod:`gateway.inbound.aside`). It never stops the ones
behind it. While the database or DNS is away, or the disk full, everything stays in the spool, is
tried again, and is not blamed.

On SQLite this is the one process that gives receive numbers.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from gateway import wake
from gateway.inbound.alone import alone_at_work
from gateway.inbound.aside import tell_people
from gateway.inbound.authenticate import Resolver, Rules, TemporaryTrustFailure
from gateway.inbound.chores import Chores
from gateway.inbound.envelope import Envelope
from gateway.inbound.journey import Journey
from gateway.inbound.spool import Spooled
from gateway.inbound.tray import CRASHES, DAMAGED, Tray
from gateway.service import Ready, Runtime
from gateway.threads import in_thread
from registry import cursors, faults
from registry.db import database_is_away
from registry.errors import NotUnderstood, SarabanError
from registry.letter.message import Listener, Message, Trust
from registry.letter.sorting import Outcome

log = logging.getLogger("gateway.pickup")

BATCH = 32
BATCH_BYTES = 50_000_000
DNS_PATIENCE = 3600.0
REST = 1.0


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
        batch = self._read_all(self._choose())
        if not batch:
            return 0
        try:
            done = self._enter(batch)
        except Exception as error:
            if database_is_away(error):
                self._put_back([spooled for spooled, _ in batch])
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
        except NotUnderstood:
            log.error("%s: %s", name, DAMAGED)  # noqa: TRY400
            self._set_aside(name, DAMAGED)
            return None
        except SarabanError as error:
            log.warning("%s cannot be read now: %s", name, error)
            return None
        if spooled.state != "new":
            return None
        if not self.tray.start(name):
            self._tell(name, spooled.envelope)
            return None
        return spooled

    def _due(self) -> Iterator[str]:
        """Give names one after the other; the spool is listed again only when all were given."""
        if not self._listed:
            self._listed.extend(self.tray.list_new())
        while self._listed:
            yield self._listed.popleft()

    def _read_all(self, chosen: list[Spooled]) -> list[tuple[Spooled, Message]]:
        """Read the letters; when the database is away none of them is to blame for it."""
        try:
            return [(one, message) for one in chosen if (message := self._read(one))]
        except DBAPIError:
            self._put_back(chosen)
            raise

    def _read(self, spooled: Spooled) -> Message | None:
        """Read one letter; None means that it stays for later."""
        try:
            return self._judged(spooled)
        except OSError as error:
            log.error("%s stays in the spool: %s", spooled.name, error)  # noqa: TRY400
            self._later(spooled, 5.0)
        except Exception as error:
            if database_is_away(error):
                raise
            self._failed(spooled, error)
        return None

    def _judged(self, spooled: Spooled) -> Message | None:
        try:
            return self.journey.read(spooled)
        except TemporaryTrustFailure as error:
            return self._without_dns(spooled, error)

    def _without_dns(self, spooled: Spooled, error: Exception) -> Message | None:
        """Wait for DNS for an hour; then go on without proof, so that an officer sees it."""
        first = self._first_failure.setdefault(spooled.name, time.monotonic())
        if time.monotonic() - first < DNS_PATIENCE:
            self._later(spooled, 30.0)
            log.warning("%s waits for DNS: %s", spooled.name, error)
            return None
        return self.journey.read_unproven(spooled, Trust(detail=f"DNS did not answer: {error}"))

    def _enter(self, batch: list[tuple[Spooled, Message]]) -> int:
        """Enter a batch in one transaction."""
        with self.journey.database.write() as session:
            with self.journey.together(session, [message for _, message in batch]):
                told = [(one, self._enter_one(session, one, message)) for one, message in batch]
            faults.point("before_commit")
        faults.point("after_commit")
        for spooled, outcomes in told:
            _tell(spooled, outcomes)
        wake.ring(self.journey.desk.settings.instance.data_dir, wake.MAILQ)
        faults.point("before_finish")
        return len(batch)

    def _enter_one(self, session: Session, spooled: Spooled, message: Message) -> list[Outcome]:
        outcomes = self.journey.enter(session, message)
        if spooled.envelope.listener is Listener.COLLECTOR:
            cursors.finish(session, spooled.name, self.journey.desk.now())
        return outcomes

    def _alone(self, one: tuple[Spooled, Message]) -> int:
        """Enter one letter by itself, so that a poisoned one harms no other."""
        try:
            done = self._enter([one])
        except Exception as error:
            if database_is_away(error):
                self._put_back([one[0]])
                raise
            self._failed(one[0], error)
            return 0
        self.tray.finish(one[0].name)
        return done

    def _failed(self, spooled: Spooled, error: Exception) -> None:
        """Note a failure; after the third the letter goes to people as it is."""
        log.error("%s could not be entered: %s", spooled.name, type(error).__name__, exc_info=error)
        self._not_before[spooled.name] = time.monotonic() + 5.0
        if self.tray.tries(spooled.name) < CRASHES:
            return
        why = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        if not self._enter_unread(spooled, why):
            self._set_aside(spooled.name, why, spooled.envelope)

    def _enter_unread(self, spooled: Spooled, why: str) -> bool:
        """Enter the letter with nothing in it read, so that it waits for an officer.

        Not what a clerk hands in: it would be sent as it is.
        """
        if spooled.envelope.listener is Listener.SUBMISSION:
            return False
        try:
            self._enter([(spooled, self.journey.read_nothing(spooled, why))])
        except Exception as error:
            if database_is_away(error):
                self._put_back([spooled])
                raise
            log.exception("%s cannot be entered unread either", spooled.name)
            return False
        self.tray.finish(spooled.name)
        return True

    def _set_aside(self, name: str, why: str, envelope: Envelope | None = None) -> None:
        self._tell(name, envelope)
        self.tray.set_aside(name, why)

    def _tell(self, name: str, envelope: Envelope | None) -> None:
        """Tell the officers; if that fails the letter still stands in the list of the spool."""
        to, clerk = (envelope.recipients, envelope.signed_in) if envelope else ((), "")
        try:
            with self.journey.database.write() as session:
                tell_people(session, self.journey.desk, name, to, clerk)
        except SQLAlchemyError:
            log.exception("nobody could be told that %s was set aside", name)

    def _put_back(self, innocent: list[Spooled]) -> None:
        for spooled in innocent:
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
    pickup, chores = pickup_of(runtime), Chores(runtime)
    ready({})
    async with (
        alone_at_work(runtime.spool_dir, stop),
        wake.Bell(runtime.data_dir, wake.WORKER) as bell,
    ):
        while not stop.is_set():
            try:
                worked = await in_thread(pickup.round)
                await in_thread(chores.do_what_is_due)
            except DBAPIError as error:
                if not database_is_away(error):
                    raise
                log.error("the database is away: %s", error.orig)  # noqa: TRY400
                worked = 0
            except OSError as error:
                log.error("the spool cannot be worked on: %s", error)  # noqa: TRY400
                worked = 0
            if not worked:
                await bell.wait(REST, stop)


def pickup_of(runtime: Runtime) -> Pickup:
    """Make the worker of this runtime."""
    host = runtime.office.instance.hostname
    resolver, rules = Resolver.of(runtime.gateway.trust), Rules.of(runtime.gateway.trust, host)
    journey = Journey(runtime.desk, runtime.database, runtime.blobs, resolver, rules)
    return Pickup(journey, Tray(runtime.spool_dir))
