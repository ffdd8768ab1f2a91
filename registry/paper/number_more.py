"""What stands behind a number on its line and may belong to it: ๑๒ ๓๔, ๑๒๓๔-๑๒๔๐, ๑๒๓๔ /๖๙.

Such a number was typed with a space in it, stands for several letters, or is of a form that none
here has. Which of them, nobody but the office knows: it is doubted, and all that it may be is told.
A date behind a number is the letter's date, and no part of it, but for a scan's, whose gaps are
lost. Limits: what stands on the next line is not looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from registry.errors import NotUnderstood
from registry.letter.number import LetterNumber, find
from registry.paper.rows import Row
from registry.thai.dates import find_dates
from registry.thai.numerals import to_arabic

_FIGURES: Final = r"(?P<figures>[0-9๐-๙]{1,6})(?![0-9๐-๙])"
_APART: Final = re.compile(rf"\s+{_FIGURES}")
_ANOTHER: Final = re.compile(
    rf"\s*(?:[-–—~,&+]|ถึง|และ|หรือ|กับ)\s*(?:ว\.?\s?)?{_FIGURES}(?!\s?[/.][0-9๐-๙])"
)
_ENDING: Final = re.compile(r"\s*/\s*[0-9๐-๙]{1,4}|\s*\(\s?[^()\s]{1,3}\s?\)|[ก-ฮ](?![ก-๎.])")


def whole_end(row: Row, end: int) -> int:
    """Give where ends what may belong to the number that ends there: there, if nothing follows."""
    found = _more(row, end)
    return found.end() if found else end


def goes_on(number: LetterNumber, row: Row) -> bool:
    """Say whether something that may belong to it stands behind a number in its row."""
    return any(one == number and whole_end(row, end) > end for one, _, end in find(row.text))


def may_be(number: LetterNumber, row: Row) -> Iterator[LetterNumber]:
    """Give the number, and what else it may be by what stands behind it in its row."""
    yield number
    for one, _, end in find(row.text):
        more = _more(row, end) if one == number else None
        if more is None or more.re is _ENDING:
            continue
        figures = to_arabic(more["figures"])
        running = f"{number.number}{figures}" if more.re is _APART else figures
        try:
            yield replace(number, number=int(running))
        except NotUnderstood:
            continue


def _more(row: Row, end: int) -> re.Match[str] | None:
    for shape in (_APART, _ANOTHER, _ENDING):
        found = shape.match(row.text, end)
        if found and (shape is _ENDING or not _is_day(row, found.start("figures"))):
            return found
    return None


def _is_day(row: Row, start: int) -> bool:
    return row.source != "ocr" and any(at == start for _, at, _ in find_dates(row.text))
