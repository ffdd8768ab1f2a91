"""Who signed: the name in parentheses under คำลงท้าย, the position, and for whom it was signed.

ปฏิบัติราชการแทน and its kin make a chain: each line acts for the one below it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from registry.letter.paper import PaperField
from registry.paper.rows import Row, field
from registry.paper.sheet import Sheet

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
_MOST: Final = 6
_SURE, _UNSURE = 95, 70


def read_signer(sheet: Sheet) -> list[PaperField]:
    """Give the signer; ``facts``: position, acting_for (from the signer up), acting."""
    rows = sheet.foot
    for at, row in enumerate(rows[:10]):
        if found := _NAME.fullmatch(row.text):
            lines = _position(rows[at + 1 :])
            name = " ".join(found["name"].split())
            sure = _SURE if lines else _UNSURE
            said = field("signer", name, [row, *lines], sure, original=row.text)
            return [replace(said, facts=_facts(lines))]
    return []


def _position(rows: Sequence[Row]) -> list[Row]:
    found: list[Row] = []
    for row in rows[:_MOST]:
        waits = bool(found) and ACTING.search(found[-1].text) is not None
        if _OTHER.match(row.text) or (
            found and not waits and (row.apart or _OFFICE.match(row.text))
        ):
            break
        if found and not waits and not ACTING.search(row.text) and _is_whole(found):
            break
        found.append(row)
    return found


def _is_whole(rows: Sequence[Row]) -> bool:
    """Say whether the position needs no further line: a chain that has its last link."""
    return any(ACTING.search(row.text) for row in rows)


def _facts(rows: Sequence[Row]) -> dict[str, Any]:
    text = " ".join(row.text for row in rows)
    links = [" ".join(one.split()) for one in ACTING.split(text)]
    links = [one for one in links if one]
    if not links:
        return {}
    acting = [found[0] for found in ACTING.finditer(text)]
    return {"position": links[0], "acting_for": links[1:]} | ({"acting": acting} if acting else {})
