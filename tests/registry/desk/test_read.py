"""What is read from a mail: number, date, subject, addressee, urgency."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.clock import BANGKOK
from registry.desk.read import NO_SUBJECT, read
from registry.desk.subject import clean_subject
from tests.registry.desk.conftest import NOBODY, House, Mails, pdf

LETTER = """\
ด่วนที่สุด
ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔

กรมส่งเสริมการปกครองท้องถิ่น
ถนนนครราชสีมา กทม. ๑๐๓๐๐

๑๖ กันยายน ๒๕๖๒

เรื่อง แนวทางการปรับปรุงคู่มือสำหรับประชาชน

เรียน ผู้ว่าราชการจังหวัด ทุกจังหวัด

อ้างถึง หนังสือจังหวัดแพร่ ที่ พร ๐๐๒๓.๓/ว ๒๐๓๒ ลงวันที่ ๒๘ พฤษภาคม ๒๕๖๑

ด้วยกรมฯ ได้รับแจ้ง
"""


def test_a_letter_typed_in_the_mail_is_read_like_the_paper(mail: Mails):
    reading = read(mail(text=LETTER, subject=""), believe_marks=False)

    assert (reading.number, reading.number_key) == ("มท 0810.7/ว 3974", "มท0810.7/ว3974")
    assert reading.dated == date(2019, 9, 16)
    assert reading.subject == "แนวทางการปรับปรุงคู่มือสำหรับประชาชน"
    assert reading.to_text == "ผู้ว่าราชการจังหวัด ทุกจังหวัด"
    assert reading.urgency == "ด่วนที่สุด"
    (reference,) = reading.references
    assert (str(reference.number), reference.dated) == ("พร 0023.3/ว 2032", date(2018, 5, 28))


def test_a_day_still_to_come_is_not_believed(mail: Mails):
    written = "ขอส่งหนังสือ ที่ สธ 0201/ว 15 ลงวันที่ 3 ธ.ค. 2568"
    reading = read(mail(subject=written), believe_marks=False)
    assert (reading.number, reading.dated) == ("สธ 0201/ว 15", None)


def test_number_and_date_are_read_from_the_subject(mail: Mails):
    reading = read(mail(subject="ขอส่งหนังสือ ที่ สธ 0201/ว 15 ลงวันที่ 3 ต.ค. 2568"), believe_marks=False)

    assert (reading.number, reading.dated) == ("สธ 0201/ว 15", date(2025, 10, 3))


def test_the_number_in_the_subject_of_an_answer_is_another_letters(mail: Mails):
    reading = read(mail(subject="Re: ที่ พร 0023.3/41 ลงวันที่ 30 กันยายน 2568"), believe_marks=False)

    assert reading.number == ""


def test_a_number_below_refers_to_is_never_taken_for_the_letters_own(mail: Mails):
    text = "เรียน ผู้ว่าฯ\n\nอ้างถึง หนังสือ ที่ พร 0023.3/41 ลงวันที่ 30 กันยายน 2568\n"

    assert read(mail(text=text), believe_marks=False).number == ""


def test_quoted_history_is_not_read(mail: Mails):
    message = mail(text="รับทราบ\n> ที่ มท 0810.7/5", own_text="รับทราบ")

    assert read(message, believe_marks=False).number == ""


def test_marks_of_another_installation_are_read_when_it_is_proven(mail: Mails):
    marks = {
        "X-Saraban-Letter-Number": "มท 0810.7/ว 12",
        "X-Saraban-Dated": "2025-10-01",
        "X-Saraban-Urgency": "ด่วนมาก",
    }
    message = mail(marks=marks, text="ไม่มีเลข")

    believed, not_believed = read(message, believe_marks=True), read(message, believe_marks=False)
    assert (believed.number, believed.dated) == ("มท 0810.7/ว 12", date(2025, 10, 1))
    assert believed.urgency == "ด่วนมาก"
    assert (not_believed.number, not_believed.dated, not_believed.urgency) == ("", None, "")


def test_due_within_is_a_time(mail: Mails):
    reading = read(mail(subject="ด่วนภายใน 12 ต.ค. 2568 เวลา 10.00 น. ขอข้อมูล"), believe_marks=False)

    assert reading.due is not None
    assert reading.due.astimezone(BANGKOK).isoformat() == "2025-10-12T10:00:00+07:00"
    assert reading.urgency == "ด่วน"


@pytest.mark.parametrize(
    ("subject", "clean"),
    [
        ("Re: Fwd: ขอเชิญประชุม", "ขอเชิญประชุม"),
        ("[EXTERNAL] ด่วนที่สุด  ขอเชิญ\r\n ประชุม", "ขอเชิญ ประชุม"),
        ("ตอบ: [ด่วนมาก] ส่งต่อ: ขอเชิญประชุม", "ขอเชิญประชุม"),
        ("RE[2]: ขอเชิญประชุม", "ขอเชิญประชุม"),
        ("ด่วนพิเศษเรื่องรถ", "ด่วนพิเศษเรื่องรถ"),
        ("รีบประชุม", "รีบประชุม"),
    ],
)
def test_what_mail_clients_add_is_taken_off_the_subject(subject, clean):
    assert clean_subject(subject) == clean


@given(st.text(max_size=200))
def test_a_subject_is_cleaned_once_and_for_all(subject):
    once = clean_subject(subject)

    assert clean_subject(once) == once
    assert "\n" not in once


def test_a_mail_without_subject_takes_the_first_line_then_the_file(mail: Mails):
    assert read(mail(subject="Re:", text="ขอยืมรถ\nวันศุกร์"), believe_marks=False).subject == "ขอยืมรถ"
    assert (
        read(mail(subject="", text="", parts=[pdf("คำขอ.pdf")]), believe_marks=False).subject
        == "คำขอ.pdf"
    )
    assert read(mail(subject="", text=""), believe_marks=False).subject == NO_SUBJECT


def test_the_entry_carries_what_was_read(house: House, mail: Mails):
    entry = house.entry(house.one(mail(text=LETTER, subject="ด่วนที่สุด แนวทางฯ")).entry_id)

    assert (entry.letter_number, entry.dated) == ("มท 0810.7/ว 3974", date(2019, 9, 16))
    assert (entry.subject, entry.urgency) == ("แนวทางฯ", "ด่วนที่สุด")
    assert [one.number for one in entry.references] == ["พร 0023.3/ว 2032"]


def test_the_subject_that_another_installation_marks_is_taken_as_it_is(mail: Mails):
    message = mail(subject="ที่ มท 0810.7/5 เรื่อง ขอเชิญ", marks={"X-Saraban-Subject": "ด่วน ขอเชิญ"})

    assert read(message, believe_marks=True).subject == "ด่วน ขอเชิญ"
    assert read(message, believe_marks=False).subject == "ขอเชิญ"


FRAMED = """\
ที่ มท 0810.7/12
ถึง  จังหวัดแพร่

