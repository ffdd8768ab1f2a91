"""What mail programs say they did with our letter: noted, and no more."""

from registry.letter.report import Report
from registry.letter.sorting import Kind
from registry.models.outgoing import OutboxRow
from tests.registry.desk.conftest import DLA, House, Mails, pdf


def test_a_read_receipt_is_a_line_of_history_and_no_bounce(house: House, mail: Mails):
    """It has the null sender and returns our header, as a bounce has."""
    sent = house.sent()
    report = Report("displayed", DLA, message_id=str(sent.message_id), disposition=True)
    parts = [pdf(claimed_type="message/disposition-notification", media_type="text/plain")]
    outcome = house.one(
        mail(automatic=True, mail_from="", reports=(report,), parts=parts, text="เปิดอ่านแล้ว")
    )

    assert (outcome.kind, outcome.state) == (Kind.AUTOMATIC, "automatic")
    assert [str(one.state) for one in house.entry(sent.id).deliveries] == ["sent"]
    assert house.history(sent.id) == [f"โปรแกรมของผู้รับแจ้งว่าเปิดอีเมลแล้ว – {DLA}"]
    assert house.rows(OutboxRow, kind="notice") == []


def test_a_read_receipt_about_nothing_of_ours_is_kept_and_nothing_else(house: House, mail: Mails):
    sent = house.sent()
    report = Report("displayed", DLA, message_id="<other@phrae.example>", disposition=True)
    outcome = house.one(mail(automatic=True, mail_from="", reports=(report,)))

    assert outcome.state == "automatic"
    assert house.history(sent.id) == []


def test_a_letter_that_calls_itself_a_read_receipt_is_a_letter(house: House, mail: Mails):
    sent = house.sent()
    report = Report("displayed", DLA, message_id=str(sent.message_id), disposition=True)
    outcome = house.one(mail(automatic=True, reports=(report,), parts=[pdf()]))

    assert outcome.kind is Kind.UNCLEAR
