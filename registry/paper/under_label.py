"""Whether a line still stands under a label, by how far in it stands and by its first words.

The lines under a label go in as far as the words behind it, those of an item as far as the item's.
One that goes in deeper is the first of a paragraph, and so is one that stands elsewhere and begins
as letters do; จึงเรียน… ends whatever stands above it. Limits: where the words behind a label
begin is guessed by their share of the line unless a tab parted them; scans are judged by depth
alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from registry.paper.rows import Row

ENDS: Final = re.compile(
    r"จึง(?:ขอ)?(?:กราบ)?(?:เรียน|นมัสการ|เสนอ|แจ้ง)|จึงขอ|[๑1]\.\s*(?:เรื่องเดิม|ต้นเรื่อง|ข้อเท็จจริง)"
)
"""What no label has under it."""
LETTER_BEGINS: Final = re.compile(
    r"ตามที่|ตามหนังสือ|ด้วย(?!กัน)|เนื่อง(?:จาก|ด้วย|ใน)|โดยที่|สืบเนื่อง|อนุสนธิ|ในการนี้|บัดนี้|โปรด"
    r"|ขอ(?:ให้|เชิญ|ส่ง|ความ|รายงาน|เรียน|แจ้ง|อนุมัติ|อนุญาต|หารือ|เสนอ|ได้โปรด|กราบ)"
)
"""What an addressee never goes on with on the next line."""
_MARK: Final = re.compile("[ัิ-ฺ็-๎]")
_ITEM: Final = re.compile(r"[0-9๐-๙]{1,2}(?:\.[0-9๐-๙]{1,2})?\s?[.)]?\s+|[0-9๐-๙]{1,2}[.)]")
_LETTER: Final = 0.011  # share of the width that a letter of 16 points takes
_DEEPER: Final = 0.03
_ASIDE: Final = 0.02


def behind_label(row: Row, text: str) -> Row:
    """Give the row without its label: ``text`` is what stands behind it, ``tab`` where."""
    whole, tab = _breadth(row.text), row.tab
    if tab is None and row.box is not None and whole:
        tab = row.box.right - (row.box.right - row.box.left) * _breadth(text) / whole
    return replace(row, text=text, tab=tab)


def is_paragraph_under(row: Row, so_far: Sequence[Row]) -> bool:
    """Say whether a paragraph begins at a row; ``so_far`` are those under the label above it."""
    lefts = list(_lefts([one for one in so_far if one.page == row.page]))
    if not lefts or row.box is None:
        return False
    if row.box.left > max(lefts) + _DEEPER:
        return True
    aside = all(abs(row.box.left - left) > _ASIDE for left in lefts)
    return aside and row.source != "ocr" and LETTER_BEGINS.match(row.text) is not None


def _lefts(so_far: Sequence[Row]) -> Iterator[float]:
    """Give where lines under a label may begin: as its words do, its item, and others."""
    for row in so_far[:1]:
        if row.tab is not None:
            item = _ITEM.match(row.text)
            yield row.tab
            yield row.tab + (_breadth(item[0]) * _LETTER if item else 0.0)
    yield from (row.box.left for row in so_far[1:] if row.box is not None)


def _breadth(text: str) -> float:
    """Say how broad a text is, in letters: marks stand over them, and a space is half of one."""
    return sum(0.0 if _MARK.match(char) else 0.5 if char == " " else 1.0 for char in text)
