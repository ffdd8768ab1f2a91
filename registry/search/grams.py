"""What the index is made of: grams, the short strings that a document is filed under.

A gram is a letter that says its kind, and what it is about:

    T…  three characters that stand somewhere in the fields or in the texts; t… one character
    F…  f… the same, standing in the fields
    other capitals: a mark of the document, whole (:mod:`registry.search.document`)

A piece of three or more characters must have all its trigrams; one of two has one of the trigrams
that begin so, for which a text ends in a mark of its own. So no substring is ever missed, and what
is found has still to be looked at, since three trigrams can stand in different places.

Characters are units of UTF-16 here, two bytes each: three of them and a kind fit into one machine
word, and :func:`codes_of` makes the grams of a letter as whole numbers by laying its text over
itself. A character beyond the first 65,536 counts as two, in a text as in a query.
"""

import sys
from collections.abc import Iterator
from typing import Final

from registry.search.folding import FIELD, PART

FIELDS: Final = "F"
ANYWHERE: Final = "T"

_WORD: Final = 8
_KIND: Final = 6  # the byte of a word that says the kind
_ONE: Final = 0x20  # in the kind of a single unit: a small letter
_FIRST: Final = 0 if sys.byteorder == "little" else 48  # where the first unit of a word is
_PART: Final = PART.encode("utf-16-le")


def grams_of(fields: str, body: str, marks: str) -> set[bytes]:
    """Give all that a document is filed under."""
    found = {gram_of(code) for code in codes_of(fields, body)}
    found.update(mark_gram(mark) for mark in marks.split("\n") if mark)
    return found


def codes_of(fields: str, body: str) -> set[int]:
    """Give the grams of fields and texts as numbers; :func:`gram_of` makes grams of them."""
    raw = _units(f"{fields.replace(FIELD, PART)}{PART}{body}{PART}")
    units, said = memoryview(raw).cast("H"), len(_units(fields))
    words = _words(raw)
    found = {*words}
    found.update([code ^ _OTHER for code in {*words[: max(said // 2 - 1, 0)]}])
    found -= {0, _OTHER}
    found.update(_singles(units, _SINGLE))
    found.update(_singles(units[: said // 2], _SINGLE ^ _OTHER))
    return found


def gram_of(code: int) -> bytes:
    """Give the gram that a number stands for."""
    word = code.to_bytes(_WORD, sys.byteorder)
    kind = word[_KIND:-1]
    return kind + (word[:2] if kind > b"Z" else word[:_KIND])


def mark_gram(mark: str) -> bytes:
    """Give the gram of a mark."""
    return mark.encode()


def piece_grams(key: str, where: str) -> tuple[list[bytes], bytes]:
    """Give the grams that a piece must all have, and the beginning of one that it must have.

    Either is empty. ``where`` is :data:`FIELDS` or :data:`ANYWHERE`.
    """
    raw, kind = _units(key), where.encode()
    if len(raw) == 2:
        return [kind.lower() + raw], b""
    if len(raw) == 4:
        return [], kind + raw
    return list(dict.fromkeys(kind + raw[at : at + 6] for at in range(0, len(raw) - 4, 2))), b""


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _words(raw: bytes) -> memoryview:
    """Lay a text over itself: a word for each three units of it, 0 where no query could run."""
    count = max(len(raw) // 2 - 2, 0)
    words = bytearray(_WORD * count)
    for place in range(_KIND if count else 0):
        words[place::_WORD] = raw[place : place + 2 * count : 2]
    words[_KIND::_WORD] = ANYWHERE.encode() * count
    for place in _ends(raw):
        # A trigram may end where a text ends, but a query never runs across that place.
        for start in (place // 2 * _WORD, (place // 2 - 1) * _WORD):
            if 0 <= start < len(words):
                words[start : start + _WORD] = bytes(_WORD)
    return memoryview(words).cast("Q")


def _singles(units: memoryview, kind: int) -> list[int]:
    return [unit << _FIRST | kind for unit in {*units} - _NONE]


def _kind_bits(kind: int) -> int:
    return int.from_bytes(bytes([0] * _KIND + [kind, 0]), sys.byteorder)


_OTHER: Final = _kind_bits(ord(ANYWHERE) ^ ord(FIELDS))  # makes one of fields of one of all
_SINGLE: Final = _kind_bits(ord(ANYWHERE) | _ONE)
_NONE: Final = {*memoryview(_PART).cast("H")}


def _ends(raw: bytes) -> Iterator[int]:
    place = raw.find(_PART)
    while place >= 0:
        if place % 2 == 0:
            yield place
        place = raw.find(_PART, place + 1)
