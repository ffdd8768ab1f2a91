"""Many letters at once, and the turn of the year."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from registry.clock import BANGKOK
from registry.letter.message import Message
from registry.letter.sorting import Kind
from tests.registry.desk.conftest import PHRAE, TOWN, House, Mails, pdf


def all_at_once(house: House, messages: list[Message]) -> list:
    with ThreadPoolExecutor(8) as pool:
        return [one for outcomes in pool.map(house.take, messages) for one in outcomes]


def test_letters_taken_in_by_many_hands_leave_no_gap(house: House, mail: Mails):
    outcomes = all_at_once(house, [mail(parts=[pdf(content=str(n))]) for n in range(40)])

    assert sorted(one.number for one in outcomes) == list(range(1, 41))
    assert [entry.number for entry in house.received()] == list(range(1, 41))


def test_the_same_letter_on_eight_ways_at_once_is_entered_once(house: House, mail: Mails):
    """Unproven copies wait for nobody: whoever comes first is the letter."""
    same = mail(message_id="<same@dla.example>")
    copies = [replace(same, spool_name=f"way-{n}", raw_sha256=f"{n:064x}") for n in range(8)]
    outcomes = all_at_once(house, copies)

    assert sorted(one.kind for one in outcomes) == [Kind.DUPLICATE] * 7 + [Kind.LETTER]
    assert {one.number for one in outcomes} == {1}


def test_mails_to_two_entities_in_either_order_do_not_wait_for_each_other(
    house: House, mail: Mails
):
    mails = [mail(recipients=(PHRAE, TOWN) if n % 2 else (TOWN, PHRAE)) for n in range(16)]
    all_at_once(house, mails)

    assert [entry.number for entry in house.received("phrae")] == list(range(1, 17))
    assert [entry.number for entry in house.received("town")] == list(range(1, 17))


@pytest.fixture
def new_year(clock) -> Callable[[int], None]:
    """Set the clock to so many seconds after midnight of 1 January 2569 in Bangkok."""
    midnight = datetime(2026, 1, 1, tzinfo=BANGKOK)
    return lambda seconds: clock.set(midnight + timedelta(seconds=seconds))


def test_the_year_is_that_of_bangkok_when_the_number_is_taken(house: House, mail: Mails, new_year):
    new_year(-1)
    last = house.one(mail())
    late = mail()
    new_year(1)
    first = house.one(late)

    assert (last.number, last.year) == (1, 2568)
    assert (first.number, first.year) == (1, 2569)
    entry = house.entry(first.entry_id)
    assert entry.accepted_at is not None
    assert entry.accepted_at < entry.registered_at


def test_a_clock_that_steps_back_dates_no_entry_before_the_last(house: House, mail: Mails, clock):
    first = house.entry(house.one(mail()).entry_id)
    clock.advance(timedelta(minutes=-10))
    second = house.entry(house.one(mail()).entry_id)

    assert second.number == 2
    assert second.registered_at >= first.registered_at
