"""What a mail looks like from outside."""

import pytest

from gateway.inbound.fields import read_fields
from gateway.inbound.marks import Marks, read_marks
from gateway.inbound.parameters import read_parameters


def marks(block, *, null_sender=False):
    fields = read_fields(block.encode())
    return read_marks(fields, read_parameters(fields.get("content-type")), null_sender=null_sender)


def test_an_ordinary_letter_is_nothing_special():
    found = marks("Subject: x\nPrecedence: first-class\nX-Auto-Response-Suppress: All")
    assert found == Marks()


@pytest.mark.parametrize(
    "block",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: AUTO-GENERATED (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: x",
        "Precedence: auto_reply",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    ],
)
def test_mail_made_by_a_machine_is_automatic(block):
    assert marks(block).automatic


@pytest.mark.parametrize(
    "block", ["Auto-Submitted: no", "auto-submitted: No (person)", "X-Autoreply: no"]
)
def test_mail_that_says_a_person_sent_it_is_not_automatic(block):
    assert not marks(block).automatic


@pytest.mark.parametrize(
    "block",
    ["List-Id: <x>", "Precedence: bulk", "Precedence: LIST", "List-Unsubscribe: <mailto:x>"],
)
def test_mail_to_many_is_bulk(block):
    assert marks(block).bulk


def test_the_null_sender_is_a_bounce_and_so_is_a_delivery_report():
    assert marks("Subject: x", null_sender=True).bounce
    assert marks("Content-Type: multipart/report; report-type=delivery-status; boundary=x").bounce
    assert not marks("Content-Type: multipart/mixed; boundary=x").bounce


def test_a_read_receipt_is_automatic_and_no_bounce():
    block = "Content-Type: multipart/report; report-type=disposition-notification; boundary=x"
    assert not marks(block).bounce


def test_our_own_fields_are_told_by_their_full_names():
    block = "X-Saraban-Letter-Number: =?utf-8?B?4Lij?= 1\nx-saraban-DATED: 2025-10-03\nX-Other: x"
    assert marks(block).ours == {"X-Saraban-Letter-Number": "ร 1", "X-Saraban-Dated": "2025-10-03"}


def test_no_more_than_thirty_fields_of_ours_are_taken():
    assert len(marks("".join(f"X-Saraban-{n}: x\n" for n in range(99))).ours) == 30
