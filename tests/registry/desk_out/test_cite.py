"""Reading อ้างถึง, and finding the entries that are meant."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from registry import entries
from registry.desk.cite import Citation, find_citations, resolve, store
from registry.desk.void import void
from registry.letter.number import LetterNumber
from registry.models.letters import ReferenceRow

PHRAE = """ด่วนที่สุด
ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑
เรียน นายอำเภอ (ทุกอำเภอ)
อ้างถึง ๑. หนังสือจังหวัดแพร่ ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๒๐๓๒ ลงวันที่ ๒๘ พฤษภาคม ๒๕๖๑

๒. หนังสือจังหวัดแพร่ ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๓๒ ลงวันที่ ๓ มกราคม ๒๕๖๒

สิ่งที่ส่งมาด้วย สำเนาหนังสือกรมส่งเสริมการปกครองท้องถิ่น ด่วนที่สุด ที่ มท ๐๘๑๐.๓/๓๗๘๐
ลงวันที่ ๑๙ กันยายน ๒๕๖๒ จำนวน ๑ ชุด

ตามที่คณะกรรมการพัฒนาระบบราชการ เสนอ
"""
OURS = LetterNumber.parse("มท 0810.7/ว 3974")
DAY = date(2025, 9, 30)


def test_numbered_references_are_read_with_entity_number_and_date():
    first, second, _copy = find_citations(PHRAE)
    assert first == Citation(
        "หนังสือจังหวัดแพร่ ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๒๐๓๒ ลงวันที่ ๒๘ พฤษภาคม ๒๕๖๑",
        "จังหวัดแพร่",
        LetterNumber.parse("พร 0023.3/ว 2032"),
        date(2018, 5, 28),
    )
    assert (str(second.number), second.dated) == ("พร 0023.3/ว 32", date(2019, 1, 3))


def test_a_copy_among_the_enclosures_is_passed_on_not_referred_to():
    copy = find_citations(PHRAE)[2]
    assert (copy.enclosed, str(copy.number)) == (True, "มท 0810.3/3780")
    assert (copy.entity, copy.dated) == ("กรมส่งเสริมการปกครองท้องถิ่น", date(2019, 9, 19))


def test_the_number_at_the_head_of_the_letter_is_no_reference():
    assert all("4971" not in str(one.number) for one in find_citations(PHRAE))


def test_a_resolution_is_kept_as_text_with_its_date():
    (one,) = find_citations("อ้างถึง มติคณะรัฐมนตรี เมื่อวันที่ ๒ ตุลาคม ๒๕๖๑\n\nตามที่ได้แจ้ง")
    assert (one.text, one.number) == ("มติคณะรัฐมนตรี เมื่อวันที่ ๒ ตุลาคม ๒๕๖๑", None)
    assert one.dated == date(2018, 10, 2)


@pytest.mark.parametrize(
    "text",
    [
        "อ้างถึง หนังสือจังหวัดแพร่ ที่ พร 0023.3/ว 4971 ลงวันที่ 3 ตุลาคม 2562",
        "ตามหนังสือจังหวัดแพร่ ที่ พร 0023.3/ว 4971 ลงวันที่ 3 ตุลาคม 2562 ขอรายงานดังนี้",
        "ตามหนังสือจังหวัดแพร่ที่ พร ๐๐๒๓.๓/ว๔๙๗๑\nลว. ๓ ต.ค. ๖๒ ขอรายงานดังนี้",
        "อ้างถึง: หนังสือจังหวัดแพร่ เลขที่ พร 0023.3/ ว 4971 ลงวันที่ 3/10/2562",
    ],
)
def test_the_shapes_in_which_clerks_refer_to_a_letter(text):
    (one,) = find_citations(text)
    assert (str(one.number), one.dated) == ("พร 0023.3/ว 4971", date(2019, 10, 3))
    assert one.entity == "จังหวัดแพร่"


def test_a_letter_named_twice_is_one_reference_with_its_date():
    text = "อ้างถึง หนังสือจังหวัดแพร่ ที่ พร 0023.3/9\n\nตามหนังสือจังหวัดแพร่ ที่ พร 0023.3/9 ลงวันที่ 3 ตุลาคม 2562"
    (one,) = find_citations(text)
    assert one.dated == date(2019, 10, 3)


FROM_US = """\
กรมส่งเสริมการปกครองท้องถิ่น ขอส่งหนังสือราชการมาพร้อมไปรษณีย์อิเล็กทรอนิกส์ฉบับนี้

ด่วนที่สุด
ที่  มท ๐๘๑๐.๗/ว ๓๙๗๔
ลงวันที่  ๑๖ กันยายน ๒๕๖๒
เรื่อง  แนวทาง
อ้างถึง  ๑. มติคณะรัฐมนตรี เมื่อวันที่ ๒๖ กันยายน ๒๕๖๐ เรื่อง แผนการยกระดับ
        ๒. หนังสือจังหวัดแพร่ ที่ พร ๐๐๒๓.๓/๕ ลงวันที่ ๑ กันยายน ๒๕๖๒
โปรดดำเนินการภายใน  ๑๙ ตุลาคม ๒๕๖๒

เรียน ผู้ว่าราชการจังหวัด ทุกจังหวัด

อ้างถึง ๑. มติคณะรัฐมนตรี เมื่อวันที่ ๒๖ กันยายน ๒๕๖๐
เรื่อง แผนการยกระดับ
๒. หนังสือจังหวัดแพร่ ที่ พร ๐๐๒๓.๓/๕ ลงวันที่ ๑ กันยายน ๒๕๖๒
สิ่งที่ส่งมาด้วย ตัวอย่าง จำนวน ๑ ชุด

