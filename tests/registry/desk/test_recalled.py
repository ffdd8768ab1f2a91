"""The sender asks for a letter back: what the receiver does about it, and what the sender hears."""

from datetime import timedelta

import pytest

from registry import deliveries, directory
from registry.accounts import officers
from registry.desk import give_back, recall, recalled, wrong_number
from registry.errors import Conflict, NotAllowed
from registry.letter.delivery import DeliveryState
from registry.letter.message import Means, Receipt, Trust
from registry.models.evidence import JournalRow
from registry.outbox import Kind
from tests.registry.desk.conftest import (
    CLERK,
    DLA,
    NOBODY,
    OFFICER,
    SECRET_OFFICER,
    TOWN,
    House,
    Mails,
)

THEIRS = "<theirs@dla.example>"
ASKED = Receipt("recall", THEIRS, reason="ไฟล์ผิดฉบับ")


def ask(house: House, mail: Mails, **fields):
    return house.one(mail(receipt=ASKED, **fields))


def answer(house: House, letter_id, *, agree=True, by=OFFICER, reason=""):
    with house.database.write() as session:
        return recalled.answer_recall(
            session, house.desk, letter_id, by, agree=agree, reason=reason
        )


@pytest.fixture
def registered(house: House, mail: Mails):
    """A letter of the department's, registered at once."""
    return house.one(mail(message_id=THEIRS, subject="แนวทาง"))


def test_a_letter_that_still_waits_goes_back_at_once(house: House, mail: Mails):
    house.settle(receive="by_officer")
    waiting = house.one(mail(message_id=THEIRS))
    ask(house, mail)
    letter = house.letter(waiting.letter_id)
    assert (letter.state, letter.facts["recall"]["answer"]) == ("withdrawn", "recall_agreed")
    assert house.acknowledged("recall_agreed") == [DLA]
    assert house.received() == []


def test_a_registered_letter_bears_a_mark_and_the_officers_hear(house, mail, registered):
    ask(house, mail)
    entry = house.entry(registered.entry_id)
    assert (entry.note, entry.state) == (recalled.MARK, "registered")
    assert house.told("recall_asked") == [OFFICER]
    assert house.acknowledged("recall_agreed") == []


@pytest.mark.parametrize(("grade", "told"), [("ลับมาก", [SECRET_OFFICER]), ("ลับ", [])])
def test_that_a_secret_letter_is_wanted_back_hears_only_who_is_cleared_so_far(
    house, mail, grade, told
):
    house.one(mail(message_id=THEIRS, subject="ลับมาก แนวทาง"))
    with house.database.write() as session:
        who = directory.officer_by_email(session, SECRET_OFFICER)
        officers.edit(
            session, house.phrae.id, who.id, by="admin", at=house.clock.now(), clearance=grade
        )
    ask(house, mail)
    assert house.told("recall_asked") == told


def test_an_officer_gives_it_back_and_the_units_hear(house, mail, registered):
    ask(house, mail)
    assert answer(house, registered.letter_id) is True
    assert recalled.GIVEN_BACK in house.entry(registered.entry_id).action
    assert house.acknowledged("recall_agreed") == [DLA]
    assert house.told("called_back") == house.boxes(registered.entry_id)
    with pytest.raises(Conflict):
        answer(house, registered.letter_id)


def test_an_officer_may_decline_with_a_reason(house, mail, registered):
    ask(house, mail)
    with pytest.raises(ValueError, match="reason"):
        answer(house, registered.letter_id, agree=False)
    answer(house, registered.letter_id, agree=False, reason="ดำเนินการแล้ว")
    (job,) = [
        one for one in house.jobs(Kind.ACKNOWLEDGEMENT) if one.facts["act"] == "recall_declined"
    ]
    assert job.facts["reason"] == "ดำเนินการแล้ว"


def test_nobody_gives_back_what_was_not_asked_for(house, registered):
    with pytest.raises(Conflict):
        answer(house, registered.letter_id)
    with pytest.raises(NotAllowed):
        answer(house, registered.letter_id, by=CLERK)


@pytest.mark.parametrize(
    "fields",
    [{"trust": NOBODY}, {"sender": TOWN, "trust": Trust(Means.DKIM, domain="town.example")}],
)
def test_a_request_that_is_not_the_senders_own_changes_nothing_and_is_shown(
    house, mail, registered, fields
):
    ask(house, mail, **fields)
    assert house.entry(registered.entry_id).note == ""
    assert "recall" not in house.letter(registered.letter_id).facts
    assert house.told("recall_asked") == [OFFICER]


def test_asked_again_the_same_is_answered_again(house, mail, registered):
    ask(house, mail)
    answer(house, registered.letter_id)
    ask(house, mail)
    assert house.acknowledged("recall_agreed") == [DLA, DLA]
    assert house.told("recall_asked") == [OFFICER]


