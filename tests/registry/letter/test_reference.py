"""References to entries, as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import NotUnderstood
from registry.letter.book import Book
from registry.letter.reference import EntryRef

REFERENCES = st.one_of(
    st.builds(
        EntryRef,
        st.sampled_from(["received", "sent", "คำสั่ง", "ประกาศ ก", "สมุด ว"]).map(Book),
        st.integers(1, 999_999_999),
        st.integers(2400, 2799),
        circular=st.booleans(),
    ),
    st.builds(
        EntryRef,
        st.just(Book.SENT),
        st.integers(1, 99),
        st.integers(2400, 2799),
        secret=st.just(True),
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("รับ/2231/2568", EntryRef(Book.RECEIVED, 2231, 2568)),
        ("รับ ๒๒๓๑/๒๕๖๘", EntryRef(Book.RECEIVED, 2231, 2568)),
        ("รับ / 2231 / 2568", EntryRef(Book.RECEIVED, 2231, 2568)),
        ("received/2231/2568", EntryRef(Book.RECEIVED, 2231, 2568)),
        ("ส่ง/ว 12/2569", EntryRef(Book.SENT, 12, 2569, circular=True)),
        ("ส่ง/ว12/๒๕๖๙", EntryRef(Book.SENT, 12, 2569, circular=True)),
        ("ส่ง ว 12/2569", EntryRef(Book.SENT, 12, 2569, circular=True)),
        ("ส่ง/ลับ 3/2569", EntryRef(Book.SENT, 3, 2569, secret=True)),
        ("คำสั่ง/5/2569", EntryRef(Book("คำสั่ง"), 5, 2569)),
        ("คำสั่ง 5/พ.ศ. 2569", EntryRef(Book("คำสั่ง"), 5, 2569)),
        ("ประกาศ กรม 5/2569", EntryRef(Book("ประกาศ กรม"), 5, 2569)),
    ],
)
def test_an_entry_is_named_as_people_name_it(text, expected):
    assert EntryRef.parse(text) == expected


@given(REFERENCES)
def test_a_printed_reference_reads_back_as_the_same_entry(reference):
    assert EntryRef.parse(str(reference)) == EntryRef.parse(reference.thai()) == reference


def test_a_reference_is_shown_in_thai_digits():
    assert EntryRef.parse("ส่ง/ว 12/2569").thai() == "ส่ง/ว ๑๒/๒๕๖๙"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "รับ",
        "2231/2568",
        "/2231/2568",
        "รับ2231/2568",
        "รับ/2231",
        "รับ/0/2568",
        "รับ/2231/2019",
        "รับ/2231/68",
        "รับ/2231/25688",
        "รับ/ข 1/2568",
        "รับ/1/2/2568",
        "a+b/1/2568",
        "k5xq2mzt7abcdefg",
    ],
)
def test_what_names_no_entry_is_refused(text):
    with pytest.raises(NotUnderstood):
        EntryRef.parse(text)


@given(st.text("รับส่งวล 0125๒๕๖/", max_size=20))
def test_whatever_is_typed_gives_an_entry_or_a_typed_error(text):
    with suppress(NotUnderstood):
        reference = EntryRef.parse(text)
        assert EntryRef.parse(str(reference)) == reference
