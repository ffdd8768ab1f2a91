"""The matter is found behind whatever mail clients and clerks put in front of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.desk.subject import clean_subject, in_brief, is_answer, repeats

LONG = (
    "แนวทางการปรับปรุงคู่มือสำหรับประชาชน ตามแผนการยกระดับการบริการภาครัฐ ระยะที่ ๒ "
    "ตามพระราชบัญญัติการอำนวยความสะดวกในการพิจารณาอนุญาตของทางราชการ พ.ศ. ๒๕๕๘"
)

FRONTS = st.sampled_from(
    [
        "Re: ", "FW: ", "ตอบกลับ: ", "ส่งต่อ: ", "RE[2]:", "[EXTERNAL] ", "【注意】", "ด่วนที่สุด ",
        "[ด่วน] ", "(ด่วนมาก) ", "ด่วน: ", "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ", "หนังสือที่ พร 0023.3/12 เรื่อง ",
        "ที่ พร ๕๒๐๐๑/๒๑๘เรื่อง ", "เรื่อง ", "เรื่อง: ", "เลขที่ สธ 0201/ว 15 ลงวันที่ 3 ต.ค. 2568 เรื่อง ",
        "เลขรับ ๓๓๗๔/๒๕๖๙ จาก กรมส่งเสริมการปกครองท้องถิ่น: ",
    ]
)  # fmt: skip
MATTERS = st.sampled_from(
    [
        "ขอเชิญประชุม", "แนวทางการปรับปรุงคู่มือฯ ระยะที่ ๒", "(ร่าง) ระเบียบว่าด้วยงานสารบรรณ",
        "ที่ดินสาธารณะ เรื่อง ร้องเรียน", "ที่ ประชุมสภา เรื่อง งบประมาณ", "เรื่องร้องเรียน",
        "ส่งรายงานตามหนังสือ ที่ มท 0810.7/5", "ด่วนพิเศษเรื่องรถ", "๑๒ สิงหา มหาราชินี", "Budget 2026",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "matter"),
    [
        ("ด่วนที่สุด ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ เรื่อง แนวทางการปรับปรุง", "แนวทางการปรับปรุง"),
        ("ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ แนวทางการปรับปรุง", "แนวทางการปรับปรุง"),
        ("หนังสือที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ลงวันที่ ๑๖ กันยายน ๒๕๖๒ เรื่อง แนวทาง", "แนวทาง"),
        ("หนังสือจังหวัดแพร่ ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๑ ลว. ๓ ต.ค. ๖๘ เรื่อง แนวทาง", "แนวทาง"),
        ("RE: FW: [ด่วน] แนวทาง", "แนวทาง"),
        ("ด่วนที่สุดที่ มท 0810.7/12 ขอเชิญประชุม", "ขอเชิญประชุม"),
        ("ที่ พร ๕๒๐๐๑/๒๑๘เรื่อง รายงานผล", "รายงานผล"),
        ("[ขอเชิญประชุม]", "[ขอเชิญประชุม]"),
        ("ที่ มท 0810.7/ว 3974", "ที่ มท 0810.7/ว 3974"),
        ("ที่ มท 0810.7/12 และที่ มท 0810.7/13", "ที่ มท 0810.7/12 และที่ มท 0810.7/13"),
        ("หนังสือจังหวัดแพร่ ที่ พร 0023.3/12 ขอเชิญ", "หนังสือจังหวัดแพร่ ที่ พร 0023.3/12 ขอเชิญ"),
        ("ขอส่งหนังสือ ที่ สธ 0201/ว 15", "ขอส่งหนังสือ ที่ สธ 0201/ว 15"),
        ("Re:", ""),
        ("[ด่วน]", ""),
    ],
)
def test_the_matter_is_what_stands_behind_number_and_urgency(subject, matter):
    assert clean_subject(subject) == matter


@given(st.lists(FRONTS, max_size=4), MATTERS)
def test_no_front_and_no_row_of_fronts_takes_words_of_the_matter_along(fronts, matter):
    assert clean_subject("".join(fronts) + matter) == matter


@given(st.text(max_size=150), MATTERS)
def test_a_subject_that_says_something_is_never_emptied(front, matter):
    """Whatever stands in front: strangers write it."""
    assert clean_subject(front + " " + matter).endswith(matter.split()[-1])


@given(st.text(max_size=200))
def test_what_is_left_is_the_end_of_what_stood_there_and_stays_as_it_is(subject):
    matter = clean_subject(subject)

    assert clean_subject(matter) == matter
    assert "\n" not in matter


def test_a_long_matter_is_cut_at_a_space_for_the_eye_alone():
    brief = in_brief(LONG)

    assert brief == LONG[: LONG.index(" ตามพระราช")] + "…"
    assert in_brief("ขอเชิญประชุม") == "ขอเชิญประชุม"
    assert in_brief("ก" * 120) == "ก" * 120


@given(st.text("กเแำะาิ์ๆ ", min_size=121, max_size=200))
def test_a_matter_without_spaces_is_not_cut_inside_a_syllable(text):
    brief = in_brief(text).removesuffix("…")

    assert len(brief) < 120
    assert text.startswith(brief)


def test_no_mark_is_cut_from_its_consonant():
    assert in_brief("ก" * 117 + "ที่ดินทำกินของราษฎร") == "ก" * 117 + "…"


def test_an_answer_is_known_by_the_matter_even_where_our_mail_cut_it():
    assert repeats(f"เลขรับ ๑/๒๕๖๙ จาก กรม: {in_brief(LONG)}", LONG)
    assert repeats(f"ตอบ {LONG}", LONG)
    assert not repeats("เรื่องอื่น…", LONG)
    assert not repeats("", LONG)


def test_answers_and_forwards_are_told_by_their_first_word():
    assert is_answer("Re: ขอเชิญ")
    assert is_answer("ส่งต่อ: ขอเชิญ")
    assert not is_answer("ขอตอบ: ข้อหารือ")
