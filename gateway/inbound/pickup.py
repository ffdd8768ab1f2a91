"""The work of the worker: letters are taken from the spool, oldest first, and entered in the books.

Several letters are read first (:mod:`gateway.inbound.reading`) and then entered in one transaction,
so that under load the cost of a durable commit is shared; meanwhile the next ones are read. A batch
that fails is entered again one by one. A letter that cannot be read or entered is tried alone, and
after three failures given to people as it is: entered unread, so that it waits for an officer, else
set aside with a notice (:mod:`gateway.inbound.aside`). One that needs more memory or time than a
letter may is entered unread at once. It never stops the ones behind it. While the database or DNS
is away, or the disk full, everything stays in the spool, is tried again, and is not blamed.
On SQLite this is the one process that gives receive numbers.
"""

import logging
import os
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from gateway import wake
from gateway.inbound.aside import tell_people
from gateway.inbound.choose import Choice
from gateway.inbound.envelope import Envelope
from gateway.inbound.journey import Journey
from gateway.inbound.reader import Answer, Request, Task, reader_of
from gateway.inbound.reading import Apart, Here, Readers
from gateway.inbound.rests import Rests
from gateway.inbound.spool import Spooled
from gateway.inbound.tray import CRASHES, Tray
from gateway.service import Runtime
from registry import cursors, directory, faults
from registry.counters import count
from registry.db import database_is_away
from registry.letter.message import Listener, Message
from registry.letter.sorting import Outcome
from registry.log import about

log = logging.getLogger("gateway.pickup")

_FRUITLESS = 100  # batches in which no letter gets on before somebody may ask us to stop


@dataclass(slots=True)
class Read:
    """Letters that are being read, and their answers to come."""

    letters: list[Spooled]
    answers: "Future[list[Answer]]"


