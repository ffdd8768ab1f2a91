"""A sent letter is recalled: stopped where it can be, asked back where it cannot."""

from datetime import timedelta

import pytest

from registry import deliveries, entries, outbox
from registry.desk import dispatch
from registry.desk.recall import withdraw
from registry.errors import Conflict, NotAllowed
from registry.letter.delivery import DeliveryState


@pytest.fixture
def sent(database, desk, phrae, mail):
    """Send a letter to the department and the town, and give the id of its entry."""
    message = mail.submitted("saraban@dla.example", "saraban@town.example")
    with database.write() as session:
        return dispatch.from_submission(session, desk, message, phrae.clerk).entry_id


@pytest.fixture
def first_is_gone(database, sent, clock, books):
    """Let the delivery to the department leave."""
    job = books.jobs()[0]
    clock.advance(timedelta(minutes=5))
    with database.write() as session:
        attempt = outbox.started(session, job.id, at=clock.now())
        outbox.finished(session, job.id, attempt, at=clock.now())


@pytest.fixture
def recall(database, desk, phrae, sent):
    """Recall the letter as an officer of Phrae."""

    def act(by=phrae.registrar.email, reason="ไฟล์ผิดฉบับ"):
        with database.write() as session:
            return withdraw(session, desk, sent, by, reason)

    return act


def test_what_has_not_left_is_stopped(recall, books):
    entry = recall()
    assert {job.state for job in books.jobs()} == {"withdrawn"}
    assert {one.state for one in entry.deliveries} == {DeliveryState.WITHDRAWN}
    assert books.notices() == ["letter_sent", "withdrawn"]


def test_whoever_has_the_letter_is_asked_to_lay_it_aside(first_is_gone, recall, books):
    recall()
    request = next(j for j in books.jobs("notice") if j.facts["text"] == "recall_request")
    assert (request.to_address, request.facts["reason"]) == ("saraban@dla.example", "ไฟล์ผิดฉบับ")
    told = books.jobs("notice")[-1].facts
    assert (told["gone"], told["stopped"]) == (["กรมส่งเสริมการปกครองท้องถิ่น"], ["เทศบาลเมืองแพร่"])


def test_the_history_keeps_how_far_the_letter_had_come(database, first_is_gone, recall, books):
    recall()
    delivery = books.deliveries()[0]
    with database.read() as session:
        states = [event.state for event in deliveries.history(session, [delivery.id])[delivery.id]]
        detail = deliveries.history(session, [delivery.id])[delivery.id][-1].detail
    assert states == [DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.SENT]
    assert detail == "ขอเรียกคืน: ไฟล์ผิดฉบับ"


def test_the_number_stays_with_the_letter(recall, books, database, sent):
    recall()
    (entry,) = books.entries()
    assert (entry.state, entry.number, books.letters()[0].state) == ("registered", 1, "withdrawn")


def test_a_delivery_that_failed_stays_failed(database, recall, books, clock):
    job = books.jobs()[0]
    with database.write() as session:
        outbox.move(session, job.delivery_id, DeliveryState.RETURNED, at=clock.now())
    recall()
    assert books.deliveries()[0].state == "returned"


def test_a_letter_is_recalled_only_once(recall, phrae):
    recall()
    with pytest.raises(Conflict):
        recall(by=phrae.other.email)


def test_the_clerk_may_recall_their_own_letter(recall, phrae, books):
    recall(by=phrae.clerk.email)
    assert books.letters()[0].facts["done_by"] == phrae.clerk.email


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_others_may_not_recall_it(recall, phrae, who):
    with pytest.raises(NotAllowed):
        recall(by=getattr(phrae, who).email)


def test_a_recall_needs_a_reason(recall):
    with pytest.raises(ValueError, match="reason"):
        recall(reason="")


def test_a_recall_is_told_in_the_book(database, recall, sent):
    recall()
    with database.read() as session:
        assert entries.get(session, sent).state == "registered"
