"""The clock and the year of the books."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from registry.clock import BANGKOK, Clock, FrozenClock, SystemClock, buddhist_year

NEW_YEAR_2569 = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)


def test_the_year_turns_at_midnight_in_bangkok_not_in_utc() -> None:
    """31 December 17:00 UTC is 1 January 00:00 in Bangkok."""
    assert buddhist_year(NEW_YEAR_2569 - timedelta(microseconds=1)) == 2568
    assert buddhist_year(NEW_YEAR_2569) == 2569


def test_the_year_does_not_depend_on_the_zone_the_time_is_told_in() -> None:
    far_west = timezone(timedelta(hours=-12))
    assert buddhist_year(NEW_YEAR_2569.astimezone(far_west)) == 2569


def test_the_fiscal_year_does_not_turn_the_books() -> None:
    assert buddhist_year(datetime(2019, 10, 3, 9, 0, tzinfo=BANGKOK)) == 2562


def test_a_time_without_a_zone_opens_no_book() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        buddhist_year(datetime(2025, 12, 31, 23, 59))  # noqa: DTZ001 - that is the point


def test_a_frozen_clock_stands_still_until_it_is_moved() -> None:
    clock: Clock = FrozenClock(NEW_YEAR_2569)
    assert clock.now() == clock.now() == NEW_YEAR_2569


def test_a_frozen_clock_moves_on_and_keeps_its_zone() -> None:
    clock = FrozenClock(datetime(2025, 12, 31, 23, 59, tzinfo=BANGKOK))
    clock.advance(timedelta(minutes=2))
    assert clock.now() == datetime(2026, 1, 1, 0, 1, tzinfo=BANGKOK)
    assert clock.now().tzinfo is BANGKOK


def test_a_frozen_clock_can_step_back() -> None:
    clock = FrozenClock(NEW_YEAR_2569)
    clock.set(NEW_YEAR_2569 - timedelta(hours=1))
    assert buddhist_year(clock.now()) == 2568


def test_a_frozen_clock_takes_no_naive_time() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        FrozenClock(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_the_system_clock_tells_bangkok_time() -> None:
    now = SystemClock().now()
    assert now.tzinfo is BANGKOK
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)
