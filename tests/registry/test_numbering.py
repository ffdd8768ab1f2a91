"""Numbers of the books: one after the other, in the right year, whatever happens."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from registry import numbering
from registry.clock import BANGKOK, FrozenClock
from registry.db import Database
from registry.errors import Conflict
from registry.letter.book import Book, Series
from registry.models.books import CounterRow
from registry.numbering import BookKey, take_number
from tests.registry.conftest import Office


@pytest.fixture
def received(office: Office) -> BookKey:
    """Phrae's ordinary received book of 2568."""
    return BookKey(office.phrae, "", Book.RECEIVED, Series.ORDINARY, 2568)


def test_the_first_number_of_a_book_is_one(database: Database, received: BookKey, clock):
    with database.write() as session:
        assert take_number(session, received, clock).number == 1
        assert take_number(session, received, clock).number == 2


def test_a_number_is_not_lost_when_registering_fails(database: Database, received, clock):
    """A register may not have holes nobody can explain."""
    with pytest.raises(ZeroDivisionError), database.write() as session:
        take_number(session, received, clock).number / 0
    with database.write() as session:
        assert take_number(session, received, clock).number == 1


def test_a_failed_letter_of_a_batch_leaves_its_number_to_the_next(database, received, clock):
    with database.write() as session:
        take_number(session, received, clock)
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            take_number(session, received, clock).number / 0
        assert take_number(session, received, clock).number == 2


def test_every_owner_book_series_and_year_counts_for_itself(database, office, clock):
    keys = [
        BookKey(office.phrae, "", "received", "ordinary", 2568),
        BookKey(office.town, "", "received", "ordinary", 2568),
        BookKey(office.phrae, "finance", "received", "ordinary", 2568),
        BookKey(office.phrae, "", "คำสั่ง", "ordinary", 2568),
        BookKey(office.phrae, "", "sent", "circular", 2568),
        BookKey(office.phrae, "", "sent", "secret", 2568),
    ]
    with database.write() as session:
        assert [take_number(session, key, clock).number for key in keys] == [1] * 6


def test_a_hundred_registrations_on_twenty_threads_take_one_to_a_hundred(database, received, clock):
    def register(_: int) -> int:
        with database.write() as session:
            return take_number(session, received, clock).number

    with ThreadPoolExecutor(20) as threads:
        assert sorted(threads.map(register, range(100))) == list(range(1, 101))


def test_two_officers_may_open_the_same_book_at_the_same_moment(database, office, clock):
    keys = [BookKey(office.phrae, "", "received", f"s{n}", 2568) for n in range(10)] * 2

    def register(key: BookKey) -> int:
        with database.write() as session:
            return take_number(session, key, clock).number

    with ThreadPoolExecutor(20) as threads:
        assert sorted(threads.map(register, keys)) == [1] * 10 + [2] * 10


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2025, 12, 31, 16, 59, 59, tzinfo=UTC), 2568),
        (datetime(2025, 12, 31, 17, 0, 0, tzinfo=UTC), 2569),
    ],
)
def test_the_year_turns_at_midnight_in_bangkok(database, received, moment, year):
    with database.write() as session:
        taken = take_number(session, received, FrozenClock(moment))
    assert (taken.number, taken.year, taken.at) == (1, year, moment)


def test_a_year_that_turned_while_waiting_leaves_the_old_series_as_it_was(database, received):
    new_year = FrozenClock(datetime(2026, 1, 1, tzinfo=BANGKOK))
    with database.write() as session:
        take_number(session, received, datetime(2025, 12, 31, 23, 59, tzinfo=BANGKOK))
        assert take_number(session, received, new_year).year == 2569
        assert numbering.next_number(session, received) == 2


def test_a_time_outside_the_year_of_the_book_is_refused(database, received):
    with pytest.raises(ValueError, match="not in the book of 2568"), database.write() as session:
        take_number(session, received, datetime(2026, 1, 1, tzinfo=BANGKOK))


def test_a_clock_that_steps_back_alarms_and_dates_nothing_back(database, received, clock, caplog):
    before = clock.now()
    with database.write() as session:
        take_number(session, received, clock)
        clock.advance(timedelta(hours=-2))
        with caplog.at_level(logging.ERROR):
            assert take_number(session, received, clock).at == before
    assert "clock is behind" in caplog.text


def test_hosts_whose_clocks_differ_a_little_raise_no_alarm(database, received, clock, caplog):
    before = clock.now()
    with database.write() as session:
        take_number(session, received, clock)
        clock.advance(timedelta(milliseconds=-500))
        assert take_number(session, received, clock).at == before
    assert not caplog.records


def test_the_time_is_read_after_the_counter_is_held(database, received, clock):
    """A time read before waiting for the lock would stand before that of the number before."""
    order = []

    class Watched(FrozenClock):
        def now(self) -> datetime:
            order.append(session.scalar(numbering.select(CounterRow.last)))
            return super().now()

    with database.write() as session:
        take_number(session, received, Watched(clock.now()))
    assert order == [1]


def test_an_office_that_changes_over_in_mid_year_goes_on_where_its_paper_book_ended(
    database, received, clock
):
    with database.write() as session:
        numbering.start(session, received, 2231, "officer@phrae.example", clock.now())
        assert numbering.next_number(session, received) == 2231
        assert take_number(session, received, clock).number == 2231


def test_a_book_is_started_only_once(database, received, clock):
    with database.write() as session:
        numbering.start(session, received, 2231, "officer@phrae.example", clock.now())
    with pytest.raises(Conflict), database.write() as session:
        numbering.start(session, received, 1000, "officer@phrae.example", clock.now())


def test_a_book_that_has_given_a_number_cannot_be_started_elsewhere(database, received, clock):
    with database.write() as session:
        take_number(session, received, clock)
    with pytest.raises(Conflict), database.write() as session:
        numbering.start(session, received, 2231, "officer@phrae.example", clock.now())


def test_no_book_begins_below_one(database, received, clock):
    with pytest.raises(ValueError, match="1 or more"), database.write() as session:
        numbering.start(session, received, 0, "officer@phrae.example", clock.now())


def test_batches_that_lock_the_same_books_in_any_order_do_not_deadlock(database, office, clock):
    keys = {BookKey(office.phrae, "", book, "ordinary", 2568) for book in ("received", "sent")}

    def register(_: int) -> list[int]:
        with database.write() as session:
            numbering.lock(session, keys)
            return [take_number(session, key, clock).number for key in keys]

    with ThreadPoolExecutor(8) as threads:
        assert sorted(n for pair in threads.map(register, range(20)) for n in pair) == sorted(
            [*range(1, 21), *range(1, 21)]
        )
