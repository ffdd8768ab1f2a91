"""What the index is made of: grams, the short strings that a document is filed under.

A gram is a letter that says its kind, and what it is about:

    T…  one or three characters that stand somewhere in the fields or in the texts
    F…  the same, standing in the fields
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
_ONE: Final = 0x80  # in the kind of a single unit
_FIRST: Final = 0 if sys.byteorder == "little" else 48  # where the first unit of a word is
_PART: Final = PART.encode("utf-16-le")


def grams_of(fields: str, body: str, marks: str) -> set[bytes]:
    """Give all that a document is filed under."""
    found = {gram_of(code) for code in codes_of(fields, body)}
    found.update(mark_gram(mark) for mark in marks.split("\n") if mark)
    return found


def codes_of(fields: str, body: str) -> set[int]:
    """Give the grams of fields and texts as numbers; :func:`gram_of` makes grams of them."""
    fields = fields.replace(FIELD, PART)
    return _codes(fields, FIELDS) | _codes(fields + PART + body, ANYWHERE)


def gram_of(code: int) -> bytes:
    """Give the gram that a number stands for."""
    word = code.to_bytes(_WORD, sys.byteorder)
    kind = word[_KIND]
    return bytes([kind & ~_ONE]) + (word[:2] if kind & _ONE else word[:_KIND])


def mark_gram(mark: str) -> bytes:
    """Give the gram of a mark."""
    return mark.encode()


def piece_grams(key: str, where: str) -> tuple[list[bytes], bytes]:
    """Give the grams that a piece must all have, and the beginning of one that it must have.

    Either is empty. ``where`` is :data:`FIELDS` or :data:`ANYWHERE`.
    """
    raw, kind = _units(key), where.encode()
    if len(raw) == 2:
        return [kind + raw], b""
    if len(raw) == 4:
        return [], kind + raw
    return list(dict.fromkeys(kind + raw[at : at + 6] for at in range(0, len(raw) - 4, 2))), b""


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _codes(text: str, kind: str) -> set[int]:
    raw = _units(text + PART)
    words = bytearray(_WORD * max(len(raw) // 2 - 2, 0))
    last = len(raw) - 4
    for place in range(_KIND):
        words[place::_WORD] = raw[place : place + last : 2] if last > 0 else b""
    words[_KIND::_WORD] = kind.encode() * (len(words) // _WORD)
    for place in _ends(raw):
        # A trigram may end where a text ends, but a query never runs across that place.
        for start in (place // 2 * _WORD, (place // 2 - 1) * _WORD):
            if 0 <= start < len(words):
                words[start : start + _WORD] = bytes(_WORD)
    found = set(memoryview(words).cast("Q"))
    found.discard(0)
    found.update(_singles(raw, kind))
    return found


def _singles(raw: bytes, kind: str) -> Iterator[int]:
    marked = int.from_bytes(bytes([0] * _KIND + [ord(kind) | _ONE, 0]), sys.byteorder)
    for unit in {*memoryview(raw).cast("H")} - {*memoryview(_PART).cast("H")}:
        yield unit << _FIRST | marked


def _ends(raw: bytes) -> Iterator[int]:
    place = raw.find(_PART)
    while place >= 0:
        if place % 2 == 0:
            yield place
        place = raw.find(_PART, place + 1)
