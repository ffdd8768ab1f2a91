"""An officer decides on a waiting letter."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from registry import directory
from registry.desk import unseal
from registry.desk.accept import accept, return_letter
from registry.errors import Conflict, NotAllowed, NotFound, NotUnderstood
from registry.letter.entity import Role
from registry.letter.entry import Entry
from registry.letter.message import Means, Trust
from registry.outbox import Kind as Job
from registry.tokens import reply_tag
from tests.registry.desk.conftest import (
    CLERK,
    DLA,
    FINANCE_BOX,
    NOBODY,
    OFFICER,
    SECRET_OFFICER,
    House,
    Mails,
    pdf,
)  # fmt: skip

CITIZEN = {"sender": "nid@gmail.example", "sender_name": "นิด ใจดี", "trust": NOBODY}


def take(house: House, letter_id: str | None, by: str = OFFICER, **corrections) -> Entry:
    assert letter_id is not None
    with house.database.write() as session:
        return accept(session, house.desk, letter_id, by, **corrections)


def send_back(house: House, letter_id: str | None, by: str = OFFICER, **more) -> None:
    assert letter_id is not None
    with house.database.write() as session:
        return_letter(session, house.desk, letter_id, by, "ไม่ใช่เรื่องของจังหวัด", **more)


def test_accepting_registers_under_the_officers_name(house: House, mail: Mails):
    waiting = house.one(mail(**CITIZEN, subject="ขอคัดสำเนา", parts=[pdf()]))
    entry = take(house, waiting.letter_id)

    assert (entry.number, entry.from_text, entry.subject) == (1, "นิด ใจดี", "ขอคัดสำเนา")
    letter = house.letter(waiting.letter_id)
    assert (letter.state, letter.why_waiting, letter.facts["done_by"]) == (
        "registered",
        "",
        OFFICER,
    )


def test_a_citizen_gets_one_plain_mail_with_the_number(house: House, mail: Mails):
    take(house, house.one(mail(**CITIZEN)).letter_id)

    assert house.told("citizen_receipt") == ["nid@gmail.example"]
    assert house.jobs(Job.ACKNOWLEDGEMENT) == []


def test_an_unproven_agency_is_told_at_its_central_address(house: House, mail: Mails):
    """Where the mail asks to be answered may be the forger's."""
    take(house, house.one(mail(trust=NOBODY, reply_to="evil@dla.example")).letter_id)

    assert house.told("citizen_receipt") == [DLA]


def test_a_proven_listed_sender_is_acknowledged_after_acceptance(house: House, mail: Mails):
    house.settle(receive="by_officer")
    take(house, house.one(mail()).letter_id)

    assert house.acknowledged() == [DLA]
    assert house.told("citizen_receipt") == []


@pytest.mark.parametrize("fields", [{"automatic": True}, {"bulk": True}, {"mail_from": ""}])
def test_machines_are_not_told_either(house: House, mail: Mails, fields):
    take(house, house.one(mail(**CITIZEN | fields, parts=[pdf()])).letter_id)

    assert house.jobs(Job.NOTICE) == []


def test_the_officers_corrections_stand_in_the_register(house: House, mail: Mails):
    waiting = house.one(mail(**CITIZEN, subject="scan0001"))
    entry = take(
        house,
        waiting.letter_id,
        subject="ขอคัดสำเนาโฉนด",
        letter_number="อบ ๐๐๑๗/๕",
        dated=date(2025, 10, 1),
        from_text="นางสาวนิด ใจดี",
        to_text="ผู้ว่าราชการจังหวัดแพร่",
        urgency="ด่วน",
        note="รับพร้อมเอกสารตัวจริง",
        unit="finance",
    )

    assert (entry.subject, entry.letter_number, entry.dated) == (
        "ขอคัดสำเนาโฉนด", "อบ 0017/5", date(2025, 10, 1),
    )  # fmt: skip
    assert (entry.from_text, entry.urgency) == ("นางสาวนิด ใจดี", "ด่วน")
    assert entry.note == "รับพร้อมเอกสารตัวจริง"
    assert entry.action == "ส่งให้ กลุ่มงานการเงิน"
    assert house.boxes(entry.id) == [FINANCE_BOX]


def test_naming_the_entity_does_not_make_an_unproven_sender_one_that_is_acknowledged(
    house: House, mail: Mails
):
    trust = Trust(Means.DKIM, domain="gmail.example")
    waiting = house.one(mail(**CITIZEN | {"trust": trust}))
    entry = take(house, waiting.letter_id, from_entity="dla")

    assert entry.from_text == house.dla.name
    assert house.jobs(Job.ACKNOWLEDGEMENT) == []


def test_a_letter_that_no_program_can_read_is_registered_by_hand(house: House, mail: Mails):
    message = mail(
        parsed=False, text="", own_text="", subject="", sender="", senders=(), trust=NOBODY
    )
    waiting = house.one(message)
    with house.database.write() as session:
        unseal.unseal(session, house.desk, str(waiting.letter_id), OFFICER)
    entry = take(house, waiting.letter_id, subject="หนังสือร้องเรียน", from_text="ไม่ปรากฏชื่อ")

    assert (entry.number, entry.subject, entry.from_text) == (1, "หนังสือร้องเรียน", "ไม่ปรากฏชื่อ")
    assert entry.original_sha256 == message.raw_sha256


