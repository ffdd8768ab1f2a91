"""The process that opens strangers' files: what one request may cost, and how it is replaced."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import apart
from registry.apart import Answer, Apart, Died, Over
from tests.servers.waiting import wait_until


def main(memory: int, nice: int) -> None:
    """Run in the process: do what the request says."""
    if os.environ.get("SARABAN_TEST_IDLE"):
        apart.IDLE = 0.05  # type: ignore[misc]
    apart.serve(_obey, memory, nice)


def _obey(request: dict[str, object]) -> Answer:
    match request["do"]:
        case "spin":
            while True:
                pass
        case "hang":
            signal.pause()
        case "eat":
            return {"eaten": len(bytearray(10**10))}, b""
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "babble":
            os.write(3, b"\xff" * 64)
        case "print":
            sys.stdout.write("this must not get between the answers")
            sys.stdout.flush()
    return {"pid": os.getpid(), "nice": os.nice(0)}, b"\x00bytes"


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    made = Apart(__name__, 900_000_000, 7)
    yield made
    made.close()


def ask(one: Apart, what: str, seconds: float = 5.0, wait: float = 60.0) -> Answer:
    return one.ask({"do": what}, seconds, wait)


def test_one_process_answers_many_and_yields_to_others(one: Apart):
    first, second = ask(one, "answer"), ask(one, "print")
    assert first == second == ({"pid": one.pid, "nice": os.nice(0) + 7}, b"\x00bytes")


def test_who_spins_is_over_its_time_and_the_next_is_answered(one: Apart):
    with pytest.raises(Over):
        ask(one, "spin", seconds=0.1)
    assert ask(one, "answer")


def test_who_hangs_is_over_its_time_too(one: Apart):
    ask(one, "answer")
    with pytest.raises(Over):
        ask(one, "hang", wait=0.2)
    assert ask(one, "answer")


def test_who_eats_memory_is_told_and_a_fresh_process_goes_on(one: Apart):
    before = ask(one, "answer")[0]["pid"]
    assert ask(one, "eat") == ({"trouble": "memory"}, b"")
    assert ask(one, "answer")[0]["pid"] != before


@pytest.mark.parametrize("what", ["die", "babble"])
def test_who_dies_or_speaks_nonsense_is_told_apart_from_who_answers(one: Apart, what: str):
    with pytest.raises((Died, Over)):
        ask(one, what, wait=5.0)
    assert ask(one, "answer")


def test_a_process_that_ended_for_want_of_work_is_started_anew(
    one: Apart, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SARABAN_TEST_IDLE", "1")
    before = ask(one, "answer")[0]["pid"]
    wait_until(lambda: one._child is not None and one._child.poll() == 0, "it ends")
    assert ask(one, "answer")[0]["pid"] != before


def test_closing_ends_it_in_the_middle_of_a_request(one: Apart):
    raised: list[BaseException] = []

    def work() -> None:
        try:
            ask(one, "hang")
        except OSError as error:
            raised.append(error)

    ask(one, "answer")
    thread = threading.Thread(target=work)
    thread.start()
    wait_until(one._turn.locked, "the request begins")
    one.close()
    thread.join()
    assert len(raised) == 1
    assert one.pid == 0
