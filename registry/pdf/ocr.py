"""Reading a picture of a page: Tesseract for the letters, our own reader for the figures.

The page is turned upright and straight, read as scattered text (of Tesseract's ways the one that
does not take the marks above Thai lines for lines of their own: one letter in a thousand is wrong
at 150 to 300 dpi, against two to four in a hundred), and its pieces are put together to lines here.
A page that reads badly is tried the other ways round. Lines that may carry figures are given to
:mod:`registry.pdf.digits`, since the Thai models have no ๔ ๖ ๗ ๘ ๙.

Limits: handwriting is not read; a photograph gives a few letters by chance, which are dropped when
there is no Thai or English in them. Some two seconds a page, and 300 MB with the models.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import tesserocr
from PIL import Image

from registry.letter.page import Box, Line, Page
from registry.pdf.digits import Glyph, mend, read_row
from registry.pdf.digits_mend import laid_in
from registry.pdf.heard import Read, heard, joined
from registry.pdf.pieces import in_rows
from registry.pdf.quality import quality
from registry.pdf.second_look import looked_again, wants_one
from registry.pdf.sight import Sheet
from registry.pdf.strip import Strip, cut_out, looks
from registry.pdf.upright import is_blank, lies_on_its_side, plane, slope
from registry.pdf.votes import Reading, elected
from registry.pdf.whiten import is_sparse, whitened
from registry.thai.text import tidy

THAI: Final = "tha"
"""The model that looks again at what was taken for English."""

_WELL: Final = 80.0  # mean confidence from which a page is not tried another way
_MOSTLY: Final = 0.6
_ENOUGH: Final = 6  # letters
_SPLINTER: Final = 4  # letters: on a page held wrongly all pieces are shorter
_PIECE_SURE: Final = 70
_STRAIGHT: Final = 0.15  # degrees that need no turning
_LEAST_SURE: Final = 35  # of a line
_DOUBTFUL: Final = 65  # of a line of few letters: dust, a seal, the emblem
_FEW: Final = 3
_AGAIN: Final = 85  # of a line whose letters one model read so, and both otherwise
_HEAD: Final = 0.42  # of a page's height: what stands above is the head of a letter
_LOST: Final = 0.1  # marks of a consonant: a line with fewer lost some
_MARKED: Final = 6  # consonants of a line that ought to have a mark among them
_NO_TEXT: Final = 50.0  # mean confidence below which a page shows no text
_NO_WORDS: Final = 0.5  # quality below which
_MARGIN: Final = 0.12  # of a line's height, around what is given to the reader of figures
_LETTER: Final = re.compile("[ก-ฮ]")
_THAI: Final = re.compile("[ก-๎]")
_ENGLISH: Final = re.compile("[A-Za-z]{4,}")
_MARK: Final = re.compile("[ัิ-ฺ็-๎ำ]")
_FIGURES: Final = re.compile(r"[0-9๐-๙A-Za-z]|^\s*ที่|[มกส]\S{1,3}[าี]ยน|คม\b|พันธ์")


@dataclass(frozen=True, slots=True)
class _Try:
    """A page held one way, and what was read of it."""

    image: Image.Image
    engine: Any
    quarters: int  # turns counterclockwise
    slope: float  # degrees that were taken out
    pieces: Sequence[Read]

    @property
    def sure(self) -> float:
        """Mean confidence of its letters, 0 to 100."""
        letters = sum(len(one.text) for one in self.pieces)
        return sum(one.sure * len(one.text) for one in self.pieces) / letters if letters else 0.0

    @property
    def good(self) -> int:
        """How many letters stand in pieces that are sure and no splinters."""
        told = (one for one in self.pieces if one.sure >= _PIECE_SURE)
        return sum(len(one.text) for one in told if len(one.text) >= _SPLINTER)

    @property
    def reads_well(self) -> bool:
        """Whether it is held the right way beyond doubt."""
        letters = sum(len(one.text) for one in self.pieces)
        return self.sure >= _WELL and self.good >= max(_ENOUGH, letters * _MOSTLY)


def read_sheet(sheet: Sheet, number: int, folder: str, languages: str) -> Page:
    """Read a page by the models in ``folder``; source ``none`` if it shows no text.

    Raises RuntimeError when Tesseract cannot be loaded.
    """
    nothing = Page(number, "none", 0.0, sheet.width, sheet.height)
    small = plane(sheet.image)
    if is_blank(small):
        return nothing
    if is_sparse(small):
        sheet = Sheet(whitened(sheet.image), sheet.width, sheet.height)
    engine = _engine(folder, languages)
    best = _Try(sheet.image, engine, 0, 0.0, ())
    for quarters in (1, 3, 0, 2) if lies_on_its_side(small) else (0, 2, 1, 3):
        held = _read(engine, sheet.image, quarters)
        best = max(best, held, key=lambda one: one.good)
        if held.reads_well:
            break
    lines = _lines(best, _engine(folder, THAI) if THAI in languages.split("+") else None)
    text = "\n".join(line.text for line in lines)
    well = quality(text)
    if best.sure < _NO_TEXT or well < _NO_WORDS:
        return nothing
    return Page(number, "ocr", well, sheet.width, sheet.height, tuple(lines))


@cache
def _engine(folder: str, languages: str) -> Any:
    """Load the models once; they are kept as long as the process."""
    engine = tesserocr.PyTessBaseAPI(path=folder, lang=languages, psm=tesserocr.PSM.SPARSE_TEXT)
    engine.SetVariable("preserve_interword_spaces", "1")  # else one behind each Thai letter
    return engine


def _read(engine: Any, image: Image.Image, quarters: int) -> _Try:
    held = image.rotate(90 * quarters, expand=True) if quarters else image
    askew = slope(plane(held))
    if abs(askew) < _STRAIGHT:
        askew = 0.0
    else:
        held = held.rotate(askew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    pieces = heard(engine, held, tesserocr.PSM.SPARSE_TEXT)
    return _Try(held, engine, quarters, askew, pieces)


def _lines(held: _Try, thai: Any) -> list[Line]:
    """Put pieces together to lines, read their figures, and say where they stand on the page."""
    lines = []
    grey = np.asarray(held.image)
    for row in in_rows(one for one in held.pieces if _is_text(one)):
        line = row[0]
        for piece in row[1:]:
            if line.takes(piece.box):
                line = joined(line, piece)
                continue
            lines.append(_finished(line, grey, held, thai))
            line = piece
        lines.append(_finished(line, grey, held, thai))
    return [line for line in lines if line.text]


def _is_text(piece: Read) -> bool:
    letters = sum(map(str.isalnum, piece.text))
    return letters > 0 and piece.sure >= (_DOUBTFUL if letters <= _FEW else _LEAST_SURE)


def _finished(line: Read, grey: Any, held: _Try, thai: Any) -> Line:
    """Read a line again where that may help, and its figures by their shape."""
    first = _with_figures(line, grey, thai)
    if thai is not None and _wants_looks(line, held):
        first = elected(first, _looked(line, grey, thai))
    return Line(tidy(first.text), _place(line.box, held), max(0, min(100, first.sure)))


def _wants_looks(line: Read, held: _Try) -> bool:
    """Say whether a line may have been misread: of the head, with figures, or without marks."""
    if not _THAI.search(line.text) and len(_ENGLISH.findall(line.text)) > 1:
        return False
    if line.box.top < _HEAD * held.image.height or _FIGURES.search(line.text):
        return True
    letters, marks = len(_LETTER.findall(line.text)), len(_MARK.findall(line.text))
    return letters >= _MARKED and marks <= _LOST * letters


def _looked(line: Read, grey: Any, thai: Any) -> Iterator[Reading]:
    strip = cut_out(grey, line.box)
    glyphs = cache(lambda: read_row(strip.row))
    for one in looks(thai, strip):
        yield _laid(one, strip, glyphs)


def _laid(line: Read, strip: Strip, glyphs: Callable[[], list[Glyph]]) -> Reading:
    words = [(said, begin - strip.left, end - strip.left) for said, begin, end in line.words]
    if not _FIGURES.search(line.text):
        return Reading(" ".join(line.text.split()), line.sure)
    text, sure = laid_in(line.text, words, glyphs())
    return Reading(" ".join(text.split()), min(line.sure, sure))


def _with_figures(line: Read, grey: Any, thai: Any) -> Reading:
    text, sure = line.text, line.sure
    if not _FIGURES.search(text):
        return Reading(" ".join(text.split()), sure)
    margin = _MARGIN * (line.box.bottom - line.box.top)
    left, top = max(0, int(line.box.left - margin)), max(0, int(line.box.top - margin))
    right, bottom = int(line.box.right + margin), int(line.box.bottom + margin)
    words = [(said, begin - left, end - left) for said, begin, end in line.words]
    crop = np.ascontiguousarray(grey[top:bottom, left:right])
    if thai is not None and wants_one(words):
        again = looked_again(thai, crop, words)
        sure = min(sure, _AGAIN) if again != words else sure
        text, words = " ".join(said for said, _, _ in again), again
    text, figures = mend(text, crop, words)
    return Reading(" ".join(text.split()), min(sure, figures))


def _place(box: Box, held: _Try) -> Box:
    """Give where a line stands on the page as it is shown, in shares of it."""
    wide, high = held.image.size
    corners = [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    back = [_askew(x, y, wide, high, held.slope) for x, y in corners]
    left, right = (_share(pick(x for x, _ in back) / wide) for pick in (min, max))
    top, bottom = (_share(pick(y for _, y in back) / high) for pick in (min, max))
    match held.quarters:
        case 1:  # it was turned counterclockwise: what is left was at the top
            return Box(1 - bottom, left, 1 - top, right)
        case 2:
            return Box(1 - right, 1 - bottom, 1 - left, 1 - top)
        case 3:
            return Box(top, 1 - right, bottom, 1 - left)
        case _:
            return Box(left, top, right, bottom)


def _askew(x: float, y: float, wide: float, high: float, degrees: float) -> tuple[float, float]:
    """Turn a place back to where it was before the page was straightened."""
    turn = math.radians(degrees)
    x, y = x - wide / 2, y - high / 2
    return (
        x * math.cos(turn) - y * math.sin(turn) + wide / 2,
        x * math.sin(turn) + y * math.cos(turn) + high / 2,
    )


def _share(place: float) -> float:
    return min(max(place, 0.0), 1.0)
