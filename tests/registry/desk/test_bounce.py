"""Letters that came back."""

import pytest

from registry import directory
from registry.letter.sorting import Kind
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryEventRow, OutboxRow
from registry.outbox import Kind as Job
from registry.tokens import reply_tag
from tests.registry.desk.conftest import CLERK, DLA, NOBODY, OFFICER, PHRAE, TOWN, House, Mails

GONE = "550 5.1.1 <saraban@dla.example>: user unknown"


def bounce(mail: Mails, **fields):
    fields = {"trust": NOBODY, "sender": "mailer-daemon@mx.example", "mail_from": ""} | fields
    return mail(
        bounce=True, automatic=True, subject="Undelivered Mail", bounce_detail=GONE, **fields
    )


def states(house: House, entry_id: str) -> list[str]:
    return [str(one.state) for one in house.entry(entry_id).deliveries]


def bounce_address(house: House, to: str) -> str:
    (job,) = house.rows(OutboxRow, to_address=to, kind="letter")
    return f"saraban+{reply_tag(house.desk.keys, job.id, 'b')}@phrae.example"


def test_a_bounce_finds_its_delivery_by_its_tag(house: House, mail: Mails):
    sent = house.sent(to=[DLA, TOWN])
    outcome = house.one(bounce(mail, recipients=(bounce_address(house, TOWN),)))

    assert (outcome.kind, outcome.state, outcome.number) == (Kind.BOUNCE, "bounce", None)
    assert states(house, sent.id) == ["sent", "bounced"]
    (event,) = house.rows(DeliveryEventRow, state="bounced")
    assert event.detail == GONE


def test_its_clerk_is_told_and_nobody_is_answered(house: House, mail: Mails):
    house.sent()
    house.one(bounce(mail, recipients=(bounce_address(house, DLA),)))

    assert house.told("send_failed") == [CLERK]
    assert house.jobs(Job.ACKNOWLEDGEMENT) == []


def test_without_a_tag_the_returned_message_id_tells(house: House, mail: Mails):
    sent = house.sent()
    house.one(bounce(mail, bounced_message_id=sent.message_id))

    assert states(house, sent.id) == ["bounced"]


def test_of_several_addressees_the_one_complained_about_bounced(house: House, mail: Mails):
    sent = house.sent(to=[TOWN, DLA])
    house.one(bounce(mail, bounced_message_id=sent.message_id))

    assert states(house, sent.id) == ["sent", "bounced"]


def test_an_unknown_bounce_is_kept_and_nothing_else(house: House, mail: Mails):
    outcome = house.one(bounce(mail, bounced_message_id="<never@ours>"))

    assert outcome.state == "bounce"
    assert house.rows(OutboxRow) == []


def test_a_forged_bounce_tag_moves_nothing(house: House, mail: Mails):
    sent = house.sent()
    house.one(bounce(mail, recipients=(f"saraban+b-{'a' * 33}@phrae.example",)))

    assert states(house, sent.id) == ["sent"]


@pytest.mark.parametrize(
    "detail",
    [
        "4.4.7 delivery delayed, will retry",
        "action: delayed; status: 4.4.1",
        "action: delivered; status: 2.0.0",
        "action: relayed; status: 2.0.0; diagnostic-code: smtp; 250 5.1.1 is no status",
    ],
)
def test_a_report_of_delay_or_success_changes_nothing(house: House, mail: Mails, detail):
    sent = house.sent()
    message = mail(
        bounce=True, mail_from="", trust=NOBODY, sender="mailer-daemon@mx.example",
        bounced_message_id=sent.message_id, bounce_detail=detail,
    )  # fmt: skip
    house.one(message)

    assert states(house, sent.id) == ["sent"]
    assert house.told("send_failed") == []


def test_a_letter_given_up_after_delays_has_bounced(house: House, mail: Mails):
    sent = house.sent()
    told = "final-recipient: rfc822; saraban@dla.example; action: failed; status: 4.4.1"
    message = mail(
        bounce=True, mail_from="", trust=NOBODY, sender="mailer-daemon@mx.example",
        bounced_message_id=sent.message_id, bounce_detail=told,
    )  # fmt: skip
    house.one(message)

    assert states(house, sent.id) == ["bounced"]


def test_a_vacation_mail_to_the_bounce_address_is_no_bounce(house: House, mail: Mails):
    """Vacation programs answer the envelope sender (RFC 3834 §4)."""
    sent = house.sent()
    message = mail(
        bounce=True, automatic=True, mail_from="", text="ลาพักผ่อน",
        recipients=(bounce_address(house, DLA),),
    )  # fmt: skip

    assert house.one(message).state == "automatic"
    assert states(house, sent.id) == ["sent"]


def test_a_bounce_after_the_addressee_answered_changes_nothing(house: House, mail: Mails):
    from registry.letter.message import Receipt

    sent = house.sent()
    house.one(mail(receipt=Receipt("registered", str(sent.message_id), number="3", year=2568)))
    house.one(bounce(mail, bounced_message_id=sent.message_id))

    assert states(house, sent.id) == ["registered"]


def test_a_copy_that_came_back_is_told_to_the_officers(house: House, mail: Mails):
    with house.database.write() as session:
        directory.set_default_unit(session, house.phrae.id, "local")
    house.one(mail())
    (copy,) = house.jobs(Job.COPY)
    house.one(bounce(mail, bounced_message_id=copy.message_id))

    assert house.told("send_failed") == [OFFICER]


def test_a_notice_that_came_back_makes_no_other(house: House, mail: Mails):
    """Else a full mailbox of an officer would write mails for ever."""
    house.sent()
    house.one(bounce(mail, recipients=(bounce_address(house, DLA),)))
    (notice,) = house.jobs(Job.NOTICE)
    house.one(bounce(mail, bounced_message_id=notice.message_id))

    assert len(house.jobs(Job.NOTICE)) == 1


def test_a_bounce_to_the_plain_address_never_waits_for_an_officer(house: House, mail: Mails):
    house.one(bounce(mail, recipients=(PHRAE,)))

    assert house.rows(LetterRow, state="waiting") == []


def test_a_vacation_mail_never_becomes_anything(house: House, mail: Mails):
    outcome = house.one(mail(automatic=True, subject="ไม่อยู่ที่สำนักงาน", text="ลาพักผ่อน"))

    assert (outcome.kind, outcome.state, outcome.number) == (Kind.AUTOMATIC, "automatic", None)
    assert house.rows(OutboxRow) == []


def test_an_empty_answer_never_becomes_anything(house: House, mail: Mails):
    outcome = house.one(mail(text="", subject="Re: ขอเชิญ", references=("<a@b>",)))

    assert outcome.state == "automatic"
