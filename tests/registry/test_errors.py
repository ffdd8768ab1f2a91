"""The error tree: two texts, one exit code."""

import pickle

import pytest

from registry import errors

ALL = [
    errors.SarabanError,
    errors.NotUnderstood,
    errors.NotFound,
    errors.Conflict,
    errors.NotAllowed,
    errors.OutOfOrder,
]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_says_in_thai_what_to_do(kind: type[errors.SarabanError]) -> None:
    assert "โปรด" in kind("log line").thai


def test_the_raiser_may_know_better_than_the_class() -> None:
    error = errors.NotFound("no entity phrae", thai="ไม่มีหน่วยงานรหัส phrae")
    assert (str(error), error.thai) == ("no entity phrae", "ไม่มีหน่วยงานรหัส phrae")
    assert errors.NotFound("another").thai == errors.NotFound.thai


def test_what_could_not_be_read_is_kept_but_not_told_to_the_log() -> None:
    error = errors.NotUnderstood("not a letter number", text="ลับมาก")
    assert error.text == "ลับมาก"
    assert "ลับมาก" not in str(error)
    assert isinstance(error, ValueError)


def test_exit_codes_tell_wrong_use_from_cannot_run() -> None:
    assert [kind.exit_code for kind in ALL] == [1, 2, 1, 1, 1, 3]


def test_an_error_survives_the_way_between_processes() -> None:
    error = errors.NotUnderstood("not a date", text="๓๑ ก.พ.", thai="ไม่มีวันนี้")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(again), again.text, again.thai) == ("not a date", "๓๑ ก.พ.", "ไม่มีวันนี้")
