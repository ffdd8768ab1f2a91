"""The door as a process of its own: killed at any point, fed large letters, looked at."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.inbound.spool import Spool
from gateway.inbound.tray import Tray
from registry.clock import SystemClock
from tests.gateway.inbound.client import Client
from tests.gateway.inbound.test_clamd import peer, swallow

LETTER = b"From: a@dla.example\r\n\r\nx\r\n"
LARGE = 150_000_000
FORBIDDEN = {
    "alembic", "fpdf", "imapclient", "jinja2", "pypdf", "segno", "starlette", "uvicorn",
}  # fmt: skip


@contextlib.contextmanager
def serving(data_dir, fault="", *more):
    """Run the door in a process; give the process and its ports."""
    command = [sys.executable, "-m", "tests.gateway.inbound.serve_smtp", str(data_dir), *more]
    environ = {**os.environ, "SARABAN_FAULT": fault}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def files(data_dir):
    return [path for path in (data_dir / "spool").rglob("*.*") if path.is_file()]


@pytest.mark.parametrize(
    ("point", "kept"),
    [
        ("after_raw_fsync", 0),
        ("after_envelope_fsync", 0),
        ("after_rename", 1),
        ("before_250", 1),
    ],
)
def test_a_kill_leaves_a_whole_letter_or_none_and_no_250_without_one(runtime, point, kept):
    """The client hears nothing and will send again; the same bytes are then known."""
    with serving(runtime.data_dir, point) as (process, ports), Client(ports["smtp"]) as client:
        assert client.mail(LETTER) == ""
        assert process.wait(30) == -signal.SIGKILL
    Spool(runtime.spool_dir, "smtp", SystemClock()).close()
    tray = Tray(runtime.spool_dir)
    assert [tray.read(name).raw() for name in tray.list_new()] == [LETTER] * kept
    assert len(files(runtime.data_dir)) == 2 * kept


def test_every_letter_that_got_its_250_survives_a_kill_under_load(runtime):
    """Bytes that never got an envelope may lie there for a while; they are no entry."""
    with serving(runtime.data_dir, "after_rename:40") as (process, ports):
        with ThreadPoolExecutor(4) as pool:
            told = [
                name for names in pool.map(_send_until_dead, [ports["smtp"]] * 4) for name in names
            ]
        assert process.wait(30) == -signal.SIGKILL
    Spool(runtime.spool_dir, "smtp", SystemClock()).close()
    tray = Tray(runtime.spool_dir)
    names = tray.list_new()
    assert set(told) <= set(names)
    assert all(tray.read(name).raw() == LETTER for name in names)


def test_a_restart_takes_letters_at_once_with_what_was_promised_still_there(runtime):
    with (
        serving(runtime.data_dir, "before_250") as (process, ports),
        Client(ports["smtp"]) as client,
    ):
        client.mail(LETTER)
        process.wait(30)
    with serving(runtime.data_dir) as (_, ports), Client(ports["smtp"]) as client:
        assert client.mail(LETTER).startswith("250 ")
    assert len(Tray(runtime.spool_dir).list_new()) == 2


def test_the_process_loads_no_web_pdf_or_migration_code(runtime):
    with serving(runtime.data_dir) as (process, ports):
        with Client(ports["submission"]) as client:
            client.starttls().sign_in("a@b.th", "wrong password")
        process.send_signal(signal.SIGTERM)
        modules = {name.partition(".")[0] for name in json.loads(process.stdout.readline())}
        assert process.wait(30) == 0
    assert "aiosmtpd" in modules
    assert not modules & FORBIDDEN


@pytest.mark.parametrize("encrypted", [False, True])
def test_memory_does_not_grow_with_the_letter(runtime, encrypted):
    """150 MB here; a whole GB is sent by benchmarks/large_letter.py."""
    block = (b"x" * 76 + b"\r\n") * 4000
    with serving(runtime.data_dir) as (process, ports), Client(ports["smtp"]) as client:
        if encrypted:
            client.starttls()
        client.mail(LETTER)
        before = _peak(process.pid)
        client.begin()
        client.send(LETTER)
        for _ in range(LARGE // len(block)):
            client.send(block)
        assert client.say(".").startswith("250 ")
        assert _peak(process.pid) - before <= 40_000_000
        assert before <= 100_000_000


def test_memory_does_not_grow_while_a_letter_is_shown_to_the_scanner_and_its_types_are_seen(
    runtime,
):
    """The scanner here only counts; its own memory is not ours."""
    block, seen = (b"x" * 76 + b"\r\n") * 4000, []

    def count(connection):
        seen.append(swallow(connection))
        connection.sendall(b"stream: OK\0")

    with (
        peer(count) as address,
        serving(runtime.data_dir, "", address, "application/x-dosexec") as (process, ports),
        Client(ports["smtp"]) as client,
    ):
        client.mail(LETTER)
        before = _peak(process.pid)
        client.begin()
        client.send(LETTER)
        for _ in range(LARGE // len(block)):
            client.send(block)
        assert client.say(".").startswith("250 ")
        assert _peak(process.pid) - before <= 40_000_000
        assert before <= 100_000_000
    assert seen[1] > LARGE - len(block)


def _send_until_dead(port):
    """Send letters on one connection; give the names that were promised."""
    told = []
    with contextlib.suppress(AssertionError, ConnectionError), Client(port) as client:
        while reply := client.mail(LETTER):
            assert reply.startswith("250 ")
            told.append(reply.rpartition(" ")[2])
    return told


def _peak(pid):
    """Most bytes this process had in memory so far."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
