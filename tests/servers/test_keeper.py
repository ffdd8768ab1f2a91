"""A server of the tests ends with the process that asked for it, however that ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import running
from tests.servers.waiting import wait_until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "server"
    made.mkdir()
    return made


@pytest.fixture
def watched():
    process = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def _server(pid_file: Path) -> list[str]:
    """A server that says who it is and then waits for ever."""
    program = f"import os, signal; open({str(pid_file)!r}, 'w').write(str(os.getpid()))"
    return [sys.executable, "-c", f"{program}; signal.pause()"]


def _gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_the_server_ends_when_the_watched_process_is_killed(folder, watched, tmp_path):
    pid_file = tmp_path / "pid"
    running.start(folder, _server(pid_file), watched=watched.pid)
    pid = int(wait_until(lambda: pid_file.exists() and pid_file.read_text(), "the server runs"))
    watched.kill()
    watched.communicate()
    wait_until(lambda: _gone(pid), "the server has ended")
    wait_until(lambda: not folder.exists(), "its folder is removed")


def test_ending_a_server_waits_until_it_is_gone(folder, tmp_path):
    pid_file = tmp_path / "pid"
    running.start(folder, _server(pid_file))
    pid = int(wait_until(lambda: pid_file.exists() and pid_file.read_text(), "the server runs"))
    running.end(folder)
    assert _gone(pid)


def test_a_server_that_processes_share_is_begun_once(tmp_path):
    begun = []

    def begin() -> running.Facts:
        begun.append(os.getpid())
        return {"where": "here"}

    both = [running.once(tmp_path, "shared", begin) for _ in range(2)]
    assert both == [{"where": "here"}] * 2
    assert begun == [os.getpid()]
