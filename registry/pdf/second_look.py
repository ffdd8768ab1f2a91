"""A second look at short words that Tesseract took for Latin ones, beside figures: กษ, not NW.

With Thai and English together, a code of two consonants before a number comes out as English more
often than not. Such a word is read again by the Thai model alone, and what that says is taken where
it is what stands before figures in letters: consonants of a code, ต่อ, โทร., ที่, or figures.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import tesserocr
from numpy.typing import NDArray
from PIL import Image

from registry.pdf.sight import DPI

_LATIN: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9:;.,'\"|@&«»]{1,5}")
_FIGURE: Final = re.compile(r"[0-9๐-๙(@«©]")
_LIKELY: Final = re.compile(r"[ก-ฮ]{2,4}\.?|ที่|ต่อ|โทร\.?|กทม\.?|[๐-๙]{1,2}\.?|ว")
_CODE: Final = re.compile(r"[ก-ฮ]{2}")
_MARKS: Final = re.compile("[ัิ-ฺ็-๎]")
_BESIDE: Final = 8  # pixels of the line beside the word
_AROUND: Final = 20  # pixels of paper

Grey = NDArray[np.uint8]
Word = tuple[str, int, int]


def wants_one(words: Sequence[Word]) -> bool:
    """Say whether there is a short Latin word before or beside figures."""
    return any(_is_doubtful(words, at) for at in range(len(words)))


def looked_again(thai: Any, line: Grey, words: Sequence[Word]) -> list[Word]:
    """Give the words of a line, the doubtful ones as the engine ``thai`` reads them.

    ``words`` have their left and right in pixels of ``line``.
    """
    found = list(words)
    for at, (_, left, right) in enumerate(words):
        if not _is_doubtful(words, at):
            continue
        said = _read(thai, line[:, max(0, left - _BESIDE) : right + _BESIDE])
        bare = _MARKS.sub("", said)  # a code has none
        if _LIKELY.fullmatch(said):
            found[at] = (said, left, right)
        elif _CODE.fullmatch(bare):
            found[at] = (bare, left, right)
    return found


def _is_doubtful(words: Sequence[Word], at: int) -> bool:
    if not _LATIN.fullmatch(words[at][0]):
        return False
    after = words[at + 1][0] if at + 1 < len(words) else ""
    before = words[at - 1][0] if at else ""
    return bool(_FIGURE.match(after)) or before == "ที่" or at == 0


def _read(thai: Any, word: Grey) -> str:
    """Read a word by itself, with paper all around it: without it Tesseract sees nothing."""
    if not word.size:
        return ""
    sheet = np.full([side + 2 * _AROUND for side in word.shape], np.percentile(word, 90), np.uint8)
    sheet[_AROUND:-_AROUND, _AROUND:-_AROUND] = word
    thai.SetPageSegMode(tesserocr.PSM.SINGLE_LINE)
    thai.SetImage(Image.fromarray(sheet))
    thai.SetSourceResolution(DPI)
    said = str(thai.GetUTF8Text())
    thai.Clear()
    return "".join(said.split())
