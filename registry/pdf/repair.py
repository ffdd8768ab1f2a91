"""Mending what a PDF gives as Thai text, and telling text from rubble.

Beside what :func:`registry.thai.text.tidy` mends (marks out of order, สระอำ in pieces, the private
letters of old fonts), one thing is a PDF's own: files of the time before Unicode hold windows-874
bytes under Western names, so that กระทรวง copies out as ``¡ÃÐ·ÃÇ§``. Where the high letters of a
page stand in runs as Thai ones do, they are read as Thai.

A font without a way back to characters gives rubble, which nobody can search for: such a page has
no text, like a scan, and must be looked at with eyes. Both functions are idempotent; neither makes
a letter out of nothing nor drops one that could be read.
"""

import re
import unicodedata
from typing import Final

from registry.thai.text import tidy

_BYTES: Final = "".join(map(chr, range(0xA1, 0xFC)))
_RUN: Final = re.compile(f"[{re.escape(_BYTES)}]{{3,}}")
_HIGH: Final = re.compile(f"[{re.escape(_BYTES)}]")
_THAI: Final = re.compile("[ก-๛]")
_MOSTLY: Final = 0.6
_AM_THEN: Final = re.compile("ำ( ?)(?=[ก-ฮเ-ไ])")
_MANY: Final = 3
_RUBBLE: Final = frozenset({"Co", "Cn", "Cs", "Cc"})  # private use, unassigned, control
_MOST_RUBBLE: Final = 0.3


def repaired(text: str) -> str:
    """Give the text of one page as it is kept: tidy, and in Thai letters where Thai is meant."""
    text = unicodedata.normalize("NFC", text)
    for _ in range(2):  # before tidy, which takes ญ for a soft hyphen; and where it closed a gap
        if _is_thai_in_disguise(text):
            text = _HIGH.sub(lambda high: _thai_of(high[0]), text)
        text = tidy(text)
    return _without_gaps(text)


def legible(text: str) -> bool:
    """Say whether a page's text can be read: has letters or digits, and is not mostly rubble."""
    signs = [char for char in text if not char.isspace()]
    rubble = sum(char == "\ufffd" or unicodedata.category(char) in _RUBBLE for char in signs)
    return any(map(str.isalnum, signs)) and rubble <= _MOST_RUBBLE * len(signs)


def _without_gaps(text: str) -> str:
    """Chrome leaves room behind every สระอำ (สำ หรับ); a writer does so behind a few."""
    gaps = _AM_THEN.findall(text)
    return _AM_THEN.sub("ำ", text) if len(gaps) >= _MANY and all(gaps) else text


def _is_thai_in_disguise(text: str) -> bool:
    """Western letters of high code stand alone between others; Thai ones stand in runs."""
    high = len(_HIGH.findall(text))
    in_runs = sum(map(len, _RUN.findall(text)))
    return high > 0 and not _THAI.search(text) and in_runs >= _MOSTLY * high


def _thai_of(high: str) -> str:
    try:
        return high.encode("latin-1").decode("cp874")
    except UnicodeDecodeError:  # 0xDB to 0xDE mean nothing in Thai
        return high
