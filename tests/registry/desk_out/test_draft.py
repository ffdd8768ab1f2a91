"""Drafts that wait for an officer: accepted under a number, or returned with a reason."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from registry.desk import dispatch, draft, slip
from registry.errors import Conflict, NotAllowed, NotFound
from registry.letters import drafts
from registry.models.letters import EnclosureRow
from tests.registry.desk_out.conftest import pdf


@pytest.fixture
def waiting(database, desk, phrae, mail):
    """Write a draft to the department, and give the id of the letter."""

    def write(*tags, **fields):
        message = mail(*(tags or ("dla",)), **fields)
        with database.write() as session:
            outcome = dispatch.from_tags(session, desk, message, phrae.entity, (), phrae.clerk)
        return outcome.letter_id

    return write


@pytest.fixture
def accept(database, desk, phrae):
    """Accept a draft as an officer of Phrae."""

    def act(letter_id, number="next", by=phrae.registrar.email):
        with database.write() as session:
            return draft.accept(session, desk, letter_id, by, number)

    return act


def test_accepting_numbers_the_draft_and_sends_it(waiting, accept, books):
    entry = accept(waiting(parts=[pdf()]))
    assert (entry.number, entry.letter_number, entry.state) == (1, "พร 0023.3/1", "registered")
    assert (len(entry.enclosures), entry.deliveries[0].to) == (1, "saraban@dla.example")
    assert books.letters()[0].state == "sent"
    assert books.notices() == ["draft_waiting", "letter_sent"]


def test_the_second_officer_hears_who_was_first(waiting, accept, phrae):
    letter_id = waiting()
    accept(letter_id)
    with pytest.raises(Conflict) as caught:
        accept(letter_id, by=phrae.other.email)
    assert phrae.registrar.email in str(caught.value)
    assert phrae.registrar.email in caught.value.thai


def test_two_officers_who_accept_together_take_one_number(waiting, accept, phrae, books):
    letter_id, heard = waiting(), []

    def press(by):
        try:
            heard.append(accept(letter_id, by=by).number)
        except Conflict as error:
            heard.append(str(error))

    people = [phrae.registrar.email, phrae.other.email]
    threads = [threading.Thread(target=press, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 in heard
    assert len(books.entries()) == 1
    assert len(heard) == 2


@pytest.mark.parametrize("who", ["clerk", "stranger"])
def test_only_an_officer_of_the_entity_accepts(waiting, accept, phrae, who):
    with pytest.raises(NotAllowed):
        accept(waiting(), by=getattr(phrae, who).email)


def test_a_person_nobody_knows_accepts_nothing(waiting, accept):
    with pytest.raises(NotAllowed):
        accept(waiting(), by="nobody@phrae.example")


def test_a_letter_that_is_not_there_is_not_found(accept):
    with pytest.raises(NotFound):
        accept("aaaaaaaaaaaaaaaa")


def test_returning_tells_the_clerk_why_and_takes_no_number(database, desk, waiting, phrae, books):
    letter_id = waiting()
    with database.write() as session:
        draft.return_(session, desk, letter_id, phrae.registrar.email, "ไฟล์ไม่ครบ")
    notice = books.jobs("notice")[-1]
    assert (notice.facts["text"], notice.facts["reason"]) == ("draft_returned", "ไฟล์ไม่ครบ")
    assert (notice.to_address, books.entries()) == (phrae.clerk.email, [])
    with database.read() as session:
        assert drafts(session, "phrae") == []


def test_a_draft_is_not_returned_without_a_reason(database, desk, waiting, phrae):
    letter_id = waiting()
    with database.write() as session, pytest.raises(ValueError, match="reason"):
        draft.return_(session, desk, letter_id, phrae.registrar.email, " ")


def test_a_returned_draft_cannot_be_accepted(database, desk, waiting, accept, phrae):
    letter_id = waiting()
    with database.write() as session:
        draft.return_(session, desk, letter_id, phrae.other.email, "ไฟล์ไม่ครบ")
    with pytest.raises(Conflict, match=phrae.other.email):
        accept(letter_id)


def test_a_draft_for_nobody_cannot_be_accepted(database, desk, phrae, mail, accept):
    message = mail.submitted("saraban@phrae.example")
    with database.write() as session:
        outcome = dispatch.from_submission(session, desk, message, phrae.clerk)
    with pytest.raises(Conflict, match="nobody"):
        accept(outcome.letter_id)


def test_a_secret_draft_cannot_be_sent_from_here(database, desk, phrae, mail, accept):
    message = mail.submitted("saraban@dla.example", subject="[ลับ] รายชื่อ")
    with database.write() as session:
        outcome = dispatch.from_submission(session, desk, message, phrae.clerk)
    with pytest.raises(NotAllowed):
        accept(outcome.letter_id)


def test_a_draft_whose_paper_bears_a_used_number_is_not_given_another_silently(
    waiting, accept, books
):
    letter_id = waiting(parts=[pdf("พร 0023.3-1.pdf")])
    accept(waiting())  # takes number 1
    with pytest.raises(Conflict) as caught:
        accept(letter_id)
    assert "พร ๐๐๒๓.๓/๑" in caught.value.thai
    assert accept(letter_id, "fresh").letter_number == "พร 0023.3/2"


def test_the_number_on_the_paper_is_used_when_it_is_the_next(waiting, accept):
    assert accept(waiting(subject="ที่ พร 0023.3/1 ขอส่งรายงาน"), "paper").number == 1


def test_asking_for_the_number_on_the_paper_needs_one(waiting, accept):
    with pytest.raises(Conflict):
        accept(waiting(), "paper")


def test_a_draft_can_be_sent_under_a_reserved_number(database, desk, waiting, phrae, accept):
    with database.write() as session:
        reserved = slip.reserve(session, desk, phrae.entity, phrae.registrar.email)
    accept(waiting())
    entry = accept(waiting(), "ส่ง/1/2568")
    assert (entry.id, entry.number, entry.state) == (reserved.id, 1, "registered")


def test_a_number_that_is_not_reserved_cannot_be_asked_for(waiting, accept):
    accept(waiting())
    with pytest.raises(Conflict):
        accept(waiting(), "ส่ง/1/2568")
    with pytest.raises(NotFound):
        accept(waiting(), "ส่ง/9/2568")


def test_a_number_held_by_one_draft_is_not_given_to_another(
    database, desk, waiting, phrae, accept, books
):
    with database.write() as session:
        slip.reserve(session, desk, phrae.entity, phrae.registrar.email)
    waiting(subject="พร 0023.3/1 ขอส่งรายงาน")
    second = waiting(subject="พร 0023.3/1 ขอส่งอีกเรื่อง")
    assert "จองไว้สำหรับหนังสือฉบับอื่น" in books.letters()[1].why_waiting
    for number in ("paper", "ส่ง/1/2568"):
        with pytest.raises(Conflict):
            accept(second, number)


def test_an_officer_may_say_that_the_reserved_number_stands_whatever_the_paper_shows(
    database, desk, phrae, mail, accept
):
    with database.write() as session:
        asked = slip.ask(session, desk, mail("number", "dla"), phrae.entity, phrae.clerk)
        signed = mail(parts=[pdf("พร 0023.3-7.pdf")])
        held = dispatch.answer(session, desk, signed, phrae.entity, phrae.clerk, asked.entry_id)
    with pytest.raises(Conflict) as caught:
        accept(held.letter_id)
    assert "พร ๐๐๒๓.๓/๗" in caught.value.thai
    assert accept(held.letter_id, "ส่ง/1/2568").letter_number == "พร 0023.3/1"


def test_a_file_leaves_the_mail_only_if_somebody_is_not_hosted_here(waiting, database):
    """To entities hosted here every file goes in full; the others are mailed a link."""
    large = replace(pdf(), bytes=40_000_000)
    near, far, both = (
        waiting(*tags, parts=[large]) for tags in (("town",), ("dla",), ("town", "dla"))
    )
    with database.read() as session:
        split = {
            letter_id: session.scalar(
                select(EnclosureRow.split).where(EnclosureRow.letter_id == letter_id)
            )
            for letter_id in (near, far, both)
        }
    assert split == {near: False, far: True, both: True}
