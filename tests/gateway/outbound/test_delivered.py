"""Notifications of delivery: three parts, as RFC 3464 and RFC 6522 have them."""

import email

import pytest

from registry.models.letters import LetterRow, OriginalRow
from registry.outbox import Kind

HEAD = (
    b"Received: from x\r\nFrom: saraban@dla.example\r\nSubject: =?utf-8?B?4LiB?=\r\n"
    b"X-Secret: no\r\nMessage-ID: <w3974@dla.example>\r\nTo: a@phrae.example,\r\n"
    b" b@phrae.example\r\n"
    b"\r\nFrom: body\r\n"
)
FACTS = {
    "recipients": [{"final": "saraban@phrae.example", "original": "rfc822;Saraban@PHRAE.example"}],
    "envid": "QQ\r\n314159",
    "arrived": "2025-10-03T10:42:00+07:00",
}


@pytest.fixture
def told(office):
    """Compose the notification of a letter of the department."""

    def make(**columns):
        letter_id, _ = office.receive(**columns)
        digest = office.blobs.put(HEAD)
        with office.database.write() as session:
            session.add(OriginalRow(sha256=digest, bytes=len(HEAD), form="whole", blob=digest))
            session.get_one(LetterRow, letter_id).original_sha256 = digest
        job = office.job(Kind.DELIVERED, "clerk@dla.example", letter_id=letter_id, facts=FACTS)
        return office.compose(job)

    return make


def test_a_program_reads_what_became_of_each_recipient(told):
    composed, message = told()
    assert (composed.mail_from, composed.rcpt_to) == ("", "clerk@dla.example")
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    assert message["Auto-Submitted"] == "auto-replied"
    words, status, returned = message.get_payload()
    assert "saraban@phrae.example" in words.get_content()
    about, recipient = status.get_payload()
    assert about["Reporting-MTA"].startswith("dns; ")
    assert about["Arrival-Date"] == "Fri, 03 Oct 2025 10:42:00 +0700"
    assert about["Original-Envelope-Id"] == "QQ??314159"
    assert dict(recipient.items()) == {
        "Original-Recipient": "rfc822;Saraban@PHRAE.example",
        "Final-Recipient": "rfc822;saraban@phrae.example",
        "Action": "delivered",
        "Status": "2.0.0",
    }
    assert returned.get_content_type() == "text/rfc822-headers"


def test_of_the_mail_its_sender_gets_back_the_fields_to_know_it_by(told):
    returned = told()[1].get_payload()[2].get_content()
    fields = email.message_from_string(returned)
    assert fields.keys() == ["From", "Subject", "Message-ID", "To"]
    assert fields["To"] == "a@phrae.example, b@phrae.example"


def test_of_a_secret_letter_only_the_message_id_goes_back(told):
    returned = told(secrecy="ลับ")[1].get_payload()[2].get_content()
    assert returned.strip() == "Message-ID: <w3974@dla.example>"


def test_what_leaves_is_ascii_to_the_last_byte(told):
    message = told()[1]
    assert message.as_bytes().isascii()
