"""Letters that came while no scanner could look at them are shown to it when it is back."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.inbound.chores import Chores
from gateway.inbound.rescan import Rescan
from gateway.service import Runtime
from gateway.settings import ScanSettings
from registry import directory
from registry.clock import FrozenClock
from registry.ids import new_id
from registry.models.letters import LetterRow, OriginalRow
from saraban.config.load import load
from saraban.installing import FirstEntity
from tests.founding import founded
from tests.gateway.inbound.test_clamd import PLAIN, answers, peer, swallow
from tests.servers.clamd import EICAR
from tests.servers.waiting import wait_until


@pytest.fixture
def runtime(data_dir: Path, clock: FrozenClock) -> Iterator[Runtime]:
    first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
    settings = load(founded(data_dir, "saraban.test", first), {})
    made = Runtime(settings.office, settings.gateway, clock)
    yield made
    made.close()


@pytest.fixture
def scanner(runtime: Runtime) -> Callable[..., Rescan]:
    """Make the chore with a scanner at this address."""

    def make(address: str, **settings: object) -> Rescan:
        scan = ScanSettings(clamd=address, **settings)  # type: ignore[arg-type]
        runtime.gateway = replace(runtime.gateway, scan=scan)
        return Rescan(runtime)

    return make


@pytest.fixture
def keep(runtime: Runtime) -> Callable[..., str]:
    """Keep a letter of these bytes that was not scanned, and give its id."""

    def keep_it(raw: bytes, detail: str = "the scanner is away") -> str:
        sha256, letter_id = runtime.blobs.put(raw), new_id()
        with runtime.database.write() as session:
            own = directory.hosted(session)[0]
            if session.get(OriginalRow, sha256) is None:
                session.add(OriginalRow(sha256=sha256, bytes=len(raw), form="whole", blob=sha256))
            session.add(
                LetterRow(
                    id=letter_id, entity_id=own.id, direction="in", state="waiting",
                    accepted_at=runtime.clock.now(), original_sha256=sha256,
                    scan="not_scanned", scan_detail=detail,
                )
            )  # fmt: skip
        return letter_id

    return keep_it


def state(runtime: Runtime, letter_id: str) -> tuple[str, str]:
    with runtime.database.read() as session:
        row = session.get_one(LetterRow, letter_id)
        return row.scan, row.scan_detail


def test_each_letter_gets_the_verdict_that_it_would_have_had(runtime, scanner, keep, clamd):
    clean, infected = keep(PLAIN), keep(PLAIN + EICAR)
    assert scanner(clamd.address).turn() == 2
    assert state(runtime, clean) == ("clean", "")
    assert state(runtime, infected)[0] == "infected"
    assert list((runtime.data_dir / "run").glob("scan-*")) == []


def test_a_turn_ends_at_once_while_the_scanner_is_away(runtime, scanner, keep, free_port):
    letter = keep(PLAIN)
    assert scanner(f"127.0.0.1:{free_port()}").turn() == 0
    assert state(runtime, letter) == ("not_scanned", "the scanner is away")


def test_a_letter_that_is_too_big_for_it_is_not_tried_again(runtime, scanner, keep, clamd):
    letter = keep(PLAIN)
    assert scanner(clamd.address, max_bytes=10).turn() == 0
    assert state(runtime, letter) == ("not_scanned", "final: too big for the scanner")
    assert scanner(clamd.address).turn() == 0


def test_a_letter_on_which_the_scanner_fails_is_left_to_an_officer_after_three_times(
    runtime, scanner, keep
):
    letter = keep(PLAIN)
    with peer(answers(b"stream: no ERROR\0")) as address:
        rescan = scanner(address)
        for _ in range(2):
            rescan.turn()
            assert state(runtime, letter)[1] == "the scanner answered: no ERROR"
        rescan.turn()
    assert state(runtime, letter)[1] == "final: the scanner answered: no ERROR"


def test_a_letter_whose_bytes_are_gone_stops_no_other(runtime, scanner, keep, clamd):
    gone, there = keep(b"gone"), keep(PLAIN)
    with runtime.database.read() as session:
        sha256 = session.get_one(LetterRow, gone).original_sha256
    runtime.blobs.path(sha256).unlink()
    assert scanner(clamd.address).turn() == 1
    assert state(runtime, gone)[1] == "final: the mail as it came is not there"
    assert state(runtime, there)[0] == "clean"


def test_the_chore_is_done_beside_and_no_letter_waits_for_it(runtime, scanner, keep):
    """The scanner answers only after the chores have returned."""
    letter, returned = keep(PLAIN), threading.Event()

    def late(connection):
        swallow(connection)
        assert returned.wait(30)
        connection.sendall(b"stream: OK\0")

    with peer(late) as address:
        scanner(address)
        Chores(runtime).do_what_is_due()
        returned.set()
        wait_until(lambda: state(runtime, letter)[0] == "clean", "the letter is clean")


def test_without_a_scanner_no_thread_is_started(runtime, scanner):
    before = set(threading.enumerate())
    scanner("").begin()
    assert set(threading.enumerate()) <= before
