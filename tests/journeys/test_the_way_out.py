"""Letters on their way out: a relay that is down, one that refuses, and a letter taken back."""

import os
import signal
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from registry.letter.entry import Entry
from tests.journeys.installation import Installation, mail
from tests.journeys.neighbour import Neighbour
from tests.journeys.province import CENTRAL, CLERK, DLA, text_of
from tests.servers.ports import free_port

NOBODY = "saraban@gone.go.th"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return beside_a_relay(tmp_path_factory.mktemp("out") / "office")


def beside_a_relay(folder: Path) -> Installation:
    """Make an office whose relay nobody serves before a test says so."""
    made = Installation(folder)
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    made.add_officer(CLERK)
    made.settings("send", retry_first=0.2, retry_most=0.2)
    made.ports["relay"] = free_port()
    made.settings("relay", host="127.0.0.1", port=made.ports["relay"], tls="none")
    return made


@pytest.fixture(scope="module")
def at_work(office: Installation) -> Iterator[None]:
    relay = office.ports["relay"]
    with office.serving("smtp,submission,worker,mailq"):
        office.ports["relay"] = relay
        yield


@pytest.fixture
def neighbour(office: Installation) -> Neighbour:
    return Neighbour(office.ports["relay"])


def letter(subject: str, *to: str) -> EmailMessage:
    message = mail(CLERK, ", ".join(to), subject)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="ก.pdf")
    return message


def sent(office: Installation, subject: str) -> Entry:
    [entry] = [one for one in office.entries("sent") if one.subject == subject]
    return entry


def states(office: Installation, subject: str) -> dict[str, str]:
    return {one.to: str(one.state) for one in sent(office, subject).deliveries}


@pytest.mark.usefixtures("at_work")
def test_a_relay_that_was_down_gets_the_letter_once_when_it_is_back(
    office: Installation, neighbour: Neighbour
):
    office.submit(letter("ขอส่งแผน", DLA), CLERK, DLA)
    office.wait(lambda: any(job.tries for job in office.jobs("queued")))
    assert states(office, "ขอส่งแผน") == {DLA: "queued"}
    with neighbour:
        office.wait(lambda: not office.jobs("queued", "sending"))
    assert len(neighbour.of(DLA)) == 1
    assert states(office, "ขอส่งแผน") == {DLA: "sent"}
    [notice] = neighbour.of(CLERK)
    assert notice["Subject"].startswith("ส่งแล้ว เลขที่ พร ๐๐๒๓/๑")


@pytest.mark.usefixtures("at_work")
def test_a_refusal_for_good_fails_one_delivery_and_tells_the_clerk_in_thai_once(
    office: Installation, neighbour: Neighbour
):
    neighbour.refuses = NOBODY
    with neighbour:
        office.submit(letter("แจ้งเวียน", DLA, NOBODY), CLERK, DLA, NOBODY)
        office.wait(lambda: len(neighbour.of(CLERK)) == 2 and not office.jobs("queued", "sending"))
        assert states(office, "แจ้งเวียน") == {DLA: "sent", NOBODY: "failed"}
        [told] = [one for one in neighbour.of(CLERK) if one["Subject"].startswith("ส่งไม่สำเร็จ")]
        assert NOBODY in text_of(told)
        assert "5.1.1" in text_of(told)
        # A machine's answer to the notice is no reason for another mail.
        vacation = mail(CLERK, CENTRAL, "ไม่อยู่")
        vacation["Auto-Submitted"] = "auto-replied"
        vacation["In-Reply-To"] = told["Message-ID"]
        jobs = len(office.jobs())
        office.hand_in(vacation.as_bytes(policy=policy.SMTP), "", CENTRAL)
        office.wait(lambda: "phrae: automatic" in office.log())
        assert len(office.jobs()) == jobs
    assert len(neighbour.of(CLERK)) == 2


@pytest.mark.usefixtures("at_work")
def test_a_letter_that_was_on_its_way_when_its_process_died_is_sent_when_the_next_begins(
    office: Installation, neighbour: Neighbour
):
    neighbour.silent, neighbour.silent_to = 1, DLA  # not the clerk's notice, sent at the same time
    with neighbour:
        office.submit(letter("ไฟดับกลางทาง", DLA), CLERK, DLA)
        office.wait(lambda: neighbour.unanswered)
        os.kill(office.pids["mailq"], signal.SIGKILL)
        office.wait(lambda: states(office, "ไฟดับกลางทาง") == {DLA: "sent"})
    [got] = [one for one in neighbour.of(DLA) if one["Subject"].endswith("ไฟดับกลางทาง")]
    assert got["Message-ID"] == sent(office, "ไฟดับกลางทาง").message_id


def test_a_letter_taken_back_while_it_rests_never_leaves(tmp_path: Path):
    office = beside_a_relay(tmp_path / "careful")
    office.settings("send", hold=3600)
    with Neighbour(office.ports["relay"]) as neighbour, office.serving("submission,worker,mailq"):
        office.submit(letter("ส่งผิดฉบับ", DLA), CLERK, DLA)
        office.wait(lambda: office.entries("sent"))
        entry = sent(office, "ส่งผิดฉบับ")
        office.run("letter", "recall", entry.id, "--by", CLERK, "--reason", "แนบผิดไฟล์")
        office.wait(lambda: [one for one in neighbour.of(CLERK) if "แนบผิดไฟล์" in text_of(one)])
        office.wait(lambda: not office.jobs("queued", "held", "sending"))
        assert neighbour.of(DLA) == []
    assert states(office, "ส่งผิดฉบับ") == {DLA: "withdrawn"}
    assert sent(office, "ส่งผิดฉบับ").number == entry.number
    assert office.run("proof").returncode == 0
