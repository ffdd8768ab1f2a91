"""Rows as people typed them."""

from datetime import date

import pytest

from registry.errors import NotUnderstood
from registry.importing.columns import guess
from registry.importing.lines import OldLine, Trouble, read_day, read_lines
from registry.importing.sheet import Row
from tests.registry.importing.books import HEADING, line

COLUMNS = guess([Row(1, HEADING)]).columns
DAY = date(2025, 8, 3)


def lines(*rows):
    return list(read_lines([Row(at, row) for at, row in enumerate(rows, 2)], COLUMNS, 2568))


@pytest.mark.parametrize(
    "typed",
    ["๓ ส.ค. ๒๕๖๘", "3/8/68", "๓/๘/๒๕๖๘", "3 สิงหาคม 2568", "3 ส.ค. 68 09.30 น.", DAY, 45872,
     45872.4, date(2568, 8, 3), date(1968, 8, 3)],
)  # fmt: skip
def test_a_day_is_read_however_it_was_typed(typed):
    assert read_day(typed, 2568) == DAY


@pytest.mark.parametrize("typed", ["วันศุกร์", "31/2/68", 12, "3/8/25"])
def test_what_is_no_day_is_said_to_be_none(typed):
    with pytest.raises(NotUnderstood):
        read_day(typed, 2568)


@pytest.mark.parametrize("typed", [2231, 2231.0, "๒๒๓๑", "2231/2568", "รับ ๒๒๓๑/๖๘", " 2231 "])
def test_a_number_is_read_however_it_was_typed(typed):
    (found,) = lines(line(typed))
    assert isinstance(found, OldLine)
    assert (found.number, found.day, found.dated) == (2231, DAY, date(2025, 8, 1))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (line(None), "ไม่มีเลขทะเบียน"), (line("123/1"), "ไม่ใช่เลข"), (line("๑๒๓ก"), "ไม่ใช่เลข"),
        (line("5/2567"), "๒๕๖๗"), (line(5, "3/8/2567"), "ไม่อยู่ในปี"),
        (line(5, subject=""), "ไม่มีเรื่อง"), (line(0), "ไม่ใช่เลขทะเบียน"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_by_its_row_and_why(row, why):
    (found,) = lines(row)
    assert isinstance(found, Trouble)
    assert found.row == 2
    assert why in found.why


def test_an_empty_day_and_a_ditto_mark_mean_the_day_above():
    found = lines(line(1), line(2, None), line(3, '"'))
    assert [one.day for one in found] == [DAY] * 3


@pytest.mark.parametrize(("typed", "kept"), [("เมื่อวาน", "เมื่อวาน"), ("31/2/68", "31/2/68")])
def test_a_row_whose_day_is_none_is_a_line_that_keeps_what_stands_there(typed, kept):
    above, found = lines(line(1), line(2, typed))
    assert (found.number, found.day, found.undated) == (2, above.day, kept)
    assert found.subject


def test_numbers_written_in_beforehand_and_empty_rows_are_passed_over():
    assert lines((7,), (None, None), ()) == []


@pytest.mark.parametrize("subject", ["ยกเลิก", "- ยกเลิกเลข -", "(ยกเลิก)"])
def test_what_the_old_register_voided_is_void(subject):
    (found,) = lines(line(1, subject=subject))
    assert found.void
