"""By when a letter is to be dealt with, and the order in which letters are taken."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.clock import BANGKOK
from registry.letter.dealing import DealBy, Dealing
from registry.letter.grades import Urgency
from registry.letter.workdays import Workdays

RULE = Dealing(Workdays(), {"ด่วนที่สุด": 1.0, "ด่วนมาก": 4.0, "ด่วน": 16.0})
FRIDAY = datetime(2025, 10, 3, 15, 0, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("urgency", "by"),
    [
        ("ด่วนที่สุด", datetime(2025, 10, 3, 16, 0, tzinfo=BANGKOK)),
        ("ด่วนมาก", datetime(2025, 10, 6, 11, 0, tzinfo=BANGKOK)),
        ("ด่วน", datetime(2025, 10, 7, 15, 0, tzinfo=BANGKOK)),
    ],
)
def test_urgency_gives_office_hours_from_when_it_was_received(urgency, by):
    assert RULE.by(urgency, None, FRIDAY) == DealBy(by, asked=False)


def test_a_letter_of_no_urgency_has_no_time():
    assert RULE.by("", None, FRIDAY) is None


def test_a_time_that_somebody_named_comes_before_what_urgency_means():
    week = FRIDAY + timedelta(days=7)
    assert RULE.by("ด่วนที่สุด", week, FRIDAY) == DealBy(week, asked=True)


def test_a_class_without_hours_sets_no_time():
    assert Dealing(Workdays(), {}).by("ด่วนที่สุด", None, FRIDAY) is None


def test_the_most_urgent_comes_first_then_what_is_due_then_the_oldest():
    tomorrow, later = FRIDAY + timedelta(days=1), FRIDAY + timedelta(minutes=5)
    letters = [("", None, FRIDAY), ("", None, later), ("", tomorrow, later),
               ("ด่วน", None, later), ("ด่วนที่สุด", None, later), ("ด่วนที่สุด", None, FRIDAY)]  # fmt: skip
    placed = sorted(letters, key=lambda one: RULE.place(*one))
    assert placed == [letters[5], letters[4], letters[3], letters[2], letters[0], letters[1]]


def test_an_old_letter_is_not_passed_for_ever_by_those_that_are_due():
    old = RULE.place("", None, FRIDAY)
    assert old < RULE.place("", FRIDAY + timedelta(days=20), FRIDAY + timedelta(days=10))


@given(
    st.sampled_from([one.thai for one in Urgency]),
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - given a zone next
    st.integers(0, 10**6),
)
def test_of_two_letters_of_a_class_the_later_is_never_placed_before(urgency, at, seconds):
    first = at.replace(tzinfo=BANGKOK)
    second = first + timedelta(seconds=seconds)
    assert RULE.place(urgency, None, first) <= RULE.place(urgency, None, second)
