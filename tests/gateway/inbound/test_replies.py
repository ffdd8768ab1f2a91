"""Reply lines are one line, in ASCII unless agreed otherwise, with a status code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.replies import polish, printable


@pytest.mark.parametrize(
    ("reply", "polished"),
    [
        ("250 OK", "250 2.0.0 OK"),
        ("250 2.1.0 Sender ok.", "250 2.1.0 Sender ok."),
        ("500 Error: bad syntax", "500 5.5.2 Error: bad syntax"),
        ("354 End data", "354 End data"),
        ("334 VXNlcm5hbWU6", "334 VXNlcm5hbWU6"),
        ("500 a\r\n250 b", "500 5.5.2 a??250 b"),
        ("250-x", "250-x"),
    ],
)
def test_a_reply_is_made_fit_to_be_sent(reply, polished):
    assert polish(reply) == polished


def test_thai_is_sent_only_to_who_reads_it():
    assert polish("550 5.1.1 ไม่มี") == "550 5.1.1 ?????"
    assert polish("550 5.1.1 ไม่มี", utf8=True) == "550 5.1.1 ไม่มี"


@given(st.text(), st.booleans())
def test_no_reply_is_two_lines_or_too_long(text, utf8):
    line = polish(f"550 {text}", utf8=utf8)
    assert len(line.encode()) <= 510
    assert line.isprintable()


@given(st.text(alphabet=st.characters(), max_size=400))
def test_a_clients_name_can_be_kept_and_logged(text):
    kept = printable(text + "\udc80\x00")
    assert kept.isprintable()
    kept.encode()
