"""The words that a long Thai word is made of, for a column that is narrower than it.

The list has whole names of offices as words (องค์การบริหารส่วนจังหวัด); where such a name has to be
cut, it is cut as a person would: องค์การ บริหาร ส่วน จังหวัด.
"""

import re
from functools import lru_cache
from typing import Final

from registry.thai.wordlist import words

_THAI: Final = re.compile("[ก-๎]+")
_LONGEST: Final = 30  # letters of a part
_UNKNOWN: Final = 10  # what a letter in no word costs, against one for each part
_NO_BEGIN: Final = re.compile("[ฯๆะ-ฺๅ็-๎]")
_NO_END: Final = "เแโใไ"


@lru_cache(maxsize=4096)
def parts_of(token: str) -> tuple[str, ...]:
    """Give the fewest words that a Thai word is made of; itself where there are none."""
    if not _THAI.fullmatch(token) or len(token) < 4:
        return (token,)
    best: list[tuple[int, int]] = [(0, 0)]  # cost of what is before each place, where it begins
    for end in range(1, len(token) + 1):
        ways = [(best[end - 1][0] + _UNKNOWN, end - 1)]
        ways += [
            (best[begin][0] + 1, begin)
            for begin in range(max(0, end - _LONGEST), end - 1)
            if token[begin:end] in words() and end - begin < len(token)
        ]
        best.append(min(ways))
    return _together(token, best)


def _together(token: str, best: list[tuple[int, int]]) -> tuple[str, ...]:
    """Give the parts from the last to the first, those that are no words with their neighbour."""
    places = [len(token)]
    while places[-1]:
        places.append(best[places[-1]][1])
    parts: list[str] = []
    for begin, end in zip(places[:0:-1], places[-2::-1], strict=True):
        part, alone = token[begin:end], end - begin == 1
        if parts and (alone or _NO_BEGIN.match(part) or parts[-1][-1] in _NO_END or _is_odd(parts)):
            parts[-1] += part
        else:
            parts.append(part)
    return tuple(parts)


def _is_odd(parts: list[str]) -> bool:
    """Say whether the part before is a letter that is no word."""
    return len(parts[-1]) == 1
