"""What a clerk's own words say of a letter."""

import pytest

from registry.desk.subject import in_brief
from registry.desk.wording import is_circular, letter_subject, made_whole

LONG = (
    "แนวทางการปรับปรุงคู่มือสำหรับประชาชน ตามแผนการยกระดับการบริการภาครัฐ ระยะที่ ๒ "
    "ตามพระราชบัญญัติการอำนวยความสะดวกในการพิจารณาอนุญาตของทางราชการ พ.ศ. ๒๕๕๘"
)


@pytest.mark.parametrize(
    "subject",
    [
        "ว ซักซ้อมแนวทาง",
        "[ว] ซักซ้อมแนวทาง",
        "Fwd: (ว) ซักซ้อมแนวทาง",
        "ด่วนที่สุด ว ซักซ้อมแนวทาง",
        "ว. ซักซ้อมแนวทาง",
    ],
)
def test_the_mark_of_a_circular_is_seen_and_left_out_of_the_subject(subject):
    assert is_circular(subject)
    assert letter_subject(subject) == "ซักซ้อมแนวทาง"


@pytest.mark.parametrize("subject", ["วันหยุดราชการ", "ว", "ขอ ว คืน", "วิธี ว", "", "แจ้ง [ว]"])
def test_a_word_that_begins_with_the_letter_is_no_mark(subject):
    assert not is_circular(subject)


def test_a_body_that_says_so_makes_a_circular():
    assert is_circular("ขอเลข", "ขอเลขหนังสือเวียน ๑ เลข")


@pytest.mark.parametrize(
    "subject",
    ["Re: แนวทางการปรับปรุงคู่มือ", "ตอบ: [รับ ๒๒๓๑/๒๕๖๘] ด่วนมาก แนวทางการปรับปรุงคู่มือ", "", "Re:"],
)
def test_an_answer_that_keeps_the_subject_repeats_that_of_the_letter(subject):
    assert letter_subject(subject, "แนวทางการปรับปรุงคู่มือ") == "แนวทางการปรับปรุงคู่มือ"


@pytest.mark.parametrize(
    "subject",
    [
        f"Re: [ด่วนที่สุด] เลขรับ ๑/๒๕๖๘ จาก กรมส่งเสริมฯ: {in_brief(LONG)}",
        f"Re: จองเลขแล้ว ที่ พร ๐๐๒๓.๓/๔๒ ลงวันที่ ๓ ตุลาคม ๒๕๖๘: {in_brief(LONG)}",
        "Re: จองเลขแล้ว ที่ พร ๐๐๒๓.๓/๔๒ ลงวันที่ ๓ ตุลาคม ๒๕๖๘",
    ],
)
def test_an_answer_to_a_mail_of_ours_repeats_the_whole_matter(subject):
    assert letter_subject(subject, LONG) == LONG


def test_a_matter_that_our_mail_cut_is_written_whole_when_it_is_passed_on(
    database, phrae, received
):
    received(subject=LONG)
    cut = letter_subject(f"FW: [ด่วนที่สุด] เลขรับ ๑/๒๕๖๘ จาก กรมส่งเสริมฯ: {in_brief(LONG)}")
    with database.read() as session:
        assert made_whole(session, phrae.entity.id, cut) == LONG
        assert made_whole(session, phrae.town.id, cut) == cut
        assert made_whole(session, phrae.entity.id, "แนวทาง…") == "แนวทาง…"
        assert made_whole(session, phrae.entity.id, LONG[:60]) == LONG[:60]


def test_an_answer_may_have_a_subject_of_its_own():
    assert letter_subject("รายงานผล", "แนวทางการปรับปรุงคู่มือ") == "รายงานผล"


def test_a_letter_without_subject_says_so():
    assert letter_subject("") == "(ไม่ระบุเรื่อง)"


@pytest.mark.parametrize(
    "subject",
    [
        "ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑ เรื่อง แนวทาง",
        "พร 0023.3/ว 4971 เรื่อง แนวทาง",
        "พร 0023.3/5 - แนวทาง",
        "เรื่อง แนวทาง",
    ],
)
def test_the_number_and_the_word_in_front_are_not_part_of_the_subject(subject):
    assert letter_subject(subject) == "แนวทาง"


def test_a_number_inside_a_subject_stays():
    assert letter_subject("ขอแก้ไขหนังสือที่ พร 0023.3/5") == "ขอแก้ไขหนังสือที่ พร 0023.3/5"
