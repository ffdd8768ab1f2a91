"""``saraban serve`` with real children: one that dies comes back, and none is left behind."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from saraban.supervisor import CANNOT_RUN, Child
from tests.journeys.installation import Installation, mail
from tests.servers.ports import free_port
from tests.servers.waiting import eventually, wait_until

DLA, PHRAE = "saraban@dla.go.th", "saraban@phrae.go.th"
LATE = """
import os, signal, sys
open(sys.argv[1]).read()
signal.signal(signal.SIGHUP, lambda *_: os._exit(3))
os.write(int(os.environ["SARABAN_READY_FD"]), b"{}\\n")
signal.pause()
"""


@pytest.fixture
def office(tmp_path):
    """An installation; whatever a test leaves running is ended with it."""
    made = Installation(tmp_path / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    yield made
    for pid in made.pids.values():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def lives(pid):
    """Say whether the process is there and no zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def reborn(office, role, before):
    """Wait until the role has another process than before."""

    def another():
        office.read_ports()
        return office.pids.get(role) not in (None, before)

    wait_until(another, office.log)


def test_a_child_that_was_killed_comes_back_and_works(office):
    with office.serving("smtp,worker"):
        killed = office.pids["worker"]
        os.kill(killed, signal.SIGKILL)
        reborn(office, "worker", killed)
        office.send(mail(DLA, PHRAE, "ขอข้อมูล"), DLA, PHRAE)
        office.wait(lambda: office.entries("received"))


def test_the_doors_close_before_the_worker_and_the_note_is_taken_away(office):
    with office.serving("smtp,worker,mailq,links"):
        assert set(office.pids) == {"smtp", "worker", "mailq", "links"}
    ends = [line.split()[-3] for line in office.log().splitlines() if line.endswith("has stopped")]
    assert ends == ["smtp", "links", "worker", "mailq"]
    assert not (office.folder / "run" / "serve.json").exists()


def test_children_end_when_their_supervisor_is_killed(office):
    supervisor = office.start("smtp,worker,mailq")
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not any(map(lives, office.pids.values())), office.log)


def test_a_child_that_cannot_run_at_all_ends_the_service_with_3(office):
    """Tables that are too old are for a person; starting again would not mend them."""
    supervisor = office.start("smtp,worker")
    with sqlite3.connect(office.folder / "saraban.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()
    os.kill(office.pids["worker"], signal.SIGKILL)
    assert supervisor.wait(60) == 3
    assert not any(map(lives, office.pids.values()))
    assert "saraban db upgrade" in office.log()


def test_a_child_whose_database_is_away_is_tried_again_while_the_door_stays_open(office):
    books, elsewhere = office.folder / "saraban.db", office.folder / "elsewhere.db"
    with office.serving("smtp,worker"):
        killed, door = office.pids["worker"], office.pids["smtp"]
        books.rename(elsewhere)
        books.mkdir()
        os.kill(killed, signal.SIGKILL)
        office.wait(lambda: "worker: the database is away" in office.log())
        office.send(mail(DLA, PHRAE, "ขอข้อมูล"), DLA, PHRAE)
        books.rmdir()
        elsewhere.rename(books)
        reborn(office, "worker", killed)
        office.wait(lambda: office.entries("received"))
        assert office.pids["smtp"] == door


def test_old_tables_stop_the_service_before_it_starts(office):
    with sqlite3.connect(office.folder / "saraban.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()
    assert office.run("serve", ok=False).returncode == 3


def test_a_certificate_that_is_missing_ends_the_service_with_3(office):
    (office.folder / "tls" / "cert.pem").unlink()
    done = office.run("serve", ok=False)
    assert done.returncode == 3
    assert "submission.tls_cert" in done.stderr


def test_one_role_alone_runs_without_a_supervisor(office):
    command = [sys.executable, "-m", "saraban", "serve", "--config", str(office.config)]
    with subprocess.Popen([*command, "--only", "worker"], stderr=subprocess.PIPE, text=True) as one:
        assert "worker starts, pid" in one.stderr.readline()
        one.send_signal(signal.SIGTERM)
        assert "worker has stopped" in one.stderr.read()
    assert one.returncode == 0


async def test_a_child_that_does_not_serve_yet_is_told_of_a_reload_when_it_does(tmp_path):
    """It may have read its settings before they were changed."""
    go = tmp_path / "go"
    os.mkfifo(go)
    alive, end = os.pipe()
    child = Child("worker", "worker", [sys.executable, "-c", LATE, str(go)], alive)
    running = asyncio.create_task(child.run(asyncio.Event()))
    await eventually(lambda: child.process, "it is started")
    child.reload()
    await asyncio.to_thread(go.write_bytes, b"")
    assert await asyncio.wait_for(running, 60) == CANNOT_RUN
    os.close(alive)
    os.close(end)


def test_two_doors_share_one_port_and_letters_of_both_are_entered(office):
    port = free_port()
    office.settings("smtp", listen=f"127.0.0.1:{port}", processes=2)
    office.settings("submission", listen="")
    with office.serving("smtp,worker"):
        assert {"smtp", "smtp-2"} <= set(office.pids)
        sent = 0
        while not all(f"INFO {door}/" in office.log() for door in ("smtp", "smtp-2")):
            office.send(mail(DLA, PHRAE, f"เรื่องที่ {sent}"), DLA, PHRAE)
            sent += 1
            assert sent < 100, "one door took every letter"
        office.wait(lambda: len(office.entries("received")) == sent)


def test_several_doors_need_a_fixed_port(office):
    office.settings("smtp", processes=2)
    done = office.run("serve", ok=False)
    assert done.returncode == 3
    assert "fixed port" in done.stderr
