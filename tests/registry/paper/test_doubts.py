"""Days and numbers that cannot all be right are kept, doubted, and it is said why."""

from datetime import date

import pytest

from registry.letter.paper import PaperField
from registry.paper.doubts import doubted_at
from registry.paper.read import read_pages
from tests.registry.paper.pages import LETTER, MARGIN, RIGHT, fields, one, page, with_line


def due(said: str) -> PaperField:
    return one(with_line(13, f"รายงานให้กรมทราบภายในวันที่ {said} แล้วจึงดำเนินการต่อไปตามระเบียบ"), "due")


def test_a_day_that_was_over_when_the_letter_was_written_is_doubted() -> None:
    found = due("๑๘ ตุลาคม ๒๕๖๑")
    assert (found.value, found.believed, found.facts["odd"]) == (
        "2018-10-18", False, "before_letter",
    )  # fmt: skip


def test_a_day_years_behind_the_letter_is_doubted() -> None:
    found = due("๑๘ ตุลาคม ๒๕๖๕")
    assert (found.value, found.believed, found.facts["odd"]) == ("2022-10-18", False, "long_after")


@pytest.mark.parametrize("said", ["๑๖ กันยายน ๒๕๖๒", "๑๘ ตุลาคม ๒๕๖๒", "๓๐ กันยายน ๒๕๖๓"])
def test_a_day_that_may_well_be_meant_is_believed(said: str) -> None:
    found = due(said)
    assert found.believed
    assert "odd" not in found.facts


def test_a_day_to_be_done_that_is_in_no_calendar_is_none() -> None:
    said = "รายงานให้กรมทราบภายในวันที่ ๓๑ กุมภาพันธ์ ๒๕๖๓ แล้วจึงดำเนินการต่อไปตามระเบียบ"
    assert "due" not in fields(with_line(13, said))


def test_a_letter_cited_before_it_was_written_is_doubted() -> None:
    found = fields(with_line(8, "ลงวันที่ ๓ มกราคม ๒๕๖๓"))["reference"]
    assert [(each.facts.get("odd"), each.believed) for each in found] == [
        ("after_letter", False), (None, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("source", "believed"), [("text", True), ("ocr", False)])
def test_a_stamp_older_than_its_letter_is_doubted_and_so_is_a_scans_date(
    source: str, believed: bool
) -> None:
    stamp = [
        (RIGHT, "กรมที่ดิน"),
        (RIGHT, "เลขรับ ๗๑๐๕"),
        (RIGHT, "วันที่ ๑๕ ก.ย. ๒๕๖๒"),
        (RIGHT, "เวลา ๑๐.๓๐ น."),
    ]
    found = fields(page([*stamp, *LETTER], source=source))
    assert found["stamp"][0].facts["odd"] == "before_letter"
    assert not found["stamp"][0].believed
    assert (found["dated"][0].value, found["dated"][0].believed) == ("2019-09-16", believed)


def test_a_date_after_the_day_of_arrival_or_long_before_it_is_doubted() -> None:
    read = read_pages([page()])
    for arrived, odd in (
        (date(2019, 9, 14), "future"), (date(2019, 9, 15), None),
        (date(2029, 9, 16), None), (date(2059, 9, 16), "long_ago"),
    ):  # fmt: skip
        [dated] = [each for each in doubted_at(read, arrived) if each.name == "dated"]
        assert (dated.facts.get("odd"), dated.believed) == (odd, odd is None)


@pytest.mark.parametrize("said", ["ภายใน ๗ วัน", "ภายในวันที่ ๒๓ กันยายน ๒๕๖๒"])
def test_a_day_to_be_done_that_had_passed_when_the_letter_came_is_doubted(said: str) -> None:
    read = read_pages([with_line(13, f"รายงานให้กรมทราบ{said}")])
    for arrived, odd in ((date(2019, 11, 23), "passed"), (date(2019, 9, 23), None)):
        [due] = [each for each in doubted_at(read, arrived) if each.name == "due"]
        assert (due.value, due.facts.get("odd")) == ("2019-09-23", odd)
        assert not (odd and due.believed)


def test_the_number_of_an_order_with_its_year_is_not_believed() -> None:
    found = one(with_line(0, "ที่ กค ๓๒๕/๒๕๖๒"), "number")
    assert (found.believed, found.facts["odd"]) == (False, "year")


@pytest.mark.parametrize("number", ["ที่ มท ๐๘๑๐.๗/ว ๒๕๖๒", "ที่ พร ๐๐๒๓.๓/๒๕๖๒"])
def test_a_running_number_that_happens_to_be_a_year_is_believed(number: str) -> None:
    assert one(with_line(0, number), "number").believed


def test_a_letter_without_a_date_doubts_nothing() -> None:
    found = fields(page([*LETTER[:3], (MARGIN, "ที่นี่"), *LETTER[4:]]))
    assert "dated" not in found
    assert found["due"][0].believed
