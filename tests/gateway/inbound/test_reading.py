"""The reading process: what one letter may cost, and that no other pays for it."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from gateway.inbound.envelope import Envelope
from gateway.inbound.reader import Request, Task, reader_of
from gateway.inbound.reading import Apart
from gateway.inbound.spool import Spooled
from gateway.settings import TrustSettings, WorkerSettings
from registry.blobs import BlobStore, Staged
from registry.letter.message import Listener
from registry.settings import OfficeSettings
from tests.gateway.inbound.mails import HEAD
from tests.registry.pdf.test_first_page import paper

GOOD = HEAD + b"\r\ngood\r\n"


class Full(BlobStore):
    """A store in a process whose memory is used up."""

    def stage(self) -> Staged:
        """Find no room."""
        raise MemoryError

    def adopt(self, path: Path, sha256: str, size: int) -> bool:
        """Find no room either."""
        raise MemoryError


@pytest.fixture
def apart(data_dir: Path) -> Iterator[Callable[..., Apart]]:
    """Readers with these limits; they end with the test."""
    made: list[Apart] = []

    def make(**limits: float) -> Apart:
        worker = replace(WorkerSettings(), **limits)
        made.append(Apart(Task(OfficeSettings(), TrustSettings(), data_dir / "blobs", worker)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def letter(tmp_path: Path) -> Callable[[str, bytes], Request]:
    """A letter to be read; whoever handed it in signed in, so that DNS is not asked."""

    def make(name: str, raw: bytes) -> Request:
        path = tmp_path / f"{name}.eml"
        path.write_bytes(raw)
        envelope = Envelope(
            Listener.MX, datetime.now(UTC), raw_bytes=len(raw), trusted_network=True
        )
        return Request(Spooled(f"smtp/{name}", path, envelope))

    return make


def test_letters_are_read_in_order_and_their_blobs_are_there_for_everybody(
    apart: Callable[..., Apart], letter: Callable[[str, bytes], Request], data_dir: Path
):
    requests = [letter(str(n), HEAD + b"\r\nletter %d\r\n" % n) for n in range(3)]
    answers = apart().begin(requests, []).result()
    messages = [answer.message for answer in answers]
    assert [message.text for message in messages if message] == [f"letter {n}" for n in range(3)]
    blobs = BlobStore(data_dir / "blobs")
    assert all(message and blobs.verify(message.original.blob) for message in messages)


def test_a_letter_that_takes_too_long_is_over_its_limit_and_its_neighbours_are_read(
    apart: Callable[..., Apart], letter: Callable[[str, bytes], Request]
):
    """A file that never ends stands for a reader that hangs."""
    endless = letter("endless", b"")
    endless.spooled.path.unlink()
    os.mkfifo(endless.spooled.path)
    requests = [letter("before", GOOD), endless, letter("behind", GOOD)]
    readers = apart(read_seconds=0.1, wait_seconds=3.0)
    before, hung, behind = readers.begin(requests, []).result()
    assert (hung.message, hung.trouble) == (None, "over")
    assert before.message
    assert behind.message


def test_a_letter_that_eats_memory_is_over_its_limit(
    letter: Callable[[str, bytes], Request], data_dir: Path
):
    task = Task(OfficeSettings(), TrustSettings(), data_dir / "blobs", WorkerSettings())
    reader = replace(reader_of(task), blobs=Full(data_dir / "blobs"))
    assert reader.answer(letter("heavy", GOOD), []).trouble == "over"


def test_the_kernel_holds_the_reader_to_its_memory(
    apart: Callable[..., Apart], letter: Callable[[str, bytes], Request]
):
    readers = apart(read_memory=900_000_000)
    readers.begin([letter("one", GOOD)], []).result()
    limits = Path(f"/proc/{readers.pid}/limits").read_text("ascii").splitlines()
    [space] = [line.split() for line in limits if line.startswith("Max address space")]
    assert space[3:5] == ["900000000", "900000000"]


def test_a_reader_that_is_killed_blames_the_letter_in_hand_and_the_next_goes_on(
    apart: Callable[..., Apart],
    letter: Callable[[str, bytes], Request],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    mark = tmp_path / "died"
    monkeypatch.setenv("SARABAN_FAULT", f"after_parse:2@{mark}")
    requests = [letter(name, GOOD) for name in ("first", "second", "third")]
    first, second, third = apart().begin(requests, []).result()
    assert mark.exists()
    assert (second.message, second.trouble) == (None, "error")
    assert first.message
    assert third.message


def test_a_reader_ends_when_its_worker_is_gone(
    apart: Callable[..., Apart], letter: Callable[[str, bytes], Request]
):
    readers = apart()
    readers.begin([letter("one", GOOD)], []).result()
    pid = readers.pid
    readers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def test_a_marking_on_the_first_page_of_a_paper_is_told_with_the_letter(apart, letter, tmp_path):
    path, *_ = paper(tmp_path, ["ลับมาก", "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔"])
    message = EmailMessage()
    message["From"], message["To"] = "saraban@dla.go.th", "saraban@phrae.go.th"
    message["Subject"] = "ส่งหนังสือ"
    message.set_content("ตามแนบ")
    message.add_attachment(path.read_bytes(), "application", "pdf", filename="หนังสือ.pdf")
    raw = message.as_bytes(policy=SMTP)
    found, plain = apart().begin([letter("a", raw), letter("b", GOOD)], []).result()
    assert (found.message.on_paper, plain.message.on_paper) == ("ลับมาก", "")
