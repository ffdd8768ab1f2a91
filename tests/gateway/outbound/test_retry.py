"""Retries: doubled, bounded, and with an end."""

from datetime import UTC, datetime, timedelta

from gateway.outbound.retry import next_try, wait_after
from gateway.settings import SendSettings

NOW = datetime(2025, 10, 3, 3, tzinfo=UTC)
SETTINGS = SendSettings()


def test_waits_double_up_to_the_most():
    waits = [wait_after(tries, SETTINGS).total_seconds() for tries in range(1, 8)]
    assert waits == [300, 600, 1200, 2400, 4000, 4000, 4000]


def test_a_very_old_job_does_not_overflow():
    assert wait_after(10**6, SETTINGS).total_seconds() == 4000


def test_the_last_try_is_at_the_end_of_life_and_none_comes_after_it():
    end = NOW + timedelta(seconds=100)
    assert next_try(NOW, 1, end, SETTINGS) == end
    assert next_try(end, 2, end, SETTINGS) is None
    assert next_try(end + timedelta(days=1), 2, end, SETTINGS) is None


def test_five_days_of_tries_come_to_an_end():
    now, tries, end = NOW, 0, NOW + timedelta(seconds=SETTINGS.give_up_after)
    while (following := next_try(now, tries := tries + 1, end, SETTINGS)) is not None:
        assert following > now
        now = following
    assert now == end
    assert tries < 120
