"""ที่: the letter's own number, from the lines above เรื่อง (ข้อ 11).

Sure is only a line that is ที่ and a whole number. A letter with two numbers has none that is
sure; a line that begins with ที่ and bears a slash but no number that could be read is kept as it
stands, for :mod:`registry.desk.number_hint` to say what it may mean.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from registry.errors import NotUnderstood
from registry.letter.codes import code_of, whose
from registry.letter.number import LetterNumber, find
from registry.letter.paper import PaperField
from registry.paper.rows import Row, field
from registry.thai.numerals import to_arabic

LEAD: Final = re.compile(
    r"(?:\(?\s*ด่วน(?:ที่สุด|มาก)?\s*\)?\s*)?(?:เลข\s?)?ท[ีื]่?\s*[:：]?\s*(?=[ก-ฮ(0-9๐-๙])"
)
_DAMAGED: Final = re.compile(
    r"(?:เลข\s?)?ท[ีื]่?\s*[:：]?\s*(?P<raw>[^\s/]{1,12}\s{0,2}[^/]{0,16}/\s?(?:ว\.?\s?)?[^\s]{1,8})"
)
_NO_LEAD: Final = re.compile(  # a number whose consonants were not read
    r"(?:^|(?<=\s))[^\s/]{0,4}\s?[0-9๐-๙]{3,5}(?:\.[0-9๐-๙]{1,2})?\s?/\s?(?:ว\.?\s?)?[0-9๐-๙]{1,6}"
)
_FIGURES: Final = re.compile(r"[0-9]{2,5}(?:\.[0-9]{1,3})?\s?/\s?(?:ว\.?\s?)?[0-9]{1,6}")
_OFFICE: Final = 70
_ORDER: Final = re.compile(r"[0-9๐-๙]{1,5}\s?/\s?[0-9๐-๙]{4}\W*")  # of คำสั่ง: it names no office
_SURE, _BARE, _AMID, _SEVERAL, _RUBBLE = 98, 80, 55, 60, 15


def read_number(head: Sequence[Row]) -> list[PaperField]:
    """Give the number, or none; ``facts.candidates`` lists all where there are several."""
    found = [one for row in head for one in _numbers(row)]
    if not found:
        return _damaged(head)
    sure, number, row = max(found, key=lambda one: one[0])
    strong = {one.key: one for score, one, _ in found if score == sure}
    if len(strong) > 1:
        candidates = [str(one) for one in strong.values()]
        return [
            field("number", str(number), [row], _SEVERAL, original=_original(row, number),
                  facts={"candidates": candidates})
        ]  # fmt: skip
    if row.source == "ocr" and whose(number.sender) is None:
        sure = min(sure, _BARE)  # of no office that is listed: a consonant may be misread
    return [field("number", str(number), [row], sure, original=_original(row, number))]


def by_office(found: Sequence[PaperField], offices: Sequence[str]) -> list[PaperField]:
    """Give a number of a scan whose consonants are no office's those of its office.

    ``offices`` are texts that name it, the likeliest first. It is not sure: an officer looks.
    """
    code = next(filter(None, map(code_of, offices)), None)
    if code is None or not found or found[0].source != "ocr" or _is_listed(found[0]):
        return list(found)
    one = found[0]
    rest = _FIGURES.search(one.value)
    try:
        number = LetterNumber.parse(f"{code} {rest[0]}" if rest else "")
    except NotUnderstood:
        return list(found)
    facts = {"damaged": True, "by_office": True}
    return [replace(one, value=str(number), confidence=_OFFICE, facts=facts)]


def _is_listed(one: PaperField) -> bool:
    return "damaged" not in one.facts and whose(LetterNumber.parse(one.value).sender) is not None


def number_in(row: Row) -> tuple[LetterNumber, int, int] | None:
    """Give the first number of a row with its start and end, as :func:`find` does."""
    return next(iter(find(row.text)), None)


def _numbers(row: Row) -> list[tuple[int, LetterNumber, Row]]:
    found = []
    for number, start, _ in find(row.text):
        before = row.text[:start]
        lead = LEAD.match(row.text)
        if lead is not None and lead.end() >= start:
            found.append((_SURE, number, row))
        elif not before.strip():
            found.append((_BARE, number, row))
        elif re.search(r"(?:^|\s{2,})(?:เลข)?ที่\s*$", before):
            found.append((_AMID, number, row))
    return found


def _original(row: Row, number: LetterNumber) -> str:
    for one, start, end in find(row.text):
        if one == number:
            return row.text[start:end]
    return row.text


def _damaged(head: Sequence[Row]) -> list[PaperField]:
    """Keep what stands where the number should and is none."""
    for row in head:
        if row.source == "ocr" and (found := _NO_LEAD.search(row.text)):
            raw = found[0].strip()
            return [
                field(
                    "number", to_arabic(raw), [row], _RUBBLE, original=raw, facts={"damaged": True}
                )
            ]
    return _led(head)


def _led(head: Sequence[Row]) -> list[PaperField]:
    for row in head:
        found = _DAMAGED.match(row.text)
        if found and any(map(str.isdigit, found["raw"])) and not _ORDER.fullmatch(found["raw"]):
            raw = found["raw"].strip()
            return [
                field(
                    "number", to_arabic(raw), [row], _RUBBLE, original=raw, facts={"damaged": True}
                )
            ]
    return []
