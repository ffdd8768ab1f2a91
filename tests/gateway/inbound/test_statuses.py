"""Delivery and disposition notifications: what they say of each recipient."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.letter.report import Report
from tests.gateway.inbound.mails import HEAD, Reader, multipart, part

POSTFIX = b"""Reporting-MTA: dns; mx.dla.example
Original-Envelope-Id: abcdefghijklmnop
Arrival-Date: Fri, 3 Oct 2025 10:42:00 +0700

Final-Recipient: rfc822; Saraban@DLA.example
Original-Recipient: rfc822;saraban@dla.example
Action: failed
Status: 5.2.2
Remote-MTA: dns; store.dla.example
Diagnostic-Code: smtp; 552 5.2.2
    <saraban@dla.example>: over quota

Final-Recipient: rfc822; saraban@nan.example
Action: delayed (we go on)
Status: 4.4.1
"""
READ = b"""Reporting-UA: mail.dla.example; Thunderbird
Final-Recipient: rfc822;saraban@dla.example
Original-Message-ID: <sent-7@phrae.example>
Disposition: manual-action/MDN-sent-manually; displayed
"""
RETURNED = part(HEAD.replace(b"1@phrae", b"sent-7@phrae"), "text/rfc822-headers")


def notification(status: bytes, kind: str, report: str) -> bytes:
    mail = multipart(part(b"Sorry."), part(status, kind), RETURNED, kind="report")
    return mail.replace(b"multipart/report;", f"multipart/report; report-type={report};".encode())


def delivery(status: bytes, kind: str = "message/delivery-status") -> bytes:
    return notification(status, kind, "delivery-status")


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_each_recipient_is_told_with_all_that_was_said(tmp_path, ends):
    message = Reader(tmp_path).read(delivery(POSTFIX.replace(b"\n", ends)), mail_from="")
    assert message.reports == (
        Report(
            "failed", "saraban@dla.example", "saraban@dla.example", "5.2.2",
            "552 5.2.2 <saraban@dla.example>: over quota", "store.dla.example", "abcdefghijklmnop",
        ),
        Report("delayed", "saraban@nan.example", status="4.4.1", envelope_id="abcdefghijklmnop"),
    )  # fmt: skip
    assert message.bounced_message_id == "<sent-7@phrae.example>"


def test_the_form_for_addresses_in_thai_is_read_too(tmp_path):
    status = (
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: utf-8; สารบรรณ@dla.example\nAction: failed\n"
    )
    mail = delivery(status.encode(), "message/global-delivery-status")
    (report,) = Reader(tmp_path).read(mail, mail_from="").reports
    assert report.recipient == "สารบรรณ@dla.example"


@pytest.mark.parametrize(
    ("status", "action"), [(b"5.1.1", "failed"), (b"4.4.1", "delayed"), (b"2.0.0", "delivered")]
)
def test_a_status_without_an_action_says_what_it_means(tmp_path, status, action):
    mail = delivery(b"Final-Recipient: rfc822; a@b\nStatus: " + status)
    (report,) = Reader(tmp_path).read(mail, mail_from="").reports
    assert report.action == action


def test_a_read_receipt_is_no_bounce_although_it_has_the_null_sender(tmp_path):
    mail = notification(READ, "message/disposition-notification", "disposition-notification")
    message = Reader(tmp_path).read(mail, mail_from="")
    assert (message.bounce, message.automatic, message.bounced_message_id) == (False, True, "")
    assert message.reports == (
        Report(
            "displayed", "saraban@dla.example", message_id="<sent-7@phrae.example>",
            disposition=True,
        ),
    )  # fmt: skip


def test_a_report_in_an_attached_mail_says_nothing_of_ours(tmp_path):
    inner = b"Content-Type: message/rfc822\r\n\r\n" + delivery(POSTFIX).replace(b'"B"', b'"I"')
    mail = multipart(part(b"see below"), inner.replace(b"--B", b"--I"))
    assert Reader(tmp_path).read(mail, mail_from="").reports == ()


def test_a_thousand_recipients_are_read_to_a_hundred(tmp_path):
    status = (
        b"Reporting-MTA: dns; mx\n\n" + b"Final-Recipient: rfc822; a@b\nAction: failed\n\n" * 1000
    )
    assert len(Reader(tmp_path).read(delivery(status), mail_from="").reports) == 100


def test_a_letter_that_a_person_sent_with_a_report_in_it_reports_nothing(tmp_path):
    mail = multipart(part(b"x"), part(POSTFIX, "message/delivery-status"))
    assert Reader(tmp_path).read(mail, mail_from="a@dla.example").reports == ()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=600))
def test_no_report_is_too_odd_to_be_read(tmp_path, junk):
    status = b"Reporting-MTA: dns; mx\n\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: " + junk
    message = Reader(tmp_path).read(delivery(status), mail_from="")
    assert message.parsed
    assert all(
        len(one.diagnostic) <= 400 and "\x00" not in one.diagnostic for one in message.reports
    )
