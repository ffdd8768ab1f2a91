"""A letter of 1 GB through the real SMTP listener: MB/s to 250, and how far memory grows.

    python benchmarks/large_letter.py [bytes]

The door runs in a process of its own with an empty database; the letter is made in blocks and sent
over loopback, in the clear and under TLS. Loopback and the disk are part of what is measured.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from registry import directory
from registry.clock import SystemClock
from registry.db import Database
from registry.schema import upgrade
from saraban.installing import write_certificate
from tests.gateway.inbound.client import Client

BLOCK = (b"x" * 76 + b"\r\n") * 4000


def main(size: int) -> None:
    """Print one line for each way."""
    with tempfile.TemporaryDirectory(prefix="saraban-bench-") as folder:
        data_dir = Path(folder)
        prepare(data_dir)
        for encrypted in (False, True):
            measure(data_dir, size, encrypted=encrypted)


def prepare(data_dir: Path) -> None:
    """Make a data folder with one hosted entity."""
    (data_dir / "tls").mkdir()
    write_certificate(data_dir / "tls", "localhost")
    database = Database.open(f"sqlite:///{data_dir / 'saraban.db'}")
    upgrade(database)
    with database.write() as session:
        directory.add_entity(
            session, code="phrae", name="จังหวัดแพร่", address="saraban@phrae.example",
            at=SystemClock().now(), hosted=True,
        )  # fmt: skip
    database.close()


def measure(data_dir: Path, size: int, *, encrypted: bool) -> None:
    """Send one letter of about this size and print what it took."""
    with serving(data_dir) as (pid, port), Client(port) as client:
        if encrypted:
            client.starttls()
        client.mail(b"A: b\r\n\r\nsmall\r\n")
        before = peak(pid)
        began = time.perf_counter()
        client.begin()
        client.send(b"From: a@dla.example\r\n\r\n")
        for _ in range(size // len(BLOCK)):
            client.send(BLOCK)
        reply = client.say(".")
        took = time.perf_counter() - began
        way = "TLS" if encrypted else "plain"
        print(
            f"{way:6} {size / 1e6:7.0f} MB  {size / 1e6 / took:6.0f} MB/s  "
            f"memory {before / 1e6:.0f} MB + {(peak(pid) - before) / 1e6:.1f} MB  {reply[:9]}"
        )


@contextlib.contextmanager
def serving(data_dir: Path):
    """Run the door in a process of its own."""
    command = [sys.executable, "-m", "tests.gateway.inbound.serve_smtp", str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.pid, json.loads(process.stdout.readline())["smtp"]
        finally:
            process.kill()


def peak(pid: int) -> int:
    """Most bytes the process had in memory so far."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000_000)
