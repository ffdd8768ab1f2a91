"""Who signed: the name in parentheses under คำลงท้าย, the position, and for whom it was signed.

ปฏิบัติราชการแทน and its kin make a chain: each line acts for the one below it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from registry.letter.paper import PaperField
from registry.paper.mend import mended
from registry.paper.rows import Row, field
from registry.paper.sheet import Sheet, margin_of
from registry.paper.subject import joined

_NAME: Final = re.compile(r"\(\s*(?P<name>[ก-๎A-Za-z. ]{4,80}?)\s*\)?[^ก-๎A-Za-z]*")
ACTING: Final = re.compile(
    r"ปฏิบัติราชการแทน|ปฏิบัติหน้าที่แทน|รักษาราชการแทน|รักษาการแทน|รักษาการในตำแหน่ง|ทำการแทน|ทำหน้าที่แทน"
    r"|ปฏิบัติงานแทน|ปฏิบัติการแทน|ปฏิบัติหน้าที่|แทน(?=\s|$)"
)
_OTHER: Final = re.compile(
    r"(?:โทร|โทรสาร|ไปรษณีย์|www|https?:|e-?mail|อีเมล|สำเนา|QR|\(|\[|กลุ่มงาน|ฝ่าย(?!.*หัวหน้า)|งาน|กลุ่ม"
    r"|แบบรายงาน|แนวทาง|สิ่งที่)",
    re.IGNORECASE,
)
_OFFICE: Final = re.compile(r"(?:กอง|สำนัก|ศูนย์|ส่วน)(?!.{0,40}(?:แทน|ตำแหน่ง))")
_TITLED: Final = re.compile(r"(?:ดร\.|นาย|นาง|ว่าที่|พล|พัน|ร้อย)[ก-๎. ]{4,70}\)\W*")
_MOST: Final = 8
_COLUMN: Final = 0.1  # share of the width by which a signature stands in from the margin
_SURE, _UNSURE = 95, 70


def read_signer(sheet: Sheet) -> list[PaperField]:
    """Give the signer; ``facts``: position, acting_for (from the signer up), acting."""
    rows = sheet.foot
    margin = margin_of([*sheet.body, *rows])
    for at, row in enumerate(rows[:10]):
        rest = at + 1
        found = _NAME.fullmatch(_opened(row))
        if row.text.startswith("(") and ")" not in row.text and rows[rest:]:  # a long name
            found, rest = _NAME.fullmatch(joined(rows[at : at + 2])), rest + 1
        if found:
            lines = _position(row, rows[rest:], margin)
            name = " ".join(found["name"].split())
            sure = _SURE if lines else _UNSURE
            said = field("signer", name, [*rows[at:rest], *lines], sure, original=found[0])
            return [replace(said, facts=_facts(lines))]
    return []


def _opened(row: Row) -> str:
    """Give a row, a scan's with the parenthesis that it lost before a title."""
    lost = row.source == "ocr" and _TITLED.fullmatch(row.text) is not None
    return f"({row.text}" if lost else row.text


def _position(name: Row, rows: Sequence[Row], margin: float) -> list[Row]:
    """Give the lines under a name: on paper those in its column, in a text those that go on."""
    found: list[Row] = []
    for row in rows[:_MOST]:
        if _OTHER.match(row.text):
            break
        if row.box is not None and name.box is not None:
            if row.box.left < margin + _COLUMN or (row.apart and found and row.page == name.page):
                break
        elif found and _is_over(found, row):
            break
        found.append(row)
    return found


def _is_over(found: Sequence[Row], row: Row) -> bool:
    if ACTING.search(found[-1].text):  # it says for whom on the next line
        return False
    another = row.apart or _OFFICE.match(row.text) is not None
    return another or (ACTING.search(row.text) is None and _is_whole(found))


def _is_whole(rows: Sequence[Row]) -> bool:
    """Say whether the position needs no further line: a chain that has its last link."""
    return any(ACTING.search(row.text) for row in rows)


def _facts(rows: Sequence[Row]) -> dict[str, Any]:
    text = joined(rows)
    text = mended(text) if rows and rows[0].source == "ocr" else text
    links = [" ".join(one.split()) for one in ACTING.split(text)]
    links = [one for one in links if one]
    if not links:
        return {}
    acting = [found[0] for found in ACTING.finditer(text)]
    return {"position": links[0], "acting_for": links[1:]} | ({"acting": acting} if acting else {})
