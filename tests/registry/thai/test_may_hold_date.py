"""The quick look for a date never misses one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.thai.dates import find_dates, long_date, may_hold_date, short_date

WRITTEN = ("{d}/{m}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "{y}-{m:02}-{d:02}")


@given(st.dates(), st.sampled_from([long_date, short_date]), st.text(max_size=5))
def test_a_date_in_words_is_not_missed(day, written, around):
    assert may_hold_date(around + written(day) + around)


@pytest.mark.parametrize("form", WRITTEN)
def test_a_date_in_figures_is_not_missed(form: str):
    text = form.format(d=3, m=10, y=2025)
    assert find_dates(text)
    assert may_hold_date(text)


@pytest.mark.parametrize("line", ["", "12 XXXX", "no. figures - here", "วันที่"])
def test_most_lines_are_passed_by(line: str):
    assert not may_hold_date(line)
