"""Number first, sign, then send (จองเลข), all by ordinary mail to saraban+number@."""

from pathlib import Path

from tests.journeys.programs import Neomutt, swaks
from tests.journeys.province import CLERK, DLA, PDF, Province, files_of, text_of
from tests.servers.waiting import wait_until

NUMBER = "saraban+number@phrae.go.th"


def test_a_number_is_asked_for_by_mail_and_the_signed_letter_leaves_under_it(
    province: Province, tmp_path: Path
):
    subject = "ขอเชิญประชุมคณะกรรมการ" + "พัฒนาระบบราชการส่วนท้องถิ่น" * 6
    swaks(tmp_path, province.postfix.port, CLERK, NUMBER, subject, "ขอเลข")
    slip = province.mail(CLERK, "ขอเชิญประชุมคณะกรรมการ")
    assert slip["Subject"].startswith("จองเลขแล้ว ที่ พร ๐๐๒๓/")
    reserved = province.entry("sent", subject)
    assert (reserved.state, reserved.letter_id) == ("reserved", None)
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(PDF)
    program = Neomutt.through(tmp_path / "pc", province.postfix.port, CLERK)
    program.answer(slip, "ลงนามแล้ว", files=(signed,), cc="saraban+dla@phrae.go.th")
    letter = province.mail(DLA, "ลงนามแล้ว")
    sent = province.entry("sent", subject, lambda entry: entry.state == "registered")
    assert (sent.id, sent.number, sent.dated) == (reserved.id, reserved.number, reserved.dated)
    assert letter["X-Saraban-Letter-Number"] == reserved.letter_number
    assert files_of(letter)["signed.pdf"] == PDF
    assert "ลงนามแล้ว" in text_of(letter)
    assert province.mail(CLERK, "ส่งแล้ว เลขที่")


def test_asking_names_the_addressees_and_an_answer_without_the_paper_sends_nothing(
    province: Province, tmp_path: Path
):
    subject = "แจ้งกำหนดการตรวจ"
    to = f"{NUMBER},saraban+dla@phrae.go.th"
    swaks(tmp_path, province.postfix.port, CLERK, to, subject, "ขอเลข")
    slip = province.mail(CLERK, f"เรื่อง  {subject}")
    program = Neomutt.through(tmp_path / "pc", province.postfix.port, CLERK)
    program.answer(slip, "ยังรอผู้ว่าราชการลงนาม")
    wait_until(
        lambda: province.office.notes(province.entry("sent", subject).id), "the words are a note"
    )
    assert province.entry("sent", subject).state == "reserved"
    assert province.mails(DLA, subject) == []
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(PDF)
    program.answer(slip, "ลงนามแล้ว", files=(signed,))
    assert province.mail(DLA, subject)
