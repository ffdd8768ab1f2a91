"""What a scan's citation lost, put back: a month that is nearly one, the consonants of its office.

``กมภาพนธิ`` is กุมภาพันธ์, since no other month is as near; the letter of จังหวัดชลบุรี bears ชบ, whatever
was read. A citation is only ever proposed where it was read off a picture, so nothing becomes sure
by this; ``facts.candidates`` has the number as it was read.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, Final

from registry.errors import NotUnderstood
from registry.letter.codes import code_of, is_province, listed_codes, names_office
from registry.letter.number import LetterNumber
from registry.paper.consonants import look_alike
from registry.thai.dates import MONTHS

_DATE: Final = re.compile(
    r"(?P<day>(?<![0-9๐-๙])[0-9๐-๙]{1,2})\s?[.'\"]?(?P<month>[ก-๎]{4,14})[.,]?\s?"
    r"(?P<year>[2๒][4-6๔-๖][0-9๐-๙]{2})(?![0-9๐-๙])"
)
_DATED: Final = re.compile(r"ล[ัิุู]?ง\S?ว[ัิุู]?น(?:ท[ิีึื]?่?)(?=[\s.@]*[0-9๐-๙])")
_BEFORE_DAY: Final = re.compile(r"(?<=วันที่)[\s.@'\"]+(?=[0-9๐-๙])")
_SPECKS: Final = re.compile("[»«|“”]")
_RUBBLE: Final = re.compile(r"\s+[A-Za-z]{1,3}$")
_NEAR, _CLEAR = 0.7, 0.1  # likeness to a month, and before the next one


def legible(text: str) -> str:
    """Give an item with its dates as they are spelled."""
    text = _DATED.sub("ลงวันที่", _SPECKS.sub("", text))
    return _DATE.sub(_with_month, _BEFORE_DAY.sub(" ", text))


def of_its_office(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is known of a cited letter, its number with the consonants of the office named."""
    entity = _RUBBLE.sub("", str(facts.get("entity", "")))
    code = code_of(entity) if names_office(entity) else None
    try:
        number = LetterNumber.parse(str(facts.get("number", "")))
    except NotUnderstood:
        return dict(facts)
    said = {**facts, "entity": entity} if entity else dict(facts)
    if code is None or number.code == code or not _may_be(number.code, code):
        return said
    value = str(replace(number, code=code))
    return {**said, "number": value, "candidates": [value, str(number)]}


def _may_be(read: str, code: str) -> bool:
    return is_province(code) or look_alike(read, code) or read not in listed_codes()


def _with_month(found: re.Match[str]) -> str:
    if found["month"] in MONTHS:
        return f"{found['day']} {found['month']} {found['year']}"
    alike = [(SequenceMatcher(None, found["month"], one).ratio(), one) for one in MONTHS]
    (next_best, _), (best, month) = sorted(alike)[-2:]
    if best < _NEAR or best - next_best < _CLEAR:
        return found[0]
    return f"{found['day']} {month} {found['year']}"