── ข้อความ ──
เรียน ผู้ว่าราชการจังหวัดแพร่

อ้างถึง หนังสือจังหวัดแพร่ ที่ พร 0023.3/41 ลงวันที่ 30 กันยายน 2568
── จบข้อความ ──

ตัวหนังสือ ๑ ไฟล์
"""


def test_of_a_proven_installation_only_what_its_clerk_wrote_is_kept(house: House, mail: Mails):
    words = FRAMED.partition("── ข้อความ ──\n")[2].partition("\n──")[0]
    fields = {"text": FRAMED, "words": words, "marks": {"X-Saraban-Letter-Number": "มท 0810.7/12"}}
    believed = house.one(mail(**fields))
    entry, letter = house.entry(believed.entry_id), house.letter(believed.letter_id)

    assert letter.text == words
    assert entry.to_text == "ผู้ว่าราชการจังหวัดแพร่"
    assert [one.number for one in entry.references] == ["พร 0023.3/41"]
    doubted = house.one(mail(**fields, trust=NOBODY))
    assert house.letter(doubted.letter_id).text == FRAMED


@pytest.mark.parametrize(
    ("said", "due"),
    [("2025-10-19T09:00:00+07:00", True), ("2025-10-19T09:00", False), ("x", False)],
)
def test_a_marked_time_counts_with_its_offset_alone(mail: Mails, said, due):
    marks = {"X-Saraban-Urgency": "ด่วน", "X-Saraban-Due": said}

    assert bool(read(mail(marks=marks), believe_marks=True).due) is due


@pytest.mark.parametrize("said", ["ไม่ใช่เลข", "", "0810"])
def test_marks_that_make_no_sense_are_no_marks(mail: Mails, said):
    marks = {"X-Saraban-Letter-Number": said, "X-Saraban-Dated": said, "X-Saraban-Urgency": said}
    reading = read(mail(marks=marks, text="ขอเชิญ"), believe_marks=True)

    assert (reading.number, reading.dated, reading.urgency) == ("", None, "")
