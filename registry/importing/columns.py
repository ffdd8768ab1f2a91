"""What the columns of a register mean, guessed from its headings; an officer may say otherwise.

Headings are those of forms 13 and 14 and what offices write instead. A heading of two rows (หนังสือ
over ที่ and ลงวันที่) is read as one. Where no heading is understood the columns have no meaning yet.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry.importing.sheet import Cell, Row

FIELDS: Final[Mapping[str, str]] = {
    "number": "เลขทะเบียน", "registered": "วันที่รับ/ส่ง", "letter_number": "ที่", "dated": "ลงวันที่",
    "from_text": "จาก", "to_text": "ถึง", "subject": "เรื่อง", "action": "การปฏิบัติ", "note": "หมายเหตุ",
}  # fmt: skip
"""The meanings a column may have, with the words of the form."""
_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "number": (
        "เลขทะเบียนรับ", "เลขทะเบียนส่ง", "เลขรับ", "เลขส่ง", "เลขที่รับ", "เลขที่ส่ง", "ทะเบียนรับ", "ทะเบียนส่ง",
        "รับที่", "ส่งที่", "เลขทะเบียน", "ทะเบียนเลขที่", "ลำดับที่", "ลำดับ",
    ),
    "registered": (
        "วันที่รับ", "วันที่ลงรับ", "รับวันที่", "วันรับ", "วันเดือนปีที่รับ", "วดปที่รับ", "วันที่ส่ง", "วันที่ลงส่ง",
        "วันที่ออกเลข", "ส่งวันที่",
    ),
    "letter_number": ("ที่", "เลขที่หนังสือ", "ที่หนังสือ", "หนังสือที่", "เลขหนังสือ", "เลขที่"),
    "dated": ("ลงวันที่", "หนังสือลงวันที่", "วันที่หนังสือ", "วันที่ในหนังสือ", "ลวท", "ลว"),
    "from_text": ("จาก", "จากหน่วยงาน", "ผู้ส่ง", "หน่วยงานที่ส่ง", "ต้นเรื่อง"),
    "to_text": ("ถึง", "เรียน", "ผู้รับ", "ส่งถึง", "ถึงหน่วยงาน"),
    "subject": ("เรื่อง", "ชื่อเรื่อง"),
    "action": ("การปฏิบัติ", "การดำเนินการ", "ผู้ปฏิบัติ", "ผู้รับผิดชอบ", "มอบหมาย"),
    "note": ("หมายเหตุ",),
}  # fmt: skip
_MEANING: Final = {word: field for field, words in _WORDS.items() for word in words}
_LOOKED_AT: Final = 25
_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns by meaning (from 0), and the number of the last row of the heading (0: none)."""

    columns: Mapping[str, int]
    heading: int = 0


def guess(rows: Sequence[Row]) -> Layout:
    """Find the heading among the first rows; without one nothing is known."""
    best = Layout({})
    for at, row in enumerate(rows[:_LOOKED_AT]):
        below = rows[at + 1].cells if at + 1 < len(rows) else ()
        for last, cells in ((row.number, [row.cells]), (row.number + 1, [below, row.cells])):
            found = _meanings(cells)
            if len(found) >= _LEAST and len(found) > len(best.columns):
                best = Layout(found, last)
    return best


def _meanings(rows: Sequence[Sequence[Cell]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(max((len(cells) for cells in rows), default=0)):
        words = [_plain(cells[at]) for cells in rows if at < len(cells)]
        field = next((_MEANING[word] for word in words if word in _MEANING), None)
        if field is not None and field not in found:
            found[field] = at
    return found


def _plain(cell: Cell) -> str:
    return re.sub(r"[\s./:()\-]", "", cell) if isinstance(cell, str) else ""
