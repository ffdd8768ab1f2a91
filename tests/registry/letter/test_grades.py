"""Urgency and secrecy: the scales, and how they are seen in a mail."""

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.clock import BANGKOK
from registry.errors import NotUnderstood
from registry.letter.grades import (
    Secrecy,
    Urgency,
    UrgencyMark,
    find_secrecy,
    find_urgency,
    secrecy_of_name,
)

TEN_O_CLOCK = datetime(2019, 10, 12, 10, 0, tzinfo=BANGKOK)


def test_both_scales_rise():
    assert Urgency.NORMAL < Urgency.URGENT < Urgency.VERY_URGENT < Urgency.MOST_URGENT
    assert Secrecy.CONFIDENTIAL <= Secrecy.SECRET <= Secrecy.TOP_SECRET
    assert max(Urgency) is Urgency.MOST_URGENT
    assert Secrecy.SECRET >= Secrecy.SECRET > Secrecy.CONFIDENTIAL
    assert Urgency.MOST_URGENT.rank == 3


def test_the_scales_do_not_compare_with_each_other():
    assert Urgency.URGENT != Secrecy.CONFIDENTIAL
    with pytest.raises(TypeError):
        assert Urgency.URGENT < Secrecy.SECRET
    with pytest.raises(TypeError):
        assert Urgency.URGENT <= Secrecy.SECRET


@pytest.mark.parametrize("grade", [*Urgency, *Secrecy])
def test_a_grade_reads_its_own_word(grade):
    assert type(grade).parse(f" {grade.thai} ") is grade


@pytest.mark.parametrize("word", ["", "เร่งด่วน", "ลับ", "ด่วน ด่วน"])
def test_what_is_no_word_of_the_scale_is_refused(word):
    with pytest.raises(NotUnderstood):
        Urgency.parse(word)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("ด่วนที่สุด", Urgency.MOST_URGENT),
        ("ด่วนที่สุด ขอเชิญประชุม", Urgency.MOST_URGENT),
        ("ด่วนที่สุดขอเชิญประชุม", Urgency.MOST_URGENT),
        ("[ด่วนมาก] ขอเชิญประชุม", Urgency.VERY_URGENT),
        ("Re: Fwd: (ด่วน) ขอเชิญประชุม", Urgency.URGENT),
        ("ตอบกลับ: ด่วน: ขอเชิญประชุม", Urgency.URGENT),
        ("ขอเชิญประชุม (ด่วนที่สุด)", Urgency.MOST_URGENT),
        ("ขอเชิญประชุม - ด่วน", Urgency.URGENT),
        ("ลับ / ด่วนมาก ขอเชิญประชุม", Urgency.VERY_URGENT),
        ("ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑", Urgency.MOST_URGENT),
        ("**ด่วน** ขอเชิญประชุม", Urgency.URGENT),
        ("ด่วน ด่วนมาก ขอเชิญประชุม", Urgency.VERY_URGENT),
    ],
)
def test_urgency_tagged_in_a_subject_is_seen(text, urgency):
    assert find_urgency(text) == UrgencyMark(urgency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ขอเชิญประชุม",
        "เร่งด่วน ขอเชิญประชุม",
        "ด่วนสรุปผล",
        "ด่วน ๆ หน่อย",
        "สายด่วน 1567",
        "ขอให้ปรับปรุงทางด่วน",
        "แจ้งเวียนหนังสือด่วนที่สุด",
        "เรื่องด่วนที่สุดของกรม",
        "ที่ พร 0023.3/ว 4971",
    ],
)
def test_other_words_with_urgency_in_them_are_no_marking(text):
    assert find_urgency(text) is None


def test_urgency_on_a_line_of_its_own_is_seen_in_a_letter():
    assert find_urgency("\nด่วนที่สุด\n\nที่ พร ๐๐๒๓.๓/ว ๔๙๗๑\n") == UrgencyMark(Urgency.MOST_URGENT)


def test_urgency_before_the_letters_own_number_is_seen():
    assert find_urgency("ครุฑ\nด่วนมาก ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑\nศาลากลาง") == UrgencyMark(
        Urgency.VERY_URGENT
    )


