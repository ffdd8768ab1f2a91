"""What comes from a nursery is to its caller what a Python of its own would be."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from saraban.installing import install
from tests.servers.quick import Quick
from tests.servers.waiting import wait_until

SARABAN = [sys.executable, "-m", "saraban"]


@pytest.fixture
def config(tmp_path):
    return install(tmp_path / "office", "saraban.test", None)


def ran(start, command, folder, **environ):
    with start(
        [*SARABAN, *command], cwd=folder, env=os.environ | environ, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        out, err = process.communicate("")
    return process.returncode, out, err


def serving(config):
    """Start a service of several processes, with a pipe that each of them would hold open."""
    return Quick(
        [*SARABAN, "serve", "--only", "worker,mailq", "--config", str(config)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def seen(pid):
    """Give the parent and the session of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[1]), int(fields[3])


@pytest.mark.parametrize("command", [["nonsense"], ["proof"], ["queue", "list", "--json"]])
def test_a_command_says_the_same_and_ends_with_the_same_code(command, config, tmp_path):
    settings = {"SARABAN_CONFIG": config.name}  # beside which it is run
    found = [ran(start, command, config.parent, **settings) for start in (subprocess.Popen, Quick)]
    assert found[0] == found[1]
    assert ran(Quick, ["proof"], tmp_path, **settings)[0] == 3  # elsewhere there is none


def test_a_service_is_its_callers_child_in_a_session_of_its_own_and_so_are_its_roles(config):
    with serving(config) as process:
        assert process.stdout.readline().startswith(b"ready ")
        roles = [int(pid) for pid in _children(process.pid)]
        assert seen(process.pid) == (os.getpid(), process.pid)
        assert {seen(pid) for pid in roles} == {(process.pid, process.pid)}
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_what_is_killed_is_gone_and_so_is_all_that_it_started(config):
    with serving(config) as process:
        assert process.stdout.readline().startswith(b"ready ")
        others = _children(process.pid)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        assert process.stdout.read() == b""  # nobody holds it open any more
        wait_until(lambda: not any(_runs(int(pid)) for pid in others), "all are gone")


def _children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


def _runs(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
