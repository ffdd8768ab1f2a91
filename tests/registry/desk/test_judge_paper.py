"""What an officer says of a field that was read: never over another's word unseen, never untrue."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from registry import corrections
from registry.desk.accept import accept
from registry.desk.amend import amend
from registry.desk.field_standing import versions
from registry.desk.judge_paper import judge
from registry.errors import Conflict, NotUnderstood
from registry.letter.message import Trust
from registry.models.paper import PaperFieldRow, PaperReadingRow
from registry.paper_reading import PaperReading
from registry.texts.leaves import keep_pages
from tests.registry.desk.conftest import OFFICER, SECRET_OFFICER, House, sha
from tests.registry.desk.reading import SUBJECT, Arrives, arrives, entry_of, reading, states
from tests.registry.paper.pages import page, with_line

__all__ = ["arrives", "reading"]  # fixtures

READ, TYPED = "มท 0810.7/ว 3974", "มท ๐๘๑๐.๗/ว ๓๙๙๙"
Says = Callable[..., str]
Seen = Callable[[str, str], str]


@pytest.fixture
def says(house: House) -> Says:
    """Judge a field of a letter."""

    def say(letter_id: str, name: str, by: str = OFFICER, **said: Any) -> str:
        (row,) = house.rows(PaperFieldRow, letter_id=letter_id, name=name)
        with house.database.write() as session:
            return judge(session, house.desk, row.id, by, **said)

    return say


@pytest.fixture
def seen(house: House) -> Seen:
    """Give what a page that is made now carries for a field."""

    def carried(letter_id: str, name: str) -> str:
        (row,) = house.rows(PaperFieldRow, letter_id=letter_id, name=name)
        with house.database.read() as session:
            return versions(session, letter_id)[row.id]

    return carried


def test_a_correction_is_not_undone_by_who_has_not_seen_it(
    house: House, arrives: Arrives, says: Says, seen: Seen
) -> None:
    letter_id = arrives(page())
    before = seen(letter_id, "number")
    says(letter_id, "number", right=False, value=TYPED, seen=before)
    with pytest.raises(Conflict) as told:
        says(letter_id, "number", SECRET_OFFICER, right=True, seen=before)
    assert told.value.thai.startswith(f"{OFFICER} แก้ที่แล้วเมื่อ ")
    assert entry_of(house, letter_id).letter_number == "มท 0810.7/ว 3999"
    (row,) = house.rows(PaperFieldRow, letter_id=letter_id, name="number")
    assert (row.state, row.by) == ("refused", OFFICER)


def test_who_has_seen_a_correction_may_overrule_it_visibly(
    house: House, arrives: Arrives, says: Says, seen: Seen
) -> None:
    letter_id = arrives(page())
    says(letter_id, "number", right=False, value=TYPED)
    says(letter_id, "number", SECRET_OFFICER, right=True, seen=seen(letter_id, "number"))
    entry = entry_of(house, letter_id)
    assert entry.letter_number == READ
    with house.database.read() as session:
        struck = corrections.of(session, [entry.id])[entry.id]
    assert (struck[-1].field, struck[-1].old, struck[-1].by) == (
        "letter_number", "มท 0810.7/ว 3999", SECRET_OFFICER,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [("owner", "from_text", "กรมอื่น"), ("dated", "dated", date(2019, 9, 17))],
)
def test_a_column_corrected_in_the_line_is_not_judged_over_unseen(
    house: House, arrives: Arrives, says: Says, seen: Seen, name: str, column: str, value: Any
) -> None:
    letter_id = arrives(page())
    entry, before = entry_of(house, letter_id), seen(letter_id, name)
    with house.database.write() as session:
        amend(session, house.desk, entry.id, OFFICER, "ตามตัวหนังสือ", **{column: value})
    with pytest.raises(Conflict, match="corrected") as told:
        says(letter_id, name, SECRET_OFFICER, right=True, seen=before)
    assert OFFICER in told.value.thai
    assert getattr(entry_of(house, letter_id), column) == value


def test_a_field_of_a_letter_that_waits_is_not_judged_twice_unseen(
    house: House, arrives: Arrives, says: Says, seen: Seen
) -> None:
    letter_id = arrives(page(), trust=Trust())
    before = seen(letter_id, "owner")
    says(letter_id, "owner", right=True, seen=before)
    with pytest.raises(Conflict) as told:
        says(letter_id, "owner", right=False, value="กรมอื่น", seen=before)
    assert told.value.thai.startswith("ท่านยืนยันจากแล้วเมื่อ ")


def test_a_page_of_a_letter_that_waited_judges_no_line(
    house: House, arrives: Arrives, says: Says, seen: Seen
) -> None:
    letter_id = arrives(page(), trust=Trust())
    before = seen(letter_id, "owner")
    with house.database.write() as session:
        accept(session, house.desk, letter_id, SECRET_OFFICER, from_text="กรมอื่น")
    with pytest.raises(Conflict) as told:
        says(letter_id, "owner", right=True, seen=before)
    assert told.value.thai.startswith(f"{SECRET_OFFICER} ลงทะเบียนแล้วเมื่อ ")


def test_judging_one_field_leaves_the_page_good_for_the_others(
    arrives: Arrives, says: Says, seen: Seen
) -> None:
    letter_id = arrives(page())
    before = seen(letter_id, "dated")
    says(letter_id, "number", right=False, value=TYPED)
    assert says(letter_id, "dated", SECRET_OFFICER, right=True, seen=before) == "confirmed"


@pytest.mark.parametrize("trust", [None, Trust()], ids=["registered", "waiting"])
def test_a_second_reading_changes_nothing_that_a_person_judged(
    house: House, arrives: Arrives, says: Says, reading: PaperReading, trust: Trust | None
) -> None:
    letter_id = arrives(page(), trust=trust)
    says(letter_id, "dated", right=True)
    if trust is not None:
        says(letter_id, "number", right=False, value=TYPED)
    with house.database.write() as session:
        other = with_line(3, "๑๗ กันยายน ๒๕๖๒")
        keep_pages(session, sha(page().packed()), [other])
        row = session.get_one(PaperReadingRow, letter_id)
        row.state, row.reader = "pending", 0
    assert reading.turn() == 1
    held = house.letter(letter_id) if trust is not None else entry_of(house, letter_id)
    wanted = READ if trust is None else "มท 0810.7/ว 3999"
    assert (held.letter_number, held.dated) == (wanted, date(2019, 9, 16))


def test_an_emptied_field_takes_what_was_read_out_of_the_line_visibly(
    house: House, arrives: Arrives, says: Says
) -> None:
    letter_id = arrives(page())
    assert says(letter_id, "dated", right=False, value=" ") == "emptied"
    entry = entry_of(house, letter_id)
    assert entry.dated is None
    with house.database.read() as session:
        struck = corrections.of(session, [entry.id])[entry.id]
    assert (struck[-1].old, struck[-1].by) == (date(2019, 9, 16), OFFICER)
    assert states(house, letter_id)["dated"] == "refused"


def test_an_emptied_field_takes_what_was_read_out_of_a_letter_that_waits(
    house: House, arrives: Arrives, says: Says
) -> None:
    letter_id = arrives(page(), trust=Trust())
    assert says(letter_id, "number", right=False) == "emptied"
    letter = house.letter(letter_id)
    assert (letter.letter_number, letter.letter_number_key) == ("", "")


def test_an_emptied_field_leaves_what_the_reading_did_not_put_there(
    house: House, arrives: Arrives, says: Says
) -> None:
    letter_id = arrives(page(sure=70, source="ocr"))
    assert says(letter_id, "subject", right=False) == "dropped"
    assert says(letter_id, "due", right=False) == "dropped"
    entry = entry_of(house, letter_id)
    assert (entry.subject, entry.due) == ("ส่งหนังสือ", None)
    assert states(house, letter_id)["due"] == "refused"


def test_the_subject_of_a_line_is_not_emptied(house: House, arrives: Arrives, says: Says) -> None:
    letter_id = arrives(page())
    with pytest.raises(NotUnderstood) as told:
        says(letter_id, "subject", right=False)
    assert told.value.thai == "เรื่องว่างไม่ได้ โปรดพิมพ์ตามที่เห็นบนตัวหนังสือ"
    assert entry_of(house, letter_id).subject == SUBJECT
    assert states(house, letter_id)["subject"] == "taken"


def test_what_is_typed_as_it_was_read_confirms_it(
    house: House, arrives: Arrives, says: Says
) -> None:
    letter_id = arrives(page())
    assert says(letter_id, "dated", right=False, value="16/9/2562") == "confirmed"
    assert states(house, letter_id)["dated"] == "confirmed"


def test_a_space_that_an_officer_puts_right_goes_into_the_line(
    house: House, arrives: Arrives, says: Says
) -> None:
    letter_id = arrives(page())
    spaced = SUBJECT.replace("ตามแผน", " ตามแผน")
    assert says(letter_id, "subject", right=False, value=spaced) == "corrected"
    assert entry_of(house, letter_id).subject == spaced


def test_a_day_that_is_none_is_not_confirmed(house: House, arrives: Arrives, says: Says) -> None:
    letter_id = arrives(page())
    with house.database.write() as session:
        row = session.query(PaperFieldRow).filter_by(letter_id=letter_id, name="due").one()
        row.value, row.original = "", "๓๑ กันยายน ๒๕๖๒"
    with pytest.raises(NotUnderstood):
        says(letter_id, "due", right=True)
    assert states(house, letter_id)["due"] == "proposed"
