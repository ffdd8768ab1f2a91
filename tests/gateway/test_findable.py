"""The process beside the worker: letters can be found, whatever becomes of it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.findable import findable
from gateway.finding import Index
from gateway.inbound.tray import Tray
from gateway.service import Runtime
from registry import directory
from registry.clock import FrozenClock
from registry.ids import new_id
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.search import FileTextRow, SearchDocRow, SearchDueRow
from saraban.config.load import load
from saraban.installing import FirstEntity
from tests.founding import founded
from tests.registry.texts import papers
from tests.servers.waiting import eventually

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long before a process is started again."""
    monkeypatch.setattr("gateway.findable._SETTLE", 0.0)
    monkeypatch.setattr("gateway.findable._PAUSES", (0.01,))


@pytest.fixture
def runtime(data_dir: Path, clock: FrozenClock) -> Iterator[Runtime]:
    first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
    settings = load(founded(data_dir, "saraban.test", first), {})
    made = Runtime(settings.office, settings.gateway, clock)
    yield made
    made.close()


@pytest.fixture
def letter(runtime: Runtime) -> Callable[[str], str]:
    """Keep a waiting letter with a PDF that says this; give the digest of the PDF."""

    def keep(words: str) -> str:
        data, letter_id = papers.saying(b"(%s) Tj" % words.encode()), new_id()
        sha256 = runtime.blobs.put(data)
        with runtime.database.write() as session:
            own = directory.hosted(session)[0]
            session.add(
                LetterRow(
                    id=letter_id, entity_id=own.id, direction="in", state="waiting",
                    subject="ขอเชิญประชุม", accepted_at=runtime.clock.now(),
                )
            )  # fmt: skip
            session.flush()
            session.add(
                EnclosureRow(
                    letter_id=letter_id, position=0, role="letter", name="หนังสือ.pdf",
                    bytes=len(data), sha256=sha256, media_type="application/pdf",
                )
            )  # fmt: skip
        return sha256

    return keep


def text_of(runtime: Runtime, sha256: str) -> str:
    with runtime.database.read() as session:
        row = session.get(FileTextRow, sha256)
        return row.text if row else ""


def is_in_step(runtime: Runtime, words: str) -> bool:
    with runtime.database.read() as session:
        behind = session.query(SearchDueRow).first()
        return behind is None and any(words in doc.body for doc in session.query(SearchDocRow))


def children() -> list[int]:
    """Give the processes of this kind that we started."""
    found = []
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split():
        with suppress(OSError):  # it may end while we look
            if b"gateway.finding" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(int(pid))
    return found


async def test_a_waiting_letter_is_found_by_the_text_of_its_file(runtime, letter):
    sha256 = letter("budget")
    async with findable(runtime):
        await eventually(lambda: is_in_step(runtime, "budget"), "the index follows")
    assert text_of(runtime, sha256) == "budget"
    assert children() == []


async def test_a_finder_that_is_killed_is_started_again(runtime, letter):
    async with findable(runtime):
        first = await eventually(children, "it is started")
        os.kill(first[0], signal.SIGKILL)
        again = await eventually(lambda: children() if children() != first else [], "again")
        sha256 = letter("again")
        await eventually(lambda: text_of(runtime, sha256) == "again", "the file is read")
        assert again != first
    assert children() == []


def test_the_index_waits_while_letters_are_entered_but_not_for_ever(runtime, letter):
    letter("budget")
    keeper = Index(runtime)
    tray = Tray(runtime.spool_dir)
    runtime.spool_dir.mkdir(exist_ok=True)
    tray.at_work(["smtp/2al2crvibu5vvbuu"])
    with runtime.database.read() as session:
        noted = session.query(SearchDueRow).first().at
    runtime.clock.set(noted + timedelta(seconds=5))
    assert keeper.turn() == 0
    runtime.clock.set(noted + timedelta(seconds=31))
    assert keeper.turn() > 0
    letter("plan")
    tray.at_work([])
    assert keeper.turn() > 0


async def test_the_papers_of_a_secret_letter_are_encrypted(runtime, letter):
    sha256 = letter("budget")
    with runtime.database.write() as session:
        session.query(LetterRow).one().secrecy = "ลับ"
    async with findable(runtime):
        await eventually(lambda: not runtime.blobs.is_open(sha256), "it is encrypted")
    assert runtime.blobs.verify(sha256)
