"""What stands behind a number or a date on its line, and what it may be then."""

import pytest

from registry.paper.choose import with_mail
from tests.registry.paper.pages import LETTER, fields, one, page, with_line


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("๑๒ ๓๔", ["มท 0810.7/12", "มท 0810.7/1234"]),
        ("ว ๑๒  ๓", ["มท 0810.7/ว 12", "มท 0810.7/ว 123"]),
        ("๑๒๓๔-๑๒๔๐", ["มท 0810.7/1234", "มท 0810.7/1240"]),
        ("๑๒๓๔ – ๑๒๔๐", ["มท 0810.7/1234", "มท 0810.7/1240"]),
        ("๑๒๓๔ และ ๑๒๓๕", ["มท 0810.7/1234", "มท 0810.7/1235"]),
        ("๑๒๓๔  ที่ มท ๐๘๑๐.๗/๑๒๓๕", ["มท 0810.7/1234", "มท 0810.7/1235"]),
        ("๑๒๓๔ และ มท ๐๘๑๐.๗/๑๒๓๕", ["มท 0810.7/1234", "มท 0810.7/1235"]),
        ("๑๒ ๓๔ ที่ มท ๐๘๑๐.๗/๑๒๓๕", ["มท 0810.7/12", "มท 0810.7/1234", "มท 0810.7/1235"]),
    ],
)
def test_of_several_numbers_on_a_line_none_is_believed(written: str, candidates: list[str]) -> None:
    found = one(with_line(0, f"ที่ มท ๐๘๑๐.๗/{written}"), "number")
    assert (found.facts["candidates"], found.believed) == (candidates, False)


@pytest.mark.parametrize("behind", [" ๓๔", "-๑๒๔๐", " /๖๙", " (ป)", "ก"])
def test_a_number_that_goes_on_is_doubted_and_shown_whole(behind: str) -> None:
    found = one(with_line(0, f"ที่ มท ๐๘๑๐.๗/๑๒{behind}"), "number")
    assert (found.value, found.original) == ("มท 0810.7/12", f"มท ๐๘๑๐.๗/๑๒{behind}")
    assert (found.facts["odd"], found.believed) == ("more", False)


@pytest.mark.parametrize(
    "behind",
    [
        "",
        " ",
        ".",
        "  กรมการปกครอง",
        " วันที่ ๑๖ กันยายน ๒๕๖๒",
        " ลว. ๓ ต.ค. ๒๕๖๒",
        "   ๑๖ กันยายน ๒๕๖๒",
    ],
)
def test_a_date_or_an_office_behind_a_number_is_no_part_of_it(behind: str) -> None:
    found = one(with_line(0, f"ที่ มท ๐๘๑๐.๗/๑๒{behind}"), "number")
    assert (found.value, found.believed) == ("มท 0810.7/12", True)
    assert "odd" not in found.facts


def test_a_number_said_twice_on_a_line_is_one() -> None:
    assert one(with_line(0, "ที่ มท ๐๘๑๐.๗/๑๒  (มท ๐๘๑๐.๗/๑๒)"), "number").believed


def test_a_single_figure_behind_a_scan_s_number_makes_it_doubted() -> None:
    lines = [(0.14, "ที่ มท ๐๘๑๐.๗/๓๙๗ ๔"), *LETTER[1:]]
    assert not one(page(lines, sure=97, source="ocr"), "number").believed


def test_a_mail_in_which_the_number_is_cut_off_just_so_confirms_nothing() -> None:
    read = fields(with_line(0, "ที่ มท ๐๘๑๐.๗/๑๒ ๓๔"))["number"]
    (found,) = with_mail(read, [], {"number": "มท 0810.7/12"})
    assert not found.believed


@pytest.mark.parametrize("between", ["  ", " และ ", " - ", " วันที่ "])
def test_of_two_dates_on_a_line_neither_is_believed(between: str) -> None:
    found = one(with_line(3, f"๑๖ กันยายน ๒๕๖๒{between}๑๗ กันยายน ๒๕๖๒"), "dated")
    assert sorted(found.facts["candidates"]) == ["2019-09-16", "2019-09-17"]
    assert not found.believed


def test_of_two_dates_behind_the_number_neither_is_believed() -> None:
    lines = [(0.14, "ที่ มท ๐๘๑๐.๗/๑๒ วันที่ ๑๖ กันยายน ๒๕๖๒ ๑๗ กันยายน ๒๕๖๒"), *LETTER[1:3], *LETTER[4:]]
    found = one(page(lines), "dated")
    assert sorted(found.facts["candidates"]) == ["2019-09-16", "2019-09-17"]
    assert not found.believed


def test_a_sentence_with_two_dates_is_not_the_letter_s_date() -> None:
    said = "ระหว่าง ๑๖ กันยายน ๒๕๖๒ กับ ๑๗ กันยายน ๒๕๖๒"
    assert "dated" not in fields(with_line(3, said))
