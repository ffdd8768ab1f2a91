"""Closing a year: the book is whole, and no number of it moves again."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from registry import entries, journal
from registry.books import closing
from registry.books.closing import BookClosed, Tally
from registry.clock import BANGKOK, FrozenClock
from registry.errors import Conflict, NotUnderstood
from registry.models.books import CounterRow
from registry.models.evidence import JournalRow
from registry.proof import prove
from tests.registry.written import OFFICER, write

NEXT_YEAR = datetime(2026, 1, 5, 9, 0, tzinfo=BANGKOK)


@pytest.fixture
def book(database, received, clock) -> list[str]:
    """Three numbers of 2568, the second void; the clock then stands in January 2569."""
    made = [write(database, received, clock, subject=f"เรื่องที่ {n}") for n in range(3)]
    with database.write() as session:
        entries.void(session, made[1], OFFICER, "ลงซ้ำ", at=clock.now())
    clock.set(NEXT_YEAR)
    return made


def close(database, office, clock, year=2568):
    with database.write() as session:
        return closing.close(
            session, office.phrae, "", "received", year, by=OFFICER, at=clock.now()
        )


def reopen(database, office, clock, reason="พบเลขที่ลงผิดเรื่อง"):
    with database.write() as session:
        closing.reopen(
            session, office.phrae, "", "received", 2568, by=OFFICER, reason=reason, at=clock.now()
        )


def test_closing_counts_what_the_book_holds(database, office, book, clock):
    assert close(database, office, clock) == [Tally("ordinary", 1, 3, 3, 1, 0)]
    with database.read() as session:
        assert closing.is_closed(session, office.phrae, "", "received", 2568)
        [kept] = closing.history(session, office.phrae, "", "received", 2568)
    assert (kept.closed_by, kept.tally.void, kept.reopened_at) == (OFFICER, 1, None)


def test_a_year_is_not_closed_before_it_is_over(database, office, received, clock):
    write(database, received, clock)
    with pytest.raises(Conflict) as told:
        close(database, office, clock)
    assert "๑ มกราคม ๒๕๖๙" in told.value.thai


def test_a_number_still_reserved_keeps_the_book_open(database, office, received, clock):
    entry_id = write(database, received, clock, state="reserved")
    clock.set(NEXT_YEAR)
    with pytest.raises(Conflict) as told:
        close(database, office, clock)
    assert "จองค้าง ๑ เลข" in told.value.thai
    with database.write() as session:
        entries.void(session, entry_id, OFFICER, "ไม่ใช้แล้ว", at=clock.now())
    assert close(database, office, clock)[0].void == 1


def test_a_book_with_a_hole_is_not_closed(database, office, book, clock):
    with database.write() as session:
        session.execute(CounterRow.__table__.update().values(last=4))
    with pytest.raises(Conflict) as told:
        close(database, office, clock)
    assert "ขาดไป ๑ เลข" in told.value.thai


def test_a_book_without_numbers_has_nothing_to_close(database, office, clock):
    clock.set(NEXT_YEAR)
    with pytest.raises(Conflict):
        close(database, office, clock)


def test_a_closed_book_is_not_closed_twice(database, office, book, clock):
    close(database, office, clock)
    with pytest.raises(BookClosed):
        close(database, office, clock)


def test_a_closed_book_gives_no_number_even_to_a_clock_that_stands_behind(
    database, office, book, received, clock
):
    close(database, office, clock)
    behind = FrozenClock(datetime(2025, 12, 31, 23, 0, tzinfo=BANGKOK))
    with pytest.raises(BookClosed):
        write(database, received, behind)
    assert write(database, replace(received, year=2569), clock)


@pytest.mark.parametrize(
    "act",
    [
        lambda s, one: entries.void(s, one, OFFICER, "ผิด", at=NEXT_YEAR),
        lambda s, one: entries.take_back(s, one, OFFICER, at=NEXT_YEAR),
        lambda s, one: entries.amend(s, one, OFFICER, "พิมพ์ผิด", at=NEXT_YEAR, subject="ใหม่"),
    ],
)
def test_nothing_of_a_closed_book_is_changed(database, office, book, clock, act):
    close(database, office, clock)
    with pytest.raises(BookClosed), database.write() as session:
        act(session, book[0])


def test_the_matter_goes_on_in_a_closed_book(database, office, book, clock):
    close(database, office, clock)
    with database.write() as session:
        entries.amend(
            session, book[0], OFFICER, "ปิดเรื่อง", at=NEXT_YEAR, action="ตอบแล้ว", closed=NEXT_YEAR
        )
    with database.read() as session:
        assert entries.get(session, book[0]).action == "ตอบแล้ว"


def test_a_book_is_opened_again_only_with_a_reason_and_both_stay_to_be_seen(
    database, office, book, clock
):
    close(database, office, clock)
    with pytest.raises(NotUnderstood):
        reopen(database, office, clock, reason="  ")
    reopen(database, office, clock)
    with database.write() as session:
        entries.void(session, book[0], OFFICER, "ลงผิด", at=NEXT_YEAR)
    close(database, office, clock)
    with database.read() as session:
        first, second = closing.history(session, office.phrae, "", "received", 2568)
    assert (first.reason, first.tally.void) == ("พบเลขที่ลงผิดเรื่อง", 1)
    assert (second.reopened_at, second.tally.void) == (None, 2)


def test_an_open_book_is_not_opened(database, office, book, clock):
    with pytest.raises(Conflict):
        reopen(database, office, clock)


def test_closing_and_opening_stand_in_the_journal_and_the_books_hold(
    database, office, book, clock, blobs
):
    close(database, office, clock)
    reopen(database, office, clock)
    with database.snapshot() as session:
        acts = list(session.scalars(select(JournalRow.act).order_by(JournalRow.id)))
        assert acts[-2:] == ["book-closed", "book-reopened"]
        assert journal.verify(session) == []
        assert prove(session, blobs).holds


def test_all_series_of_a_book_are_closed_together(database, office, book, received, clock):
    clock.set(datetime(2025, 12, 30, 9, 0, tzinfo=BANGKOK))
    write(database, replace(received, series="secret"), clock, secrecy="ลับ")
    clock.set(NEXT_YEAR)
    assert [one.series for one in close(database, office, clock)] == ["ordinary", "secret"]
