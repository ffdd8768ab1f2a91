"""Points in time as people read them here."""

from datetime import UTC, datetime

from saraban.times import when


def test_a_time_is_told_in_bangkok_and_thai_digits():
    assert when(datetime(2025, 10, 3, 17, 5, tzinfo=UTC)) == "๔ ต.ค. ๒๕๖๘ ๐๐.๐๕ น."


def test_no_time_is_no_text():
    assert when(None) == ""
