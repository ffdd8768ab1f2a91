"""One campaign: an office under load, kills at random moments, and the reckoning.

In each round something is killed with SIGKILL while letters come in and go out: one process of the
service, the whole service, or PostgreSQL. At the end all that was answered with 250 must be in the
books once, the numbers without a gap, every addressee in one state, and the proof must hold.
"""

import os
import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from gateway.inbound.tray import Tray
from registry.models.letters import LetterRow
from tests.campaign.senders import CENTRAL, CLERK, DLA, OFFICES, Clerk, Sender
from tests.journeys.installation import Installation
from tests.journeys.neighbour import Neighbour
from tests.servers import postgres as postgres_server
from tests.servers import running
from tests.servers.ports import free_port
from tests.servers.postgres import Postgres
from tests.servers.waiting import let_pass, wait_until

ROLES = "smtp,submission,worker,mailq"
_PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a campaign ended with."""

    rounds: int
    received: int
    sent: int
    killed: Counter[str]
    uncertain: int  # mails that a receiver got twice, the same to the last byte


class Campaign:
    """An office, those who write to it, a receiver for all that leaves, and a killer."""

    def __init__(self, folder: Path, seed: int, database: Postgres | None = None) -> None:
        self._random = random.Random(seed)
        self._database = database
        self.office = _office(folder, database.create("saraban") if database else "")
        self.office.ports["relay"] = free_port()
        self.office.settings("relay", host="127.0.0.1", port=self.office.ports["relay"], tls="none")
        self._stop = threading.Event()
        numbers = [seed * 100 + n for n in range(5)]
        self._senders = [Sender(self.office, self._stop, n) for n in numbers[:4]]
        self._clerk = Clerk(self.office, self._stop, numbers[4])
        self._neighbour = Neighbour(self.office.ports["relay"])
        self._service: subprocess.Popen[bytes] | None = None

    def run(self, rounds: int) -> Outcome:
        """Run so many rounds; raises AssertionError for whatever does not hold."""
        killed: Counter[str] = Counter()
        with self._neighbour:
            self._start()
            for sender in self._everybody():
                sender.start()
            for _ in range(rounds):
                let_pass(self._random.uniform(0.2, 1.5))
                killed[self._kill()] += 1
            self._stop.set()
            self._come_to_rest()
        return self._reckon(rounds, killed)

    def _everybody(self) -> list[Sender]:
        return [*self._senders, self._clerk]

    def _start(self) -> None:
        self._service = self.office.start(ROLES)

    def _kill(self) -> str:
        """Kill something, and see that the service is there again."""
        targets = ["service", "service", "smtp", "worker", "mailq"]
        target = self._random.choice([*targets, *(["database"] * 2 if self._database else [])])
        if target == "database" and self._database:
            self._database.kill()
            wait_until(self._database.answers, "PostgreSQL is back", seconds=60)
        elif target == "service":
            self._kill_service()
            self._start()
        else:
            with suppress_gone():
                os.kill(self.office.pids[target], signal.SIGKILL)
        return target

    def _kill_service(self) -> None:
        assert self._service is not None
        with suppress_gone():
            os.killpg(self._service.pid, signal.SIGKILL)
        self._service.wait()

    def _come_to_rest(self) -> None:
        """Start anew, and wait until every sender has its answer and nothing is on its way."""
        self._kill_service()
        self._start()
        for sender in self._everybody():
            sender.join(_PATIENCE)
            assert not sender.is_alive(), f"a sender has no answer\n{self.office.log()[-3000:]}"
        spool = self.office.folder / "spool"
        wait_until(lambda: not Tray(spool).waiting()[0], self._tail, seconds=_PATIENCE)
        busy = ("queued", "sending", "held")
        wait_until(lambda: not self.office.jobs(*busy), self._tail, seconds=_PATIENCE)
        assert self._service is not None
        self.office.stop(self._service)

    def _tail(self) -> str:
        return self.office.log()[-4000:]

    def _reckon(self, rounds: int, killed: Counter[str]) -> Outcome:
        received, sent = self.office.entries("received"), self.office.entries("sent")
        answered = Counter(key for sender in self._senders for key in sender.answered)
        assert _apart(self._letters_in(), answered) == {}
        assert _apart(Counter(one.subject for one in sent), Counter(self._clerk.answered)) == {}
        for book in (received, sent):
            assert [one.number for one in book] == list(range(1, len(book) + 1))
        got = Counter((to, raw) for to, raw in self._neighbour.mails)
        self._reckon_deliveries(sent, {(to, _id_of(raw)) for to, raw in got})
        assert not list((self.office.folder / "spool").glob("*/bad/*"))
        proof = self.office.run("proof", ok=False)
        assert proof.returncode == 0, proof.stdout + proof.stderr
        twice = sum(count - 1 for count in got.values())
        return Outcome(rounds, len(received), len(sent), killed, twice)

    def _letters_in(self) -> Counter[str]:
        """Count the letters that are there by SHA-256: in the book, or before an officer unread.

        A letter over which the worker was killed three times waits for an officer.
        """
        states = ("registered", "waiting")
        wanted = select(LetterRow.original_sha256).where(
            LetterRow.direction == "in", LetterRow.state.in_(states)
        )
        with self.office.reading() as session:
            return Counter(str(digest) for digest in session.scalars(wanted))

    def _reckon_deliveries(self, sent, got: set[tuple[str, str]]) -> None:
        """Every addressee in one state, and who is said to have it got it."""
        for entry in sent:
            assert sorted(one.to for one in entry.deliveries) == OFFICES
            for one in entry.deliveries:
                assert str(one.state) == "sent", (entry.id, one)
                assert (one.to, entry.message_id) in got
        ids = Counter(_id_of(raw) for _, raw in set(self._neighbour.mails))
        doubled = [one for one, count in ids.items() if count > len(OFFICES)]
        assert not doubled, "one Message-ID stands for different mails"
        states = {job.state for job in self.office.jobs()}
        assert states <= {"sent"}, states


def _apart(there: Counter[str], answered: Counter[str]) -> dict[str, int]:
    """Give what is there too often (above 0) or too rarely (below)."""
    return {
        key: there[key] - answered[key] for key in there | answered if there[key] != answered[key]
    }


def _id_of(raw: bytes) -> str:
    head = raw.partition(b"\r\n\r\n")[0].lower()
    return head.partition(b"\r\nmessage-id:")[2].split()[0].decode("ascii", "replace")


def _office(folder: Path, url: str) -> Installation:
    """Make the office, on SQLite or in the database of this URL."""
    made = Installation(folder)
    if url:
        made.settings("database", url=url)
        made.url = url
        made.run("db", "upgrade")
        made.add_entity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓", hosted=True)
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    made.add_officer(CLERK)
    made.settings("send", retry_first=0.2, retry_most=0.5)
    made.settings("smtp", listen=f"127.0.0.1:{free_port()}")
    made.settings("submission", listen=f"127.0.0.1:{free_port()}")
    assert CENTRAL.endswith("phrae.go.th")
    assert DLA.endswith("dla.go.th")
    return made


@contextmanager
def suppress_gone() -> Iterator[None]:
    """Killing what is dead already is no failure."""
    try:
        yield
    except ProcessLookupError:
        return


@contextmanager
def durable_postgres() -> Iterator[Postgres]:
    """Keep a PostgreSQL that may be killed."""
    server = postgres_server.start(os.getpid(), durable=True)
    try:
        yield server
    finally:
        running.end(server.folder)
