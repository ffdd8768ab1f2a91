"""ภายใน ๑๕ วัน: counted from the letter's own date, proposed and never believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.paper.dated import read_dated
from registry.paper.due_in import read_due_in
from registry.paper.rows import rows_of_text
from tests.registry.paper.pages import one, with_line

WRITTEN = read_dated(rows_of_text("๑๖ กันยายน ๒๕๖๒"))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("ให้รายงานภายใน ๑๕ วัน", "2019-10-01"),
        ("ภายใน 7 วันทำการ", "2019-09-25"),
        ("ภายในกำหนด ๓๐ วัน นับแต่วันที่ได้รับหนังสือนี้", "2019-10-16"),
        ("ภายใน ๓ วัน นับจากวันที่ได้รับแจ้ง", "2019-09-19"),
    ],
)
def test_so_many_days_end_on_a_day(said: str, day: str) -> None:
    [found] = read_due_in(rows_of_text(said), WRITTEN)
    assert (found.value, found.believed) == (day, False)
    assert "ภายใน" in found.facts["why"]


def test_a_day_that_is_named_counts_before_one_that_is_counted() -> None:
    said = "รายงานภายใน ๑๕ วัน ทั้งนี้ไม่เกินวันที่ ๑๘ ตุลาคม ๒๕๖๒"
    assert one(with_line(13, said), "due").value == "2019-10-18"


@pytest.mark.parametrize("said", ["ภายในวันที่ ๑๕", "ภายใน ๙๙๙ วัน", "ภายใน ๐ วัน", "ภายใน ๑๕ ปี"])
def test_other_words_give_no_day(said: str) -> None:
    assert read_due_in(rows_of_text(said), WRITTEN) == []


def test_without_the_letters_date_nothing_is_counted() -> None:
    assert read_due_in(rows_of_text("ภายใน ๑๕ วัน"), []) == []


@given(st.text(alphabet="ภายใน ๐๑๕0129วันทำการนับแต่ที่ได้รับ\n", max_size=80))
def test_whatever_a_text_says_it_is_read(text: str) -> None:
    assert all(found.value >= "2019-09-16" for found in read_due_in(rows_of_text(text), WRITTEN))
