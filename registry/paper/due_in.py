"""ภายใน ๑๕ วัน: so many days to do what the text wants, counted from the letter's own date.

A letter that says "from the day it is received" gives at least so many: the earliest end is
proposed. วันทำการ are counted Monday to Friday; holidays are not known here. So none of these is
sure, and an officer moves the day.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from registry.letter.paper import PaperField
from registry.paper.rows import Row, field
from registry.paper.subject import joined
from registry.thai.numerals import to_arabic

_WITHIN: Final = re.compile(
    r"ภายใน(?:ระยะเวลา|กำหนดเวลา|กำหนด)?\s?(?P<days>[0-9]{1,3})\s?วัน(?!ที่)(?P<working>\s?ทำการ)?"
    r"(?P<since>\s?(?:นับ)?(?:แต่|จาก|ตั้งแต่)?\s?(?:วันที่|วัน)?\s?(?:ที่)?\s?(?:ได้)?รับ)?"
)
_LONGEST: Final = 366
_PLAIN, _FROM_RECEIPT = 60, 50
_AROUND: Final = 60


def read_due_in(body: Sequence[Row], dated: Sequence[PaperField]) -> list[PaperField]:
    """Give the days, each once, the surest first; none without the letter's own date."""
    if not dated or not dated[0].value:
        return []
    day = date.fromisoformat(dated[0].value)
    found: dict[date, tuple[int, str, Row]] = {}
    for end, sure, why, row in _ends(body, day):
        if end not in found or found[end][0] < sure:
            found[end] = sure, why, row
    best = sorted(found.items(), key=lambda one: -one[1][0])[:3]
    return [
        field(
            "due", end.isoformat(), [row], min(sure, dated[0].confidence), position=at,
            original=why, facts={"why": why},
        )
        for at, (end, (sure, why, row)) in enumerate(best)
    ]  # fmt: skip


def _ends(body: Sequence[Row], day: date) -> Iterator[tuple[date, int, str, Row]]:
    for at, row in enumerate(body):
        text = joined(body[at : at + 2])
        for within in _WITHIN.finditer(to_arabic(text)):
            if within.start() >= len(row.text) or not 0 < int(within["days"]) <= _LONGEST:
                continue
            end = _after(day, int(within["days"]), working=within["working"] is not None)
            why = text[max(0, within.start() - _AROUND) : within.end()].strip()
            yield end, _FROM_RECEIPT if within["since"] else _PLAIN, why, row


def _after(day: date, days: int, *, working: bool) -> date:
    if not working:
        return day + timedelta(days)
    while days:
        day += timedelta(1)
        days -= day.weekday() < 5
    return day