ตามหนังสือที่อ้างถึง ที่ พร ๐๐๒๓.๓/๕ ลงวันที่ ๑ กันยายน ๒๕๖๒ นั้น ให้ถือปฏิบัติตามหนังสือกรมฯ
ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ลงวันที่ ๑๖ กันยายน ๒๕๖๒ นี้
"""


def test_a_mail_that_names_its_references_twice_refers_to_each_once():
    first, second = find_citations(FROM_US, OURS, date(2019, 9, 16))
    assert first.text == "มติคณะรัฐมนตรี เมื่อวันที่ ๒๖ กันยายน ๒๕๖๐ เรื่อง แผนการยกระดับ"
    assert (first.number, first.dated) == (None, date(2017, 9, 26))
    assert second.text == "หนังสือจังหวัดแพร่ ที่ พร ๐๐๒๓.๓/๕ ลงวันที่ ๑ กันยายน ๒๕๖๒"


def test_the_letter_itself_is_never_among_its_references():
    text = "อ้างถึง หนังสือกรมฯ ที่ มท 0810.7/ว 3974\n\nตามหนังสือ ที่ มท 0810.7/ว 3974 ลงวันที่ 3 ต.ค. 2568"
    assert find_citations(text, OURS, date(2025, 10, 3)) == []


def test_last_years_letter_of_the_same_number_is_another_letter():
    """Numbers begin again each year; number and date together name a letter."""
    text = "อ้างถึง หนังสือกรมฯ ที่ มท 0810.7/ว 3974 ลงวันที่ 16 กันยายน 2567"
    (one,) = find_citations(text, OURS, date(2025, 10, 3))
    assert one.dated == date(2024, 9, 16)


def test_two_letters_of_one_number_and_two_years_are_two_references():
    older, newer = (f"หนังสือจังหวัด ที่ พร 0023/5 ลงวันที่ 3 ต.ค. {year}" for year in (2567, 2568))
    text = f"อ้างถึง ๑. {older}\n๒. {newer}"
    assert [one.dated.year for one in find_citations(text)] == [2024, 2025]


@pytest.mark.parametrize(
    "text",
    [
        "ขอส่งหนังสือราชการมาพร้อมนี้\n\nที่ มท 0810.7/12",
        "ตามหนังสือจังหวัดแพร่ ที่ พร 0023.3/9 ขอรายงาน",
        "หนังสือฉบับนี้\n\nที่ พร 0023.3/9 ลงวันที่ 3 ตุลาคม 2562",
    ],
)
def test_running_text_refers_only_by_number_and_date_in_one_sentence(text):
    assert find_citations(text) == []


def test_a_mention_in_running_text_is_told_with_its_date():
    (one,) = find_citations("ตามหนังสือจังหวัดแพร่ ที่ พร 0023.3/9 ลงวันที่ 3 ตุลาคม 2562 ขอให้รายงาน")
    assert one.text == "หนังสือจังหวัดแพร่ ที่ พร 0023.3/9 ลงวันที่ 3 ตุลาคม 2562"


@given(st.text(alphabet="อ้างถึง หนังสือที่พร๐๑๒/ว.0123456789\n()", max_size=300))
def test_no_text_breaks_the_reading(text):
    assert isinstance(find_citations(text), list)


def test_number_and_date_of_one_entry_are_certain(database, phrae, received):
    entry_id = received()
    with database.read() as session:
        cited = resolve(session, phrae.entity.id, Citation("", number=OURS, dated=DAY))
    assert (cited.entry_id, cited.certain) == (entry_id, True)


def test_a_number_alone_is_a_suggestion(database, phrae, received):
    entry_id = received()
    with database.read() as session:
        cited = resolve(session, phrae.entity.id, Citation("", number=OURS))
    assert (cited.entry_id, cited.certain) == (entry_id, False)


def test_a_number_of_two_years_names_neither(database, phrae, received):
    received()
    received()
    with database.read() as session:
        assert resolve(session, phrae.entity.id, Citation("", number=OURS)).entry_id is None


@pytest.mark.parametrize("dated", [date(2024, 9, 30), date(2025, 10, 1)])
def test_another_date_is_another_letter(database, phrae, received, dated):
    received()
    with database.read() as session:
        cited = resolve(session, phrae.entity.id, Citation("", number=OURS, dated=dated))
    assert cited.entry_id is None


def test_secret_void_and_foreign_entries_are_never_found(database, desk, phrae, received):
    received(secrecy="ลับ")
    struck = received()
    with database.write() as session:
        void(session, desk, struck, phrae.registrar.email, "ลงผิด")
        wanted = Citation("", number=OURS, dated=DAY)
        assert resolve(session, phrae.entity.id, wanted).entry_id is None
        assert resolve(session, phrae.town.id, wanted).entry_id is None


def test_references_are_stored_in_order_without_the_copies(database, phrae, received):
    entry_id = received()
    with database.write() as session:
        letter_id = entries.get(session, entry_id).letter_id
        store(session, letter_id, phrae.entity.id, find_citations(PHRAE))
        rows = session.scalars(select(ReferenceRow).order_by(ReferenceRow.position)).all()
        assert [row.number for row in rows] == ["พร 0023.3/ว 2032", "พร 0023.3/ว 32"]
