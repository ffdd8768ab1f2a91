"""Nobody hears 250 before their letter is on the disk: read from the system calls themselves."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.gateway.inbound.client import Client

SESSIONS = 8
LETTERS = 5
TRACED = "write,fsync,rename,renameat,renameat2,sendto"


@pytest.fixture
def trace(tmp_path, runtime):
    """The system calls of a door that took letters of several sessions at once, as lines."""
    assert shutil.which("strace"), "strace is not installed (Debian: strace)"
    found = tmp_path / "calls"
    watched = ["strace", "-f", "-y", "-s", "100000", "-e", f"trace={TRACED}", "-o", str(found)]
    door = [sys.executable, "-m", "tests.gateway.inbound.serve_smtp", str(runtime.data_dir)]
    with subprocess.Popen([*watched, *door], stdout=subprocess.PIPE, text=True) as process:
        try:
            port = json.loads(process.stdout.readline())["smtp"]
            everybody = [threading.Thread(target=hand_in, args=(port,)) for _ in range(SESSIONS)]
            for one in everybody:
                one.start()
            for one in everybody:
                one.join()
        finally:  # strace itself would let the door go, and end
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
            os.kill(int(children.split()[0]), signal.SIGTERM)
            process.stdout.read()
    return whole_calls(found)


def hand_in(port):
    with Client(port) as client:
        for number in range(LETTERS):
            reply = client.mail(b"A: b\r\n\r\n" + b"x" * 70_000 * (number % 2) + b"\r\n")
            assert reply.startswith("250 ")


def whole_calls(file: Path) -> list[str]:
    """Give one line for each call, at the place where it *ended*."""
    begun, lines = {}, []
    for line in file.read_text("utf-8", "replace").splitlines():
        thread, _, call = line.partition(" ")
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>")
        elif "resumed>" in call:
            lines.append(begun.pop(thread, "") + call.partition("resumed>")[2])
        else:
            lines.append(call)
    return lines


def test_raw_bytes_envelope_and_folder_are_durable_before_250_is_sent(trace):
    answered = shared = 0
    for at, call in enumerate(trace):
        if not (said := re.search(r'"250 2\.0\.0 Ok: queued as smtp/(\w+)', call)):
            continue
        answered += 1
        letter, before = said[1], trace[:at]
        files = (rf"{letter}\.eml", rf"{letter}\.json")
        if pack := pack_of(letter, before):
            files, shared = (re.escape(pack),), shared + 1
        steps = [
            *(durable(before, file) for file in files),
            *(place(before, rf"rename.*/new/{file}") for file in files),
            last(before, r"fsync\(\d+<[^>]*/smtp/new> ?\)\s+= 0"),
        ]
        assert steps == sorted(steps), (letter, steps)
    assert answered == SESSIONS * LETTERS
    assert shared, "no letters were ready together"


def pack_of(letter, calls):
    """The name of the pack in whose bytes the letter was named, if it is in one."""
    named = rf'write\(\d+<[^>]*/tmp/([^>/]*\.pack)>, ".*smtp/{letter}\b'
    return next((found[1] for call in calls if (found := re.search(named, call))), None)


def durable(calls, name):
    """Where the file was made durable: by its fsync, after its last byte."""
    written = last(calls, rf"write\(\d+<[^>]*/tmp/{name}>")
    return written + 1 + place(calls[written + 1 :], rf"fsync\(\d+<[^>]*/tmp/{name}> ?\)\s+= 0")


def place(calls, pattern):
    return next(at for at, call in enumerate(calls) if re.search(pattern, call))


def last(calls, pattern):
    return max(at for at, call in enumerate(calls) if re.search(pattern, call))
