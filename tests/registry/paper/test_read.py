"""What is read off a whole paper: a typeset one, damaged ones, and anything at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.letter.page import Box, Line, Page
from registry.paper.read import read_pages, read_rows, read_text
from registry.paper.rows import rows_of_text
from tests.registry.paper.pages import LETTER, RIGHT, TAB, fields, one, page, with_line

DAMAGED = """ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาอุดรธานี
เลขที่ 3374
วันที่ ๓๐ ก.ย. ๒๕๖๒
เวลา.....

ศูนย์ที่สูตร

ที่มา ๑๘๑๐.๗/ว ๓๙๗๔

กรมส่งเสริมการปกครองท้องถิ่น
ถนนครราษฎร์สีมา กทม. ๑๐๓๐๐

๑๖ กันยายน ๒๕๖๒

เรื่อง แนวทางการปรับปรุงคุณภาพบริการ ระยะที่ ๒
ตามพระราชบัญญัติการอำนวยความสะดวก พ.ศ. ๒๕๕๘

เรียน ผู้ว่าราชการจังหวัด ทุกจังหวัด

ตามที่คณะรัฐมนตรี มีมติ นั้น
"""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "มท 0810.7/ว 3974"),
        ("owner", "กรมส่งเสริมการปกครองท้องถิ่น"),
        ("dated", "2019-09-16"),
        ("subject", "แนวทางการปรับปรุงคู่มือสำหรับประชาชนตามแผนการยกระดับการบริการภาครัฐ"),
        ("to", "ผู้ว่าราชการจังหวัด ทุกจังหวัด"),
        ("due", "2019-10-18"),
        ("signer", "นายสมชาย ใจดี"),
        ("contact", "กองพัฒนาระบบ"),
    ],
)
def test_a_typeset_letter_is_read(name: str, value: str) -> None:
    found = one(page(), name)
    assert found.value == value
    assert found.place is not None
    assert found.place.page == 1


@pytest.mark.parametrize("name", ["number", "dated", "subject", "to", "owner"])
def test_what_a_clean_letter_says_is_believed(name: str) -> None:
    assert one(page(), name).believed


def test_no_field_is_surer_than_who_read_its_lines() -> None:
    assert one(page(sure=62, source="ocr"), "number").confidence == 62
    assert one(page(sure=62, source="ocr"), "number").source == "ocr"


def test_each_reference_says_which_letter_or_resolution_it_is() -> None:
    first, second = fields(page())["reference"]
    assert first.facts == {
        "entity": "กรมส่งเสริมการปกครองท้องถิ่น", "number": "มท 0810.7/ว 12", "dated": "2019-01-03",
        "urgency": "ด่วนมาก",
    }  # fmt: skip
    assert second.facts == {"dated": "2018-10-02", "resolution": True}


def test_each_enclosure_has_its_quantity() -> None:
    found = fields(page())["enclosure"]
    assert [(one.value, one.facts["quantity"], one.facts["unit"]) for one in found] == [
        ("แบบรายงาน", 2, "ชุด"), ("คู่มือ", 1, "เล่ม"),
    ]  # fmt: skip


def test_who_acts_for_whom_is_a_chain() -> None:
    assert one(page(), "signer").facts == {
        "position": "รองอธิบดี", "acting": ["ปฏิบัติราชการแทน"],
        "acting_for": ["อธิบดีกรมส่งเสริมการปกครองท้องถิ่น"],
    }  # fmt: skip


def test_an_order_to_pass_on_says_to_whom() -> None:
    assert one(page(), "task").value == "สำหรับจังหวัด แจ้งให้อำเภอทราบด้วย"
    assert one(page(), "task").facts["whom"] == "จังหวัด"


def test_a_place_holds_all_lines_of_a_field() -> None:
    place = one(page(), "subject").place
    assert place is not None
    assert place.box.top == pytest.approx(0.17)
    assert place.box.bottom == pytest.approx(0.22)


def test_two_numbers_are_both_told_and_neither_is_believed() -> None:
    found = one(with_line(0, "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔", more=[(0.14, "ที่ มท ๐๘๑๐.๓/๓๗๘๐")]), "number")
    assert found.facts["candidates"] == ["มท 0810.7/ว 3974", "มท 0810.3/3780"]
    assert not found.believed


def test_two_dates_are_both_told_and_neither_is_believed() -> None:
    found = one(with_line(3, "๑๖ กันยายน ๒๕๖๒", more=[(0.45, "๑๗ กันยายน ๒๕๖๒")]), "dated")
    assert sorted(found.facts["candidates"]) == ["2019-09-16", "2019-09-17"]
    assert not found.believed


def test_a_day_that_is_in_no_calendar_is_kept_as_written() -> None:
    found = one(with_line(3, "๓๑ กุมภาพันธ์ ๒๕๖๒"), "dated")
    assert (found.value, found.original) == ("", "๓๑ กุมภาพันธ์ ๒๕๖๒")
    assert found.confidence < 50


@pytest.mark.parametrize(
    ("written", "believed"), [("16 กันยายน ค.ศ. 2019", True), ("16 กันยายน 2019", False)]
)
def test_a_western_year_is_believed_where_it_says_so(written: str, *, believed: bool) -> None:
    found = one(with_line(3, written), "dated")
    assert (found.value, found.believed) == ("2019-09-16", believed)


def test_a_month_that_is_nearly_one_is_read_and_not_believed() -> None:
    found = one(with_line(3, "๑๖ กันยายม ๒๕๖๒"), "dated")
    assert (found.value, found.believed) == ("2019-09-16", False)


def test_the_wrong_day_of_the_week_makes_a_due_day_doubtful() -> None:
    said = "รายงานให้กรมทราบภายในวันศุกร์ที่ ๑๙ ตุลาคม ๒๕๖๒ แล้วจึงดำเนินการต่อไปตามระเบียบ"
    found = one(with_line(13, said), "due")
    assert (found.value, found.believed) == ("2019-10-19", False)


def test_number_and_office_on_one_line_are_told_apart() -> None:
    joined = with_line(0, "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔      กรมส่งเสริมการปกครองท้องถิ่น")
    assert one(joined, "number").original == "มท ๐๘๑๐.๗/ว ๓๙๗๔"


def test_a_memorandum_is_read() -> None:
    memo = (
        (0.4, "บันทึกข้อความ"),
        (0.14, "ส่วนราชการ กองคลัง กลุ่มงานพัสดุ โทร. ๑๒๓๔"),
        (0.14, "ที่ กค ๐๔๐๕.๒/๑๑๙ วันที่ ๙ มีนาคม ๒๕๖๑"),
        (0.14, "เรื่อง ขออนุมัติจัดซื้อวัสดุสำนักงาน"),
        (0.14, "เรียน อธิบดี"),
        (0.26, "ด้วยกลุ่มงานพัสดุมีความจำเป็นต้องจัดซื้อวัสดุ"),
        (0.14, "สำนักงาน จึงเรียนมาเพื่อโปรดอนุมัติ"),
    )
    found = {name: some[0].value for name, some in fields(page(memo)).items()}
    assert found["number"] == "กค 0405.2/119"
    assert found["dated"] == "2018-03-09"
    assert found["owner"] == "กองคลัง กลุ่มงานพัสดุ"
    assert found["subject"] == "ขออนุมัติจัดซื้อวัสดุสำนักงาน"


def test_a_damaged_number_is_kept_as_written_and_not_believed() -> None:
    found = one(DAMAGED, "number")
    assert (found.value, found.original) == ("มา 1810.7/ว 3974", "มา ๑๘๑๐.๗/ว ๓๙๗๔")
    assert found.confidence < 50


def test_the_stamp_of_another_office_is_not_the_letters_own_date() -> None:
    assert one(DAMAGED, "dated").value == "2019-09-16"
    assert one(DAMAGED, "stamp").facts == {
        "number": "3374", "dated": "2019-09-30",
        "entity": "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาอุดรธานี",
    }  # fmt: skip


def test_the_office_is_the_one_with_an_address() -> None:
    assert one(DAMAGED, "owner").value == "กรมส่งเสริมการปกครองท้องถิ่น"


def test_an_office_s_name_may_go_over_three_lines() -> None:
    head = [(RIGHT, "ที่ทำการ"), (RIGHT, "องค์การบริหารส่วนตำบลท่า"), (RIGHT, "ศาลา")]
    address = [(RIGHT, "อำเภอท่าศาลา จังหวัดนครศรีธรรมราช ๘๐๑๖๐")]
    found = one(page([LETTER[0], *head, *address, *LETTER[3:]]), "owner")
    assert found.value == "ที่ทำการองค์การบริหารส่วนตำบลท่าศาลา"
    assert found.facts["address"] == address[0][1]


@pytest.mark.parametrize("at", [5, 8])
def test_the_last_line_under_a_label_is_no_paragraph_whatever_it_begins_with(at: int) -> None:
    """ด้วย and ตาม begin letters, and lines too; behind them another label follows."""
    said = "ตามพระราชบัญญัติ ด้วยอิเล็กทรอนิกส์" if at == 5 else "ด้วยอิเล็กทรอนิกส์"
    found = fields(page([*LETTER[:at], (TAB, said), *LETTER[at + 1 :]]))
    part = "subject" if at == 5 else "reference"
    assert said in found[part][0].value
    assert len(found["enclosure"]) == 2


def test_the_time_of_a_stamp_is_read() -> None:
    text = DAMAGED.replace("เวลา.....", "เวลา ๑๐.๔๖ น.")
    assert one(text, "stamp").facts["time"] == "10:46"


def test_urgency_and_secrecy_stand_alone_on_their_lines() -> None:
    text = f"ลับมาก\nด่วนที่สุด\n{DAMAGED}"
    assert one(text, "urgency").value == "ด่วนที่สุด"
    assert one(text, "secrecy").value == "ลับมาก"


def test_links_of_the_text_are_listed() -> None:
    text = f"{DAMAGED}\nรายละเอียดที่ https://forms.example/abc และ www.example.go.th"
    assert [one.value for one in fields(text)["link"]] == [
        "https://forms.example/abc", "www.example.go.th",
    ]  # fmt: skip


_WORDS = st.sampled_from(
    ["ที่", "เรื่อง", "เรียน", "อ้างถึง", "สิ่งที่ส่งมาด้วย", "๑.", "๓๑ กุมภาพันธ์ ๒๕๖๒", "มท ๐๘๑๐/ว ๑",
     "ภายในวันที่", "เลขที่", "เวลา", "(นาย", ")", "ด่วน", "ลับ", "โทร.", "www.", "จำนวน", "ชุด", "\n", " "]
)  # fmt: skip


@given(st.lists(st.one_of(_WORDS, st.text(max_size=12)), max_size=40))
def test_no_text_makes_the_reader_fail(pieces: list[str]) -> None:
    for found in read_text("".join(pieces)) + read_rows(rows_of_text(" ".join(pieces), "text")):
        assert 0 <= found.confidence <= 100


_SHARE = st.floats(0, 1)


@given(
    st.lists(
        st.tuples(
            st.one_of(_WORDS, st.text(max_size=20)),
            _SHARE,
            _SHARE,
            _SHARE,
            _SHARE,
            st.integers(0, 100),
        ),
        max_size=20,
    )
)
def test_no_page_makes_the_reader_fail(lines: list[tuple[Any, ...]]) -> None:
    made = tuple(Line(text, Box(*box), sure) for text, *box, sure in lines)
    for found in read_pages([Page(1, "ocr", 0.5, 595, 842, made)]):
        assert 0 <= found.confidence <= 100
        assert found.source == "ocr"
