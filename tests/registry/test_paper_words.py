"""What is said beside a field: days in words, addresses as they are, why a value is doubted."""

from typing import Any

import pytest

from registry.letter.paper import PaperField
from registry.paper_words import more_of


def said(name: str, value: str, **facts: Any) -> str:
    """Give what is said of a field with these facts."""
    return more_of(PaperField(name, value, value, 80, "text", facts=facts))


def test_nothing_is_said_of_a_field_of_which_nothing_more_is_known() -> None:
    assert said("subject", "ขอเชิญประชุม") == ""


def test_other_values_of_a_day_are_days_in_words() -> None:
    more = said("dated", "2019-09-16", candidates=["2019-09-16", "2019-09-17"], mail="2019-09-18")
    assert more == "พบหลายค่า: ๑๖ กันยายน ๒๕๖๒, ๑๗ กันยายน ๒๕๖๒ · อีเมลว่า ๑๘ กันยายน ๒๕๖๒"


def test_other_values_of_a_number_stand_in_thai_figures() -> None:
    more = said("number", "มท 0810.7/12", candidates=["มท 0810.7/12", "มท 0810.7/13"])
    assert more == "พบหลายค่า: มท ๐๘๑๐.๗/๑๒, มท ๐๘๑๐.๗/๑๓"


def test_a_quantity_is_counted_in_the_word_of_the_letter() -> None:
    assert said("enclosure", "แบบรายงาน", quantity=2, unit="ชุด") == "จำนวน ๒ ชุด"


def test_the_address_of_a_contact_keeps_its_figures() -> None:
    more = said("contact", "กองพัฒนาระบบ", phone="0-2241-9000", mail="plan1@dla.go.th")
    assert more == "๐-๒๒๔๑-๙๐๐๐ · plan1@dla.go.th"


@pytest.mark.parametrize("odd", ["passed", "before_letter", "future"])
def test_why_a_day_is_doubted_is_said(odd: str) -> None:
    assert said("due", "2026-09-23", odd=odd)
