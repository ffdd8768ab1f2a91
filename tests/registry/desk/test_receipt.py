"""How far our letter has come, told by machines and in a person's few words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.desk.receipt import MOST, read_words
from registry.letter.delivery import DeliveryState
from registry.letter.message import Means, Receipt, Trust
from registry.letter.sorting import Kind
from registry.models.letters import NoteRow
from registry.outbox import Kind as Job
from registry.thai.numerals import to_thai
from registry.tokens import reply_tag
from tests.registry.desk.conftest import CLERK, DLA, NOBODY, TOWN, House, Mails, pdf

TOWN_TRUST = Trust(Means.DKIM, domain="town.example")


def state(house: House, entry_id: str) -> tuple[str, str]:
    delivery = house.entry(entry_id).deliveries[0]
    return str(delivery.state), delivery.remote_number


def test_a_machines_receipt_sets_state_and_number_and_takes_none(house: House, mail: Mails):
    sent = house.sent()
    receipt = Receipt("registered", str(sent.message_id), number="๒๒๓๑", year=2568)
    outcome = house.one(mail(receipt=receipt, automatic=True, mail_from=""))

    assert (outcome.kind, outcome.state, outcome.number) == (
        Kind.ACKNOWLEDGEMENT,
        "acknowledgement",
        None,
    )
    assert state(house, sent.id) == ("registered", "2231/2568")
    assert house.received() == []
    assert house.jobs(Job.ACKNOWLEDGEMENT) == []


def test_an_unproven_receipt_changes_nothing_and_is_kept(house: House, mail: Mails):
    sent = house.sent()
    receipt = Receipt("registered", str(sent.message_id), number="1")
    outcome = house.one(mail(receipt=receipt, trust=NOBODY))

    assert outcome.state == "acknowledgement"
    assert state(house, sent.id) == ("sent", "")


def test_a_receipt_of_somebody_else_changes_nothing(house: House, mail: Mails):
    sent = house.sent(to=[DLA])
    receipt = Receipt("registered", str(sent.message_id), number="1")
    house.one(mail(receipt=receipt, sender=TOWN, trust=TOWN_TRUST))

    assert state(house, sent.id) == ("sent", "")


def test_a_receipt_of_one_addressee_leaves_the_others_alone(house: House, mail: Mails):
    sent = house.sent(to=[DLA, TOWN])
    house.one(mail(receipt=Receipt("arrived", str(sent.message_id)), sender=TOWN, trust=TOWN_TRUST))

    assert [str(one.state) for one in house.entry(sent.id).deliveries] == ["sent", "arrived"]


@pytest.mark.parametrize("act", ["returned", "wrong"])
def test_a_letter_sent_back_is_told_to_its_clerk(house: House, mail: Mails, act):
    sent = house.sent()
    house.one(mail(receipt=Receipt(act, str(sent.message_id), reason="ส่งผิดหน่วยงาน")))

    assert state(house, sent.id)[0] == act
    assert house.told("letter_returned") == [CLERK]


def test_arrived_does_not_undo_registered(house: House, mail: Mails):
    sent = house.sent()
    house.one(mail(receipt=Receipt("registered", str(sent.message_id), number="9", year=2568)))
    house.one(mail(receipt=Receipt("arrived", str(sent.message_id))))

    assert state(house, sent.id) == ("registered", "9/2568")


def test_a_wrong_number_is_noted_on_our_entry(house: House, mail: Mails):
    first = house.one(mail(message_id="<theirs@dla.example>"))
    receipt = Receipt("wrong_number", "<theirs@dla.example>", number="7", reason="เลขไม่ตรง")
    house.one(mail(receipt=receipt))

    (note,) = house.rows(NoteRow, entry_id=first.entry_id)
    assert "เลขรับไม่ถูกต้อง" in note.text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ได้รับแล้วค่ะ เลขรับ ๑๒๓๔", (DeliveryState.REGISTERED, "1234")),
        ("ลงรับแล้วครับ เลขที่รับ 55/2568", (DeliveryState.REGISTERED, "55/2568")),
        ("ลงรับที่ ๗๘", (DeliveryState.REGISTERED, "78")),
        ("ลงรับแล้ว ที่ 1234", (DeliveryState.REGISTERED, "1234")),
        ("รับทราบแล้ว เลขรับที่ ๑๒๓๔/๒๕๖๙", (DeliveryState.REGISTERED, "1234/2569")),
        ("ลงรับเรียบร้อยแล้วค่ะ เลขที่ 15 ขอบคุณค่ะ", (DeliveryState.REGISTERED, "15")),
        ("Received no. 1234", (DeliveryState.REGISTERED, "1234")),
        ("Registered under number 55, thank you", (DeliveryState.REGISTERED, "55")),
        ("Received with thanks.", (DeliveryState.ARRIVED, "")),
        ("ลงรับแล้ว 3 ฉบับ", (DeliveryState.ARRIVED, "")),
        ("ลงรับแล้ว 10.30 น.", (DeliveryState.ARRIVED, "")),
        ("ได้รับแล้ววันที่ 5", (DeliveryState.ARRIVED, "")),
        ("ได้รับเรียบร้อยแล้วค่ะ ขอบคุณค่ะ", (DeliveryState.ARRIVED, "")),
        ("ได้รับแล้ว\n-- \nน.ส.กรุณา โทร 02-247-8000", (DeliveryState.ARRIVED, "")),
    ],
)
def test_a_persons_few_words_are_read(words, expected):
    said = read_words(words)

    assert said is not None
    assert (said.state, said.number) == expected


@pytest.mark.parametrize(
    "words",
    [
        "ยังไม่ได้รับค่ะ",
        "ได้รับแล้ว แต่เปิดไฟล์ไม่ได้",
        "ได้รับแล้ว ขอไฟล์ต้นฉบับด้วย",
        "ได้รับหรือยังคะ?",
        "รบกวนส่งเลขรับให้ด้วย",
        "รับทราบ",
        "รับทราบแล้ว",
        "เมื่อได้รับแล้วจะแจ้งเลขรับ",
        "หนังสือเลขรับ 12 ส่งคืนค่ะ",
        "We have not received it",
        "Please tell us when received",
        "",
        "ได้รับแล้ว " + "ก" * 200,
    ],
)
def test_words_that_need_a_reader_are_no_acknowledgement(words):
    assert read_words(words) is None


def test_a_persons_answer_to_the_token_sets_the_state(house: House, mail: Mails):
    sent = house.sent()
    tag = reply_tag(house.desk.keys, sent.id)
    outcome = house.one(
        mail(text="ได้รับแล้วค่ะ เลขรับ ๑๒๓๔", recipients=(f"saraban+{tag}@phrae.example",))
    )

    assert (outcome.kind, outcome.number) == (Kind.ACKNOWLEDGEMENT, None)
    assert state(house, sent.id) == ("registered", "1234")


def test_a_colleague_of_the_addressee_may_say_it(house: House, mail: Mails):
    sent = house.sent()
    house.one(mail(sender="napa@dla.example", text="ได้รับแล้วค่ะ", references=(str(sent.message_id),)))

    assert state(house, sent.id)[0] == "arrived"


def test_a_stranger_may_not(house: House, mail: Mails):
    sent = house.sent()
    outcome = house.one(
        mail(sender="x@evil.example", text="ได้รับแล้วค่ะ", references=(str(sent.message_id),))
    )

    assert outcome.state == "waiting"
    assert state(house, sent.id)[0] == "sent"


def test_the_same_words_with_a_file_are_a_letter(house: House, mail: Mails):
    sent = house.sent()
    outcome = house.one(
        mail(text="ลงรับแล้ว เลขรับ 5", references=(str(sent.message_id),), parts=[pdf()])
    )

    assert (outcome.kind, outcome.state) == (Kind.LETTER, "registered")
    assert state(house, sent.id)[0] == "sent"


def test_the_same_words_about_nothing_of_ours_are_a_letter(house: House, mail: Mails):
    assert house.one(mail(text="ได้รับแล้วค่ะ")).kind is Kind.LETTER


@given(
    st.sampled_from(["ได้รับแล้วค่ะ เลขรับ", "ลงรับแล้ว ที่", "เลขทะเบียนรับ:", "received no."]),
    st.integers(1, 9_999_999),
    st.sampled_from(["", "/2568", " / 2569"]),
    st.booleans(),
)
def test_whatever_the_number_is_it_is_read_in_either_digits(words, number, year, in_thai):
    text = f"{words} {number}{year}"
    said = read_words(to_thai(text) if in_thai else text)

    assert said is not None
    assert said.number == f"{number}{year.replace(' ', '')}"


@given(st.text(max_size=400))
def test_no_words_are_too_odd_to_be_read_and_long_ones_are_for_people(text):
    said = read_words(text)

    assert said is None or len(text.strip()) == 0 or said.state in set(DeliveryState)
    assert read_words("ได้รับแล้ว " + "ก" * MOST + text) is None


def registered(sent, at="2025-10-03T11:00:00+07:00", number="7"):
    return Receipt("registered", str(sent.message_id), number=number, year=2568, at=at)


def test_a_receipt_sent_on_again_by_whomever_moves_nothing(house: House, mail: Mails, clock):
    """Its signature holds for ever; what it says was true once."""
    sent = house.sent()
    clock.advance(timedelta(hours=2))
    back = Receipt("returned", str(sent.message_id), reason="ผิด", at="2025-10-03T10:50:00+07:00")
    house.one(mail(receipt=back, raw="old", message_id="<old@dla.example>"))
    house.one(mail(receipt=registered(sent)))
    house.one(mail(receipt=back, raw="old", message_id="<old@dla.example>"))

    assert state(house, sent.id) == ("registered", "7/2568")
    assert house.told("letter_returned") == [CLERK]
    assert len(house.history(sent.id)) == 3


def test_a_receipt_that_came_unproven_first_counts_when_it_comes_proven(house: House, mail: Mails):
    sent = house.sent()
    same = {"receipt": registered(sent, ""), "raw": "same", "message_id": "<same@dla.example>"}
    house.one(mail(trust=NOBODY, **same))
    house.one(mail(**same))

    assert state(house, sent.id) == ("registered", "7/2568")


def test_of_two_contrary_receipts_the_one_made_later_holds(house: House, mail: Mails, clock):
    sent = house.sent()
    clock.advance(timedelta(hours=2))
    later = Receipt("returned", str(sent.message_id), at="2025-10-03T12:00:00+07:00")
    house.one(mail(receipt=later))
    house.one(mail(receipt=registered(sent)))

    assert state(house, sent.id)[0] == "returned"
    assert "ไม่เปลี่ยนสถานะ" in house.history(sent.id)[-1]


def test_a_receipt_from_the_future_does_not_silence_those_to_come(house: House, mail: Mails):
    sent = house.sent()
    mad = Receipt("returned", str(sent.message_id), at="2999-01-01T00:00:00+07:00")
    house.one(mail(receipt=mad))
    house.one(mail(receipt=registered(sent)))

    assert state(house, sent.id)[0] == "registered"


@pytest.mark.parametrize("at", ["", "soon", "2025-10-03T11:00:00", "0000-00-00"])
def test_a_receipt_without_a_usable_time_counts_as_it_comes(house: House, mail: Mails, at):
    sent = house.sent()
    house.one(mail(receipt=Receipt("returned", str(sent.message_id), at=at)))
    house.one(mail(receipt=registered(sent, at)))

    assert state(house, sent.id)[0] == "registered"


def test_a_person_who_merely_mentions_a_number_in_a_letter_wrote_a_letter(
    house: House, mail: Mails
):
    sent = house.sent()
    text = "ตามหนังสือเลขรับ 12 ที่ได้รับแล้วนั้น ขอให้จังหวัดจัดส่งบัญชีรายชื่อเพิ่มเติมภายในวันที่ 5"
    outcome = house.one(mail(text=text, references=(str(sent.message_id),)))

    assert outcome.kind is Kind.LETTER
    assert state(house, sent.id)[0] == "sent"
