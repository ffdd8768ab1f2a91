"""What columns mean, by their headings."""

from registry.importing.columns import guess
from registry.importing.sheet import Row
from tests.registry.importing.books import HEADING


def test_the_headings_of_the_form_are_understood_below_a_title():
    rows = [Row(1, ("ทะเบียนหนังสือรับ ปี ๒๕๖๘",)), Row(2, HEADING), Row(3, (1,))]
    found = guess(rows)
    assert found.heading == 2
    assert found.columns == {
        "number": 0, "registered": 1, "letter_number": 2, "dated": 3, "from_text": 4, "to_text": 5,
        "subject": 6, "action": 7, "note": 8,
    }  # fmt: skip


def test_a_heading_of_two_rows_is_read_as_one():
    rows = [
        Row(1, ("เลขรับ", "รับวันที่", "หนังสือ", "หนังสือ", "เรื่อง")),
        Row(2, (None, None, "ที่", "ลว.")), Row(3, ("๑",)),
    ]  # fmt: skip
    found = guess(rows)
    assert found.heading == 2
    assert found.columns == {
        "number": 0,
        "registered": 1,
        "letter_number": 2,
        "dated": 3,
        "subject": 4,
    }


def test_without_a_heading_nothing_is_guessed():
    assert guess([Row(1, (1, "ก", "ข"))]).columns == {}
    assert guess([]).columns == {}
