"""The key by which letters are searched: folded text without the spaces that mean nothing.

On top of :func:`registry.thai.text.fold` (digits, mark order, สระอำ, case, invisible characters)
a space beside a Thai letter or a slash is dropped, since Thai writes none between words and no two
clerks set one number alike: ``มท ๐๘๑๐.๓/ว ๓๙๗๔`` and ``มท0810.3/ว3974`` have one key. Between words
of other scripts and between figures a single space stays. Never show a key to anybody.
"""

import re
from functools import lru_cache
from typing import Final

from registry.thai.numerals import to_arabic
from registry.thai.text import fold, tidy

FIELD: Final = "\x1f"
"""Stands between the fields of a document; no key contains it."""
PART: Final = "\x1e"
"""Stands between values of one field, and between texts; no key contains it."""

_GAP: Final = re.compile("(?<=[ก-๛/]) | (?=[ก-๛/])")
_PLAIN: Final = re.compile("[\\t\\n -~ก-ฺ฿-๛]*")
_CLOSES: Final = re.compile("[ก-๛/]")
_PASSES: Final = 6
_LINE: Final = 200  # characters of what is remembered
_UNCOVERED: Final = re.compile("[ฤฦ]า")


def key_of(text: str) -> str:
    """Return the key of a text or of a query; the key of a key is the key itself."""
    return _key_of_line(text) if len(text) <= _LINE else _key_of(text)


def _key_of(text: str) -> str:
    if not text.isascii() and _PLAIN.fullmatch(text) and (key := _at_once(text)) is not None:
        return key
    key = fold(text)
    for _ in range(_PASSES):
        closed = key if key.isascii() and "/" not in key else _GAP.sub("", key)
        if closed == key or (tidy(closed) == closed and not _UNCOVERED.search(closed)):
            return closed
        key = fold(closed)
    return key


def _at_once(text: str) -> str | None:
    """Give the key of Thai and ASCII as most texts are: sound before and after; else None."""
    if tidy(text) != text:
        return None
    words = to_arabic(text).casefold().replace("ฤา", "ฤๅ").replace("ฦา", "ฦๅ").split()
    parts, open_end = list[str](), False
    for word in words:
        if open_end and not _CLOSES.match(word):
            parts.append(" ")
        parts.append(word)
        open_end = not _CLOSES.match(word[-1])
    key = "".join(parts)
    return key if tidy(key) == key and not _UNCOVERED.search(key) else None


# Names and addresses stand in every other letter, and a subject stands in it twice.
_key_of_line: Final = lru_cache(maxsize=2000)(_key_of)
