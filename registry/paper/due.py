"""ภายในวันที่ …: until when the text wants something; a proposal that an officer confirms.

Looked for in the letter's own text, not in its enclosures. A day of the week that is not that of
the date makes it doubtful.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from registry.letter.paper import PaperField
from registry.paper.rows import Row, field
from registry.paper.subject import joined
from registry.thai.dates import find_dates
from registry.thai.numerals import to_arabic

_UNTIL: Final = re.compile(
    r"(?:ภา\s?ย\s?ใน|ไม่เกิน|ก่อน|ไม่ช้ากว่า|ไม่เกินกว่า|อย่างช้า)\s?(?:วัน(?P<week>จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)?"
    r"\s?(?:ท[ิีึื]*่?|[A-Za-z]{1,2}(?=\s))?)?\s?(?=[0-9๐-๙])"  # ที่, also as scans have it
)
_WEEK: Final = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
_WANTS: Final = re.compile(r"รายงาน|แจ้ง|ส่ง|ตอบ|เสนอ|ยืนยัน|ลงทะเบียน|สมัคร|ดำเนินการ|จัดทำ|ทราบ|กรอก")
_AHEAD: Final = 160
_SURE, _BY_THE_WAY, _WRONG_DAY = 90, 60, 55


def read_due(body: Sequence[Row]) -> list[PaperField]:
    """Give the days, each once, the surest first; ``facts.why`` is the sentence."""
    found: dict[date, tuple[int, str, list[Row]]] = {}
    for day, sure, why, rows in _days(body):
        if day not in found or found[day][0] < sure:
            found[day] = sure, why, rows
    best = sorted(found.items(), key=lambda one: -one[1][0])[:5]
    return [
        field("due", day.isoformat(), rows, sure, position=at, original=why, facts={"why": why})
        for at, (day, (sure, why, rows)) in enumerate(best)
    ]


def _days(body: Sequence[Row]) -> Iterator[tuple[date, int, str, list[Row]]]:
    for at, row in enumerate(body):
        before = joined(body[max(0, at - 2) : at])
        text = joined(body[at : at + 2])
        for until in _UNTIL.finditer(text):
            if until.start() >= len(row.text):
                break
            day = next(
                (d for d, s, _ in find_dates(text) if until.end() <= s <= until.end() + 1), None
            )
            end = next((e for d, s, e in find_dates(text) if s >= until.end()), len(text))
            if day is None:
                continue
            lead = f"{before} {text[: until.start()]}"[-_AHEAD:]
            rows = [row] if end <= len(row.text) else [row, body[at + 1]]
            yield (
                day,
                _sure(until["week"], day, lead),
                (lead[-60:] + text[until.start() : end]).strip(),
                rows,
            )


def _sure(week: str | None, day: date, lead: str) -> int:
    if week is not None and _WEEK[day.weekday()] != week:
        return _WRONG_DAY
    return _SURE if _WANTS.search(to_arabic(lead)) else _BY_THE_WAY
