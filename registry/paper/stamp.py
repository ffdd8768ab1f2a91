"""ตรารับหนังสือ of any office on the way (form 12): who, เลขรับ, วันที่, เวลา.

A stamp stands at the top right, in the middle of the head's own lines, so its rows are taken out
before anything else is read there: its number and day are not the letter's. It is known by two of
its words, each at the beginning of a line, near each other.
"""

import re
from collections.abc import Sequence
from typing import Final

from registry.letter.paper import PaperField
from registry.paper.rows import Row, field
from registry.thai.dates import find_dates
from registry.thai.numerals import to_arabic

_NUMBER: Final = re.compile(
    r"(?:เลขที่\s?รับ|เลขทะเบียนรับ|เลขรับที่|เลขรับ|รับที่|รับเลขที่|เลขที่)\s*[:.…]*\s*(?P<number>[0-9๐-๙]{1,6})\W*"
)
_DATE: Final = re.compile(r"(?:รับ)?วันที่\s*[:.…]*\s*(?=[0-9๐-๙])")
_TIME: Final = re.compile(
    r"เวลา\s*[:.…]*\s*(?P<time>[0-9๐-๙]{1,2}\s?[.:]\s?[0-9๐-๙]{2})?\s*(?:น\.?)?[.…\s]*"
)
_WHO: Final = re.compile(
    r"(?:ผู้อำนวยการ|สำนัก|กรม|กระทรวง|กอง|ศาลากลาง|จังหวัด|เทศบาล|องค์การ|ที่ว่าการ|ที่ทำการ|โรงพยาบาล|โรงเรียน|มหาวิทยาลัย"
    r"|ศูนย์|กลุ่ม|ฝ่าย|ท้องถิ่น|งาน|อบต|ทม|ทต)"
)
_NEAR: Final = 6
_SURE, _PART = 92, 75


def find_stamps(head: Sequence[Row]) -> tuple[list[PaperField], list[Row]]:
    """Give the stamps among these rows, and the rows that belong to none."""
    found: list[PaperField] = []
    taken: set[int] = set()
    for at, row in enumerate(head):
        if at in taken or not (number := _NUMBER.fullmatch(row.text)):
            continue
        date, time = _near(head, at, taken, _DATE), _near(head, at, taken, _TIME)
        if date is None and time is None:
            continue
        who = _entity(head, at, taken)
        mine = sorted(one for one in (who, at, date, time) if one is not None)
        taken.update(mine)
        found.append(_stamp(head, mine, number["number"], who, date, time, len(found)))
    return found, [row for at, row in enumerate(head) if at not in taken]


def _near(rows: Sequence[Row], at: int, taken: set[int], shape: re.Pattern[str]) -> int | None:
    """Find the row of this shape that comes soon after the number, in the same column."""
    for place in range(at + 1, min(at + _NEAR, len(rows))):
        row = rows[place]
        if _NUMBER.fullmatch(row.text):
            return None
        if place not in taken and _beneath(rows[at], row) and _fits(row, shape):
            return place
    return None


def _fits(row: Row, shape: re.Pattern[str]) -> bool:
    return bool(shape.fullmatch(row.text) if shape is _TIME else shape.match(row.text))


def _beneath(upper: Row, lower: Row) -> bool:
    if upper.box is None or lower.box is None:
        return True
    return lower.box.left < upper.box.right + 0.1 and lower.box.right > upper.box.left - 0.1


def _entity(rows: Sequence[Row], at: int, taken: set[int]) -> int | None:
    """Find the heading of the stamp: the office's name right above the number."""
    for place in range(at - 1, max(at - 4, -1), -1):
        row = rows[place]
        if place not in taken and _beneath(row, rows[at]) and _WHO.match(row.text):
            return place
    return None


def _stamp(
    rows: Sequence[Row], mine: list[int], number: str, who: int | None, date: int | None,
    time: int | None, position: int,
) -> PaperField:  # fmt: skip
    facts = {"number": to_arabic(number)}
    if who is not None:
        facts["entity"] = rows[who].text
    days = find_dates(rows[date].text) if date is not None else []
    if days:
        facts["dated"] = days[0][0].isoformat()
    hour = _TIME.match(rows[time].text) if time is not None else None
    if hour and hour["time"]:
        facts["time"] = to_arabic(re.sub(r"\s", "", hour["time"])).replace(".", ":")
    sure = _SURE if days and who is not None else _PART
    return field("stamp", facts["number"], [rows[at] for at in mine], sure, position=position,
                 facts=facts)  # fmt: skip
