"""Sorting names as a Thai dictionary does.

Code point order puts every word that is written with เ แ โ ใ ไ at the end, because
those vowels stand before their consonant. A dictionary (พจนานุกรม ฉบับราชบัณฑิตยสถาน) files
a word under its consonant, and looks at tone marks only when the letters are equal.

The key is a plain string, so a database without a Thai collation can keep it in a
column and sort by that. Limit: digits sort by their figures, not by their value.
"""

import re
import unicodedata
from typing import Final

from registry.thai.numerals import to_arabic
from registry.thai.text import tidy

_LEADING: Final = re.compile("([เ-ไ])([ก-ฮ])")
_TONES: Final = "็่้๊๋์"
_LEVEL_BREAK: Final = "\x01"


def sort_key(text: str) -> str:
    """Return the key under which the text sorts among other Thai and Latin words.

    Three levels, weightiest first: letters (spaces and punctuation set aside), tone
    marks, and the text itself, so that different texts never share a key.
    """
    clean = tidy(text)
    swapped = _LEADING.sub(r"\2\1", to_arabic(clean).casefold())
    letters: list[str] = []
    tones: list[str] = []
    for char in swapped:
        if char in _TONES:
            tones[-1:] = [char]
        elif unicodedata.category(char)[0] in "LMN":
            letters.append(char)
            tones.append(" ")
    return _LEVEL_BREAK.join(["".join(letters), "".join(tones), clean])
