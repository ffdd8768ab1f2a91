"""Clerks keep their mail programs: neomutt with msmtp, swaks through the agency's own Postfix."""

from pathlib import Path

import pytest

from tests.journeys.programs import Neomutt, swaks
from tests.journeys.province import (
    CENTRAL,
    CLERK,
    DLA,
    NAN,
    OFFICER,
    PDF,
    UNIT,
    Province,
    files_of,
    text_of,
)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    made = tmp_path / "หนังสือลงนาม.pdf"
    made.write_bytes(PDF)
    return made


def received(province: Province, tmp_path: Path, subject: str):
    """Let กรมส่งเสริมฯ send a letter; give its entry and the copy that lies in the unit's box."""
    swaks(tmp_path, province.postfix.port, DLA, CENTRAL, subject, "เรียน ผู้ว่าราชการจังหวัดแพร่")
    return province.entry("received", subject), province.mail(UNIT, subject)


def test_a_letter_by_neomutt_and_msmtp_is_numbered_and_reaches_the_agency(
    province: Province, tmp_path: Path, paper: Path
):
    program = Neomutt.signed_in(tmp_path / "pc", province.office, CLERK)
    program.send("ขอส่งแผนพัฒนา", "เรียน อธิบดี\n\nขอส่งแผนพัฒนา\n", DLA, files=(paper,))
    letter = province.mail(DLA, "ขอส่งแผนพัฒนา")
    entry = province.entry("sent", "ขอส่งแผนพัฒนา")
    assert entry.letter_number == f"พร 0023/{entry.number}"
    assert letter["X-Saraban-Letter-Number"] == entry.letter_number
    assert CENTRAL in letter["From"]
    assert "สมใจ" in letter["From"]
    assert files_of(letter)["หนังสือลงนาม.pdf"] == PDF
    assert province.mail(CLERK, "ขอส่งแผนพัฒนา")["Subject"].startswith("ส่งแล้ว เลขที่ พร ๐๐๒๓/")


def test_a_letter_by_swaks_to_a_dispatch_address_leaves_when_an_officer_accepts_it(
    province: Province, tmp_path: Path, paper: Path
):
    subject = "รายงานผลการดำเนินงาน"
    to = "saraban+dla@phrae.go.th"
    swaks(tmp_path, province.postfix.port, CLERK, to, subject, "เรียน อธิบดี", paper)
    assert "รอออกเลข" in province.mail(CLERK, subject)["Subject"]
    assert province.mails(DLA, subject) == []
    province.office.accept(subject, OFFICER)
    letter, entry = province.mail(DLA, subject), province.entry("sent", subject)
    assert letter["X-Saraban-Letter-Number"] == entry.letter_number
    assert PDF in files_of(letter).values()
    assert province.mail(CLERK, "ส่งแล้ว เลขที่")
    assert [one.to for one in entry.deliveries] == [DLA]


def test_a_letter_that_the_server_splits_by_recipient_is_one_letter_to_both(
    province: Province, tmp_path: Path, paper: Path
):
    subject = "ขอเชิญประชุมร่วม"
    program = Neomutt.through(tmp_path / "pc", province.postfix.port, CLERK)
    to = ("saraban+dla@phrae.go.th", "saraban+nan@phrae.go.th")
    program.send(subject, "เรียน ตามรายชื่อ\n", *to, files=(paper,))
    province.office.accept(subject, OFFICER)
    assert province.mail(DLA, subject)["Message-ID"] == province.mail(NAN, subject)["Message-ID"]
    province.office.wait(province.at_rest)
    [entry] = [one for one in province.office.entries("sent") if one.subject == subject]
    assert sorted(one.to for one in entry.deliveries) == [DLA, NAN]
    assert province.office.waiting() == []
    assert len(province.mails(DLA, subject)) == len(province.mails(NAN, subject)) == 1


def test_an_answer_to_the_delivered_copy_is_a_letter_linked_to_what_it_answers(
    province: Province, tmp_path: Path, paper: Path
):
    incoming, copy = received(province, tmp_path, "ขอให้รายงานข้อมูล")
    program = Neomutt.through(tmp_path / "pc", province.postfix.port, CLERK)
    program.answer(copy, "เรียน อธิบดี\n\nขอรายงานตามไฟล์แนบ", files=(paper,))
    [draft] = province.office.wait(province.office.waiting)
    done = province.office.run("letter", "accept", draft.id, "--by", OFFICER).stdout.strip()
    [answer] = [one for one in province.office.entries("sent") if one.id == done]
    assert answer.subject == "ขอให้รายงานข้อมูล"
    links = [(one.relation, one.entry, one.how, one.confirmed) for one in answer.links]
    assert links == [("answers", incoming.id, "token", True)]
    letter = province.mail(DLA, "ขอรายงานตามไฟล์แนบ")
    assert incoming.message_id in letter["References"]
    assert "เขียนว่า" not in text_of(letter)


def test_words_alone_are_a_note_on_the_letter_and_leave_nowhere(province: Province, tmp_path: Path):
    incoming, copy = received(province, tmp_path, "แจ้งเวียนให้ทราบ")
    before = len(province.office.entries("sent"))
    program = Neomutt.through(tmp_path / "pc", province.postfix.port, CLERK)
    program.answer(copy, "รับทราบค่ะ")
    assert "รับทราบค่ะ" in text_of(province.mail(CLERK, "แจ้งเวียนให้ทราบ"))
    province.office.wait(province.at_rest)
    assert province.mails(DLA, "รับทราบค่ะ") == []
    assert len(province.office.entries("sent")) == before
    assert province.office.waiting() == []
    assert province.office.notes(incoming.id) == ["รับทราบค่ะ"]


def test_the_agency_that_answers_our_letter_is_linked_by_the_address_it_answered(
    province: Province, tmp_path: Path, paper: Path
):
    program = Neomutt.signed_in(tmp_path / "pc", province.office, CLERK)
    program.send("ขอหารือแนวทาง", "เรียน อธิบดี\n\nขอหารือ\n", DLA)
    letter, ours = province.mail(DLA, "ขอหารือแนวทาง"), province.entry("sent", "ขอหารือแนวทาง")
    agency = Neomutt.through(tmp_path / "agency", province.postfix.port, DLA)
    agency.answer(letter, "เรียน ผู้ว่าราชการจังหวัดแพร่\n\nขอตอบข้อหารือ", files=(paper,))
    theirs = province.entry("received", "ขอหารือแนวทาง")
    assert [(one.relation, one.entry, one.how, one.confirmed) for one in theirs.links] == [
        ("answers", ours.id, "token", True)
    ]
    [delivery] = province.entry("sent", "ขอหารือแนวทาง").deliveries
    assert delivery.reported_at is not None