@pytest.mark.parametrize(
    ("corrections", "error"),
    [
        ({"letter_number": "ไม่ใช่เลข"}, NotUnderstood),
        ({"urgency": "เร็วมาก"}, NotUnderstood),
        ({"unit": "nowhere"}, NotFound),
        ({"from_entity": "nobody"}, NotFound),
        ({"number": 7}, TypeError),
    ],
)
def test_a_wrong_correction_takes_no_number(house: House, mail: Mails, corrections, error):
    waiting = house.one(mail(**CITIZEN))
    with pytest.raises(error):
        take(house, waiting.letter_id, **corrections)

    assert house.letter(waiting.letter_id).state == "waiting"
    assert take(house, waiting.letter_id).number == 1


def test_who_comes_second_hears_who_was_first(house: House, mail: Mails):
    waiting = house.one(mail(**CITIZEN))
    take(house, waiting.letter_id)

    with pytest.raises(Conflict, match=OFFICER) as second:
        take(house, waiting.letter_id, SECRET_OFFICER)
    assert OFFICER in second.value.thai


def test_of_two_officers_who_accept_together_one_wins(house: House, mail: Mails):
    waiting = house.one(mail(**CITIZEN))
    start = Barrier(2)

    def press(by: str) -> object:
        start.wait(10)
        try:
            return take(house, waiting.letter_id, by)
        except Conflict as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(press, (OFFICER, SECRET_OFFICER)))

    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Entry"]
    assert len(house.received()) == 1


@pytest.mark.parametrize("by", [CLERK, "nobody@phrae.example", "town@town.example"])
def test_only_an_officer_of_the_entity_accepts(house: House, mail: Mails, by):
    with house.database.write() as session:
        directory.add_officer(
            session,
            house.town.id,
            email="town@town.example",
            role=Role.OFFICER,
            at=house.clock.now(),
        )
    waiting = house.one(mail(**CITIZEN))

    with pytest.raises(NotAllowed):
        take(house, waiting.letter_id, by)


def test_an_unknown_letter_is_not_found(house: House):
    with pytest.raises(NotFound):
        take(house, "a" * 16)


def test_a_secret_letter_is_for_its_own_officer(house: House, mail: Mails):
    held = house.one(mail(subject="[ลับ] แผน"))
    with pytest.raises(NotAllowed):
        take(house, held.letter_id)

    entry = take(house, held.letter_id, SECRET_OFFICER)
    assert (entry.series, entry.number, entry.secrecy) == ("secret", 1, "ลับ")
    assert house.jobs(Job.COPY) == []


def test_a_marking_that_was_none_is_taken_off(house: House, mail: Mails):
    held = house.one(mail(subject="[ลับ] ขอเชิญงานเลี้ยง"))
    entry = take(house, held.letter_id, SECRET_OFFICER, secrecy=None)

    assert (entry.series, entry.secrecy) == ("ordinary", None)


def test_returning_tells_a_proven_listed_sender_why(house: House, mail: Mails):
    house.settle(receive="by_officer")
    waiting = house.one(mail())
    send_back(house, waiting.letter_id)

    letter = house.letter(waiting.letter_id)
    assert (letter.state, letter.return_reason) == ("returned", "ไม่ใช่เรื่องของจังหวัด")
    (job,) = house.jobs(Job.ACKNOWLEDGEMENT)
    assert (job.facts["act"], job.facts["reason"]) == ("returned", "ไม่ใช่เรื่องของจังหวัด")
    assert house.received() == []


def test_a_defective_letter_is_told_as_wrong(house: House, mail: Mails):
    house.settle(receive="by_officer")
    send_back(house, house.one(mail()).letter_id, wrong=True)

    assert house.acknowledged("wrong") == [DLA]


def test_returning_tells_no_stranger(house: House, mail: Mails):
    send_back(house, house.one(mail(**CITIZEN)).letter_id)

    assert house.jobs(Job.ACKNOWLEDGEMENT) == house.jobs(Job.NOTICE) == []


def test_what_was_returned_cannot_be_accepted(house: House, mail: Mails):
    waiting = house.one(mail(**CITIZEN))
    send_back(house, waiting.letter_id)

    with pytest.raises(Conflict, match=OFFICER):
        take(house, waiting.letter_id)


def test_a_return_needs_a_reason(house: House, mail: Mails):
    waiting = house.one(mail(**CITIZEN))
    assert waiting.letter_id is not None
    with pytest.raises(ValueError), house.database.write() as session:
        return_letter(session, house.desk, waiting.letter_id, OFFICER, "  ")


def test_a_returned_letter_that_comes_again_is_shown_again(house: House, mail: Mails):
    fields = {"raw": "same", "message_id": "<1@x>", "text": "same"}
    waiting = house.one(mail(**CITIZEN, **fields))
    send_back(house, waiting.letter_id)
    again = house.one(mail(**CITIZEN, **fields))

    assert again.state == "waiting"
    assert "เคยส่งคืน" in house.letter(again.letter_id).why_waiting


def test_an_accepted_answer_keeps_its_signal_as_a_suggestion(house: House, mail: Mails):
    sent = house.sent()
    tag = reply_tag(house.desk.keys, sent.id)
    waiting = house.one(mail(trust=NOBODY, recipients=(f"saraban+{tag}@phrae.example",)))
    entry = take(house, waiting.letter_id)

    (link,) = entry.links
    assert (link.relation, link.entry, link.confirmed) == ("answers", sent.id, False)
