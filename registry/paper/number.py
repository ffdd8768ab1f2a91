"""ที่: the letter's own number, from the lines above เรื่อง (ข้อ 11).

Sure is only a line that is ที่ and a whole number, with nothing behind it that may belong to it. A
letter with two numbers, on two lines or on one, has none that is sure; a line that begins with
ที่ and bears a slash but no number that could be read is kept as it stands, for
:mod:`registry.desk.number_hint` to say what it may mean.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from registry.letter.codes import whose
from registry.letter.number import LetterNumber, find
from registry.letter.paper import PaperField
from registry.paper.number_more import goes_on, may_be, whole_end
from registry.paper.number_scan import readings
from registry.paper.rows import Row, field
from registry.thai.numerals import to_arabic

LEAD: Final = re.compile(
    r"(?:\(?\s*ด่วน(?:ที่สุด|มาก)?\s*\)?\s*)?(?:เลข\s?)?ท[ีื]่?\s*[:：]?\s*(?=[ก-ฮ(0-9๐-๙])"
)
_DAMAGED: Final = re.compile(
    r"(?:เลข\s?)?ท[ีื]่?\s*[:：]?\s*(?P<raw>[^\s/]{1,12}\s{0,2}[^/]{0,16}/\s?(?:ว\.?\s?)?[^\s]{1,12})"
)
_NO_LEAD: Final = re.compile(  # a number whose consonants were not read
    r"(?:^|(?<=\s))[^\s/]{0,4}\s?[0-9๐-๙]{3,5}(?:\.[0-9๐-๙]{1,2})?\s?/\s?(?:ว\.?\s?)?[0-9๐-๙]{1,6}"
)
_ORDER: Final = re.compile(  # of คำสั่ง: it names no office
    r"(?:(?:ท[ิีึื]?่?|[A-Za-z]{1,3})\s?)?[0-9๐-๙]{1,5}\s?/\s?[2๒][4-6๔-๖][0-9๐-๙]{2}\W*"
)
_SURE, _BARE, _AMID, _SEVERAL, _RUBBLE = 98, 80, 55, 60, 15
_SMUDGE: Final = 4  # letters of rubble that ที่ may have become
_LEFT: Final = 0.4  # share of the width in which a number begins


def read_number(head: Sequence[Row], *, circular: bool = False) -> list[PaperField]:
    """Give the number, or none; ``facts.candidates`` lists all where there are several.

    ``circular`` says that the letter is for many, for what a scan makes of ว.
    """
    found = [one for row in head for one in _numbers_of(row, circular=circular)]
    if not found:
        return _damaged(head)
    sure, number, row = max(found, key=lambda one: one[0])
    strong = {one.key: (one, row) for score, one, row in found if score == sure}
    candidates = {str(one): None for each in strong.values() for one in may_be(*each)}
    facts: dict[str, Any] = {"candidates": list(candidates)} if len(candidates) > 1 else {}
    if len(strong) > 1:
        sure = min(sure, _SEVERAL)
    elif row.source == "ocr" and whose(number.sender) is None:
        sure = min(sure, _BARE)  # of no office that is listed: a consonant may be misread
    if len(strong) == 1 and goes_on(number, row):
        facts["odd"] = "more"
    original = _original(row, number)
    return [field("number", str(number), [row], sure, original=original, facts=facts)]


def number_in(row: Row) -> tuple[LetterNumber, int, int] | None:
    """Give the first number of a row with its start and end, as :func:`find` does."""
    return next(iter(find(row.text)), None)


def _numbers_of(row: Row, *, circular: bool) -> list[tuple[int, LetterNumber, Row]]:
    """Read a line as it stands; where a scan's gives nothing whole, put right."""
    found = _numbers(row)
    if found and all(sure > _BARE for sure, _, _ in found):
        return found
    for text, most in readings(row, circular=circular):
        if again := _numbers(replace(row, text=text)):
            return [(min(sure, most), number, row) for sure, number, _ in again]
    return found


def _numbers(row: Row) -> list[tuple[int, LetterNumber, Row]]:
    """Give the numbers of a line from the first on that may be the letter's, all as sure as it."""
    found = find(row.text)
    sure = [_how_sure(row, start) for _, start, _ in found]
    first = next((at for at, one in enumerate(sure) if one), len(found))
    if any(whole_end(row, end) > end for _, _, end in found[first:]):
        sure[first] = min(sure[first], _AMID)
    return [(sure[first], number, row) for number, _, _ in found[first:]]


def _how_sure(row: Row, start: int) -> int:
    """Say how sure a number is the letter's own by what stands before it; 0: it is not."""
    before, lead = row.text[:start], LEAD.match(row.text)
    if lead is not None and lead.end() >= start:
        return _SURE
    if not before.strip():
        return _BARE
    if re.search(r"(?:^|\s{2,})(?:เลข)?ที่\s*$", before) or _is_smudged(row, before):
        return _AMID
    return 0


def _is_smudged(row: Row, before: str) -> bool:
    """Say whether a scan's ที่ may have become what stands before the number, at the left."""
    at_left = row.box is not None and row.box.left < _LEFT
    return row.source == "ocr" and at_left and len(before.strip()) <= _SMUDGE


def _original(row: Row, number: LetterNumber) -> str:
    for one, start, end in find(row.text):
        if one == number:
            return row.text[start : whole_end(row, end)]
    return row.text


def _damaged(head: Sequence[Row]) -> list[PaperField]:
    """Keep what stands where the number should and is none."""
    for row in head:
        found = _NO_LEAD.search(row.text) if row.source == "ocr" else None
        raw = found[0].strip() if found else ""
        if raw and not _ORDER.fullmatch(row.text):
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
