"""Clocks, memory, and who holds a port, on this very machine."""

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path

from registry.clock import FrozenClock, SystemClock
from registry.db import Database
from saraban.doctor import machine
from saraban.doctor.holder import holder_of
from tests.servers.ports import free_port


def test_the_clock_of_a_database_server_is_compared(office, postgres_url):
    runtime = office.runtime()
    vars(runtime)["database"] = Database.open(postgres_url)
    assert [one.state for one in machine.database_clock(runtime)] == ["well"]
    runtime.clock = FrozenClock(SystemClock().now() + timedelta(minutes=5))
    assert [one.state for one in machine.database_clock(runtime)] == ["look"]
    runtime.close()


def test_a_file_has_no_clock_of_its_own(office):
    assert list(machine.database_clock(office.runtime())) == []


def test_who_keeps_the_clock_is_asked_of_the_kernel(office, monkeypatch):
    states = {0: ["well"], 5: ["look"], -1: []}
    for answer, expected in states.items():
        monkeypatch.setattr(machine, "_state_of_the_clock", lambda answer=answer: answer)
        assert [one.state for one in machine.synchronized(office.runtime())] == expected


def test_the_kernel_answers_or_does_not_say():
    assert machine._state_of_the_clock() in range(-1, 6)


def test_memory_of_a_running_service_is_told(office, monkeypatch):
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as small:
        text = json.dumps({"pid": os.getpid(), "ports": {}, "pids": {"smtp": small.pid}})
        (office.folder / "run").mkdir(exist_ok=True)
        (office.folder / "run" / "serve.json").write_text(text)
        (one,) = machine.memory(office.runtime())
        assert (one.state, "smtp" in one.what) == ("well", True)
        monkeypatch.setattr(machine, "_MUCH", 1000)
        (one,) = machine.memory(office.runtime())
        assert one.state == "look"


def test_room_is_asked_for_on_a_disk_of_its_own(office, monkeypatch):
    """One of these is another file system than the folder of the tests."""
    here = office.runtime().data_dir.stat().st_dev
    elsewhere = next(one for one in ("/dev/shm", "/") if Path(one).stat().st_dev != here)
    monkeypatch.setenv("SARABAN__BLOBS__URL", f"file://{elsewhere}")
    runtime = office.runtime()
    assert [one.check for one in machine.room(runtime)] == ["room"]
    monkeypatch.delenv("SARABAN__BLOBS__URL")
    assert list(machine.room(office.runtime())) == []


def test_the_program_that_holds_a_port_is_named(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as held:
        assert f"(pid {os.getpid()})" in holder_of(held.getsockname()[1])
    assert holder_of(free_port()) == ""
