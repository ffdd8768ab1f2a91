"""One id tells the whole story of a letter, and the log tells nothing that a letter says."""

import json
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from tests.gateway.inbound.client import Client
from tests.journeys.books import PASSWORD
from tests.journeys.installation import Installation, mail
from tests.journeys.neighbour import Neighbour
from tests.servers.ports import free_port

DLA, PHRAE, CLERK = "saraban@dla.go.th", "saraban@phrae.go.th", "somjai@phrae.go.th"
SECRET_SENDER = "nai.lap@dla.go.th"
MARKS = ("มะลิซ้อน", "เนื้อความดอกแก้ว", "บัวหลวง.pdf", "ปีบทอง", "ความลับจำปา", "จำปาลับ.pdf")
"""Words of subjects, bodies and names of files, of an ordinary and of a secret letter."""


@pytest.fixture
def told(office: Installation) -> Iterator[Installation]:
    """The office of the journeys, whose log is for programs."""
    office.settings("log", format="json")
    yield office
    office.end()


def lines(office: Installation) -> list[dict[str, Any]]:
    """The log as a collector of logs reads it: each line but the one for scripts is an object."""
    text = office.log().splitlines()
    return [json.loads(line) for line in text if not line.startswith("ready ")]


def letter(subject: str, text: str, file: str, sender: str = DLA) -> EmailMessage:
    made = mail(sender, PHRAE, subject, text)
    made.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename=file)
    return made


def test_one_id_tells_the_whole_story(told: Installation):
    office, relay = told, free_port()
    office.settings("relay", host="127.0.0.1", port=relay, tls="none")
    with Neighbour(relay), office.serving("smtp,worker,mailq"):
        said = office.hand_in(letter("มะลิซ้อน", "x", "a.pdf").as_bytes(), DLA, PHRAE)
        name = said.rpartition(" ")[2]
        story = office.wait(lambda: _ended(lines(office), name))
    # The worker may be so quick that its line stands before that of the door.
    taken = next(line for line in story if " taken from 127.0.0.1" in line["message"])
    assert (taken["role"], taken["peer"]) == ("smtp", "127.0.0.1")
    registered = next(line for line in story if "registered No. 1/" in line["message"])
    assert registered["role"] == "worker"
    written = {line["job"] for line in story if line["message"].endswith("is written")}
    sent = {line["job"] for line in story if ": sent 250" in line["message"]}
    assert len(sent) == 2  # the copy and the acknowledgement
    assert sent == written
    assert {line.get("entry") for line in story if "job" in line} == {registered["entry"]}


def _ended(found: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    story = [line for line in found if line.get("letter") == name or name in line["message"]]
    return story if sum(": sent 250" in line["message"] for line in story) == 2 else []


def test_no_word_of_a_letter_and_no_password_is_in_the_log(told: Installation):
    office = told
    ordinary = letter("มะลิซ้อน", "เนื้อความดอกแก้ว", "บัวหลวง.pdf")
    secret = letter("[ลับ] ปีบทอง", "ลับ\n\nความลับจำปา", "จำปาลับ.pdf", SECRET_SENDER)
    with office.serving("smtp,submission,worker,mailq"):
        office.send(ordinary, DLA, PHRAE)
        office.send(secret, SECRET_SENDER, PHRAE)
        office.wait(lambda: sum(" at phrae: " in one["message"] for one in lines(office)) == 2)
        with Client(office.ports["smtp"]) as client:
            client.begin(PHRAE, sender=DLA)
            client.send(b"Subject: " + "มะลิซ้อน".encode() + b"\r\n\r\nhalf")
        office.submit(mail(CLERK, DLA, "มะลิซ้อน"), CLERK, DLA)
        with Client(office.ports["submission"]) as client:
            assert client.starttls().sign_in(CLERK, "รหัสที่ผิด").startswith("535")
    text = office.log() + "".join(map(json.dumps, lines(office)))
    assert [word for word in (*MARKS, "รหัสที่ผิด", SECRET_SENDER, PASSWORD) if word in text] == []


def test_a_refusal_has_the_session_and_the_client(told: Installation):
    office = told
    with office.serving("smtp,worker"):
        with Client(office.ports["smtp"]) as client:
            client.say("MAIL FROM:<a@b.test>")
            assert client.say("RCPT TO:<nobody@elsewhere.test>").startswith("55")
        refused = office.wait(
            lambda: [line for line in lines(office) if " refused: " in line["message"]]
        )
    assert refused[-1]["peer"] == "127.0.0.1"
    assert refused[-1]["session"] in refused[-1]["message"]
