"""Orders to pass on: สำหรับอำเภอ แจ้งให้ … ด้วย, จึงขอความร่วมมือจังหวัด แจ้ง …; a task that is proposed."""

import re
from collections.abc import Sequence
from typing import Final

from registry.letter.paper import PaperField
from registry.paper.rows import Row, field
from registry.paper.subject import joined

_WHO: Final = r"(?P<whom>(?:(?!ทราบ|จึง|เรียน)[ก-๎/ ]){2,60}?)"
_SHAPES: Final = (
    re.compile(rf"สำหรับ{_WHO}\s?(?:ขอ)?(?:ให้)?แจ้ง(?:ให้)?(?P<what>.{{4,200}}?)ด้วย"),
    re.compile(
        rf"ขอ(?:ความร่วมมือ|ความอนุเคราะห์|ให้){_WHO}\s?(?:โปรด)?แจ้ง(?:ให้)?(?P<what>.{{4,160}}?)"
        r"(?=ดำเนินการ|ทราบ|ถือปฏิบัติ|ด้วย|ต่อไป)"
    ),
    re.compile(
        rf"ให้{_WHO}แจ้ง(?:ให้)?(?P<what>(?:องค์กรปกครอง|เทศบาล|อำเภอ|หน่วยงาน|สถานศึกษา|ส่วนราชการ).{{0,120}}?)"
        r"(?=ดำเนินการ|ทราบ|ถือปฏิบัติ|ด้วย|ต่อไป)"
    ),
)
_SURE: Final = 85
_MOST: Final = 5


def read_tasks(body: Sequence[Row]) -> list[PaperField]:
    """Give what is to be passed on; ``facts.whom`` is who shall do so."""
    text = _running(body)
    found: dict[str, tuple[str, list[Row]]] = {}
    for shape in _SHAPES:
        for match in shape.finditer(text):
            said = " ".join(match[0].split())
            if not any(said in other or other in said for other in found):
                found[said] = match["whom"].strip(), _rows_with(body, match["what"])
    return [
        field("task", said, rows, _SURE, position=at, original=said, facts={"whom": whom})
        for at, (said, (whom, rows)) in enumerate(list(found.items())[:_MOST])
    ]


def _running(rows: Sequence[Row]) -> str:
    """Join lines, paragraphs apart."""
    text = ""
    for row in rows:
        text = (
            f"{text}\n{row.text}" if row.apart else joined([Row(text), row]) if text else row.text
        )
    return text


def _rows_with(body: Sequence[Row], said: str) -> list[Row]:
    piece = said.strip()[:16]
    return [row for row in body if piece in row.text][:1] or list(body[:1])
