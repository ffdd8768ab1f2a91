"""ด่วนภายใน on paper: one row or several, with its hour or without."""

import pytest

from registry.paper.grades import read_urgency
from registry.paper.rows import rows_of_text

DAY = "๒๔ พฤศจิกายน ๒๕๖๙"
REST = f"ที่ มท ๐๘๑๐.๗/๑๒\n{DAY}\nเรื่อง ขอเชิญประชุม"


@pytest.mark.parametrize(
    "set_as",
    [
        f"ด่วนภายใน {DAY} เวลา ๐๙.๐๐ น.",
        f"ด่วนภายใน {DAY}\nเวลา ๐๙.๐๐ น.",
        f"ด่วนภายใน {DAY} เวลา\n๐๙.๐๐ น.",
        f"ด่วนภายใน\n{DAY}\nเวลา 9.00 น.",
        "ด่วนภายใน ๒๔ พฤศจิกายน\n๒๕๖๙ เวลา ๐๙:๐๐ น.",
    ],
)
def test_the_hour_is_read_however_large_the_marking_is_set(set_as: str) -> None:
    [urgency] = read_urgency(rows_of_text(f"{set_as}\n{REST}"))
    assert (urgency.value, urgency.believed) == ("ด่วน", True)
    assert urgency.facts["due"] == "2026-11-24T09:00:00+07:00"


def test_an_hour_that_is_the_end_of_the_day_is_an_hour() -> None:
    [urgency] = read_urgency(rows_of_text(f"ด่วนภายใน {DAY} เวลา ๑๖.๓๐ น.\n{REST}"))
    assert urgency.facts["due"] == "2026-11-24T16:30:00+07:00"


@pytest.mark.parametrize("hour", ["", " เวลา ๙ นาฬิกา", "\nเวลา"])
def test_without_its_hour_the_day_is_proposed_and_the_urgency_is_believed(hour: str) -> None:
    urgency, due = read_urgency(rows_of_text(f"ด่วนภายใน {DAY}{hour}\n{REST}"))
    assert (urgency.value, urgency.believed, urgency.facts) == ("ด่วน", True, {})
    assert (due.name, due.value, due.believed) == ("due", "2026-11-24", False)


def test_the_letters_own_day_and_a_meeting_hour_below_are_not_joined_to_a_plain_marking() -> None:
    rows = rows_of_text(f"ด่วน\n{DAY} เวลา ๐๙.๐๐ น.\nที่ มท ๐๘๑๐.๗/๑๒")
    [urgency] = read_urgency(rows)
    assert (urgency.value, urgency.facts) == ("ด่วน", {})
