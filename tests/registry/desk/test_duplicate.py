"""The same letter twice: strong, by content, and likely."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from registry.clock import BANGKOK
from registry.desk.duplicate import content_key
from registry.letter.sorting import Kind
from registry.models.letters import LetterRow, RelationRow
from tests.registry.desk.conftest import FINANCE_BOX, NOBODY, House, Mails, pdf

NUMBERED = "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔\n\n๑๖ กันยายน ๒๕๖๘\n\nเรียน ผู้ว่าราชการจังหวัด\n\nขอแจ้งแนวทาง"


def test_the_same_mail_three_times_takes_one_number_and_hears_it_three_times(
    house: House, mail: Mails
):
    outcomes = [house.one(mail(raw="same", message_id="<1@x>", subject="ก")) for _ in range(3)]

    assert [one.kind for one in outcomes] == [Kind.LETTER, Kind.DUPLICATE, Kind.DUPLICATE]
    assert [one.number for one in outcomes] == [1, 1, 1]
    assert len({one.entry_id for one in outcomes}) == 1
    assert len(house.acknowledged()) == 3
    assert len(house.received()) == 1


def test_the_same_mail_by_another_path_is_known_by_its_content(house: House, mail: Mails):
    """Servers on the way add trace fields; the bytes differ, the letter does not."""
    first = house.one(mail(raw="path one", message_id="<1@x>", parts=[pdf()]))
    again = house.one(mail(raw="path two", message_id="<1@x>", parts=[pdf()]))

    assert (again.kind, again.entry_id) == (Kind.DUPLICATE, first.entry_id)


def test_the_same_message_id_with_another_file_is_a_letter_of_its_own(house: House, mail: Mails):
    house.one(mail(message_id="<1@x>", parts=[pdf(content="one")]))
    other = house.one(mail(message_id="<1@x>", parts=[pdf(content="two")]))

    assert (other.kind, other.number) == (Kind.LETTER, 2)


def test_the_same_message_id_with_another_text_is_a_letter_of_its_own(house: House, mail: Mails):
    house.one(mail(message_id="<1@x>", text="หนึ่ง"))

    assert house.one(mail(message_id="<1@x>", text="สอง")).number == 2


def test_two_mails_without_message_id_are_two_letters(house: House, mail: Mails):
    house.one(mail(message_id=None))

    assert house.one(mail(message_id=None)).number == 2


def test_the_same_mail_at_another_entity_is_no_duplicate(house: House, mail: Mails):
    house.one(mail(raw="same", message_id="<1@x>"))
    outcome = house.one(mail(raw="same", message_id="<1@x>", recipients=("saraban@town.example",)))

    assert (outcome.kind, outcome.number) == (Kind.LETTER, 1)


def test_an_unproven_copy_gets_no_acknowledgement(house: House, mail: Mails):
    """Whoever has a copy of a letter could else make us write mails."""
    house.one(mail(raw="same", message_id="<1@x>"))
    house.one(mail(raw="same", message_id="<1@x>", trust=NOBODY))

    assert len(house.acknowledged()) == 1


def test_a_server_that_splits_a_mail_by_recipient_makes_one_entry_and_all_copies(
    house: House, mail: Mails
):
    first = house.one(mail(message_id="<1@x>", text="t", recipients=("saraban@phrae.example",)))
    house.one(mail(message_id="<1@x>", text="t", recipients=("saraban+finance@phrae.example",)))

    assert len(house.received()) == 1
    assert house.boxes(first.entry_id) == [FINANCE_BOX]


def test_a_copy_of_a_waiting_letter_waits_nowhere_a_second_time(house: House, mail: Mails):
    house.one(mail(raw="same", message_id="<1@x>", trust=NOBODY))
    again = house.one(mail(raw="same", message_id="<1@x>", trust=NOBODY))

    assert (again.kind, again.number) == (Kind.DUPLICATE, None)
    assert len(house.rows(LetterRow, state="waiting")) == 1


def test_the_same_number_and_date_is_registered_and_marked(house: House, mail: Mails):
    first = house.one(mail(text=NUMBERED, parts=[pdf()]))
    second = house.one(mail(text=NUMBERED + " ", parts=[pdf()]))

    entry = house.entry(second.entry_id)
    assert entry.letter_number == "มท 0810.7/ว 3974"
    assert entry.dated == date(2025, 9, 16)
    assert entry.note == "อาจซ้ำกับหนังสือเลขรับ ๑/๒๕๖๘"
    (link,) = entry.links
    assert (link.relation, link.entry, link.confirmed) == ("duplicates", first.entry_id, False)


def test_the_same_number_and_date_with_another_file_is_a_likely_replacement(
    house: House, mail: Mails
):
    first = house.one(mail(text=NUMBERED, parts=[pdf(content="old")]))
    second = house.one(mail(text=NUMBERED, parts=[pdf(content="new")]))

    entry = house.entry(second.entry_id)
    assert entry.note == "อาจเป็นฉบับแทนหนังสือเลขรับ ๑/๒๕๖๘"
    (row,) = house.rows(RelationRow)
    assert (row.relation, row.to_entry_id, row.how) == ("replaces", first.entry_id, "same_number")


def test_a_likely_double_waits_where_the_office_says_so(house: House, mail: Mails):
    house.settle(on_possible_duplicate="wait")
    house.one(mail(text=NUMBERED, parts=[pdf()]))
    second = house.one(mail(text=NUMBERED + " ", parts=[pdf()]))

    assert (second.state, second.number) == ("waiting", None)
    assert "อาจซ้ำกับหนังสือเลขรับ ๑/๒๕๖๘" in house.letter(second.letter_id).why_waiting


def test_the_same_number_of_another_day_is_another_letter(house: House, mail: Mails):
    house.one(mail(text=NUMBERED))
    other = house.one(mail(text=NUMBERED.replace("๑๖", "๑๗")))

    assert house.entry(other.entry_id).note == ""


SAME: dict[str, Any] = {"message_id": None, "subject": "ขอเชิญประชุม", "text": "ตามกำหนด"}
MONDAY = datetime(2025, 9, 29, 9, 0, tzinfo=BANGKOK)


def test_a_mail_without_message_id_is_known_again_behind_other_trace_fields(
    house: House, mail: Mails
):
    """Whoever has a copy of a signed letter could else hand it in for ever, a number each time."""
    first = house.one(mail(raw="path one", date_header=MONDAY, parts=[pdf()], **SAME))
    there = MONDAY.astimezone(UTC)
    again = house.one(mail(raw="path two", date_header=there, parts=[pdf()], **SAME))

    assert (again.kind, again.entry_id) == (Kind.DUPLICATE, first.entry_id)


@pytest.mark.parametrize(
    "other",
    [
        {"date_header": MONDAY + timedelta(days=1)},
        {"date_header": None},
        {"subject": "ขอเชิญประชุม ครั้งที่ ๒"},
        {"text": "ตามกำหนดใหม่"},
        {"sender": "other@dla.example"},
        {"parts": [pdf(content="two")]},
        {"message_id": "<1@x>"},
    ],
)
def test_a_mail_without_message_id_that_says_something_else_is_another(mail: Mails, other):
    fields: dict[str, Any] = {"date_header": MONDAY, "parts": [pdf()], **SAME}

    assert content_key(mail(**fields)) == content_key(mail(**fields))
    assert content_key(mail(**fields)) != content_key(mail(**fields | other))


def test_mails_of_which_nothing_could_be_read_are_not_taken_for_one(mail: Mails):
    assert content_key(mail(message_id=None, parsed=False)) is None
    assert content_key(mail(message_id=None, sender="", senders=())) is None
