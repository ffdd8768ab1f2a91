"""Dates and times of day as letters write them."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import NotUnderstood
from registry.thai.dates import find_dates, long_date, parse_date, short_date, thai_time
from registry.thai.numerals import to_arabic

THIRD_OF_OCTOBER = date(2019, 10, 3)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "๓ ตุลาคม ๒๕๖๒",
        "3 ตุลาคม 2562",
        "3 ต.ค. 62",
        "๓ ต.ค. ๒๕๖๒",
        "3 ตค 2562",
        "3 ต. ค. 2562",
        "๓ตุลาคม๒๕๖๒",
        "  3  ตุลาคม  2562 ",
        "วันที่ 3 เดือน ตุลาคม พ.ศ. 2562",
        "วันที่ ๓ เดือนตุลาคม พุทธศักราช ๒๕๖๒",
        "วันพฤหัสบดีที่ ๓ ตุลาคม ๒๕๖๒",
        "ลงวันที่ ๓ ตุลาคม ๒๕๖๒",
        "ณ วันที่ 3 ตุลาคม พ.ศ.2562",
        "วันที่: 3 ตุลาคม 2562",
        "3 ตุลาคม พ.ศ. 62",
        "3 ตุลาคม ค.ศ. 2019",
        "3 ตุลาคม ค.ศ. 19",
        "3 ตุลาคม 2019",
        "3 ตุลาคม ปี 2562",
        "03/10/2562",
        "3/10/62",
        "3-10-2562",
        "03.10.2019",
        "2019-10-03",
        "2562-10-03",
        "๓ ตุลาคม\n๒๕๖๒",
    ],
)
def test_all_the_ways_to_write_one_day_are_that_day(text):
    assert parse_date(text) == THIRD_OF_OCTOBER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "วันที่",
        "๓๑ กุมภาพันธ์ ๒๕๖๒",
        "29 ก.พ. 2562",
        "0 ตุลาคม 2562",
        "3 ตุลาคม",
        "3 ตุลาคม 19",
        "3/10/19",
        "3 ตุลาคม พ.ศ. 2019",
        "3 ตุลาคม ค.ศ. 2562",
        "3 ตุลาคม 2300",
        "3 ตุลาคม 25622",
        "3 ตุลาคม 256",
        "13/13/2562",
        "10/2562",
        "3/10-2562",
        "2562/10/03",
        "3 October 2562",
        "ก.พ.ร. ๓ ตุลาคม ๒๕๖๒",
        "๓ ตุลาคม ๒๕๖๒ ถึง ๔ ตุลาคม ๒๕๖๒",
        "3 ก.พ.ร. 2562",
        "३ ตุลาคม 2562",
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused(text):
    with pytest.raises(NotUnderstood) as refused:
        parse_date(text)
    assert refused.value.text == text


def test_the_leap_day_is_told_by_the_gregorian_year():
    assert parse_date("๒๙ กุมภาพันธ์ ๒๕๖๓") == date(2020, 2, 29)


def test_a_day_is_printed_long_and_short():
    assert long_date(THIRD_OF_OCTOBER) == "๓ ตุลาคม ๒๕๖๒"
    assert short_date(THIRD_OF_OCTOBER) == "๓ ต.ค. ๒๕๖๒"


@given(DAYS)
def test_a_printed_day_reads_back_as_the_same_day(day):
    assert parse_date(long_date(day)) == parse_date(short_date(day)) == day
    assert parse_date(to_arabic(long_date(day))) == parse_date(day.isoformat()) == day


@given(st.text(alphabet="0123456789๐๑๒/.-ตคกพศ ุลาม", max_size=14))
def test_nonsense_is_refused_with_a_typed_error_only(text):
    with suppress(NotUnderstood):
        assert 1900 <= parse_date(text).year <= 2199


@pytest.mark.parametrize("slip", ["20 พ.ย. 2069", "20/11/2069", "1 ม.ค. 2050"])
def test_a_year_that_is_a_slip_for_a_buddhist_one_is_not_guessed(slip):
    with pytest.raises(NotUnderstood):
        parse_date(slip)


def test_a_far_year_is_read_where_its_era_is_beyond_doubt():
    assert parse_date("20 พ.ย. ค.ศ. 2069") == parse_date("2069-11-20") == date(2069, 11, 20)
    assert parse_date("20 พ.ย. 2049") == date(2049, 11, 20)


def test_time_of_day_is_bangkoks():
    assert thai_time(datetime(2019, 10, 3, 3, 46, tzinfo=UTC)) == "๑๐.๔๖ น."


def test_dates_in_running_text_are_found_where_they_stand():
    text = "ที่ พร ๐๐๒๓.๓/ว ๓๒ ลงวันที่ ๓ มกราคม ๒๕๖๒ และ ๒๘ พฤษภาคม ๒๕๖๑ โทร. 0-2247-8000"
    found = find_dates(text)
    assert [(day, text[start:end]) for day, start, end in found] == [
        (date(2019, 1, 3), "๓ มกราคม ๒๕๖๒"),
        (date(2018, 5, 28), "๒๘ พฤษภาคม ๒๕๖๑"),
    ]


def test_days_that_do_not_exist_are_not_found():
    assert find_dates("ภายในวันที่ ๓๑ กุมภาพันธ์ ๒๕๖๒ หรือ 3/10/19") == []
