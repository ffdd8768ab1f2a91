"""Where a piece stands in a text as it was written, for showing it.

Search compares keys, and a key is shorter than its text: digits, order of marks, spaces, spelling
of สระอำ and capitals may all differ. So a pattern is made of the piece that lets pass whatever
folding would mend, and what it finds is folded and compared: only true places are shown.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from registry.search.folding import key_of
from registry.thai.numerals import to_thai

_MARKS: Final = "ัิ-ฺ็-๎\uf701-\uf70a\uf710-\uf71a\uf883-\uf89d"
_BETWEEN: Final = f"[\\s\u00ad\u200b-\u200f\u2060\ufeff{_MARKS}]*"
_ITS_MARKS: Final = f"[{_MARKS}]*"
_IS_MARK: Final = re.compile(f"[{_MARKS}]")
_BASES: Final = {
    "ำ": "[ำา]", "า": "[ำาๅ]", "ๅ": "[ๅา]", "แ": f"(?:แ|เ{_BETWEEN}เ)",
    "ฐ": "[ฐ\uf700\uf89e]", "ญ": "[ญ\uf70f\uf89a]",
}  # fmt: skip
_MOST: Final = 200  # places tried in one text
_AROUND: Final = 60

Span = tuple[int, int]


def spans(text: str, keys: Iterable[str]) -> list[Span]:
    """Give the places of these keys in the text, in order, without overlap."""
    found = sorted(span for key in keys if key for span in _places(text, key))
    kept: list[Span] = []
    for start, end in found:
        if kept and start <= kept[-1][1]:
            kept[-1] = kept[-1][0], max(end, kept[-1][1])
        else:
            kept.append((start, end))
    return kept


def excerpt(text: str, marked: Sequence[Span]) -> tuple[str, list[Span]]:
    """Cut a text around the first place, never between a letter and its marks."""
    first = marked[0]
    start, end = max(first[0] - _AROUND, 0), min(first[1] + 2 * _AROUND, len(text))
    while start > 0 and _IS_MARK.match(text[start]):
        start -= 1
    while end < len(text) and _IS_MARK.match(text[end]):
        end += 1
    inside = [(a - start, min(b, end) - start) for a, b in marked if start <= a < end]
    return text[start:end], inside


def _places(text: str, key: str) -> Iterator[Span]:
    pattern, tried, place = _pattern(key), 0, 0
    while tried < _MOST and (found := pattern.search(text, place)):
        tried += 1
        if key in key_of(found[0]):
            yield found.span()
            place = found.end()
        else:
            place = found.start() + 1


@lru_cache(maxsize=256)
def _pattern(key: str) -> re.Pattern[str]:
    bases = [char for char in key if not _IS_MARK.match(char) and char != " "] or list(key)
    return re.compile(_BETWEEN.join(map(_way, bases)) + _ITS_MARKS, re.IGNORECASE)


def _way(char: str) -> str:
    if char in _BASES:
        return _BASES[char]
    return f"[{char}{to_thai(char)}]" if char in "0123456789" else re.escape(char)
