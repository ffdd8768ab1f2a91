"""ส่วนราชการเจ้าของหนังสือ: the office in the head, with its address below it."""

import re
from collections.abc import Sequence
from typing import Final

from registry.letter.paper import PaperField
from registry.paper.dated import is_date
from registry.paper.number import LEAD, number_in
from registry.paper.rows import Row, field
from registry.paper.subject import joined

_OFFICE: Final = re.compile(
    r"(?:สำนัก|กรม|กระทรวง|ทบวง|กอง|ศาลากลาง|จังหวัด|เทศบาล|องค์การ|องค์กร|ที่ว่าการ|ที่ทำการ|โรงพยาบาล|โรงเรียน"
    r"|มหาวิทยาลัย|วิทยาลัย|ศูนย์|คณะ|สถาบัน|สภา|ศาล(?!า(?!กลาง))|มูลนิธิ|การไฟฟ้า|การประปา|การรถไฟ|ธนาคาร|บริษัท|สมาคม"
    r"|มณฑล|กองทัพ|กองบัญชาการ|สถานี|ราชบัณฑิต|กรุงเทพมหานคร|เมืองพัทยา|ด่าน|เรือนจำ)"
)
_MEMO_LABEL: Final = re.compile(r"ส่วนราชการ\s*[:：]?\s*")
_PHONE: Final = re.compile(
    r"\s*(?:โทร|E-?mail|ไปรษณีย์).*$|\s+[A-Za-z]{2,4}[.,]?\s*[0-9๐-๙]{3,6}\W*$", re.IGNORECASE
)
_SAYS: Final = re.compile(r"พิจารณาแล้ว|ได้กำหนด|จะดำเนินการ|แจ้งว่า|มีความประสงค์|ขอเรียน")
_SAME_COLUMN: Final = 0.025
_ADDRESS: Final = re.compile(
    r"ถนน|ตำบล(?=[ก-๎]{2,20}\s)|อำเภอ|แขวง|เขต(?!พื้นที่)|หมู่ที่|ซอย|[1-9๑-๙][0-9๐-๙]{4}\s*$|กทม|เลขที่\s*[0-9๐-๙]"
)
_SURE, _UNSURE = 94, 60
_LONGEST: Final = 120
_FURTHER: Final = 2  # lines of a name below its first
_SHORT: Final = 9  # letters of ที่ทำการ, สำนักงาน: the name is on the next line


def read_owner(head: Sequence[Row]) -> list[PaperField]:
    """Give the office; ``facts.address`` are the lines below it.

    Of several, it is the one with an address; without any it is the first, and is not sure.
    """
    for at, row in enumerate(head):
        if _MEMO_LABEL.match(row.text):
            return _memo(head[at:])
    offices = [(at, text) for at, row in enumerate(head) if (text := _office(row))]
    if not offices:
        return []
    there = [(at, text, _address(head[at + 1 :])) for at, text in offices]
    at, text, lines = next((one for one in there if one[2]), there[0])
    more = _goes_on(head, at)
    if more:
        text, lines = joined([Row(text), *more]), _address(head[head.index(more[-1]) + 1 :])
    rows = [head[at], *more]
    sure = _SURE if len(text) <= _LONGEST and (lines or len(there) == 1) else _UNSURE
    facts = {"address": " ".join(one.text for one in lines)} if lines else {}
    return [field("owner", " ".join(text.split()), rows, sure, original=text, facts=facts)]


def _memo(rows: Sequence[Row]) -> list[PaperField]:
    """Read ส่วนราชการ of a memorandum, which may go over to the next line (ข้อ 12)."""
    mine = [rows[0]]
    for row in rows[1:3]:
        if LEAD.match(row.text) or row.text.startswith(("วันที่", "เรื่อง")) or number_in(row):
            break
        mine.append(row)
    said = _PHONE.sub("", _MEMO_LABEL.sub("", joined(mine), count=1)).strip()
    return [field("owner", said, mine, _SURE, original=said)] if said else []


def _goes_on(head: Sequence[Row], at: int) -> list[Row]:
    """Give the further lines of the office's name: below it in its column, and no address."""
    row, found = head[at], list[Row]()
    for after in head[at + 1 : at + 1 + _FURTHER]:
        if row.box is None or after.box is None or after.box.left < row.box.left - 0.03:
            continue
        beside = abs(after.box.left - row.box.left) < _SAME_COLUMN or number_in(row) is not None
        address = is_date(after) or _ADDRESS.search(after.text) is not None
        short = not found and len(row.text) <= _SHORT
        is_name = not address and (short or not _OFFICE.match(after.text))
        if not beside or not is_name or after.apart:
            break
        found.append(after)
    return found


def _office(row: Row) -> str:
    text = _besides_number(row)
    is_office = _OFFICE.match(text) and not is_date(row) and not _ADDRESS.match(text)
    return text if is_office and not _SAYS.search(text) else ""


def _besides_number(row: Row) -> str:
    """Give the row without the number that stands to its left."""
    number = number_in(row)
    if number is not None:
        return row.text[number[2] :].strip()
    return "" if LEAD.match(row.text) and "/" in row.text else row.text


def _address(rows: Sequence[Row]) -> list[Row]:
    found = []
    for row in rows[:3]:
        if is_date(row) or not _ADDRESS.search(row.text):
            break
        found.append(row)
    return found