@dataclass
class Pickup:
    """The work of one worker process; every method blocks and runs in a thread.

    While one batch is entered the next is being read. Use it as a context manager, or close it.
    """

    journey: Journey
    tray: Tray
    readers: Readers
    rests: Rests = field(default_factory=Rests)
    _reading: Read | None = None

    def __post_init__(self) -> None:
        self.tray.blame_those_at_work()
        self._choice = Choice(self.tray, self.rests, self._set_aside)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is being read: it stays in the spool, and nobody is blamed."""
        self.readers.close()
        self._reading = None
        self.tray.at_work(())

    def round(self) -> int:
        """Enter what is there, up to one batch; return how many letters were finished."""
        for _ in range(_FRUITLESS):
            read, self._reading = self._reading or self._begin(()), None
            if read is None:
                break
            if done := self._enter_read(read):
                return done
        return 0

    def _enter_read(self, read: Read) -> int:
        """Enter what was read, while the next batch is being read."""
        answers = self._answers(read)
        self._reading = self._begin(read.letters)
        messages = [self._message(*one) for one in zip(read.letters, answers, strict=True)]
        batch = [(one, m) for one, m in zip(read.letters, messages, strict=True) if m is not None]
        return self._enter_all(batch) if batch else 0

    def _enter_all(self, batch: list[tuple[Spooled, Message]]) -> int:
        letters = [spooled for spooled, _ in batch]
        try:
            done = self._enter(batch)
        except Exception as error:
            if database_is_away(error):
                self._put_back(letters)
                raise
            if len(batch) == 1:
                return self._failed(letters[0], _what(error), error)
            return sum(self._alone(one) for one in batch)
        self._finish(letters)
        return done

    def _begin(self, at_work: Sequence[Spooled]) -> Read | None:
        """Begin to read the next letters that are due."""
        chosen = self._choice.take(at_work)
        if not chosen:
            self.tray.at_work([one.name for one in at_work])
            return None
        requests = [Request(one, self.rests.unproven(one.name)) for one in chosen]
        try:
            with self.journey.database.read() as session:
                own = directory.hosted(session)
        except DBAPIError:
            self._put_back(chosen)
            raise
        return Read(chosen, self.readers.begin(requests, own))

    def _answers(self, read: Read) -> list[Answer]:
        try:
            return read.answers.result()
        except OSError:
            self._put_back(read.letters)
            raise

    def _message(self, spooled: Spooled, answer: Answer) -> Message | None:
        """Give the message to enter; None means that the letter stays, or was seen to."""
        match answer.trouble:
            case "":
                return answer.message
            case "dns":
                self.tray.put_back(spooled.name)
                self.rests.wait_for_dns(spooled.name, answer.detail)
                log.warning("%s waits for DNS: %s", spooled.name, answer.detail)
            case "disk":
                self.tray.put_back(spooled.name)
                self.rests.rest(spooled.name, 5.0)
                log.error("%s stays in the spool: %s", spooled.name, answer.detail)
            case "over":
                log.error("%s is entered unread: %s", spooled.name, answer.detail)
                self._give_to_people(spooled, answer.detail)
            case _:
                self._failed(spooled, answer.detail)
        return None

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
        with about(letter=spooled.name):
            outcomes = self.journey.enter(session, message)
        if spooled.envelope.listener is Listener.COLLECTOR:
            cursors.finish(session, spooled.name, self.journey.desk.now())
        return outcomes

    def _alone(self, one: tuple[Spooled, Message]) -> int:
        """Enter one letter by itself, so that a poisoned one harms no other."""
        return self._enter_all([one])

    def _failed(self, spooled: Spooled, why: str, error: Exception | None = None) -> int:
        """Note a failure; after the third the letter goes to people as it is."""
        log.error("%s could not be entered: %s", spooled.name, why, exc_info=error)
        self.rests.rest(spooled.name, 5.0)
        if self.tray.blame(spooled.name) >= CRASHES:
            return self._give_to_people(spooled, why)
        return 0

    def _give_to_people(self, spooled: Spooled, why: str) -> int:
        if self._enter_unread(spooled, why):
            return 1
        self._set_aside(spooled.name, why, spooled.envelope)
        return 0

    def _enter_unread(self, spooled: Spooled, why: str) -> bool:
        """Enter the letter with nothing in it read, so that it waits for an officer.

        Not what a clerk hands in: it would be sent as it is.
        """
        if spooled.envelope.listener is Listener.SUBMISSION:
            return False
        try:
            spooled = self.tray.read(spooled.name)  # it may have left its pack meanwhile
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
        log.error("%s is set aside: %s", name, why)
        count("saraban_letters_set_aside_total")
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

    def _finish(self, letters: list[Spooled]) -> None:
        """Forget letters that are in the books."""
        if len(letters) == 1:  # it may have been blamed for something
            self.tray.finish(letters[0].name)
        else:
            self.tray.finish_all(letters)


def _what(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"


def _tell(spooled: Spooled, outcomes: list[Outcome]) -> None:
    """One line a letter, with ids and numbers, never with content."""
    for one in outcomes:
        number = f" No. {one.number}/{one.year}" if one.number else ""
        ids = {"letter": spooled.name, "letter_id": one.letter_id, "entry": one.entry_id}
        became = one.state or one.kind
        count("saraban_letters_entered_total", kind=str(one.kind), state=one.state)
        log.info("%s at %s: %s%s", spooled.name, one.entity_code, became, number, extra=ids)


def pickup_of(runtime: Runtime, *, apart: bool = False) -> Pickup:
    """Make the worker of this runtime; ``apart``: letters are read in a process with limits."""
    trust, office = runtime.gateway.trust, runtime.office
    task = Task(office, trust, runtime.blobs.root, runtime.gateway.worker)
    readers: Readers = Apart(task) if apart else Here(reader_of(task))
    journey = Journey(runtime.desk, runtime.database, runtime.blobs)
    tray = Tray(runtime.spool_dir, run=os.environ.get("SARABAN_RUN", ""))
    return Pickup(journey, tray, readers)
