"""ชั้นความเร็ว and ชั้นความลับ, as stamped on the paper: alone on a line (ข้อ 28).

Urgency stands above เรื่อง; secrecy at the top and at the bottom of a page.
"""

from collections.abc import Sequence

from registry.letter.grades import find_secrecy, find_urgency
from registry.letter.paper import PaperField
from registry.paper.rows import Row, field
from registry.paper.sheet import Sheet

_SURE = 96


def read_urgency(head: Sequence[Row]) -> list[PaperField]:
    """Give the highest urgency; ``facts.due`` is the end of ด่วนภายใน."""
    marked = [(mark, row) for row in head if (mark := find_urgency(f"{row.text}\n-"))]
    if not marked:
        return []
    mark, row = max(marked, key=lambda one: one[0].urgency)
    facts = {"due": mark.due.isoformat()} if mark.due else {}
    return [field("urgency", mark.urgency.thai, [row], _SURE, facts=facts)]


def read_secrecy(sheet: Sheet) -> list[PaperField]:
    """Give the gravest marking of secrecy."""
    rows = [*sheet.head, *sheet.body[-3:], *sheet.foot]
    marked = [(grade, row) for row in rows if (grade := find_secrecy("", [row.text]))]
    if not marked:
        return []
    grade, row = max(marked, key=lambda one: one[0])
    return [field("secrecy", grade.thai, [row], _SURE)]
