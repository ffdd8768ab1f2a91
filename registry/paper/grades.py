"""ชั้นความเร็ว and ชั้นความลับ, as stamped on the paper: alone on a line (ข้อ 28).

Urgency stands above เรื่อง; secrecy at the top and at the bottom of a page. ด่วนภายใน names a day
and an hour, and set in large type it goes on in the next row. Without its hour it is only a day,
which is proposed like any other: the end of that day may be hours too late.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from registry.clock import BANGKOK
from registry.letter.grades import UrgencyMark, find_secrecy, find_urgency
from registry.letter.paper import PaperField
from registry.paper.rows import Row, field
from registry.paper.sheet import Sheet
from registry.thai.numerals import to_arabic

_SURE, _NO_HOUR = 96, 70
_OVER: Final = 3  # rows that ด่วนภายใน may take


def read_urgency(head: Sequence[Row]) -> list[PaperField]:
    """Give the highest urgency; ``facts.due`` is the end of ด่วนภายใน, to the hour.

    Where that hour was not read there is a ``due`` beside it, to be confirmed.
    """
    marked = list(_marked(head))
    if not marked:
        return []
    mark, rows = max(marked, key=lambda one: one[0].urgency)
    if mark.due is None or _is_to_the_hour(mark.due, rows):
        facts = {"due": mark.due.isoformat()} if mark.due else {}
        return [field("urgency", mark.urgency.thai, rows, _SURE, facts=facts)]
    day, why = mark.due.astimezone(BANGKOK).date().isoformat(), {"why": _text(rows)}
    return [
        field("urgency", mark.urgency.thai, rows, _SURE),
        field("due", day, rows, _NO_HOUR, facts=why),
    ]


def read_secrecy(sheet: Sheet) -> list[PaperField]:
    """Give the gravest marking of secrecy."""
    rows = [*sheet.head, *sheet.body[-3:], *sheet.foot]
    marked = [(grade, row) for row in rows if (grade := find_secrecy("", [row.text]))]
    if not marked:
        return []
    grade, row = max(marked, key=lambda one: one[0])
    return [field("secrecy", grade.thai, [row], _SURE)]


def _marked(head: Sequence[Row]) -> Iterator[tuple[UrgencyMark, Sequence[Row]]]:
    for at, row in enumerate(head):
        mark = find_urgency(f"{row.text}\n-")
        if mark is not None:
            yield _going_on(head[at : at + _OVER]) or (mark, [row])


def _going_on(rows: Sequence[Row]) -> tuple[UrgencyMark, Sequence[Row]] | None:
    """Give ด่วนภายใน with as many rows as it takes until its hour; None where none is read."""
    for many in range(1, len(rows) + 1):
        mark = find_urgency(f"{_text(rows[:many])}\n-")
        if mark is not None and mark.due and _is_to_the_hour(mark.due, rows[:many]):
            return mark, rows[:many]
    return None


def _is_to_the_hour(due: datetime, rows: Sequence[Row]) -> bool:
    """Say whether the rows themselves say the hour, and it is not the end of the day."""
    at = due.astimezone(BANGKOK)
    said = rf"(?<![0-9])0?{at.hour}[.:]{at.minute:02}(?![0-9])"
    return re.search(said, to_arabic(_text(rows))) is not None


def _text(rows: Sequence[Row]) -> str:
    return " ".join(row.text for row in rows)
