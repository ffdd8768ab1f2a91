"""The last lines of a letter: the unit that made it, โทร., โทรสาร, mail, and web addresses."""

import re
from collections.abc import Sequence
from typing import Final

from registry.letter.paper import PaperField
from registry.paper.rows import Row, field
from registry.paper.sheet import Sheet
from registry.thai.numerals import to_arabic

_FIGURES: Final = r"[0-9๐-๙][0-9๐-๙\s,–-]{5,40}(?:\s?(?:ต่อ|ถึง)\s?[0-9๐-๙\s,–-]{1,12})?"
_PHONE: Final = re.compile(
    rf"(?:โทรศัพท์|โทร\.?|Tel\.?)(?!สาร)\s*[:.]?\s*(?P<phone>{_FIGURES})", re.IGNORECASE
)
_FAX: Final = re.compile(
    rf"(?:โทรสาร|แฟกซ์|Fax\.?)\s*[:.]?\s*(?P<fax>(?:{_FIGURES})|ต่อ\s?[0-9๐-๙]{{2,6}})", re.IGNORECASE
)
_BARE: Final = re.compile(  # a telephone whose word a scan lost, and what may be its extension
    r"(?<![0-9๐-๙])(?P<line>[0๐]\s?-?\s?[0-9๐-๙]{3,4}\s?-\s?[0-9๐-๙]{4})"
    r"(?:\s?(?:ต่อ|คือ|ค่อ|ตอ|[A-Za-z]{1,3})?\s?(?P<ext>[0-9๐-๙]{3,4})(?![0-9๐-๙-]))?"
)
_OTHERS: Final = re.compile(r"โทรสาร|ทรสาร|แฟกซ์|Fax", re.IGNORECASE)
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,120}\.[A-Za-z]{2,10}")
_WEB: Final = re.compile(r"(?:https?://|www\.)[^\s<>()\"'ก-๎]{4,300}", re.IGNORECASE)
_UNIT: Final = re.compile(
    r"(?:สำนัก|กอง|กลุ่ม|ฝ่าย|ศูนย์|งาน|ส่วน|หน่วย|สถาบัน|แผนก|ที่ทำการ|คณะ|ภาควิชา|โรงเรียน|โรงพยาบาล)(?!แทน)"
)
_SURE, _PART = 92, 80
_LAST: Final = 12


def read_contact(sheet: Sheet) -> list[PaperField]:
    """Give the contact: the unit's first line, or its phone where none is named."""
    rows = sheet.foot[-_LAST:] or sheet.body[-4:]
    facts: dict[str, str] = {}
    mine: list[Row] = []
    for row in rows:
        said = _said(row.text, scanned=row.source == "ocr")
        if said:
            facts = said | facts
            mine.append(row)
    unit, value = _unit(rows, mine), ""
    if unit:
        facts["unit"], mine = " ".join(row.text for row in unit), [*unit, *mine]
        value = unit[0].text
    if not mine:
        return []
    value = value or facts.get("phone") or next(iter(facts.values()))
    return [field("contact", value, mine, _SURE if len(facts) > 1 else _PART, facts=facts)]


def read_links(rows: Sequence[Row]) -> list[PaperField]:
    """Give the addresses of pages that the letter names, each once."""
    found: dict[str, Row] = {}
    for row in rows:
        for link in _WEB.finditer(row.text):
            found.setdefault(link[0].rstrip(".,;:/"), row)
    return [
        field("link", link, [row], _SURE, original=link, position=at)
        for at, (link, row) in enumerate(list(found.items())[:20])
    ]


def _said(text: str, *, scanned: bool) -> dict[str, str]:
    said = {}
    bare = _BARE.search(text) if scanned else None
    if bare is not None and not _OTHERS.search(text[: bare.start()]):
        extension = f" ต่อ {bare['ext']}" if bare["ext"] else ""
        said["phone"] = _plain(f"{bare['line']}{extension}")
    elif phone := _PHONE.search(text):
        said["phone"] = _plain(phone["phone"])
    if fax := _FAX.search(text):
        said["fax"] = _plain(fax["fax"])
    if mail := _MAIL.search(text):
        said["mail"] = mail[0].lower()
    return said


def _plain(text: str) -> str:
    return to_arabic(" ".join(text.split())).strip(" ,-–")


def _unit(rows: Sequence[Row], mine: list[Row]) -> list[Row]:
    """Give the lines right above the phone that name the unit."""
    if not mine:
        return []
    found: list[Row] = []
    for row in reversed(rows[: rows.index(mine[0])]):
        if not _UNIT.match(row.text) or len(found) == 3:
            break
        found.insert(0, row)
    return found
