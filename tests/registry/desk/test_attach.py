"""Two letters of one number: shown before a number is taken, and joined by an officer's word."""

import pytest

from registry import awaiting
from registry.desk.accept import accept
from registry.desk.attach import attach, look_alikes
from registry.desk.due import dealing
from registry.errors import Conflict, NotAllowed, NotFound
from tests.registry.desk.conftest import (
    CLERK,
    NOBODY,
    OFFICER,
    TOWN,
    House,
    Mails,
    pdf,
)  # fmt: skip

NUMBERED = "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔\n\n๑๖ กันยายน ๒๕๖๘\n\nเรียน ผู้ว่าราชการจังหวัด\n\nขอแจ้งแนวทาง"


@pytest.fixture
def two(house: House, mail: Mails) -> tuple[str, str]:
    """An entry, and a letter of the same number with another file that waits; the ids."""
    first = house.one(mail(text=NUMBERED, parts=[pdf(content="one")]))
    house.settle(receive="by_officer")
    second = house.one(mail(text=NUMBERED, parts=[pdf(content="two")]))
    assert first.entry_id
    assert second.letter_id
    return first.entry_id, second.letter_id


def join(house: House, letter_id: str, entry_id: str, by: str = OFFICER):
    with house.database.write() as session:
        return attach(session, house.desk, letter_id, entry_id, by)


def alike(house: House, letter_id: str):
    with house.database.read() as session:
        return look_alikes(session, [letter_id]).get(letter_id)


def test_a_waiting_letter_shows_the_entry_that_it_looks_like(house, mail, two):
    found = alike(house, two[1])
    assert found is not None
    assert (found.entry_id, found.relation) == (two[0], "replaces")
    other = house.one(mail(text=NUMBERED.replace("๓๙๗๔", "๓๙๗๕")))
    assert alike(house, other.letter_id) is None


def test_attached_it_takes_no_number_and_the_sender_hears_the_first(house, two):
    before = len(house.acknowledged())
    entry = join(house, two[1], two[0])
    assert (entry.id, entry.number) == (two[0], 1)
    assert len(house.received()) == 1
    letter = house.letter(two[1])
    assert (letter.state, letter.related_entry_id) == ("duplicate", two[0])
    assert letter.facts["done_by"] == OFFICER
    assert len(house.acknowledged()) == before + 1


def test_who_comes_second_is_told_by_whom_it_was_done(house, two):
    join(house, two[1], two[0])
    with pytest.raises(Conflict) as told:
        join(house, two[1], two[0])
    assert OFFICER in told.value.thai


def test_another_letter_gets_a_number_of_its_own_and_cannot_be_attached(house, two):
    with house.database.write() as session:
        entry = accept(session, house.desk, two[1], OFFICER, distinct=True)
    assert entry.number == 2
    with pytest.raises(Conflict):
        join(house, two[1], two[0])


def test_only_an_officer_and_only_to_an_entry_of_the_same_books(house, mail, two):
    with pytest.raises(NotAllowed):
        join(house, two[1], two[0], by=CLERK)
    house.settle(receive="automatic")
    theirs = house.one(mail(recipients=(TOWN,)))
    for entry_id in (theirs.entry_id, "aaaaaaaaaaaaaaaa"):
        with pytest.raises(NotFound):
            join(house, two[1], entry_id)


def test_what_waits_is_counted_and_listed_the_urgent_first_each_for_its_entity(house, mail):
    house.settle(receive="by_officer")
    for subject in ("เรื่องธรรมดา", "[ด่วนที่สุด] เรื่องด่วน", "[ลับ] เรื่องลับ"):
        house.one(mail(subject=subject, sender="a@x.example", trust=NOBODY))
    house.one(mail(recipients=(TOWN,)))
    with house.database.read() as session:
        plain = awaiting.waiting(session, house.phrae.id, dealing(house.desk), cleared=False)
        cleared = awaiting.waiting(session, house.phrae.id, dealing(house.desk), cleared=True)
        counts = awaiting.counts(session, house.phrae.id, cleared=False)
    assert [line.urgency for line in plain] == ["ด่วนที่สุด", ""]
    assert len(cleared) == 3
    assert counts.waiting == 2
    assert [line.subject for line in cleared if line.unopened] == [""]


def test_a_list_knows_sender_files_and_whether_anybody_vouches(house, mail):
    house.settle(receive="by_officer")
    house.one(mail(parts=[pdf(size=50), pdf("สอง.pdf", "สอง", size=70)]))
    house.one(mail(sender="a@x.example", trust=NOBODY))
    with house.database.read() as session:
        known, stranger = awaiting.waiting(
            session, house.phrae.id, dealing(house.desk), cleared=False
        )
    assert (known.known, known.authenticated, known.files.count) == (
        True,
        True,
        1,
    )  # the letter itself is none
    assert (stranger.known, stranger.authenticated, stranger.files.count) == (False, False, 0)
    assert known.files.largest == 70
