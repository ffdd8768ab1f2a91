"""Other readings of a scan's line of the number: with what OCR makes of its parts put right.

Between the slash and the running number only ว can stand, whatever was read there; the consonants
of a code bear no marks; ว with a space behind it comes out as a figure. Each reading says how sure
it may be at most, always less than sure. Limits: figures that were misread stay so, and of a line
without a slash nothing is made.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from registry.letter.number import find
from registry.letter.paper import PaperField
from registry.paper.rows import Row, field

_UNIT: Final = r"[0-9๐-๙]{2,6}(?:\.[0-9๐-๙]{1,3})?\s?/"
_MARKED: Final = re.compile(
    rf"^(?:เลข)?(?:ท[ัิีึื]?่?|[A-Za-z]{{1,2}})\s*[.:]?\s*(?P<code>[ก-ฮ](?:[ัิ-ฺ็-๎]*[ก-ฮ]){{1,2}}[ัิ-ฺ็-๎]*)\s?(?={_UNIT})"
)
_MARKS: Final = re.compile("[ัิ-ฺ็-๎]")
_NO_LETTER: Final = re.compile(  # o, O, l and I are figures to OCR
    rf"(?P<unit>{_UNIT})\s?(?:(?!ว)[ก-ฮ][ัิ-ฺ็-๎]*|ว[ัิ-ฺ็-๎]+|[A-HJ-NP-Za-km-np-z])\.?\s?(?=[0-9๐-๙]{{1,6}}\b)"
)
_TWO: Final = re.compile(rf"(?P<unit>{_UNIT})\s?[2๒]\s+(?=[0-9๐-๙]{{3,4}}(?![0-9๐-๙]))")
_TO_MANY: Final = re.compile(r"ทุก|หัวหน้าส่วนราชการ|ประจำจังหวัด|แนบท้าย|ตามรายชื่อ")
_ASKS: Final = re.compile(r"(?:โปรด|กรุณา|ขอให้|ให้)\s?(?:อ้าง|ระบุ)[^/]{0,40}$")
_PUT_RIGHT, _GUESSED, _OF_ITSELF = 80, 60, 55


def readings(row: Row, *, circular: bool) -> Iterator[tuple[str, int]]:
    """Give other readings of a scan's line, and how sure a number in it may be at most.

    ``circular``: the letter is for many, so that a lone 2 before the running number may be ว.
    """
    if row.source != "ocr":
        return
    text = _MARKED.sub(lambda found: f"ที่ {_MARKS.sub('', found['code'])} ", row.text)
    if (lettered := _NO_LETTER.sub(r"\g<unit>ว ", text)) != row.text:
        yield lettered, _PUT_RIGHT
    if circular and _TWO.search(text):
        yield _TWO.sub(r"\g<unit>ว ", text), _GUESSED


def is_for_many(rows: Sequence[Row]) -> bool:
    """Say whether the lines of เรียน are those of a circular (ข้อ 32)."""
    return any(_TO_MANY.search(row.text) for row in rows)


def said_of_itself(rows: Sequence[Row]) -> list[PaperField]:
    """Give the number that a scan asks to be quoted in the answer (โปรดอ้างหนังสือที่ …)."""
    for row in rows:
        for number, start, end in find(row.text) if row.source == "ocr" else ():
            if _ASKS.search(row.text[:start]):
                said = row.text[start:end]
                return [field("number", str(number), [row], _OF_ITSELF, original=said)]
    return []
