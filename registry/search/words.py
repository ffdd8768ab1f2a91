"""Where the words of a Thai text begin: for ranking, and for codes of one or two letters.

Thai sets no spaces, so a dictionary has to say that กา is a word in one place and a piece of การ in
another. The word list is that of PyThaiNLP, read as a file; nlpo3 does the cutting, nine million
bytes a second. Both are loaded when the first text is cut and cost some 60 MB: only the process
that keeps the index does so, searching does not.

Limit: a cut may be wrong. It decides about order only, never about whether a letter is found.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_NAME: Final = "saraban"
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
    segment = _cutter()
    if len(run) <= _AT_ONCE:
        return segment(run)
    pieces = (run[at : at + _AT_ONCE] for at in range(0, len(run), _AT_ONCE))
    return [word for piece in pieces for word in segment(piece)]


@lru_cache(maxsize=2000)
def _words_of_line(run: str) -> tuple[str, ...]:
    """Cut a short run: names and addresses stand in every other letter."""
    return tuple(_cutter()(run))


@cache
def _cutter() -> Callable[[str], list[str]]:
    from nlpo3 import load_dict, segment

    package = find_spec("pythainlp")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("pythainlp is not installed: it has the word list")
    load_dict(str(Path(package.submodule_search_locations[0]) / "corpus" / "words_th.txt"), _NAME)

    def words_of(text: str) -> list[str]:
        return list(segment(text, _NAME))

    return words_of
