"""The long form for mailboxes: ``python -m tests.campaign.mailboxes [mails] [MB] [seed]``.

One mail of 200 MB is collected in flat memory; then 10,000 mails, while the collector and Dovecot's
imap process are killed in turn at random moments. In the end every mail stands in the book once,
numbered without a gap, none as a duplicate, and every one is flagged in the mailbox.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from registry.clock import FrozenClock
from tests.conftest import OFFICE_HOUR
from tests.gateway.inbound.agency import Agency, mail, prepare
from tests.servers import dovecot as dovecot_server
from tests.servers import running
from tests.servers.dovecot import Dovecot
from tests.servers.waiting import wait_until

FLAT = 40_000_000  # bytes that a mail of any size may take


def main(mails: int = 10_000, megabytes: int = 200, seed: int = 0) -> None:
    """Run both parts; ends with an error when anything does not hold."""
    dice = random.Random(seed or int(time.time()))
    server = dovecot_server.start()
    try:
        with _agency(server) as box:
            print(_one_large(box, megabytes * 1_000_000), flush=True)  # noqa: T201
        with _agency(server) as box:
            print(_many(box, mails, dice), flush=True)  # noqa: T201
    finally:
        running.end(server.folder)


@contextlib.contextmanager
def _agency(server: Dovecot) -> Iterator[Agency]:
    with tempfile.TemporaryDirectory() as folder:
        clock = FrozenClock(OFFICE_HOUR)
        prepare(Path(folder), clock)
        box = Agency(Path(folder), clock, server, poll=5.0, idle=2.0, timeout=20.0, max_tries=99)
        box.spool.close()
        try:
            yield box
        finally:
            box.close()


def _one_large(box: Agency, size: int) -> str:
    box.mailbox.deliver(mail(size=size * 3 // 4))
    began = time.monotonic()
    out, _ = _collector(box, "once").communicate()
    told = json.loads(out)
    more = told["after"] - told["before"]
    assert told["fetched"] == 1, told
    assert more < FLAT, f"{more} bytes more"
    took = time.monotonic() - began
    return f"{size / 1e6:.0f} MB: {took:.1f} s, {more / 1e6:.0f} MB more memory"


def _many(box: Agency, mails: int, dice: random.Random) -> str:
    for number in range(mails):
        box.mailbox.deliver(mail(f"เรื่องที่ {number}"))
    began, kills = time.monotonic(), 0
    child = _collector(box)
    while _fetched(box) < mails:
        seen = _fetched(box)
        soon = min(mails, seen + dice.randrange(1, max(2, mails // 10)))
        wait_until(lambda soon=soon: _fetched(box) >= soon, "it goes on", seconds=300)
        kills += 1
        if kills % 2:
            child.kill()
            child.communicate()
            child = _collector(box)
        for pid in box.dovecot.sessions(box.mailbox.username) if not kills % 2 else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    took = time.monotonic() - began
    box.work()
    assert box.sql("SELECT count(*), max(number) FROM entry") == [(mails, mails)]
    assert box.seen() == []
    wait_until(lambda: _flagged(box) == mails, "all are flagged", seconds=300)
    child.terminate()
    child.communicate()
    return f"{mails} mails: {took:.0f} s with {kills} kills"


def _flagged(box: Agency) -> int:
    with box.client() as client:
        client.select_folder("INBOX", readonly=True)
        return len(client.search(["KEYWORD", "$Registered"]))


def _fetched(box: Agency) -> int:
    [(count,)] = box.sql("SELECT count(*) FROM fetched")
    assert isinstance(count, int)
    return count


def _collector(box: Agency, *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.gateway.inbound.serve_collector"]
    config = box.runtime.data_dir / "saraban.toml"
    settings = json.dumps(asdict(box.settings))
    return subprocess.Popen([*command, str(config), settings, *words], stdout=subprocess.PIPE)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