@pytest.mark.parametrize(
    ("act", "state"),
    [("recall_agreed", DeliveryState.WITHDRAWN), ("recall_declined", DeliveryState.SENT)],
)
def test_the_senders_delivery_is_withdrawn_only_when_the_receiver_agrees(house, mail, act, state):
    sent = house.sent([DLA])
    for job in house.jobs(Kind.LETTER):
        with house.database.write() as session:
            session.get_one(type(job), job.id).state = "sent"
    with house.database.write() as session:
        recall.withdraw(session, house.desk, sent.id, OFFICER, "ไฟล์ผิดฉบับ")
    assert house.entry(sent.id).deliveries[0].state is DeliveryState.SENT
    house.one(mail(receipt=Receipt(act, str(sent.message_id), reason="ตกลง")))
    assert house.entry(sent.id).deliveries[0].state is state
    assert house.told("recall_answered") == [CLERK]


def test_an_answer_to_a_recall_that_nobody_asked_for_moves_nothing(house, mail):
    sent = house.sent([DLA])
    house.one(mail(receipt=Receipt("recall_agreed", str(sent.message_id))))
    assert house.entry(sent.id).deliveries[0].state is DeliveryState.SENT


@pytest.mark.parametrize("wrong", [False, True])
def test_a_registered_letter_goes_back_with_a_reason_and_keeps_its_number(house, registered, wrong):
    with house.database.write() as session:
        told = give_back.give_back(
            session, house.desk, registered.letter_id, OFFICER, "ขาดเอกสาร", wrong=wrong
        )
    assert told is True
    assert house.acknowledged("wrong" if wrong else "returned") == [DLA]
    (entry,) = house.received()
    assert (entry.number, entry.state) == (1, "registered")
    assert "ผู้ส่ง" in entry.action
    with house.database.write() as session, pytest.raises(Conflict):
        give_back.give_back(session, house.desk, registered.letter_id, OFFICER, "อีกครั้ง")


def test_the_same_letter_sent_again_hears_again_that_it_went_back(house, mail):
    first = mail(message_id=THEIRS, raw="same")
    letter = house.one(first)
    with house.database.write() as session:
        give_back.give_back(session, house.desk, letter.letter_id, OFFICER, "ส่งผิดหน่วยงาน")
    house.one(mail(message_id=THEIRS, raw="same", subject=first.subject))
    assert house.acknowledged("returned") == [DLA, DLA]


def test_a_disputed_receive_number_is_taken_back_until_the_right_one_comes(house, mail):
    sent = house.sent([DLA])
    house.one(mail(receipt=Receipt("registered", str(sent.message_id), number="7", year=2568)))
    delivery = house.entry(sent.id).deliveries[0].id
    with house.database.write() as session:
        wrong_number.dispute(session, house.desk, delivery, OFFICER, "เลขของฉบับอื่น")
    (one,) = house.entry(sent.id).deliveries
    assert (one.state, one.remote_number) == (DeliveryState.ARRIVED, "")
    (job,) = house.jobs(Kind.ACKNOWLEDGEMENT)
    assert (job.facts["act"], job.facts["number"], job.to_address) == (
        "wrong_number",
        "7/2568",
        DLA,
    )
    house.one(mail(receipt=Receipt("registered", str(sent.message_id), number="8", year=2568)))
    assert house.entry(sent.id).deliveries[0].remote_number == "8/2568"
    other = house.sent([TOWN], number="พร 0023.3/42").deliveries[0].id
    with house.database.write() as session, pytest.raises(Conflict):
        wrong_number.dispute(session, house.desk, other, OFFICER, "ยังไม่ได้แจ้ง")


def test_a_letter_is_taken_since_the_right_number_was_told(house, mail, clock):
    sent = house.sent([DLA])
    times = []
    for number in ("7", "8"):
        clock.advance(timedelta(hours=1))
        times.append(clock.now())
        house.one(mail(receipt=Receipt("registered", str(sent.message_id), number=number)))
        delivery = house.entry(sent.id).deliveries[0].id
        with house.database.write() as session:
            assert deliveries.received(session, [sent.id]) == {delivery: times[-1]}
            if number == "7":
                clock.advance(timedelta(hours=1))
                wrong_number.dispute(session, house.desk, delivery, OFFICER, "เลขของฉบับอื่น")
                assert deliveries.received(session, [sent.id]) == {delivery: times[0]}


def test_the_right_receive_number_is_told_again(house, registered):
    with house.database.write() as session:
        told = wrong_number.correct(
            session, house.desk, registered.letter_id, OFFICER, told="12/2568"
        )
    assert told is True
    assert house.acknowledged("registered") == [DLA, DLA]
    assert "12/2568" in house.jobs(Kind.ACKNOWLEDGEMENT)[-1].facts["reason"]
    assert house.rows(JournalRow, act="number-corrected")[0].entry_id == registered.entry_id
