"""The whole service: killed, doubled, or asked to end while it works; no letter minds."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.inbound.tray import Tray
from tests.gateway.inbound.client import Client, stuffed
from tests.journeys import odd
from tests.journeys.installation import Installation, mail
from tests.journeys.odd import DLA, PHRAE
from tests.servers.ports import greets


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "office", start=subprocess.Popen)
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    yield made
    made.end()


def numbers(office: Installation) -> list[int]:
    return [entry.number for entry in office.entries("received")]


def test_children_end_with_their_supervisor_and_the_next_start_takes_over(office: Installation):
    killed = office.start("smtp,worker")
    for number in range(5):
        office.send(mail(DLA, PHRAE, f"ฉบับที่ {number}"), DLA, PHRAE)
    children = list(office.pids.values())
    killed.kill()
    killed.wait()
    with office.serving("smtp,worker"):
        office.wait(lambda: not any(_runs(pid) for pid in children))
        office.send(mail(DLA, PHRAE, "หลังจากนั้น"), DLA, PHRAE)
        office.wait(lambda: len(numbers(office)) == 6)
    assert numbers(office) == list(range(1, 7))


def test_two_services_on_one_folder_take_no_number_twice(office: Installation):
    first = office.start("smtp,worker")
    ports = [office.ports["smtp"]]
    second = office.start("smtp,worker")
    ports.append(office.ports["smtp"])
    for number in range(10):
        office.ports["smtp"] = ports[number % 2]
        office.send(mail(DLA, PHRAE, f"ฉบับที่ {number}"), DLA, PHRAE)
    office.wait(lambda: len(numbers(office)) == 10)
    office.stop(first)
    office.ports["smtp"] = ports[1]
    office.send(mail(DLA, PHRAE, "ฉบับสุดท้าย"), DLA, PHRAE)
    office.wait(lambda: len(numbers(office)) == 11)
    office.stop(second)
    assert numbers(office) == list(range(1, 12))


def test_a_letter_that_is_coming_in_when_the_service_is_told_to_end_is_not_half_there(
    office: Installation,
):
    process = office.start("smtp,worker")
    with Client(office.ports["smtp"]) as client:
        client.begin(PHRAE, sender=DLA)
        raw = stuffed(odd.mail("late", b"x" * 70 + b"\r\n"))
        client.send(raw[:100])
        process.terminate()
        office.wait(lambda: not greets(office.ports["smtp"], b"220"))
        with contextlib.suppress(ConnectionError):
            client.send(raw[100:])
        promised = client.reply().startswith("250 ")
    assert process.wait(60) == 0
    spooled, _ = Tray(office.folder / "spool").waiting()
    assert spooled + len(numbers(office)) == promised


def _runs(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
