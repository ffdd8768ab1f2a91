"""What other hosts say of our mail, in their forms and in their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.letter.report import Report, report_in_words, status_in_thai

QMAIL = """Hi. This is the qmail-send program at dla.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<saraban@dla.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Subject: 4.4.1 delayed
"""
EXCHANGE = """Delivery has failed to these recipients or groups:

saraban@dla.example
The recipient's mailbox is full and can't accept messages now.

Diagnostic information for administrators:
#554 5.2.2 mailbox full;STOREDRV.Deliver.Exception ##
"""
GMAIL = """Delivery incomplete

There was a temporary problem delivering your message to saraban@dla.example. Gmail will retry for
46 more hours. You'll be notified if the delivery fails permanently.
"""
EXIM = """A message that you sent has not yet been delivered to one or more of its recipients after
more than 24 hours. Delivery attempts will continue; this is delayed.
"""


@pytest.mark.parametrize(
    ("text", "action", "status"),
    [
        (QMAIL, "failed", "5.1.1"),
        (EXCHANGE, "failed", "5.2.2"),
        (GMAIL, "delayed", ""),
        (EXIM, "delayed", ""),
        ("action: delayed; status: 5.1.1", "delayed", "5.1.1"),
        ("ขออภัย ไม่พบผู้รับรายนี้", "failed", ""),
        ("10.5.1.1.9 is an address, not a code", "failed", ""),
        ("", "failed", ""),
    ],
)
def test_the_words_of_older_servers_are_understood(text, action, status):
    report = report_in_words(text)
    assert (report.action, report.status) == (action, status)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.1.1", "ไม่มีที่อยู่"),
        ("5.2.2", "เต็ม"),
        ("4.2.2", "เต็ม"),
        ("5.2.3", "ใหญ่เกิน"),
        ("5.3.4", "ใหญ่เกิน"),
        ("5.7.26", "ปฏิเสธผู้ส่ง"),
        ("4.4.7", "ไม่ถึงภายในเวลา"),
        ("4.4.1", "ติดต่อเครื่องของผู้รับไม่ได้"),
        ("5.4.4", "เส้นทาง"),
    ],
)
def test_a_status_is_told_in_a_clerks_words(status, words):
    assert words in status_in_thai(status)
    assert words in Report("failed", status=status).thai


@pytest.mark.parametrize("status", ["", "5.1", "2.0.0", "x", "4.7.1", "5.1.1\n"])
def test_a_status_that_says_nothing_to_a_clerk_is_not_told(status):
    assert status_in_thai(status) == ""


@given(st.text(), st.text(), st.text(), st.text())
def test_whatever_a_stranger_writes_is_one_short_line(recipient, diagnostic, remote, text):
    report = Report("failed", recipient, diagnostic=diagnostic, remote=remote)
    for line in (report.words, report_in_words(text).words):
        assert len(line) <= 400
        assert "\n" not in line
        assert "\x00" not in line
