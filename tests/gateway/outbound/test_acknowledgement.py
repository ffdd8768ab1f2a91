"""Acknowledgements: the number for the person, JSON for the machine, and no loop."""

import json
from datetime import datetime

import pytest

from registry.clock import BANGKOK
from registry.letter.message import Receipt
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.outbox import Kind
from tests.gateway.outbound.office import SUBJECT


def body(message):
    part = message.get_body(("plain",))
    return part.get_content().replace("\r\n", "\n")


@pytest.fixture
def acknowledged(office):
    """Compose an acknowledgement of a letter of the department."""

    def make(act, *, entry=True, secrecy=None, **facts):
        letter, entry_id = office.receive(secrecy=secrecy)
        job = office.job(
            Kind.ACKNOWLEDGEMENT,
            "saraban@dla.example",
            entry_id=entry_id if entry else None,
            letter_id=letter,
            facts={"act": act, **facts},
        )
        return office.compose(job)

    return make


def receipt(message) -> Receipt:
    part = next(p for p in message.walk() if p.get_content_type().endswith("receipt+json"))
    return Receipt(**json.loads(part.get_content()))


def test_the_number_is_told_to_the_person_and_to_the_machine(acknowledged):
    _, message = acknowledged("registered")
    assert message["Subject"] == "ตอบรับ: เลขรับ ๑/๒๕๖๘ – ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔"
    assert "เลขรับ ๑/๒๕๖๘\nลงรับเมื่อวันที่ ๓ ตุลาคม ๒๕๖๘ เวลา ๑๐.๔๒ น." in body(message)
    assert receipt(message) == Receipt(
        act="registered",
        message_id="<w3974@dla.example>",
        letter_number="มท 0810.7/ว 3974",
        number="1",
        year=2568,
        at="2025-10-03T10:42:00+07:00",
    )


def test_nothing_answers_it(acknowledged):
    composed, message = acknowledged("registered")
    assert composed.mail_from == ""
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["In-Reply-To"] == message["References"] == "<w3974@dla.example>"
    assert message["Reply-To"] is None


def test_arrived_tells_no_number(acknowledged):
    _, message = acknowledged("arrived", entry=False)
    assert receipt(message).act == "arrived"
    assert receipt(message).number == ""
    assert "กำลังรอลงรับ" in body(message)


@pytest.mark.parametrize("act", ["returned", "wrong", "wrong_number"])
def test_a_return_says_why(acknowledged, act):
    _, message = acknowledged(act, reason="ไฟล์ที่ ๒ เปิดไม่ได้")
    assert "ไฟล์ที่ ๒ เปิดไม่ได้" in body(message)
    assert receipt(message).reason == "ไฟล์ที่ ๒ เปิดไม่ได้"
    assert receipt(message).act == act


def test_a_secret_letter_is_acknowledged_without_its_subject(acknowledged):
    _, message = acknowledged("registered", secrecy="ลับ")
    assert SUBJECT not in body(message)
    assert receipt(message).letter_number == ""
    assert receipt(message).number == "1"


@pytest.mark.parametrize("kind", ["registered", "arrived", "citizen"])
def test_what_came_outside_office_hours_is_told_with_when_it_counts_as_received(office, kind):
    letter, entry = office.receive()
    evening = datetime(2025, 10, 3, 20, 5, tzinfo=BANGKOK)
    with office.database.write() as session:
        for row in (session.get_one(LetterRow, letter), session.get_one(EntryRow, entry)):
            row.accepted_at = evening
            row.deemed_received_at = datetime(2025, 10, 6, 8, 30, tzinfo=BANGKOK)
    notice = kind == "citizen"
    job = office.job(
        Kind.NOTICE if notice else Kind.ACKNOWLEDGEMENT, "saraban@dla.example",
        entry_id=None if kind == "arrived" else entry, letter_id=letter,
        facts={"text": "citizen_receipt"} if notice else {"act": kind},
    )  # fmt: skip
    text = body(office.compose(job)[1])
    assert "๓ ตุลาคม ๒๕๖๘ เวลา ๒๐.๐๕ น. นอกเวลาราชการ" in text
    assert "ถือว่าได้รับเมื่อ  ๖ ตุลาคม ๒๕๖๘ เวลา ๐๘.๓๐ น." in text


def test_what_came_in_office_hours_says_nothing_of_them(acknowledged):
    for act in ("registered", "arrived"):
        assert "เวลาราชการ" not in body(acknowledged(act)[1])
