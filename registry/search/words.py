"""Where the words of a Thai text begin: for ranking, and for codes of one or two letters.

Thai sets no spaces, so a dictionary has to say that กา is a word in one place and a piece of การ in
another. :mod:`registry.thai.wordlist` does the cutting and is loaded when the first text is cut:
only the process that keeps the index does so, searching does not.

Limit: a cut may be wrong. It decides about order only, never about whether a letter is found.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from registry.thai.wordlist import cutter

_AT_ONCE: Final = 2000  # characters; ambiguous text costs the cutter more than its length
_MOST: Final = 50_000  # characters of a document; what comes after is found, but not cut
_LINE: Final = 60  # characters of what is remembered
_THAI: Final = re.compile("[ก-๎]+")
_USUAL: Final = 40  # no word of the list is longer


def _bits(length: int) -> bytes:
    return b"1" + b"0" * (length - 1)


_BITS: Final = (b"", *map(_bits, range(1, _USUAL)))


def cut(text: str) -> tuple[bytes, set[str]]:
    """Cut a key: give where words begin, and the words of one and two letters.

    The first is a bit for each character, set where a word or anything that is not Thai begins.
    Words of one and two letters are told apart because codes of agencies are such.
    """
    text = text[:_MOST]
    begin, short, place = list[bytes](), set[str](), 0
    for run in _THAI.finditer(text):
        words = _words(run[0])
        begin.append(b"1" * (run.start() - place))
        begin += [_BITS[len(word)] if len(word) < _USUAL else _bits(len(word)) for word in words]
        short.update([word for word in words if len(word) <= 2])
        place = run.end()
    begin.append(b"1" * (len(text) - place))
    bits = int(b"".join(begin)[::-1] or b"0", 2)
    return bits.to_bytes(len(text) // 8 + 1, "little"), short


def begins(cuts: bytes, place: int) -> bool:
    """Say whether a word begins at this character; yes for what was not cut."""
    return place >> 3 >= len(cuts) or bool(cuts[place >> 3] >> (place & 7) & 1)


def _words(run: str) -> Sequence[str]:
    if len(run) <= _LINE:
        return _words_of_line(run)
    segment = cutter()
    if len(run) <= _AT_ONCE:
        return segment(run)
    pieces = (run[at : at + _AT_ONCE] for at in range(0, len(run), _AT_ONCE))
    return [word for piece in pieces for word in segment(piece)]


@lru_cache(maxsize=2000)
def _words_of_line(run: str) -> tuple[str, ...]:
    """Cut a short run: names and addresses stand in every other letter."""
    return tuple(cutter()(run))
