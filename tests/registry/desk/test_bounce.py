"""Letters that came back, or are late: who is believed, and what people hear."""

from datetime import timedelta

import pytest

from registry import directory
from registry.letter.message import Receipt
from registry.letter.report import Report
from registry.letter.sorting import Kind
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryEventRow, OutboxRow
from registry.outbox import Kind as Job
from registry.tokens import reply_tag
from tests.registry.desk.conftest import CLERK, DLA, NOBODY, OFFICER, PHRAE, TOWN, House, Mails, pdf

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
    assert event.detail.startswith("ส่งไม่ถึงผู้รับ: ไม่มีที่อยู่อีเมลนี้")
    assert event.detail.endswith(GONE)


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
    sent = house.sent()
    house.one(mail(receipt=Receipt("registered", str(sent.message_id), number="3", year=2568)))
    house.one(bounce(mail, bounced_message_id=sent.message_id))

    assert states(house, sent.id) == ["registered"]


def test_a_copy_that_came_back_is_told_to_the_officers(house: House, mail: Mails):
    with house.database.write() as session:
        directory.set_default_unit(session, house.phrae.id, "local")
    house.one(mail())
    (copy,) = house.jobs(Job.COPY)
    house.left(copy.id)
    house.one(bounce(mail, bounced_message_id=copy.message_id))

    assert house.told("send_failed") == [OFFICER]


def test_a_notice_that_came_back_makes_no_other(house: House, mail: Mails):
    """Else a full mailbox of an officer would write mails for ever."""
    house.sent()
    house.one(bounce(mail, recipients=(bounce_address(house, DLA),)))
    (notice,) = house.jobs(Job.NOTICE)
    house.left(notice.id)
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


def reported(mail: Mails, *reports: Report, **fields):
    """A notification of a server, as it is read."""
    fields = {"trust": NOBODY, "sender": "mailer-daemon@mx.example", "mail_from": ""} | fields
    return mail(bounce=True, automatic=True, subject="Delivery", reports=reports, **fields)


def test_each_recipient_of_one_report_has_its_own_line_and_state(house: House, mail: Mails):
    sent = house.sent(to=[DLA, TOWN])
    message = reported(
        mail,
        Report("failed", DLA, status="5.2.2", diagnostic="552 5.2.2 over quota", remote="mx.dla"),
        Report("delivered", TOWN, status="2.0.0"),
        bounced_message_id=sent.message_id,
    )
    house.one(message)

    assert states(house, sent.id) == ["bounced", "sent"]
    lines = {row.delivery_id: row.detail for row in house.rows(DeliveryEventRow)}
    assert [lines[one.id] for one in house.entry(sent.id).deliveries] == [
        f"ส่งไม่ถึงผู้รับ: กล่องอีเมลของผู้รับเต็ม โปรดแจ้งผู้รับทางโทรศัพท์ – {DLA} 552 5.2.2 over quota (mx.dla)",
        f"ระบบปลายทางแจ้งว่าส่งถึงกล่องอีเมลของผู้รับแล้ว – {TOWN} 2.0.0",
    ]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_no_failure_is_a_line_of_history_and_no_state(house: House, mail: Mails, action):
    sent = house.sent()
    report = Report(action, DLA, status="4.4.7" if action == "delayed" else "2.0.0")
    house.one(reported(mail, report, recipients=(bounce_address(house, DLA),)))

    assert states(house, sent.id) == ["sent"]
    (line,) = house.history(sent.id)
    assert line.startswith(report.thai)
    assert house.told("send_failed") == []


def test_the_same_delay_told_every_hour_is_one_line(house: House, mail: Mails):
    sent = house.sent()
    for _ in range(5):
        report = Report("delayed", DLA, status="4.4.1")
        house.one(reported(mail, report, recipients=(bounce_address(house, DLA),)))

    assert len(house.history(sent.id)) == 1


def test_our_envelope_id_finds_the_job_where_no_tag_and_no_header_came_back(
    house: House, mail: Mails
):
    sent = house.sent(to=[DLA, TOWN])
    (job,) = house.rows(OutboxRow, to_address=TOWN, kind="letter")
    house.one(reported(mail, Report("failed", "alias@other.example", envelope_id=job.id)))

    assert states(house, sent.id) == ["sent", "bounced"]


def test_the_envelope_id_of_another_entity_moves_nothing(house: House, mail: Mails):
    sent = house.sent()
    (job,) = house.rows(OutboxRow, kind="letter")
    report = Report("failed", DLA, envelope_id=job.id)
    house.one(reported(mail, report, recipients=(TOWN,)))

    assert states(house, sent.id) == ["sent"]


def test_a_genuine_tag_from_a_stranger_is_believed_of_its_own_job_only(house: House, mail: Mails):
    """Every addressee has seen a tag: it must not speak for the others of a circular."""
    sent = house.sent(to=[DLA, TOWN])
    message = reported(
        mail, Report("failed", TOWN), Report("failed", DLA), sender="x@evil.example",
        recipients=(bounce_address(house, TOWN),), bounced_message_id=sent.message_id,
    )  # fmt: skip
    house.one(message)

    assert states(house, sent.id) == ["sent", "bounced"]


def test_a_genuine_tag_is_not_believed_after_thirty_days(house: House, mail: Mails, clock):
    sent = house.sent()
    address = bounce_address(house, DLA)
    clock.advance(timedelta(days=31))
    house.one(reported(mail, Report("failed", DLA), recipients=(address,)))

    assert states(house, sent.id) == ["sent"]
    assert house.told("send_failed") == []


def test_a_genuine_tag_of_a_letter_that_never_left_is_not_believed(house: House, mail: Mails):
    sent = house.sent()
    address = bounce_address(house, DLA)
    with house.database.write() as session:
        (row,) = session.query(OutboxRow).filter_by(kind="letter")
        row.state, row.tries, row.done_at = "queued", 0, None
    house.one(reported(mail, Report("failed", DLA), recipients=(address,)))

    assert states(house, sent.id) == ["sent"]


def test_a_strangers_report_is_undone_by_the_addressees_receipt(house: House, mail: Mails):
    sent = house.sent()
    address = bounce_address(house, DLA)
    house.one(reported(mail, Report("failed", DLA), recipients=(address,)))
    house.one(mail(receipt=Receipt("registered", str(sent.message_id), number="3", year=2568)))

    assert states(house, sent.id) == ["registered"]


def test_a_stranger_cannot_make_a_letter_look_arrived(house: House, mail: Mails):
    sent = house.sent()
    address = bounce_address(house, DLA)
    house.one(reported(mail, Report("delivered", DLA, status="2.0.0"), recipients=(address,)))

    assert states(house, sent.id) == ["sent"]


def test_a_person_who_writes_to_a_bounce_address_wrote_a_letter(house: House, mail: Mails):
    sent = house.sent()
    outcome = house.one(mail(recipients=(bounce_address(house, DLA),), parts=[pdf()]))

    assert outcome.kind is Kind.LETTER
    assert states(house, sent.id) == ["sent"]
