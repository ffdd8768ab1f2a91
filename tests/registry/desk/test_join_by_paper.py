"""What a paper names is found in the books: linked, suggested, offered."""

from datetime import date

from registry import paper_fields, relations
from registry.models.letters import ReferenceRow
from registry.thai.numerals import to_thai
from tests.registry.desk.conftest import House
from tests.registry.desk.reading import Arrives, arrives, entry_of, reading
from tests.registry.paper.pages import LETTER, MARGIN, page, with_line

__all__ = ["arrives", "reading"]  # fixtures


def test_the_papers_references_are_added_and_resolved(house: House, arrives: Arrives) -> None:
    sent = house.sent(number="มท 0810.7/ว 12", dated=date(2019, 1, 3))
    letter_id = arrives(page())
    found = house.rows(ReferenceRow, letter_id=letter_id)
    assert [(one.number, one.entry_id) for one in found] == [
        ("มท 0810.7/ว 12", sent.id),
        ("", None),
    ]


def test_a_reply_known_by_its_reference_alone_is_suggested_with_its_score(
    house: House, arrives: Arrives
) -> None:
    sent = house.sent(number="มท 0810.7/ว 12", dated=date(2019, 1, 3))
    entry = entry_of(house, arrives(page()))
    with house.database.read() as session:
        (link,) = relations.of(session, entry.id)
    assert (link.entry, link.relation, link.confirmed, link.score) == (
        sent.id,
        "answers",
        False,
        85,
    )


def test_a_copy_of_a_letter_in_the_books_is_passed_on(house: House, arrives: Arrives) -> None:
    circular = entry_of(house, arrives(page()))
    copy = (
        MARGIN,
        "สิ่งที่ส่งมาด้วย สำเนาหนังสือกรมส่งเสริมการปกครองท้องถิ่น ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ลงวันที่ ๑๖ กันยายน ๒๕๖๒",
    )
    lines = [(MARGIN, "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑"), *LETTER[1:7], copy, *LETTER[12:]]
    entry = entry_of(house, arrives(page(lines)))
    with house.database.read() as session:
        (link,) = relations.of(session, entry.id)
    assert (link.entry, link.relation, link.confirmed) == (circular.id, "passes_on", True)


def test_a_copy_whose_number_was_misprinted_is_suggested(house: House, arrives: Arrives) -> None:
    circular = entry_of(house, arrives(page()))
    copy = (
        MARGIN,
        "สิ่งที่ส่งมาด้วย สำเนาหนังสือกรมส่งเสริมการปกครองท้องถิ่น ที่ มท ๐๘๑๐.๓/๓๗๘๐ ลงวันที่ ๑๙ กันยายน ๒๕๖๒",
    )
    lines = [(MARGIN, "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑"), *LETTER[1:7], copy, *LETTER[12:]]
    entry = entry_of(house, arrives(page(lines)))
    with house.database.read() as session:
        (link,) = relations.of(session, entry.id)
    assert (link.entry, link.relation, link.how, link.confirmed) == (
        circular.id, "passes_on", "alike", False,
    )  # fmt: skip
    assert 40 <= link.score <= 80


def test_a_damaged_number_is_offered_as_what_it_may_mean(house: House, arrives: Arrives) -> None:
    letter_id = arrives(with_line(0, "ที่มา ๑๘๑๐.๗/ว ๓๙๗๔"))
    with house.database.read() as session:
        hints = [
            one.field
            for one in paper_fields.of(session, letter_id)
            if one.field.name == "number_hint"
        ]
    assert hints[0].value == "มท 0810.7/ว 3974"
    assert hints[0].facts["entity"] == "dla"
    assert not hints[0].believed
    assert entry_of(house, letter_id).letter_number == ""


def test_fewer_files_than_the_letter_lists_are_told(house: House, arrives: Arrives) -> None:
    letter_id = arrives(page())
    with house.database.read() as session:
        assert paper_fields.progress(session, letter_id) == (
            "done", "หนังสือระบุสิ่งที่ส่งมาด้วย ๒ รายการ พบไฟล์ ๐",
        )  # fmt: skip


def test_the_letter_is_told_from_the_one_it_encloses(house: House, arrives: Arrives) -> None:
    copy = (
        MARGIN,
        "สิ่งที่ส่งมาด้วย สำเนาหนังสือกรมส่งเสริมการปกครองท้องถิ่น ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ลงวันที่ ๑๖ กันยายน ๒๕๖๒",
    )
    lines = [(MARGIN, "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑"), *LETTER[1:7], copy, *LETTER[12:]]
    assert entry_of(house, arrives(page(), page(lines))).letter_number == "พร 0023.3/ว 4971"


def test_a_letter_that_came_before_under_an_empty_subject_is_told_when_its_number_is_read(
    house: House, arrives: Arrives
) -> None:
    first = entry_of(house, arrives(page()))
    second = entry_of(house, arrives(page([*LETTER, (MARGIN, "สำเนา")])))
    with house.database.read() as session:
        (link,) = relations.of(session, second.id)
    assert (link.entry, link.relation, link.how, link.confirmed) == (
        first.id, "replaces", "same_number", False,
    )  # fmt: skip
    assert second.note == f"อาจเป็นฉบับแทนหนังสือเลขรับ {to_thai(f'{first.number}/{first.year}')}"
    assert entry_of(house, first.letter_id).note == ""


def test_the_same_number_of_another_day_is_another_letter(house: House, arrives: Arrives) -> None:
    arrives(page())
    other = [(left, words.replace("๑๖ กันยายน", "๑๗ กันยายน")) for left, words in LETTER]
    entry = entry_of(house, arrives(page(other)))
    assert (entry.dated, entry.note) == (date(2019, 9, 17), "")