@pytest.mark.parametrize(
    "line",
    [
        "อ้างถึง หนังสือจังหวัดแพร่ ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๒๐๓๒ ลงวันที่ ๒๘ พฤษภาคม ๒๕๖๑",
        "ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๒๐๓๒ ลงวันที่ ๒๘ พฤษภาคม ๒๕๖๑",
        "ด่วนที่สุด ที่ทำการปกครอง",
        "ด่วน กรุณาตอบกลับด้วย",
        "ด่วนที่สุด " * 30,
    ],
)
def test_the_urgency_of_a_cited_letter_is_not_this_letters(line):
    assert find_urgency(f"เรียน นายอำเภอ\n{line}\nจึงเรียนมา") is None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("ด่วนภายใน ๑๒ ต.ค. ๒๕๖๒ เวลา ๑๐.๐๐ น.", TEN_O_CLOCK),
        ("ด่วนภายในวันที่ 12 ตุลาคม 2562 เวลา 10:00 น.", TEN_O_CLOCK),
        ("[ด่วนภายใน 12/10/2562 10.00 น.] ขอเชิญประชุม", TEN_O_CLOCK),
        ("เรียน\nด่วนภายใน ๑๒ ต.ค. ๒๕๖๒ เวลา ๑๐.๐๐ น.\n", TEN_O_CLOCK),
        ("ด่วนภายใน ๑๒ ต.ค. ๒๕๖๒", TEN_O_CLOCK.replace(hour=16, minute=30)),
        ("ด่วนภายใน ๑๒ ต.ค. ๒๕๖๒ เวลา ๒๕.๐๐ น.", TEN_O_CLOCK.replace(hour=16, minute=30)),
        ("ด่วนภายในสัปดาห์หน้า", None),
        ("ด่วนภายใน ๗ วัน นับจาก ๑๒ ต.ค. ๒๕๖๒", None),
        ("ด่วนภายใน ๓๑ ก.พ. ๒๕๖๒", None),
    ],
)
def test_urgent_by_a_certain_hour_tells_the_hour(text, due):
    assert find_urgency(text) == UrgencyMark(Urgency.URGENT, due)


def test_urgent_by_a_certain_hour_prints_and_reads_back():
    mark = UrgencyMark(Urgency.URGENT, TEN_O_CLOCK)
    assert mark.thai() == "ด่วนภายใน ๑๒ ต.ค. ๒๕๖๒ เวลา ๑๐.๐๐ น."
    assert find_urgency(mark.thai()) == mark
    assert UrgencyMark(Urgency.VERY_URGENT).thai() == "ด่วนมาก"


@pytest.mark.parametrize(
    ("subject", "secrecy"),
    [
        ("ลับ", Secrecy.CONFIDENTIAL),
        ("[ลับ] รายงานผล", Secrecy.CONFIDENTIAL),
        ("(ลับมาก) รายงานผล", Secrecy.SECRET),
        ("รายงานผล (ลับมาก)", Secrecy.SECRET),
        ("ลับ - รายงานผล", Secrecy.CONFIDENTIAL),
        ("ลับ: รายงานผล", Secrecy.CONFIDENTIAL),
        ("ลับ รายงานผล", Secrecy.CONFIDENTIAL),
        ("ลับที่สุด รายงานผล", Secrecy.TOP_SECRET),
        ("ลับที่สุดรายงานผล", Secrecy.TOP_SECRET),
        ("รายงานผล - ลับ", Secrecy.CONFIDENTIAL),
        ("Re: [EXTERNAL] ลับมาก รายงานผล", Secrecy.SECRET),
        ("เรื่อง: ลับ - รายงานผล", Secrecy.CONFIDENTIAL),
        ("ด่วนที่สุด ลับมาก รายงานผล", Secrecy.SECRET),
        ("(ลับ/ด่วนที่สุด) รายงานผล", Secrecy.CONFIDENTIAL),
        ("ชั้นความลับ: ลับที่สุด", Secrecy.TOP_SECRET),
        ("รายงานผล [ชั้นความลับ: ลับ]", Secrecy.CONFIDENTIAL),
        ("[ล\u200bับ] รายงานผล", Secrecy.CONFIDENTIAL),
        ("*ลับ* รายงานผล", Secrecy.CONFIDENTIAL),
        ("รายงานผล ลับมาก", Secrecy.SECRET),
        ("ที่ มท ๐๘๑๐.๗/๑๒ ลับ เรื่อง รายงานผล", Secrecy.CONFIDENTIAL),
    ],
)
def test_secrecy_tagged_in_a_subject_is_seen(subject, secrecy):
    assert find_secrecy(subject) is secrecy


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "ขอส่งกลับ",
        "การสลับเวรยาม",
        "อำเภอลับแล จังหวัดอุตรดิตถ์",
        "ลับแล: ขอเชิญประชุม",
        "ระเบียบการรักษาความลับของทางราชการ",
        "แนวทางกำหนดชั้นความลับ",
        "การอบรมเอกสารลับมาก",
        "ลับ ๆ ล่อ ๆ",
        "ตอบกลับ: ขอเชิญประชุม",
        "การใช้คำว่า “ลับ” ในเอกสาร",
        "ชั้นความเร็ว: ด่วน",
        "สถานที่ลับ เรื่อง ขอเชิญประชุม",
        "การประชุมไม่ลับ",
    ],
)
def test_a_letter_about_secrecy_is_not_secret(subject):
    assert find_secrecy(subject, [subject]) is None


@pytest.mark.parametrize(
    "line", ["ลับมาก", "  - ลับมาก -  ", "[ ลับมาก ]", "ลับ มาก", "> **ลับมาก**", "ล ับมาก", "ลับมาก ด่วน"]
)
def test_secrecy_alone_on_its_line_is_seen(line):
    assert find_secrecy("รายงานผล", ["เรียน", line, "จึงเรียนมา"]) is Secrecy.SECRET


