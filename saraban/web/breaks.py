"""Where a line of Thai may end: between words, by the dictionary, and never inside one.

Thai is written without spaces. A ``<wbr>`` stands between words; ฯ, ๆ and closing marks stay with
the word before them. Words that browsers, whose dictionaries are smaller, may cut in two are held
together, but for those too long for a narrow column.

The dictionary takes a tenth of a second and some megabytes, so it is read when the first page needs
it; what was cut once is remembered. Without the segmenter the text goes out as it is, and the
browser breaks it as well as it can.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import pairwise
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


def marked(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """Give the text as :func:`breakable` does, with ``<mark>`` around these (start, end) places.

    A place may begin or end within a word; then a part of the word is marked.
    """
    return _cut(text, tuple(spans)) if spans else breakable(text)


@lru_cache(maxsize=4096)
def _cut(text: str, spans: tuple[tuple[int, int], ...] = ()) -> Markup:
    out: list[str] = []
    before, place = "", 0
    for word in _words(text):
        if _is_thai(before) and _is_thai(word) and not _STAYS.match(word):
            out.append("<wbr>")
        shown = "".join(_pieces(word, place, spans))
        held = len(word) in _HELD and _is_thai(word)
        out.append(f'<span class="w">{shown}</span>' if held else shown)
        before, place = word, place + len(word)
    return Markup("".join(out))  # noqa: S704 - each piece was escaped


def _pieces(word: str, at: int, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Give a word that begins at this place of the text, escaped, its marked parts marked."""
    cuts = {place - at for span in spans for place in span if 0 < place - at < len(word)}
    for start, end in pairwise(sorted({0, len(word)} | cuts)):
        piece = escape(word[start:end])
        lit = any(first <= at + start < last for first, last in spans)
        yield f"<mark>{piece}</mark>" if lit else str(piece)


def _is_thai(word: str) -> bool:
    return "\u0e01" <= word[-1:] <= "\u0e5b"


def _words(text: str) -> list[str]:
    if len(text) > _LONGEST or not _dictionary():
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
