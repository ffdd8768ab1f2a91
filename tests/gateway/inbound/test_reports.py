"""Receipts and delivery reports."""

import json

import pytest

from registry.letter.message import Receipt
from tests.gateway.inbound.mails import HEAD, Reader, multipart, part

RECEIPT = "application/vnd.saraban.receipt+json"
FACTS = {"act": "registered", "message_id": "<1@dla.example>", "letter_number": "มท 0810.3/ว 4971"}
FACTS |= {"number": "2231", "year": 2568, "at": "2025-10-03T10:42:00+07:00"}
REPORT = 'multipart/report; report-type=delivery-status; boundary="B"'
STATUS = (
    b"Reporting-MTA: dns; mx.dla.example\r\n\r\nFinal-Recipient: rfc822; x@dla.example\r\n"
    b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n unknown user\r\n"
)


def receipt_in(tmp_path, body):
    mail = multipart(part(b"registered"), part(body, RECEIPT))
    return Reader(tmp_path).read(mail)


def test_a_receipt_is_read_and_is_no_file(tmp_path):
    message = receipt_in(tmp_path, json.dumps(FACTS).encode())
    assert message.receipt == Receipt(**FACTS)
    assert message.parts == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"nonsense",
        b"[" * 60_000,
        b'{"act": "registered"}',
        b'{"act": "erase everything", "message_id": "<x>"}',
        b'{"act": ["registered"], "message_id": "<x>"}',
        b'{"act": "registered", "message_id": 7.5}',
        b"\xff\xfe",
    ],
)
def test_a_receipt_of_another_shape_is_none(tmp_path, body):
    message = receipt_in(tmp_path, body)
    assert (message.receipt, message.parsed) == (None, True)


def test_odd_values_in_a_receipt_are_left_out(tmp_path):
    facts = FACTS | {"year": "soon", "number": 2231, "at": None, "reason": "x" * 5000}
    found = receipt_in(tmp_path, json.dumps(facts).encode()).receipt
    assert (found.year, found.number, found.at, len(found.reason)) == (0, "2231", "", 990)


def test_a_receipt_inside_an_attached_mail_is_not_ours(tmp_path):
    inner = multipart(part(json.dumps(FACTS).encode(), RECEIPT), boundary="I")
    mail = multipart(part(b"x"), b"Content-Type: message/rfc822\r\n\r\n" + inner)
    assert Reader(tmp_path).read(mail).receipt is None


def bounce(*parts):
    return multipart(*parts).replace(b'multipart/mixed; boundary="B"', REPORT.encode())


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_delivery_report_tells_which_letter_failed_and_why(tmp_path, kind):
    returned = HEAD.replace(b"1@phrae", b"sent-7@phrae") + b"\r\n"
    mail = bounce(part(b"Sorry."), part(STATUS, "message/delivery-status"), part(returned, kind))
    message = Reader(tmp_path).read(mail, mail_from="")
    assert message.bounce
    assert message.bounced_message_id == "<sent-7@phrae.example>"
    assert "status: 5.1.1" in message.bounce_detail
    assert "550 5.1.1 unknown user" in message.bounce_detail


def test_a_bounce_in_plain_words_tells_the_letter_if_it_quotes_its_header(tmp_path):
    text = b"\r\nI could not deliver.\r\n\r\n--- below\r\n> Message-ID: <old@phrae.example>\r\n"
    message = Reader(tmp_path).read(HEAD + text, mail_from="")
    assert message.bounced_message_id == "<old@phrae.example>"


def test_a_letter_that_is_no_bounce_tells_of_none(tmp_path):
    inner = b"Content-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\nx"
    assert Reader(tmp_path).read(multipart(inner)).bounced_message_id == ""
