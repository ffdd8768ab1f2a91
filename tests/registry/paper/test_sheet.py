"""Where the words under a label end and the text of a letter begins."""

import pytest

from tests.registry.paper.pages import LETTER, MARGIN, MIDDLE, PARAGRAPH, TAB, fields, one, page

_HEAD, _FOOT = LETTER[:4], LETTER[15:]
_SUBJECT = (MARGIN, "เรื่อง ขอเชิญประชุม")
_TO = (MARGIN, "เรียน ผู้ว่าราชการจังหวัดแพร่")
_SO = (PARAGRAPH, "จึงเรียนมาเพื่อโปรดพิจารณา")


@pytest.mark.parametrize("left", [0.19, TAB, PARAGRAPH])
@pytest.mark.parametrize(
    "said", ["ขอให้รายงานภายในวันที่ ๓๑ ตุลาคม ๒๕๖๒", "ด้วยกรมกำหนดให้รายงานภายในวันที่ ๓๑ ตุลาคม ๒๕๖๒"]
)
def test_one_line_paragraphs_are_no_addressee(said: str, left: float) -> None:
    found = page([*_HEAD, _SUBJECT, _TO, (left, said), (left, _SO[1]), *_FOOT])
    assert one(found, "to").value == "ผู้ว่าราชการจังหวัดแพร่"
    assert one(found, "due").value == "2019-10-31"
    assert one(found, "signer").value == "นายสมชาย ใจดี"


def test_a_line_deeper_than_the_addressee_is_text_whatever_it_begins_with() -> None:
    found = page([*_HEAD, _SUBJECT, _TO, (PARAGRAPH, "การประชุมเลื่อนไป"), _SO, *_FOOT])
    assert one(found, "to").value == "ผู้ว่าราชการจังหวัดแพร่"


@pytest.mark.parametrize("more", ["ตามรายชื่อแนบท้าย", "และนายกเทศมนตรีเมืองแพร่", "ขอนแก่น"])
def test_an_addressee_of_several_lines_is_kept_whole(more: str) -> None:
    found = page([*_HEAD, _SUBJECT, _TO, (0.2, more), *LETTER[12:]])
    assert one(found, "to").value.endswith(more)


@pytest.mark.parametrize("label", ["อ้างถึง", "สิ่งที่ส่งมาด้วย"])
def test_one_line_paragraphs_are_no_reference_and_no_enclosure(label: str) -> None:
    item = (MARGIN, f"{label} สำเนาหนังสือกรมการปกครอง ที่ มท ๐๓๐๙/ว ๑๒ ลงวันที่ ๓ มกราคม ๒๕๖๒")
    said = (0.24, "ขอให้จังหวัดรายงานผลด้วย")
    found = fields(page([*_HEAD, _SUBJECT, _TO, item, said, _SO, *_FOOT]))
    (only,) = found["reference" if label == "อ้างถึง" else "enclosure"]
    assert "ขอให้" not in only.value
    assert only.facts["dated"] == "2019-01-03"


def test_an_item_of_three_lines_is_kept_whole() -> None:
    lines = [
        (MARGIN, "อ้างถึง ๑. หนังสือกรมการปกครอง ด่วนที่สุด ที่ มท ๐๓๐๙/ว ๑๒"), (0.25, "ลงวันที่ ๓ มกราคม ๒๕๖๒"),
        (0.25, "ตามระเบียบกระทรวง"), (0.22, "๒. มติคณะรัฐมนตรี เมื่อวันที่ ๒ ตุลาคม ๒๕๖๑"),
    ]  # fmt: skip
    first, second = fields(page([*_HEAD, _SUBJECT, _TO, *lines, *LETTER[12:]]))["reference"]
    assert first.value.endswith("ตามระเบียบกระทรวง")
    assert second.facts["resolution"] is True


@pytest.mark.parametrize("closing", ["ขอแสดงความนับถือ", "จึงเรียนมาเพื่อโปรดทราบ"])
def test_a_closing_ends_whatever_stands_above(closing: str) -> None:
    """Also where a page's lines have lost their indentation."""
    found = page([*_HEAD, _SUBJECT, _TO, (0.185, "การประชุมเลื่อนไป"), (0.185, closing), *_FOOT])
    assert closing not in one(found, "to").value
    assert one(found, "signer").value == "นายสมชาย ใจดี"


def test_the_text_of_an_order_of_short_lines_is_no_part_of_its_subject() -> None:
    lines = [
        (0.4, "คำสั่งจังหวัดแพร่"), (0.45, "ที่ ๙๖๑/๒๕๖๓"), (MIDDLE, "เรื่อง แต่งตั้งคณะกรรมการ"),
        (0.4, "-------------------"),
        (PARAGRAPH, "ด้วยจังหวัดแพร่กำหนดจัดงาน"), (PARAGRAPH, "ทั้งนี้ ตั้งแต่บัดนี้เป็นต้นไป"),
        (0.4, "สั่ง ณ วันที่ ๔ กุมภาพันธ์ พ.ศ. ๒๕๖๓"),
    ]  # fmt: skip
    assert one(page(lines), "subject").value == "แต่งตั้งคณะกรรมการ"
