"""อ้างถึง and สิ่งที่ส่งมาด้วย of a paper, item by item, each with its place.

An item is cut at ๑. ๒. ๓. and may go over several lines. What it says is read as in a mail
(:mod:`registry.paper.cited`); a quantity is จำนวน … and a word for what is counted.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from registry.letter.grades import Urgency
from registry.letter.paper import PaperField
from registry.paper.cited import read_item
from registry.paper.refers_scan import legible, of_its_office
from registry.paper.rows import Row, field
from registry.paper.sheet import Sheet
from registry.paper.subject import joined
from registry.thai.dates import find_dates
from registry.thai.numerals import thai_number, to_arabic

_ITEM: Final = re.compile(
    r"(?P<mark>[0-9๐-๙]{1,2}(?:\.[0-9๐-๙]{1,2})?)\s?[.)]?\s+(?=\S)|[0-9๐-๙]{1,2}[.)](?=[^0-9๐-๙\s])"
)
_SMUDGED: Final = re.compile(  # the mark of a scan's item: lo. for ๒., or rubble before ๑.
    r"(?:[A-Za-z©®@]{1,3}\s?[.,:]|[A-Za-z©®@]{1,3}(?=\s)|[ก-ฮA-Za-z]?[0-9๐-๙]{1,2}\s?[.,]|[.,:;'`]+)"
    r"\s*(?=(?:[0-9๐-๙]\s)?[ก-ฮเแโใไ])"
)
_COUNTED: Final = re.compile(r"\s[ก-ฮ][้่]?[าำ]น[้่]?วน(?:\s.{1,14})?$")  # จำนวน as scans have it
_SCANNED: Final = re.compile(
    r"\s[ก-ฮ][้่]?[าำ]น[้่]?วน\s?[^0-9๐-๙\s]{0,2}(?P<many>[0-9๐-๙]{1,4})[\s.]{0,2}(?P<unit>[ก-๎]{2,14})?"
)
_QUANTITY: Final = re.compile(
    r"จำนวน\s?(?P<many>[0-9๐-๙,]{1,7})\s?(?P<unit>[ก-๎]{2,14})?|(?<=\s)(?P<n>[0-9๐-๙]{1,4})\s?"
    r"(?P<u>ชุด|ฉบับ|แผ่น|เล่ม|หน้า|ไฟล์|รายการ|ซอง|กล่อง|สำเนา|ราย)"
)
_URGENT: Final = re.compile(r"ด่วนที่สุด|ด่วนมาก|ด่วน(?=\s)")
_LETTER: Final = re.compile(r"(?:สำเนา)?(?:หนังสือ|มติคณะรัฐมนตรี|บันทึกข้อความ)")
_RESOLUTION: Final = re.compile(r"มติคณะรัฐมนตรี|มติ\s?ครม")
_SURE, _NO_NUMBER, _PLAIN = 96, 85, 90
_MOST: Final = 30


def read_references(sheet: Sheet) -> list[PaperField]:
    """Give each อ้างถึง; ``facts`` as :mod:`registry.letter.paper` has them."""
    items = _items(sheet.part("references"))[:_MOST]
    return [_reference(rows, at) for at, rows in enumerate(items)]


def read_enclosures(sheet: Sheet) -> list[PaperField]:
    """Give each สิ่งที่ส่งมาด้วย with its quantity; a copy of a letter says which letter it is."""
    items = _items(sheet.part("enclosures"))[:_MOST]
    return [_enclosure(rows, at) for at, rows in enumerate(items)]


def said_and_found(enclosures: Sequence[PaperField], files: int) -> str:
    """Say in Thai that fewer files came than the letter lists; "" where all may be there.

    What is one file on paper may be several, or several one: only too few is told.
    """
    said = len(enclosures)
    if said == 0 or files >= said:
        return ""
    return f"หนังสือระบุสิ่งที่ส่งมาด้วย {thai_number(said)} รายการ พบไฟล์ {thai_number(files)}"


def _reference(rows: Sequence[Row], at: int) -> PaperField:
    text, facts = _said(rows)
    sure = _SURE if {"number", "dated"} <= facts.keys() or "resolution" in facts else _NO_NUMBER
    return field("reference", text, rows, sure, position=at, facts=facts)


def _enclosure(rows: Sequence[Row], at: int) -> PaperField:
    text, facts = _said(rows)
    facts = facts if "หนังสือ" in text else {}
    value = text
    for counted in list(_QUANTITY.finditer(text))[-1:]:
        facts["quantity"] = int(to_arabic(counted["many"] or counted["n"]).replace(",", "") or 0)
        facts["unit"] = counted["unit"] or counted["u"] or ""
        value = text[: counted.start()].strip()
    if rows[0].source == "ocr":
        counted_so = _SCANNED.search(text)
        if counted_so and "quantity" not in facts:
            facts["quantity"] = int(to_arabic(counted_so["many"]))
            facts["unit"] = counted_so["unit"] or ""
        value = _COUNTED.sub("", value)
    return field("enclosure", value or text, rows, _PLAIN, position=at, original=text, facts=facts)


def _said(rows: Sequence[Row]) -> tuple[str, dict[str, Any]]:
    """Give the text of an item and which letter it names; a scan's as it must be."""
    text = joined(rows)
    if rows[0].source != "ocr":
        return text, _letter(text)
    text = legible(text)
    return text, of_its_office(_letter(text))


