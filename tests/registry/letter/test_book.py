"""Books, series, keys and receive numbers."""

import pickle
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import NotUnderstood
from registry.letter.book import Book, BookKey, ReceiveNumber, Series

NAMES = st.sampled_from(["received", "sent", "คำสั่ง", "ประกาศ", "หนังสือรับรอง", "ระเบียบ ข้อบังคับ"])
CODES = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)
KEYS = st.builds(
    BookKey,
    CODES,
    CODES | st.just(""),
    NAMES.map(Book),
    st.sampled_from(Series),
    st.integers(2400, 2799),
)


@pytest.mark.parametrize("word", ["received", "RECEIVED", "รับ", "ทะเบียนหนังสือรับ", " รับ "])
def test_the_received_book_has_several_names(word):
    assert Book(word) == Book.RECEIVED == "received"


def test_books_have_a_short_word_and_a_heading():
    assert (Book.SENT.thai, Book.SENT.heading) == ("ส่ง", "ทะเบียนหนังสือส่ง")
    assert (Book("คำสั่ง").thai, Book("คำสั่ง").heading) == ("คำสั่ง", "ทะเบียนคำสั่ง")


@pytest.mark.parametrize("name", ["", " ", "รับ/ส่ง", "a:b", "a+b", "1", "คำสั่ง 2", "่ก", "ก" * 41])
def test_what_would_not_fit_a_reference_is_no_name_of_a_book(name):
    with pytest.raises(NotUnderstood):
        Book(name)


def test_a_book_travels_as_the_string_it_is():
    again = pickle.loads(pickle.dumps(Book("คำสั่ง")))  # noqa: S301 - our own bytes
    assert type(again) is Book
    assert again == "คำสั่ง"


def test_every_series_has_its_word():
    assert [series.thai for series in Series] == ["ทั่วไป", "หนังสือเวียน (ว)", "ลับ"]


@given(KEYS)
def test_a_printed_key_reads_back_as_the_same_key(key):
    assert BookKey.parse(str(key)) == key


def test_a_units_book_is_not_its_entitys():
    key = BookKey("phrae", "finance", Book.SENT, Series.CIRCULAR, 2569)
    assert str(key) == "phrae+finance/sent/circular/2569"
    assert key != BookKey.parse("phrae/sent/circular/2569")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "phrae",
        "phrae/received/ordinary",
        "phrae/received/ordinary/2019",
        "phrae/received/other/2568",
        "phrae/1/ordinary/2568",
        "phrae+/received/ordinary/2568",
        "/received/ordinary/2568",
        "phrae/received/ordinary/2568/1",
    ],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(NotUnderstood):
        BookKey.parse(text)


def test_keys_sort_so_that_all_lock_in_one_order():
    year = BookKey.parse("b/sent/ordinary/2568")
    assert sorted(
        [year, BookKey.parse("a/sent/ordinary/2569"), BookKey.parse("a/sent/ordinary/2568")]
    ) == [
        BookKey.parse("a/sent/ordinary/2568"),
        BookKey.parse("a/sent/ordinary/2569"),
        year,
    ]


@pytest.mark.parametrize(
    "text",
    ["2231/2568", "เลขรับ ๒๒๓๑/๒๕๖๘", "เลขทะเบียนรับที่ 2231/2568", "เลขรับ: 2231 / 2568"],
)
def test_a_receive_number_is_read_in_all_its_dresses(text):
    assert ReceiveNumber.parse(text) == ReceiveNumber(2231, 2568)


def test_a_receive_number_is_shown_with_its_year():
    assert ReceiveNumber(2231, 2568).thai() == "เลขรับ ๒๒๓๑/๒๕๖๘"


@given(st.integers(1, 999_999_999), st.integers(2400, 2799))
def test_a_printed_receive_number_reads_back(number, year):
    receive = ReceiveNumber(number, year)
    assert ReceiveNumber.parse(receive.thai()) == ReceiveNumber.parse(str(receive)) == receive


@pytest.mark.parametrize(
    "text", ["", "2231", "0/2568", "2231/2019", "-1/2568", "1/2/2568", "ส่ง 1/2568"]
)
def test_what_is_no_receive_number_is_refused(text):
    with pytest.raises(NotUnderstood):
        ReceiveNumber.parse(text)


@given(st.text("เลขรับ 0129๒๕๖/:", max_size=20))
def test_whatever_is_typed_gives_a_receive_number_or_a_typed_error(text):
    with suppress(NotUnderstood):
        assert 2400 <= ReceiveNumber.parse(text).year < 2800
