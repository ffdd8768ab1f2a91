"""Office days, office hours, and when a letter counts as received."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.clock import BANGKOK
from registry.errors import OutOfOrder
from registry.letter.times import FourTimes, came_outside_hours, deemed_received
from registry.letter.workdays import Workdays

WORKDAYS = Workdays()
MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2030, 12, 31)).map(  # noqa: DTZ001 - given a zone next
    lambda at: at.replace(tzinfo=BANGKOK)
)


def at(year, month, day, hour=0, minute=0, second=0):
    return datetime(year, month, day, hour, minute, second, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        (date(2026, 1, 1), "ขึ้นปีใหม่"),
        (date(2026, 3, 3), "มาฆบูชา"),
        (date(2026, 4, 14), "สงกรานต์"),
        (date(2026, 5, 13), "พืชมงคล"),
        (date(2026, 6, 1), "ชดเชยวันวิสาขบูชา"),
        (date(2026, 7, 30), "เข้าพรรษา"),
        (date(2026, 12, 7), "ชดเชย"),
    ],
)
def test_fixed_lunar_and_substitute_holidays_are_known(day, word):
    assert word in WORKDAYS.holiday(day)
    assert not WORKDAYS.is_workday(day)


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2027, 5, 3), date(2019, 10, 3)])
def test_may_day_is_no_holiday_of_the_civil_service(day):
    assert WORKDAYS.holiday(day) is None
    assert WORKDAYS.is_workday(day)


def test_a_weekend_is_closed_without_being_a_holiday():
    saturday = date(2026, 1, 10)  # Children's Day, which closes no office by itself
    assert WORKDAYS.holiday(saturday) is None
    assert not WORKDAYS.is_workday(saturday)


def test_songkran_is_skipped_as_a_whole():
    assert WORKDAYS.next_workday(date(2026, 4, 10)) == date(2026, 4, 16)


def test_the_cabinet_may_add_and_take_away_days():
    workdays = Workdays(
        {date(2026, 8, 3): "วันหยุดพิเศษ"}, frozenset({date(2026, 5, 13), date(2026, 8, 8)})
    )
    assert workdays.holiday(date(2026, 8, 3)) == "วันหยุดพิเศษ"
    assert not workdays.is_workday(date(2026, 8, 3))
    assert workdays.is_workday(date(2026, 5, 13))
    assert workdays.is_workday(date(2026, 8, 8))


def test_a_day_both_added_and_taken_away_is_closed():
    day = date(2026, 8, 3)
    assert not Workdays({day: "วันหยุดพิเศษ"}, frozenset({day})).is_workday(day)


def test_special_days_are_read_from_the_offices_file(tmp_path):
    path = tmp_path / "holidays.toml"
    path.write_text(
        '[[special]]\ndate = 2026-08-03\nname = "วันหยุดพิเศษ"\n[[workday]]\ndate = 2026-05-13\n',
        encoding="utf-8",
    )
    workdays = Workdays.load(path)
    assert workdays.holiday(date(2026, 8, 3)) == "วันหยุดพิเศษ"
    assert workdays.holiday(date(2026, 5, 13)) is None


def test_the_file_shipped_can_be_read():
    assert Workdays.load().is_workday(date(2019, 10, 3))


@pytest.mark.parametrize(
    "text",
    [
        "[[special]]\ndate = 2026-08-03\n",
        '[[special]]\nname = "วันหยุด"\n',
        '[[special]]\ndate = "soon"\nname = "วันหยุด"\n',
        '[[special]]\ndate = 2026-08-03T10:00:00\nname = "วันหยุด"\n',
        "special = 5\n",
        "special = [5]\n",
        "[[special]\n",
    ],
)
def test_a_wrong_file_of_special_days_stops_the_start(tmp_path, text):
    path = tmp_path / "holidays.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OutOfOrder, match=r"holidays\.toml") as stopped:
        Workdays.load(path)
    assert str(path) in stopped.value.thai


def test_a_missing_file_of_special_days_stops_the_start(tmp_path):
    with pytest.raises(OutOfOrder):
        Workdays.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("accepted", "deemed"),
    [
        (at(2019, 10, 3, 10, 46), at(2019, 10, 3, 10, 46)),
        (at(2019, 10, 3, 3, 0), at(2019, 10, 3, 8, 30)),
        (at(2019, 10, 3, 16, 30), at(2019, 10, 3, 16, 30)),
        (at(2019, 10, 3, 16, 30, 1), at(2019, 10, 4, 8, 30)),
        (at(2019, 10, 4, 16, 29), at(2019, 10, 4, 16, 29)),
        (at(2019, 10, 4, 17, 0), at(2019, 10, 7, 8, 30)),
        (at(2025, 12, 31, 10, 0), at(2026, 1, 5, 8, 30)),
        (datetime(2019, 10, 3, 3, 46, tzinfo=UTC), at(2019, 10, 3, 10, 46)),
    ],
)
def test_a_letter_counts_as_received_when_offices_are_open(accepted, deemed):
    assert deemed_received(accepted, WORKDAYS) == deemed


@given(MOMENTS)
def test_a_letter_never_counts_as_received_before_it_came(moment):
    deemed = deemed_received(moment, WORKDAYS)
    assert deemed >= moment
    assert WORKDAYS.is_workday(deemed.date())
    assert deemed_received(deemed, WORKDAYS) == deemed


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(2019, 10, 3, 10, 0), 4, at(2019, 10, 3, 14, 0)),
        (at(2019, 10, 3, 14, 30), 4, at(2019, 10, 4, 10, 30)),
        (at(2019, 10, 4, 14, 30), 4, at(2019, 10, 7, 10, 30)),
        (at(2019, 10, 3, 20, 0), 0, at(2019, 10, 4, 8, 30)),
        (at(2019, 10, 3, 8, 30), 8, at(2019, 10, 3, 16, 30)),
        (at(2019, 10, 3, 16, 30), 0.5, at(2019, 10, 4, 9, 0)),
        (at(2019, 10, 3, 8, 30), 24, at(2019, 10, 7, 16, 30)),
    ],
)
def test_office_hours_pass_only_while_offices_are_open(start, hours, end):
    assert WORKDAYS.add_office_hours(start, hours) == end


@given(MOMENTS, st.integers(0, 40), st.integers(0, 40))
def test_office_hours_add_up(moment, first, second):
    assert WORKDAYS.add_office_hours(
        WORKDAYS.add_office_hours(moment, first), second
    ) == WORKDAYS.add_office_hours(moment, first + second)


def test_office_hours_do_not_run_backwards():
    with pytest.raises(ValueError, match="forward"):
        WORKDAYS.add_office_hours(at(2019, 10, 3), -1)


def test_the_four_times_stand_side_by_side():
    accepted = at(2019, 10, 3, 20, 0)
    times = FourTimes(accepted - timedelta(days=1), accepted, deemed_received(accepted, WORKDAYS))
    assert times.registered_at is None
    assert times.accepted_at < times.deemed_received_at


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (at(2025, 10, 3, 10), ""),
        (at(2025, 10, 3, 16, 30), ""),
        (at(2025, 10, 3, 16, 31), "หลังเวลา 16.30 น."),
        (at(2025, 10, 3, 8, 29), "ก่อนเวลา 8.30 น."),
        (at(2025, 10, 4, 10), "วันเสาร์"),
        (at(2025, 10, 23, 10), "วันหยุดราชการ (วันปิยมหาราช)"),
    ],
)
def test_it_is_said_why_offices_were_closed(moment, why):
    assert WORKDAYS.why_closed(moment) == why


def test_a_special_holiday_of_the_office_is_said_by_name_and_moves_what_counts_as_received():
    special = Workdays({date(2025, 10, 3): "วันหยุดกรณีพิเศษ"})
    came = at(2025, 10, 3, 10)
    assert special.why_closed(came) == "วันหยุดราชการ (วันหยุดกรณีพิเศษ)"
    assert deemed_received(came, special) == at(2025, 10, 6, 8, 30)


def test_a_letter_came_outside_hours_only_if_it_counts_as_received_later():
    came, night = at(2025, 10, 3, 10), at(2025, 10, 3, 20)
    assert not came_outside_hours(came, deemed_received(came, WORKDAYS))
    assert came_outside_hours(night, deemed_received(night, WORKDAYS))
    assert not came_outside_hours(None, came)


def test_the_working_day_before_passes_over_weekends_and_holidays():
    assert WORKDAYS.workday_before(date(2025, 10, 6)) == date(2025, 10, 3)
    assert WORKDAYS.workday_before(date(2025, 10, 24)) == date(2025, 10, 22)
