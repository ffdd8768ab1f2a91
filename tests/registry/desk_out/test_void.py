"""A number is voided and stays in the book with reason and person."""

import pytest

from registry.desk import dispatch, recall, slip
from registry.desk.void import void
from registry.errors import Conflict, NotAllowed, NotFound


@pytest.fixture
def reserved(database, desk, phrae):
    """A number reserved by command."""
    with database.write() as session:
        return slip.reserve(session, desk, phrae.entity, phrae.registrar.email).id


@pytest.fixture
def strike(database, desk, phrae):
    """Void an entry as an officer of Phrae."""

    def act(entry_id, by=phrae.registrar.email, reason="ไม่ใช้แล้ว"):
        with database.write() as session:
            return void(session, desk, entry_id, by, reason)

    return act


@pytest.fixture
def sent(database, desk, phrae, mail):
    """Send a letter, and give the id of its entry."""
    message = mail.submitted("saraban@dla.example")
    with database.write() as session:
        return dispatch.from_submission(session, desk, message, phrae.clerk).entry_id


def test_a_void_keeps_number_reason_and_person(reserved, strike, books, phrae):
    strike(reserved)
    (entry,) = books.entries()
    assert (entry.state, entry.number) == ("void", 1)
    assert (entry.void_reason, entry.void_by) == ("ไม่ใช้แล้ว", phrae.registrar.email)


def test_a_voided_number_is_not_given_again(reserved, strike, sent, books):
    strike(reserved)
    assert [(entry.number, entry.state) for entry in books.entries()] == [
        (1, "void"), (2, "registered"),
    ]  # fmt: skip


def test_whoever_voids_second_hears_who_was_first(reserved, strike, phrae):
    strike(reserved)
    with pytest.raises(Conflict, match=phrae.registrar.email):
        strike(reserved, by=phrae.other.email)


def test_a_sent_letter_is_recalled_before_its_number_is_voided(
    database, desk, sent, strike, phrae, books
):
    with pytest.raises(Conflict):
        strike(sent)
    with database.write() as session:
        recall.withdraw(session, desk, sent, phrae.registrar.email, "ผิดฉบับ")
    assert strike(sent).state == "void"


def test_a_received_entry_can_be_voided_too(received, strike):
    assert strike(received()).state == "void"


@pytest.mark.parametrize("who", ["clerk", "stranger"])
def test_only_an_officer_of_the_entity_voids(reserved, strike, phrae, who):
    with pytest.raises(NotAllowed):
        strike(reserved, by=getattr(phrae, who).email)


def test_a_void_needs_a_reason(reserved, strike):
    with pytest.raises(ValueError, match="reason"):
        strike(reserved, reason=" ")


def test_what_is_not_there_cannot_be_voided(strike):
    with pytest.raises(NotFound):
        strike("aaaaaaaaaaaaaaaa")


def test_a_draft_that_held_the_number_goes_on_without_it(
    database, desk, reserved, strike, phrae, mail, books
):
    message = mail("dla", subject="พร 0023.3/1 ขอส่งรายงาน")
    with database.write() as session:
        dispatch.from_tags(session, desk, message, phrae.entity, (), phrae.clerk)
    assert books.letters()[0].related_entry_id == reserved
    strike(reserved)
    assert books.letters()[0].related_entry_id is None
    assert "ถูกยกเลิก" in books.letters()[0].why_waiting