@pytest.mark.parametrize(
    ("line", "secrecy"),
    [
        ("ลับ ชุดที่ ๑ ของ ๓ ชุด", Secrecy.CONFIDENTIAL),
        ("ลับมาก หน้า ๑ ของ ๒ หน้า", Secrecy.SECRET),
        ("ลับ ชุดที่ ๑/๓ หน้า ๑/๒", Secrecy.CONFIDENTIAL),
        ("หน้า ๑ ลับที่สุด", Secrecy.TOP_SECRET),
        ("- ๑ - ลับ", Secrecy.CONFIDENTIAL),
        ("หน้า ๑ ของ ๒ หน้า", None),
    ],
)
def test_a_marking_may_stand_with_its_copy_and_page(line, secrecy):
    assert find_secrecy("รายงานผล", [line]) is secrecy


@pytest.mark.parametrize(
    ("line", "secrecy"),
    [
        ("ลับ ที่ มท ๐๓๐๙.๒/๑๐๐๔", Secrecy.CONFIDENTIAL),
        ("ลับที่สุด ที่ มท ๐๓๐๙.๒/๑๐๐๔", Secrecy.TOP_SECRET),
        ("ด่วนที่สุด ลับ ที่ มท ๐๓๐๙.๒/๑๐๐๔", Secrecy.CONFIDENTIAL),
        ("หนังสือลับ ที่ มท ๐๓๐๙.๒/๑๐๐๔", Secrecy.CONFIDENTIAL),
        ("ลับ ที่ มท ๐๓๐๙/ล ๕", Secrecy.CONFIDENTIAL),
        ("ลับ ที่ประชุมเห็นชอบ", None),
        ("หนังสือลับ ที่ มท ๐๓๐๙.๒/๑๐๐๔ ลงวันที่ ๑ มกราคม ๒๕๖๙", None),
    ],
)
def test_a_marking_may_stand_before_the_letters_own_number(line, secrecy):
    assert find_secrecy("รายงานผล", [line]) is secrecy


def test_both_scales_are_seen_before_the_letters_own_number():
    mark = find_urgency("ด่วนที่สุด ลับ ที่ มท ๐๓๐๙.๒/๑๐๐๔\nเรื่อง")
    assert mark == UrgencyMark(Urgency.MOST_URGENT)


@pytest.mark.parametrize(
    ("name", "secrecy"),
    [
        ("ลับ.pdf", Secrecy.CONFIDENTIAL),
        ("ลับ_รายงาน.pdf", Secrecy.CONFIDENTIAL),
        ("รายงาน_ลับมาก.pdf", Secrecy.SECRET),
        ("รายงาน - ลับ.pdf", Secrecy.CONFIDENTIAL),
        ("รายงาน (ลับที่สุด).pdf", Secrecy.TOP_SECRET),
        ("หนังสือลับ.pdf", Secrecy.CONFIDENTIAL),
        ("บันทึกลับมาก 2.pdf", Secrecy.SECRET),
        ("ลับแล.pdf", None),
        ("ตอบกลับ.pdf", None),
        ("ระเบียบการรักษาความลับ.pdf", None),
        ("การอบรมเอกสารลับมาก.pdf", None),
        ("scan0001.pdf", None),
    ],
)
def test_the_name_of_a_file_may_say_its_secrecy(name, secrecy):
    assert secrecy_of_name(name) is secrecy


def test_secrecy_inside_a_sentence_of_the_body_is_no_marking():
    lines = ["ลับ - ขอให้เก็บรักษา", "ตามหนังสือ ลับมาก ที่ มท 0810/ล 5", "ลับ " * 30]
    assert find_secrecy("รายงานผล", lines) is None


def test_the_highest_marking_counts():
    assert find_secrecy("[ลับ] รายงานผล", ["ลับที่สุด", "ลับมาก"]) is Secrecy.TOP_SECRET


@given(st.text("กลับสดมาวนทีุ่่ ๆ[]()-:/\n*", max_size=40))
def test_no_text_upsets_the_reader_of_markings(text):
    mark, secrecy = find_urgency(text), find_secrecy(text, text.split("\n"))
    assert mark is None or isinstance(mark.urgency, Urgency)
    assert secrecy is None or secrecy in Secrecy


def test_a_hostile_subject_does_not_hold_up_the_door():
    start = time.process_time()
    for piece in (
        "[ลับ",
        "ลับ /",
        "หน้า 1",
        "- 1 - ",
        "ชุด1/1",
        "(" * 5,
        "re:",
        "- ",
        "ชั้นความลับ",
        "ด่วนภายใน 1 ",
        "เรื่อง ",
    ):
        find_secrecy(piece * 2_000, [f"{piece * 20}"[:79] + "บ"])
        secrecy_of_name(piece * 2_000)
        find_urgency(piece * 2_000)
    assert time.process_time() - start < 5
