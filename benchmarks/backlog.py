"""A backlog in the spool: how fast the worker enters it, at what CPU, and in how much memory.

    python benchmarks/backlog.py [letters [bytes of a letter [proven | stranger]]]

Letters are laid into the spool as the door leaves them and worked off on SQLite in a fresh folder,
or in the empty database of newest tables that SARABAN_BENCH_URL names. CPU is that of this process
and its readers: on a busy machine a wall clock says little. A line for each fifth tells how much
memory is in use, so that growth is seen.
"""

import hashlib
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from gateway.inbound.envelope import Envelope
from gateway.inbound.pickup import Pickup, pickup_of
from gateway.service import Runtime
from gateway.settings import GatewaySettings
from registry import directory
from registry.clock import SystemClock
from registry.db import Database
from registry.ids import new_id
from registry.keys import KeyRing
from registry.letter.message import Listener
from registry.schema import upgrade
from registry.settings import DatabaseSettings, Instance, OfficeSettings, RegistrySettings

SENDER, RECIPIENT = "a@dla.example", "saraban@phrae.example"


def main(letters: int = 100_000, size: int = 2_000, who: str = "proven") -> str:
    """Lay the letters down, work them off, and give what it took as a table."""
    with tempfile.TemporaryDirectory(prefix="saraban-backlog-") as folder:
        runtime = office(Path(folder))
        for number in range(letters):
            lay_down(runtime.spool_dir / "smtp", number, size, proven=who == "proven")
        os.sync()
        with pickup_of(runtime, apart=True) as pickup:
            table = work_off(pickup, letters)
        runtime.close()
    return table


def office(folder: Path) -> Runtime:
    """Make a data folder that hosts one entity and knows the sender."""
    folder.chmod(0o700)
    settings = OfficeSettings(
        instance=Instance(hostname="gw.example", data_dir=folder),
        database=DatabaseSettings(url=os.environ.get("SARABAN_BENCH_URL", "")),
        registry=RegistrySettings(answers_per_hour=1_000_000),  # one sender writes all of it
    )
    runtime = Runtime(settings, GatewaySettings(), SystemClock())
    database = Database.open(runtime.database_url)
    upgrade(database)
    now = SystemClock().now()
    with database.write() as session:
        for code, address in (("phrae", RECIPIENT), ("dla", SENDER)):
            directory.add_entity(
                session, code=code, name=code, address=address, hosted=code == "phrae", at=now
            )
    database.close()
    KeyRing.create(folder / "keys")
    for state in ("new", "held", "bad", "tmp"):
        (runtime.spool_dir / "smtp" / state).mkdir(parents=True, mode=0o700)
    return runtime


def lay_down(folder: Path, number: int, size: int, *, proven: bool) -> None:
    """Put one letter into the spool, as smtp-source words it."""
    name, line = new_id(), b"X" * 78 + b"\r\n"
    raw = (
        f"Received: from bench by gw.example; id {number}\r\nFrom: <{SENDER}>\r\n"
        f"To: <{RECIPIENT}>\r\nDate: Fri, 3 Oct 2025 10:42:00 +0700\r\n"
        f"Message-Id: <{number:x}.bench@dla.example>\r\nSubject: letter {number}\r\n\r\n"
    ).encode() + line * (size // len(line))
    envelope = Envelope(
        Listener.MX, SystemClock().now(), f"smtp/{name}", "127.0.0.1", "bench", mail_from=SENDER,
        recipients=(RECIPIENT,), trusted_network=proven,
        raw_sha256=hashlib.sha256(raw).hexdigest(), raw_bytes=len(raw),
    )  # fmt: skip
    (folder / "new" / f"{name}.eml").write_bytes(raw)
    (folder / "new" / f"{name}.json").write_text(envelope.to_json(), "utf-8")


def work_off(pickup: Pickup, letters: int) -> str:
    """Enter everything; give memory after each fifth, then the sum."""
    began, cpu, done, told = time.perf_counter(), used(), 0, 0
    lines = ["| letters entered | memory of worker and reader, MB |", "| ---: | ---: |"]
    while entered := pickup.round():
        done += entered
        if (done * 5) // letters > told:
            told = (done * 5) // letters
            lines.append(f"| {done} | {memory() / 1e6:.0f} |")
    seconds, spent = time.perf_counter() - began, used() - cpu
    lines += ["", f"{done / seconds:.0f} letters/s, {spent / done * 1000:.2f} ms CPU a letter."]
    return "\n".join(lines)


def used() -> float:
    """CPU seconds of this process and of its readers, living ones too."""
    ticks = os.sysconf("SC_CLK_TCK")
    own = resource.getrusage(resource.RUSAGE_SELF)
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    mine = sum(one.ru_utime + one.ru_stime for one in (own, gone))
    living = (Path(f"/proc/{pid}/stat").read_text("ascii") for pid in children())
    return mine + sum(sum(map(int, stat.split()[13:15])) for stat in living) / ticks


def memory() -> int:
    """Resident bytes of this process and its readers."""
    pages = (Path(f"/proc/{pid}/statm").read_text("ascii") for pid in (os.getpid(), *children()))
    return sum(int(one.split()[1]) for one in pages) * os.sysconf("SC_PAGE_SIZE")


def children() -> list[int]:
    """Process ids of the readers, whichever thread started them."""
    found = (one.read_text("ascii") for one in Path("/proc/self/task").glob("*/children"))
    return [int(pid) for pids in found for pid in pids.split()]


if __name__ == "__main__":
    print(main(*(int(one) for one in sys.argv[1:3]), *sys.argv[3:4]))
