"""How well a page's text was read: 0 to 1, and which of two readings of a page is the better.

Two things tell without knowing what the page says. Broken text has what no Thai writer types: marks
on nothing, two vowels on one letter, private and control characters. And of sound text nearly all
letters are in words of the dictionary; names and abbreviations make one or two in a hundred that
are not, a font read wrongly makes ten or more, and a syllable that was said twice is a word that
nobody knows. The weights were measured on letters of five makers of PDFs in three fonts: the
smallest sum was the best reading in 22 of 24.

Limits: a wrong figure is as good as a right one, and other scripts are only looked at for rubble.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from registry.thai.wordlist import cutter, words

_ENOUGH: Final = 20_000  # characters that are looked at
_THAI: Final = re.compile("[ก-๎]+")
_LONGEST: Final = 1000  # letters of a run that are cut at once
_FEW: Final = 20  # letters of which nothing can be said
_RUBBLE: Final = frozenset({"Co", "Cn", "Cs", "Cc"})
_IMPOSSIBLE: Final = re.compile(
    "(?<![ก-ฮฺุูัิีึื็ํ๎่้๊๋์])[ฺุูัิีึื็ํ๎่้๊๋์ำ]"  # a mark on nothing
    "|[ัิีึื็][ัิีึื็]|[ุู][ุู]|[่้๊๋์]{2}"  # two of a kind on one letter
    "|[ะาำ][ัิีึืุู็่้๊๋์]|[เแโใไ](?![ก-ฮ])|[ำะ]{2}|าา"
)
SOUND: Final = 0.97
"""From here on a page is read well."""

_MOSTLY: Final = 0.7
_CLEARLY: Final = 0.003
_MARK: Final = re.compile("[ัิ-ฺ็-๎ำ]")
_USUAL: Final = 0.1  # of Thai letters are marks above and below at least; a fifth mostly
_BAD: Final = 2.0  # what an impossible mark weighs against a letter of no known word


def quality(text: str) -> float:
    """Give how well a text was read: 1 for sound Thai, below 0.8 for what needs eyes; "" is 0."""
    if not text.strip():
        return 0.0
    return max(0.0, 1.0 - _BAD * badness(text) - unknown(text))


def better(first: str, second: str) -> tuple[str, float]:
    """Give the better of two readings of a page, and how well it was read.

    The first is kept unless the second is clearly better, or says much more.
    """
    one, other = quality(first), quality(second)
    if one >= SOUND and _letters(first) >= _MOSTLY * _letters(second):
        return first, one
    if other > one + _CLEARLY or (other > one - _CLEARLY and _letters(first) < _letters(second)):
        return second, other
    return first, one


def badness(text: str) -> float:
    """Give impossible marks and characters that are none, for each letter; marks that are lost."""
    text = text[:_ENOUGH]
    thai = sum(map(len, _THAI.findall(text)))
    rubble = sum(char == "\ufffd" or _is_rubble(char) for char in text)
    lost = _USUAL * thai - len(_MARK.findall(text)) if thai >= _FEW else 0
    odd = len(_IMPOSSIBLE.findall(text)) + rubble + max(lost, 0)
    return odd / max(thai, len(text) // 2, 1)


def unknown(text: str) -> float:
    """Give the share of Thai letters that stand in no word of the dictionary, 0 to 1."""
    known = total = 0
    # Lines and spaces within a word are the page's doing, not the writer's.
    for run in _THAI.findall(re.sub(r"\s+", " ", text[:_ENOUGH])):
        for start in range(0, len(run), _LONGEST):
            good, all_of = _known(run[start : start + _LONGEST])
            known, total = known + good, total + all_of
    return 1 - known / total if total >= _FEW else 0.0


@lru_cache(maxsize=4000)
def _known(run: str) -> tuple[int, int]:
    """Give how many letters of a run are in words, and how many it has."""
    # A single letter is a word of the list, and what is left over when a cut fails.
    return sum(len(word) for word in cutter()(run) if len(word) > 1 and word in words()), len(run)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _is_rubble(char: str) -> bool:
    return char not in "\n\t" and not char.isascii() and unicodedata.category(char) in _RUBBLE
