"""The head of a letter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.fields import read_fields
from gateway.inbound.headers import read_heading


def heading(text):
    return read_heading(read_fields(text.encode() if isinstance(text, str) else text))


def test_a_letter_without_any_field_has_an_empty_head():
    head = heading("")
    assert (head.senders, head.subject, head.date, head.message_id) == ((), "", None, None)
    assert {"no From address", "no Date", "no usable Message-ID"} <= set(head.defects)


def test_two_from_addresses_are_both_told_and_named_as_a_defect():
    head = heading("From: a@b.c, x@y.z")
    assert [box.address for box in head.senders] == ["a@b.c", "x@y.z"]
    assert "several From addresses" in head.defects


def test_from_fields_are_all_counted():
    assert len(heading("From: a@b.c\nFrom: x@y.z").senders) == 2


def test_the_same_from_twice_is_one_sender():
    assert len(heading("From: A <a@b.c>, a@B.c").senders) == 1


def test_references_are_told_from_the_newest_back_after_in_reply_to():
    head = heading("References: <1@x> <2@x>\n <3@x>\nIn-Reply-To: <3@x>")
    assert head.references == ("<3@x>", "<2@x>", "<1@x>")


def test_of_a_thousand_references_the_newest_hundred_are_kept():
    head = heading("References: " + " ".join(f"<{n}@x>" for n in range(1000)))
    assert len(head.references) == 100
    assert head.references[0] == "<999@x>"


def test_a_message_id_without_brackets_gets_them():
    assert heading("Message-ID: 12@x.y").message_id == "<12@x.y>"


@pytest.mark.parametrize("value", ["<", "<>", "< @ >", "x", "<" + "a" * 2000 + "@b>"])
def test_a_message_id_that_is_none_is_none(value):
    assert heading(f"Message-ID: {value}").message_id is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 03 Oct 2025 10:42:00 +0700", "2025-10-03T03:42:00+00:00"),
        ("3 Oct 2025 10:42 +0700 (ICT)", "2025-10-03T03:42:00+00:00"),
        ("Fri, 03 Oct 2025 10:42:00 -0000", "2025-10-03T10:42:00+00:00"),
        ("Fri, 03 Oct 2568 10:42:00 +0700", "2025-10-03T03:42:00+00:00"),
        ("Thu, 29 Feb 2567 10:42:00 +0700", "2024-02-29T03:42:00+00:00"),
    ],
)
def test_dates_are_aware_also_without_zone_and_in_buddhist_years(text, expected):
    date = heading(f"Date: {text}").date
    assert date is not None
    assert date.utcoffset() is not None
    assert date.astimezone(UTC).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    ["", "x", "0", "Fri, 99 Oct 2025 99:99:99 +9999", ",", "\x00"],
)
def test_a_date_that_is_none_is_none(text):
    assert heading(f"Date: {text}").date is None


def test_a_subject_in_raw_tis_620_is_read_and_the_guess_is_told():
    head = heading(b"Subject: " + "ขอส่งคู่มือ".encode("cp874"))
    assert head.subject == "ขอส่งคู่มือ"
    assert "subject: no charset: read as windows-874 (the bytes are Thai letters)" in head.defects


def test_the_first_subject_counts():
    assert heading("Subject: one\nSubject: two").subject == "one"


def test_reply_to_is_the_first_address_of_its_field():
    assert heading("Reply-To: saraban+r-abc@x.y, z@x.y").reply_to == "saraban+r-abc@x.y"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "From",
                    "To",
                    "Date",
                    "Subject",
                    "References",
                    "Message-ID",
                    "In-Reply-To",
                    "Reply-To",
                    "Cc",
                ]
            ),
            st.binary(max_size=60),
        )
    )
)
def test_no_header_breaks_the_reader(fields):
    block = b"\r\n".join(name.encode() + b": " + value for name, value in fields)
    head = heading(block)
    assert head.date is None or head.date.utcoffset() < timedelta(days=1)
    head.subject.encode("utf-8")
    "".join(head.references).encode("utf-8")


def test_dates_far_away_do_not_overflow():
    assert heading("Date: 31 Dec 9999 23:59:59 -1200").date is None
    assert heading("Date: 31 Dec 1999 23:59:59 -1200").date == datetime(
        2000, 1, 1, 11, 59, 59, tzinfo=UTC
    )
