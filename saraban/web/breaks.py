"""Where a line of Thai may end: between words, by the dictionary, and never inside one.

Thai is written without spaces. A ``<wbr>`` stands between words; ฯ, ๆ and closing marks stay with
the word before them. Words that browsers, whose dictionaries are smaller, may cut in two are held
together, but for those too long for a narrow column.

The dictionary takes a tenth of a second and some megabytes, so it is read when the first page needs
it; what was cut once is remembered. Without the segmenter the text goes out as it is, and the
browser breaks it as well as it can.
"""

import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

_THAI: Final = re.compile(r"[\u0e01-\u0e5b]{4,}")
_STAYS: Final = re.compile(r"[\u0e2f\u0e46\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]")
_HELD: Final = range(5, 15)  # characters of a word that is held together
_NAME: Final = "words"
_LONGEST: Final = 600  # characters; what is longer is no title


def breakable(text: str) -> Markup:
    """Give the text escaped, with ``<wbr>`` where a line may end."""
    if len(text) > _LONGEST or not _THAI.search(text):
        return escape(text)
    return _cut(text)


@lru_cache(maxsize=4096)
def _cut(text: str) -> Markup:
    out: list[str] = []
    before = ""
    for word in _words(text):
        if _is_thai(before) and _is_thai(word) and not _STAYS.match(word):
            out.append("<wbr>")
        before = word
        held = len(word) in _HELD and _is_thai(word)
        out.append(f'<span class="w">{escape(word)}</span>' if held else str(escape(word)))
    return Markup("".join(out))  # noqa: S704 - each word was escaped above


def _is_thai(word: str) -> bool:
    return "\u0e01" <= word[-1:] <= "\u0e5b"


def _words(text: str) -> list[str]:
    if not _dictionary():
        return [text]
    from nlpo3 import segment

    return list(segment(text, _NAME))


@cache
def _dictionary() -> bool:
    """Read the word list, and say whether there is one."""
    spec = find_spec("pythainlp")
    if spec is None or spec.origin is None or find_spec("nlpo3") is None:
        return False
    from nlpo3 import load_dict

    words = Path(spec.origin).parent / "corpus" / "words_th.txt"
    return bool(load_dict(str(words), _NAME)[1])
