"""What Tesseract says is written in a picture: pieces of lines, their words, how sure it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

import tesserocr
from PIL import Image

from registry.letter.page import Box
from registry.pdf.pieces import Piece
from registry.pdf.sight import DPI

_WORD: Final = tesserocr.RIL.WORD
_LINE: Final = tesserocr.RIL.TEXTLINE


@dataclass(slots=True)
class Read(Piece):
    """One piece of a line as it was read, in pixels of the picture.

    ``words`` are its words with their left and right; ``sure`` is 0 to 100.
    """

    sure: int = 0
    words: list[tuple[str, int, int]] = field(default_factory=list)


def heard(engine: Any, image: Image.Image, mode: int) -> list[Read]:
    """Give what an engine reads, ``mode`` being one of Tesseract's ways to look at a page."""
    engine.SetPageSegMode(mode)
    engine.SetImage(image)
    engine.SetSourceResolution(DPI)
    engine.Recognize()
    found = list(_pieces(engine.GetUTF8Text(), engine.GetIterator()))
    engine.Clear()
    return found


def joined(one: Read, other: Read, space: str = " ") -> Read:
    """Give two pieces of a line as one; without a space between them they are one word."""
    sure = one.sure * len(one.text) + other.sure * len(other.text)
    words = [*one.words, *other.words]
    if not space:
        (said, left, _), (more, _, right) = one.words[-1], other.words[0]
        words = [*one.words[:-1], (said + more, left, right), *other.words[1:]]
    box, text = one.box.around(other.box), one.text + space + other.text
    return Read(box, text, round(sure / (len(one.text) + len(other.text))), words)


def _pieces(whole: str, found: Any) -> Iterator[Read]:
    """Give Tesseract's lines with their words.

    Its own words are single letters in Thai; only ``whole``, its text, tells where spaces are.
    """
    at, units = 0, list[Read]()
    for unit in tesserocr.iterate_level(found, _WORD) if found is not None else ():
        if unit.IsAtBeginningOf(_LINE) and units:
            yield reduce(joined, units)
            units = []
        text, place = _text(unit), unit.BoundingBox(_WORD)
        if not text or place is None:
            continue
        begin = max(whole.find(text, at), at)
        parted = not units or whole[begin - 1 : begin].isspace()
        at = begin + len(text)
        words = [(text, int(place[0]), int(place[2]))]
        read = Read(Box(*place), text, round(unit.Confidence(_WORD)), words)
        units = [*units, read] if parted else [*units[:-1], joined(units[-1], read, "")]
    if units:
        yield reduce(joined, units)


def _text(unit: Any) -> str:
    try:
        return str(unit.GetUTF8Text(_WORD)).strip()
    except RuntimeError:  # nothing was read there
        return ""
