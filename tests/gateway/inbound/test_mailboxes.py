"""The process that collects: quick by IDLE, alive by proof, and killed without loss."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from gateway.inbound.mailboxes import run_collector
from tests.gateway.inbound.agency import mail
from tests.servers.waiting import wait_until

ROOT = Path(__file__).parents[3]
LARGE = 22_000_000  # 30 MB as a mail


class Service:
    """The role itself, in a thread of this process."""

    def __init__(self, box):
        box.runtime.gateway = replace(box.runtime.gateway, collector=(box.settings,))
        self._box = box
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._ready.wait(60)

    async def _serve(self):
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(stop.set)
        await run_collector(self._box.runtime, stop, lambda _ports: self._ready.set())

    def close(self):
        """Stop, and wait until it has."""
        if self._thread.is_alive():
            self._stop()
            self._thread.join(60)


@pytest.fixture
def serve():
    """Serve mailboxes; all ends with the test."""
    started = []

    def start(box):
        started.append(Service(box))
        return started[-1]

    yield start
    for service in started:
        service.close()


@pytest.fixture
def process(agency_template):
    """Start the collector as a process of its own."""
    started = []

    def start(box, *words):
        config = box.runtime.data_dir / "saraban.toml"
        command = [sys.executable, "-m", "tests.gateway.inbound.serve_collector"]
        settings = json.dumps(asdict(box.settings))
        child = subprocess.Popen(
            [*command, str(config), settings, *words], cwd=ROOT, stdout=subprocess.PIPE
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.wait()
        child.stdout.close()


def fetched(box):
    return box.sql("SELECT count(*) FROM fetched")[0][0]


def in_idle(box):
    """Wait until the collector has looked and its connection rests; give its imap process."""
    wait_until(box.looks, "it has looked")
    return wait_until(lambda: box.dovecot.sessions(box.mailbox.username), "it is connected")[0]


def test_idle_brings_a_letter_within_moments_and_marks_it_when_it_is_entered(agency, serve):
    box = agency(poll=600.0, idle=300.0)
    serve(box)
    in_idle(box)
    box.mailbox.deliver(mail())
    wait_until(lambda: fetched(box), "it is fetched")
    box.work()
    wait_until(lambda: any(b"\\Flagged" in flags for flags in box.folder()), "it is flagged")


def test_stopping_ends_the_thread_although_idle_is_long(agency, serve):
    """A thread that does not end at once would be left to end with the process."""
    box = agency(poll=600.0, idle=300.0)
    service = serve(box)
    in_idle(box)
    collectors = [one for one in threading.enumerate() if one.name.startswith("collector ")]
    assert collectors
    service.close()
    assert not any(one.is_alive() for one in collectors)


@pytest.mark.parametrize("blow", [signal.SIGSTOP, signal.SIGKILL])
def test_a_connection_that_is_dead_or_half_dead_is_found_and_made_anew(agency, serve, blow):
    box = agency(poll=600.0, idle=0.3, timeout=3.0)
    serve(box)
    old = in_idle(box)
    os.kill(old, blow)
    try:
        box.mailbox.deliver(mail())
        wait_until(lambda: fetched(box), "it is fetched over a new connection")
        assert any(look.problem for look in box.looks())
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(old, signal.SIGKILL)


def test_a_server_without_idle_is_asked_every_poll_seconds(agency, serve, old_dovecot):
    box = agency(old_dovecot, poll=0.2, idle=0.1)
    serve(box)
    in_idle(box)
    box.mailbox.deliver(mail())
    wait_until(lambda: fetched(box), "it is fetched")


def test_one_mailbox_that_cannot_be_opened_does_not_stop_another(agency, serve):
    box = agency(poll=600.0)
    other = replace(box.settings, username="nobody", password_file="/nowhere")
    box.mailbox.deliver(mail())
    box.runtime.gateway = replace(box.runtime.gateway, collector=(other, box.settings))
    serve(box)
    wait_until(lambda: fetched(box), "it is fetched")


def half_fetched(box):
    """Say whether a large mail is on its way into the spool."""
    files = list((box.runtime.spool_dir / "collector" / "tmp").glob("*.eml"))
    with contextlib.suppress(FileNotFoundError):
        return any(path.stat().st_size > 1_000_000 for path in files)
    return False


def all_entered_once(box, letters):
    box.work()
    assert box.numbers() == list(range(1, letters + 1))
    assert box.sql("SELECT count(*) FROM letter WHERE state = 'duplicate'") == [(0,)]


def test_the_collector_killed_in_mid_fetch_loses_and_doubles_nothing(agency, process):
    box = agency(poll=600.0)
    box.spool.close()
    box.mailbox.deliver(mail("เล็ก"))
    box.mailbox.deliver(mail("ใหญ่", size=LARGE // 2))
    child = process(box)
    wait_until(lambda: half_fetched(box), "half of it is fetched")
    child.kill()
    child.wait()
    process(box, "once").communicate()
    all_entered_once(box, 2)


def test_the_server_killed_in_mid_fetch_loses_and_doubles_nothing(agency, process):
    box = agency(poll=600.0, max_tries=9)
    box.spool.close()
    box.mailbox.deliver(mail("ใหญ่", size=LARGE // 2))
    box.mailbox.deliver(mail("เล็ก"))
    process(box)
    wait_until(lambda: half_fetched(box), "half of it is fetched")
    for pid in box.dovecot.sessions(box.mailbox.username):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: fetched(box) == 2, "all is fetched")
    all_entered_once(box, 2)
    assert box.seen() == []


def test_a_large_mail_takes_no_more_memory_than_its_blocks(agency, process):
    box = agency()
    box.spool.close()
    box.mailbox.deliver(mail(size=LARGE))
    told = json.loads(process(box, "once").communicate()[0])
    assert told["fetched"] == 1
    assert told["after"] - told["before"] < 40_000_000


def test_hundreds_of_mails_come_in_by_one_look(agency):
    box = agency()
    for number in range(200):
        box.mailbox.deliver(mail(f"เรื่องที่ {number}"))
    assert box.collector.round().fetched == 200
    assert box.collector.round().fetched == 0
