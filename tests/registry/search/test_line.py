"""What officers type in the one box: numbers as they say them, months, what is not wanted."""

from datetime import date

import pytest

from registry.search.line import parse
from registry.search.saying import pieces, say


@pytest.mark.parametrize(
    "line",
    [
        "เลขรับ 1/2569",
        "เลขรับ ๑/๒๕๖๙",
        "รับ ๑/๖๙",
        "ลงรับ 1/69",
        "เลขทะเบียนรับ 1/2569",
        "รับที่ ๑/๒๕๖๙",
        "รับ1/2569",
    ],
)
def test_a_number_of_the_book_is_understood_as_people_say_it(line):
    [term] = parse(line).terms
    assert term.mark == "Nreceived/1/2569"


@pytest.mark.parametrize("line", ["เลขรับ 1", "ลงรับ ๑", "เลขทะเบียนรับ 1", "รับ 1", "เลขรับ๑"])
def test_a_number_without_its_year_is_looked_for_in_its_book(line):
    query = parse(line)
    assert query.narrowing.book == "received"
    assert [term.number for term in query.terms] == ["Nn1"]


def test_words_that_only_begin_so_are_words():
    assert parse("ลงรับ").narrowing.book is None
    assert [term.shown for term in parse("งานรับ 12").terms] == ["งานรับ", "12"]
    assert parse("รับ 12/10/2568").terms[-1].mark == "D2025-10-12"


@pytest.mark.parametrize("line", ["เดือนตุลาคม 2562", "เดือน ต.ค. ๒๕๖๒"])
def test_a_month_is_from_its_first_day_to_its_last(line):
    query = parse(line)
    assert (query.terms, query.narrowing.since) == ((), date(2019, 10, 1))
    assert query.narrowing.until == date(2019, 10, 31)
    assert "เครื่องหมาย" in query.notes[0]
    assert parse(f'"{line}"').narrowing.since is None


def test_a_month_within_other_words_stays_a_word():
    assert parse("รายงานประจำเดือนตุลาคม 2562").narrowing.since is None


def test_unwanted_words_alone_say_what_is_shown():
    [note] = parse("-ประชุม").notes
    assert "จึงแสดงทุกฉบับ" in note


@pytest.mark.parametrize("line", ["เลขรับ ๑/๖๙ ประชุม", "ลงรับ 1", "เดือนตุลาคม 2562 -ประชุม"])
def test_what_was_understood_is_said_in_a_line_that_reads_the_same(line):
    query, again = parse(line), parse(say(parse(line)))
    assert (query.terms, query.without, query.narrowing) == (
        again.terms, again.without, again.narrowing,
    )  # fmt: skip
    assert pieces(line)