def _letter(text: str) -> dict[str, Any]:
    """Read which letter an item names."""
    one = read_item(text)
    facts: dict[str, Any] = {}
    if one.entity:
        facts["entity"] = one.entity
    if one.number is not None:
        facts["number"] = str(one.number)
    if one.dated is not None:
        facts["dated"] = one.dated.isoformat()
    if one.number is not None and (urgent := _URGENT.search(text)):
        facts["urgency"] = Urgency(urgent[0]).thai
    if one.number is None and _RESOLUTION.search(text):
        facts["resolution"] = True
    return facts


def _items(rows: Sequence[Row]) -> list[list[Row]]:
    """Cut rows into items: a new one begins where the next number stands at a line's beginning."""
    items: list[list[Row]] = []
    for row in rows:
        mark = _ITEM.match(row.text)
        starts = mark is not None and _counts(mark, len(items)) and not _is_day(row.text)
        text = row.text[mark.end() :] if mark and starts else row.text
        if row.source == "ocr":
            text, starts = (text, True) if starts else _unsmudged(row.text, items)
            text = text.lstrip(".,:;'` ")
        another = mark is None and bool(items) and _is_whole(items[-1]) and _LETTER.match(row.text)
        cut = replace(row, text=text)
        if starts or another or not items:
            items.append([cut])
        else:
            items[-1].append(cut)
    return items


def _unsmudged(text: str, items: Sequence[Sequence[Row]]) -> tuple[str, bool]:
    """Give a scan's line without what is left of its mark, and whether an item begins there.

    It does where the one before is done: its letter has its date, or it was counted.
    """
    mark = _SMUDGED.match(text)
    if not items:
        return (text[mark.end() :] if mark else text), True
    before = joined(items[-1])
    done = _COUNTED.search(before) is not None and not _COUNTED.match(f" {text}")
    if mark is None or _is_day(text):
        return text, done
    rest = text[mark.end() :]
    marked = bool(set(mark[0]) & set(".,:"))
    begins = done or (bool(_LETTER.match(rest)) and (marked or _is_whole(items[-1])))
    return (rest, True) if begins else (text, False)


def _is_day(text: str) -> bool:
    """Say whether a line goes on with a date: its figure counts no item."""
    return any(start == 0 for _, start, _ in find_dates(text))


def _is_whole(rows: Sequence[Row]) -> bool:
    """Say whether an item is done: the letter or resolution it names has its date."""
    return bool(find_dates(joined(rows)))


def _counts(mark: re.Match[str], so_far: int) -> bool:
    """Say whether this figure is that of the next item, and not a number within one."""
    figures = to_arabic(mark[0]).strip(" .)")
    marked = "." in mark[0] or ")" in mark[0]
    return figures == str(so_far + 1) or (marked and figures.isdigit())
