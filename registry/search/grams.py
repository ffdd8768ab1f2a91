"""What the index is made of: grams, the short strings that a document is filed under.

A gram is a letter that says its kind, and what it is about:

    T…  one or three characters that stand somewhere in the fields or in the texts
    F…  the same, standing in the fields
    other capitals: a mark of the document, whole (:mod:`registry.search.document`)

A piece of three or more characters must have all its trigrams; one of two has one of the trigrams
that begin so, for which a text ends in a mark of its own. So no substring is ever missed, and what
is found has still to be looked at, since three trigrams can stand in different places.
"""

from typing import Final

from registry.search.folding import FIELD, PART

FIELDS: Final = "F"
ANYWHERE: Final = "T"


def grams_of(fields: str, body: str, marks: str) -> set[str]:
    """Give all that a document is filed under."""
    in_fields, anywhere = pieces_of(fields, body)
    found = {ANYWHERE + piece for piece in anywhere}
    found.update([FIELDS + piece for piece in in_fields])
    found.update(filter(None, marks.split("\n")))
    return found


def pieces_of(fields: str, body: str) -> tuple[set[str], set[str]]:
    """Give the pieces that stand in the fields, and those that stand anywhere, without a kind."""
    fields = fields.replace(FIELD, PART)
    in_fields = _pieces(fields)
    return in_fields, in_fields | _pieces(body)


def trigrams(key: str) -> list[str]:
    """Give the trigrams that a piece of three or more characters needs, without their kind."""
    return list(dict.fromkeys(key[at : at + 3] for at in range(len(key) - 2)))


def _pieces(text: str) -> set[str]:
    text += PART
    found = set(map("".join, zip(text, text[1:], text[2:], strict=False)))
    found.update(text)
    # A trigram may end where a text ends, but a query never runs across that place.
    return {piece for piece in found if PART not in piece[:2]}
