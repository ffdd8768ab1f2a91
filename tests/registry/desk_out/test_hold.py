"""A numbered letter is kept back, let go, or taken back before it left."""

from datetime import timedelta

import pytest

from registry import entries, journal, outbox
from registry.desk import dispatch, draft, hold
from registry.errors import Conflict, NotAllowed, NotFound
from tests.registry.desk_out.conftest import pdf


@pytest.fixture
def sent(database, automatic, phrae, mail, received):
    """Send an answer, and give the id of its entry."""
    entry_id = received()
    message = mail("town", parts=[pdf()])
    with database.write() as session:
        return dispatch.answer(
            session, automatic, message, phrae.entity, phrae.clerk, entry_id
        ).entry_id


def claim(database, clock):
    """Claim what is due after the hold time."""
    with database.write() as session:
        later = clock.now() + timedelta(minutes=5)
        return [job for job in outbox.claim(session, later, 60, 10, "me") if job.delivery_id]


def test_a_held_letter_does_not_leave_until_it_is_released(database, desk, clock, phrae, sent):
    with database.write() as session:
        assert hold.hold(session, desk, sent, phrae.registrar.email) == 2
    assert claim(database, clock) == []
    with database.write() as session:
        assert hold.release(session, desk, sent, phrae.registrar.email) == 2
    assert len(claim(database, clock)) == 2


def test_undo_makes_a_draft_again_that_holds_its_number(database, desk, phrae, sent, books):
    with database.write() as session:
        hold.undo(session, desk, sent, phrae.clerk.email)
    (entry,), (letter,) = books.entries(), books.letters()
    assert (entry.state, entry.letter_id, entry.number) == ("reserved", None, 1)
    assert (letter.state, letter.related_entry_id) == ("draft", sent)
    assert {job.state for job in books.jobs()} == {"withdrawn"}
    assert books.notices()[-1] == "withdrawn"


def test_a_draft_taken_back_is_sent_again_under_its_number(
    database, desk, clock, phrae, sent, books
):
    with database.write() as session:
        hold.undo(session, desk, sent, phrae.clerk.email)
        entry = draft.accept(session, desk, books.letters()[0].id, phrae.registrar.email)
    assert (entry.id, entry.number, entry.state) == (sent, 1, "registered")
    assert [row.state for row in books.deliveries()] == ["queued", "queued"]
    assert {job.to_address for job in claim(database, clock)} == {
        "saraban@dla.example", "saraban@town.example",
    }  # fmt: skip


def test_undo_takes_the_links_with_it_and_sending_again_brings_them_back(
    database, desk, phrae, sent, books
):
    with database.write() as session:
        hold.undo(session, desk, sent, phrae.clerk.email)
        assert entries.get(session, sent).links == ()
        entry = draft.accept(session, desk, books.letters()[0].id, phrae.registrar.email)
    assert [link.relation for link in entry.links] == ["answers"]


def test_what_has_left_cannot_be_undone(database, desk, clock, phrae, sent):
    claim(database, clock)
    with database.write() as session, pytest.raises(Conflict):
        hold.undo(session, desk, sent, phrae.registrar.email)


def test_a_draft_cannot_be_undone_twice(database, desk, phrae, sent):
    with database.write() as session:
        hold.undo(session, desk, sent, phrae.registrar.email)
    with database.write() as session, pytest.raises(NotFound):
        hold.undo(session, desk, sent, phrae.registrar.email)


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_only_an_officer_or_the_clerk_whose_letter_it_is_may_stop_it(
    database, desk, phrae, sent, who
):
    with database.write() as session, pytest.raises(NotAllowed):
        hold.undo(session, desk, sent, getattr(phrae, who).email)


def test_stopping_leaves_the_journal_unbroken(database, desk, phrae, sent):
    with database.write() as session:
        hold.hold(session, desk, sent, phrae.registrar.email)
        hold.undo(session, desk, sent, phrae.registrar.email)
    with database.read() as session:
        assert journal.verify(session) == []
