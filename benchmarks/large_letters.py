"""Large letters: megabytes a second to 250, what 1 GB costs in memory, and who waits beside it.

    python -m benchmarks.large_letters [bytes of the largest] [rounds]

Letters of 50 MB go to Postfix and to this system in turns. One of 1 GB comes in plain and under TLS
while the memory of the SMTP process is watched; meanwhile small letters come in on connections of
their own, and the time from their final dot to 250 is compared with that on a quiet door.
"""

import statistics
import subprocess
import sys
import time

from benchmarks.doors import (
    RECIPIENT,
    SENDER,
    Ours,
    Peer,
    drive,
    forget_peak,
    memory_of,
    ours,
)  # fmt: skip
from benchmarks.table import Row, table
from tests.gateway.inbound.client import Client
from tests.servers.waiting import let_pass

LARGE = 50_000_000
SMALL = b"A: b\r\n\r\n" + b"x" * 76 + b"\r\n"
BLOCK = (b"x" * 76 + b"\r\n") * 4000


def main(huge: int = 1_000_000_000, rounds: int = 5) -> str:
    """Measure, and give the tables."""
    with ours() as own:
        peer = Peer()
        return f"{_speed(own, peer, rounds)}\n\n{_memory(own, huge)}\n\n{_beside(own, huge)}"


def _speed(own: Ours, peer: Peer, rounds: int) -> str:
    """Letters of 50 MB, one after another, in turns."""
    found: dict[str, list[float]] = {peer.name: [], own.name: []}
    for door in (peer, own):
        drive(door, 1, LARGE)
    for _ in range(rounds):
        for door in (peer, own):
            run = drive(door, 2, LARGE, sessions=1)
            found[door.name].append(run.letters * LARGE / 1e6 / run.accepted)
            peer.empty()
    theirs, mine = (statistics.median(found[who]) for who in (peer.name, own.name))
    return table([Row("50 MB letters, MB/s to 250", theirs, mine)])


def _memory(own: Ours, huge: int) -> str:
    """One letter of 1 GB, plain and under TLS."""
    lines = ["| one letter | MB/s to 250 | memory at rest, MB | more while it comes in, MB |"]
    lines.append("| --- | ---: | ---: | ---: |")
    for way in ("plain", "TLS"):
        rest = memory_of(own.pids["smtp"], "VmRSS")
        forget_peak(own.pids["smtp"])
        seconds = send_huge(own.port, huge, encrypted=way == "TLS")
        more = memory_of(own.pids["smtp"]) - rest
        speed = huge / 1e6 / seconds
        lines.append(
            f"| {huge / 1e6:.0f} MB, {way} | {speed:.0f} | {rest / 1e6:.0f} | {more / 1e6:.1f} |"
        )
    return "\n".join(lines)


def _beside(own: Ours, huge: int) -> str:
    """Small letters on other connections, on a quiet door and beside the large one."""
    quiet = _waits(own.port, lambda: len(waited_quiet) >= 400, waited_quiet := [])
    command = [sys.executable, "-m", "benchmarks.large_letters", "send", str(own.port), str(huge)]
    with subprocess.Popen(command) as large:  # a client of its own: it would keep us from measuring
        beside = _waits(own.port, lambda: large.poll() is not None, [])
    assert large.returncode == 0
    before, meanwhile = (statistics.quantiles(found, n=20)[-1] * 1000 for found in (quiet, beside))
    times = f"{meanwhile / before:.2f} times"
    return (
        "| time from the final dot to 250 of small letters | p95, ms | letters |\n"
        "| --- | ---: | ---: |\n"
        f"| on a quiet door | {before:.1f} | {len(quiet)} |\n"
        f"| while 1 GB comes in: {times} | {meanwhile:.1f} | {len(beside)} |"
    )


def _waits(port: int, over, found: list[float]) -> list[float]:
    """Send small letters, 50 a second, until it is over; give the seconds each waited."""
    with Client(port) as client:
        while not over():
            client.begin(RECIPIENT, sender=SENDER)
            client.send(SMALL)
            began = time.perf_counter()
            assert client.say(".").startswith("250 ")
            found.append(time.perf_counter() - began)
            let_pass(0.02)
    return found


def send_huge(port: int, size: int, *, encrypted: bool = False) -> float:
    """Send one letter of this size; give the seconds until 250."""
    with Client(port) as client:
        if encrypted:
            client.starttls()
        client.begin(RECIPIENT, sender=SENDER)
        began = time.perf_counter()
        client.send(
            f"From: {SENDER}\r\nMessage-ID: <{time.time_ns()}@dla.example>\r\n\r\n".encode()
        )
        for _ in range(size // len(BLOCK)):
            client.send(BLOCK)
        assert client.say(".").startswith("250 ")
        return time.perf_counter() - began


if __name__ == "__main__":
    if sys.argv[1:2] == ["send"]:
        send_huge(*map(int, sys.argv[2:]))
    else:
        print(main(*map(int, sys.argv[1:])))
