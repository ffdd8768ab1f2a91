"""People answer as people do: with a logo, in HTML, from home, in a few words, or as citizens."""

import io
from email import policy
from email.message import EmailMessage
from pathlib import Path

import segno

from registry.letter.entry import Entry
from tests.journeys.installation import mail
from tests.journeys.programs import swaks
from tests.journeys.province import (
    CENTRAL,
    CLERK,
    DLA,
    NAN,
    OFFICER,
    PDF,
    UNIT,
    Province,
    text_of,
)

LOGO = io.BytesIO()
segno.make("พร").save(LOGO, kind="png")
CITIZEN = "somsak@mail.example"


def received(province: Province, folder: Path, subject: str) -> tuple[Entry, EmailMessage]:
    swaks(folder, province.postfix.port, DLA, CENTRAL, subject, "เรียน ผู้ว่าราชการจังหวัดแพร่")
    return province.entry("received", subject), province.mail(UNIT, subject)


def post(province: Province, message: EmailMessage) -> None:
    """Hand a mail to the agency's server."""
    sender = message["From"].addresses[0].addr_spec
    to = [box.addr_spec for box in message["To"].addresses]
    province.postfix.send(sender, to, message.as_bytes(policy=policy.SMTP))


def answer_to(copy: EmailMessage, sender: str, text: str) -> EmailMessage:
    message = mail(sender, str(copy["Reply-To"] or copy["From"]), f"ตอบ: {copy['Subject']}", text)
    message["In-Reply-To"] = message["References"] = copy["Message-ID"]
    return message


def submitted(province: Province, subject: str, *to: str) -> EmailMessage:
    """Send a letter as a clerk; give it as it lies in the first mailbox."""
    message = mail(CLERK, ", ".join(to), subject)
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="ก.pdf")
    province.office.submit(message, CLERK, *to)
    return province.mail(to[0], subject)


def test_a_word_with_the_logo_of_the_office_below_is_a_note(province: Province, tmp_path: Path):
    entry, copy = received(province, tmp_path, "แจ้งวันหยุด")
    message = answer_to(copy, CLERK, "รับทราบค่ะ\n")
    message.add_alternative('<p>รับทราบค่ะ</p><img src="cid:logo@pc7">', subtype="html")
    message.get_payload()[1].add_related(  # type: ignore[index, union-attr]
        LOGO.getvalue(), "image", "png", cid="<logo@pc7>", filename="image001.png"
    )
    post(province, message)
    province.office.wait(lambda: province.office.notes(entry.id))
    assert province.office.notes(entry.id) == ["รับทราบค่ะ"]
    assert province.office.waiting() == []


def test_a_word_in_html_alone_above_the_whole_letter_is_a_note_of_that_word(
    province: Province, tmp_path: Path
):
    entry, copy = received(province, tmp_path, "แจ้งการประชุม")
    message = answer_to(copy, CLERK, "")
    quoted = text_of(copy).replace("\n", "<br>")
    message.set_content(
        f"<div>ทราบ มอบ ฝ่าย แผนฯ</div><br><div>เมื่อ ศ. 3 ต.ค. 2568 {copy['From']} เขียนว่า:</div>"
        f"<blockquote>{quoted}</blockquote>", subtype="html",
    )  # fmt: skip
    post(province, message)
    province.office.wait(lambda: province.office.notes(entry.id))
    assert province.office.notes(entry.id) == ["ทราบ มอบ ฝ่าย แผนฯ"]


def test_an_agency_without_this_system_says_its_receive_number_in_words(province: Province):
    letter = submitted(province, "ขอเชิญเป็นวิทยากร", DLA)
    before = len(province.office.entries("received"))
    post(province, answer_to(letter, DLA, "ได้รับแล้ว เลขรับ ๑๒๓/๒๕๖๘\n"))
    entry = province.entry(
        "sent", "ขอเชิญเป็นวิทยากร", lambda one: one.deliveries[0].state == "registered"
    )
    assert entry.deliveries[0].remote_number.startswith("123")
    assert len(province.office.entries("received")) == before


def test_a_citizen_hears_the_number_and_is_answered_where_they_wrote_from(
    province: Province, tmp_path: Path
):
    subject = "ขอทราบความคืบหน้าถนนหน้าบ้าน"
    message = mail(f"นายสมศักดิ์ ใจดี <{CITIZEN}>", CENTRAL, subject)
    province.postfix.send(CITIZEN, [CENTRAL], message.as_bytes(policy=policy.SMTP))
    province.office.accept(subject, OFFICER)
    told = province.mail(CITIZEN, subject)
    number = province.entry("received", subject).number
    assert f"{number}/".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) in text_of(told)
    copy = province.mail(UNIT, subject)
    answer = answer_to(copy, CLERK, "เรียน นายสมศักดิ์\n\nจะซ่อมภายในเดือนนี้\n")
    answer.add_attachment(PDF, maintype="application", subtype="pdf", filename="ก.pdf")
    post(province, answer)
    province.office.accept(subject, OFFICER)
    assert "จะซ่อมภายในเดือนนี้" in text_of(province.mail(CITIZEN, "จะซ่อมภายในเดือนนี้"))


def test_a_letter_to_a_group_is_one_circular_with_a_delivery_for_each(
    province: Province, tmp_path: Path
):
    province.office.run(
        "entity", "group", "partners", "--entity", "phrae", "--member", "dla", "--member", "nan"
    )
    subject = "ซักซ้อมแนวทางปฏิบัติ"
    swaks(tmp_path, province.postfix.port, CLERK, "saraban+partners@phrae.go.th", subject, "เรียน")
    province.office.accept(subject, OFFICER)
    ours, theirs = province.mail(DLA, subject), province.mail(NAN, subject)
    assert ours["Message-ID"] == theirs["Message-ID"]
    assert ours["X-Saraban-Letter-Number"] == theirs["X-Saraban-Letter-Number"]
    entry = province.entry("sent", subject)
    assert "/ว " in entry.letter_number
    assert sorted(one.to for one in entry.deliveries) == [DLA, NAN]
