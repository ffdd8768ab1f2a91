"""ส่วนราชการเจ้าของหนังสือ: the office in the head, with its address below it."""

import re
from collections.abc import Sequence
from typing import Final

from registry.letter.paper import PaperField
from registry.paper.dated import is_date
from registry.paper.number import LEAD, number_in
from registry.paper.rows import Row, field

_OFFICE: Final = re.compile(
    r"(?:สำนัก|กรม|กระทรวง|ทบวง|กอง|ศาลากลาง|จังหวัด|เทศบาล|องค์การ|องค์กร|ที่ว่าการ|ที่ทำการ|โรงพยาบาล|โรงเรียน"
    r"|มหาวิทยาลัย|วิทยาลัย|ศูนย์|คณะ|สถาบัน|สภา|ศาล|มูลนิธิ|การไฟฟ้า|การประปา|การรถไฟ|ธนาคาร|บริษัท|สมาคม"
    r"|มณฑล|กองทัพ|กองบัญชาการ|สถานี|ราชบัณฑิต|กรุงเทพมหานคร|เมืองพัทยา|ด่าน|เรือนจำ)"
)
_MEMO: Final = re.compile(r"ส่วนราชการ\s*[:：]?\s*(?P<office>.+?)\s*(?:โทร.*)?$")
_ADDRESS: Final = re.compile(
    r"ถนน|ตำบล|แขวง|เขต(?!พื้นที่)|หมู่ที่|ซอย|[1-9๑-๙][0-9๐-๙]{4}\s*$|กทม|เลขที่\s*[0-9๐-๙]"
)
_SURE, _UNSURE = 94, 60
_LONGEST: Final = 120


def read_owner(head: Sequence[Row]) -> list[PaperField]:
    """Give the office; ``facts.address`` are the lines below it.

    Of several, it is the one with an address; without any it is the first, and is not sure.
    """
    for row in head:
        if memo := _MEMO.match(row.text):
            return [field("owner", memo["office"].strip(), [row], _SURE, original=memo["office"])]
    offices = [(at, text) for at, row in enumerate(head) if (text := _office(row))]
    if not offices:
        return []
    there = [(at, text, _address(head[at + 1 :])) for at, text in offices]
    at, text, lines = next((one for one in there if one[2]), there[0])
    sure = _SURE if len(text) <= _LONGEST and (lines or len(there) == 1) else _UNSURE
    facts = {"address": " ".join(one.text for one in lines)} if lines else {}
    return [field("owner", " ".join(text.split()), [head[at]], sure, original=text, facts=facts)]


def _office(row: Row) -> str:
    text = _besides_number(row)
    is_office = _OFFICE.match(text) and not is_date(row) and not _ADDRESS.match(text)
    return text if is_office else ""


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
