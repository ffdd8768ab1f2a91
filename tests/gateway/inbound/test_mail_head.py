"""What is read from the head of a collected mail."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.inbound.mail_head import read_head, recipients_of, return_path, traced_day
from registry import directory
from registry.letter.grades import Secrecy
from registry.recipients import snapshot


def test_tags_of_the_own_address_are_found_in_the_header(agency):
    with agency().runtime.database.read() as session:
        entity = directory.entity_by_code(session, "phrae")
        known = snapshot(session)
    assert entity is not None
    head = b"Delivered-To: saraban+dla@phrae.go.th\r\nTo: x@else.org, saraban@phrae.go.th\r\n\r\n"
    assert recipients_of(head, entity, known) == ("saraban+dla@phrae.go.th", "saraban@phrae.go.th")
    assert recipients_of(b"To: list@else.org\r\n\r\n", entity, known) == ("saraban@phrae.go.th",)


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (b"Return-Path: <a@b.org>\r\nFrom: c@d.org\r\n\r\n", "a@b.org"),
        (b"Return-Path: <>\r\nFrom: c@d.org\r\n\r\n", ""),
        (b"From: C <c@d.org>\r\n\r\n", "c@d.org"),
        (b"\r\n", ""),
    ],
)
def test_the_envelope_sender_is_what_the_server_wrote_down(head, sender):
    assert return_path(head) == sender


def test_the_subject_of_what_is_marked_secret_is_not_shown():
    told = read_head("Subject: ลับ – แผนเผชิญเหตุ\r\nBcc: a@b.org\r\n\r\n".encode())
    assert (told.secrecy, told.showable) == (Secrecy.CONFIDENTIAL, "")
    assert told.recipients == ("a@b.org",)


def test_a_mail_without_message_id_is_known_by_its_head():
    one, other = read_head(b"Subject: a\r\n\r\n"), read_head(b"Subject: b\r\n\r\n")
    assert (one.message_id, len(one.key)) == ("", 64)
    assert one.key != other.key
    assert replace(one, key="") == replace(other, key="", subject="a")


def test_urgency_in_the_subject_comes_first_in_the_spool():
    assert read_head("Subject: ด่วนที่สุด ขอข้อมูล\r\n\r\n".encode()).priority == 3


@pytest.mark.parametrize(
    ("received", "day"),
    [
        (b"from a by b; Wed, 31 Dec 2025 20:00:00 +0000", date(2026, 1, 1)),
        (b"from a by b; Wed, 31 Dec 2025 20:00:00", date(2026, 1, 1)),
        (b"from a by b", None),
        (b"from a by b; soon", None),
    ],
)
def test_the_uppermost_received_tells_the_day_in_bangkok(received, day):
    assert traced_day(b"Received: " + received + b"\r\nReceived: x; y\r\n\r\n") == day
