"""Figures laid into Tesseract's text: which of its characters stand for which glyphs.

Tesseract's boxes are coarse, its Thai comes in words of one letter, and of a number it may leave
out half. So the characters of a whole line and its glyphs are aligned, by what they are and where
they stand, at the least cost. Then each number among the glyphs takes the place of all characters
that fell to it; everything else stays as Tesseract has it. Letters give way only to what is sure.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.pdf.digits_shape import ARABIC, MARKS, THAI
from registry.thai.numerals import to_arabic

if TYPE_CHECKING:
    from registry.pdf.digits import Glyph

_FIGURES: Final = THAI + ARABIC
_COMBINING: Final = frozenset("ัิีึืฺุู็่้๊๋์ํ๎")
_CIRCULAR: Final = re.compile(r"(?<=/)(\s?ว)[ิ-ื็-์](?=\s?[0-9๐-๙])")  # a mark that is the slash's end
_SURE: Final = 80  # confidence from which on figures may stand for letters
_VERY_SURE: Final = 97  # the same for a figure that stands alone
_NOT_SEEN: Final = 40  # for a figure that only Tesseract sees
_LEFT_OUT: Final = 0.55  # cost of a glyph or character that has no partner
_REACH: Final = 5.0  # letter heights, beyond which nothing is paired


@dataclass(frozen=True, slots=True)
class _Unit:
    """What Tesseract has for one glyph: a letter with its marks, where in the text, and where."""

    text: str
    begin: int
    end: int
    middle: float  # pixels


@dataclass(frozen=True, slots=True)
class _Number:
    """A number among the glyphs, and the units that it stands for (first, one past the last)."""

    text: str
    sure: int
    begin: int
    end: int


def laid_in(
    text: str, words: Sequence[tuple[str, int, int]], glyphs: "Sequence[Glyph]"
) -> tuple[str, int]:
    """Give the text with the figures among the glyphs laid in, and how sure the least sure is."""
    units = list(_units(text, words))
    if not any(one.char and one.char in _FIGURES for one in glyphs):
        return text, _NOT_SEEN if any(one.text in _FIGURES for one in units) else 100
    partners = _aligned(units, glyphs)
    numbers = [
        found
        for begin, end in _runs(glyphs)
        if (found := _number(units, glyphs, partners, begin, end)) is not None
        and not _in_a_latin_word(text, units, found)
    ]
    return _written(text, units, numbers)


def _units(text: str, words: Sequence[tuple[str, int, int]]) -> Iterator[_Unit]:
    """Cut a line into units, each with its place: its share of the word it is in."""
    at = 0
    for said, left, right in words:
        begin = text.find(said, at) if said else -1
        if begin < 0:
            continue
        pieces = list(_pieces(said, begin))
        for place, (piece, start, end) in enumerate(pieces):
            middle = left + (right - left) * (place + 0.5) / len(pieces)
            yield _Unit(piece, start, end, middle)
        at = begin + len(said)


def _pieces(said: str, begin: int) -> Iterator[tuple[str, int, int]]:
    start = 0
    for at in range(1, len(said) + 1):
        if at == len(said) or said[at] not in _COMBINING:
            if piece := said[start:at].strip():
                yield piece, begin + start, begin + at
            start = at


def _runs(glyphs: "Sequence[Glyph]") -> Iterator[tuple[int, int]]:
    """Give the stretches of glyphs that make a number: figures and signs that stand together."""
    begin = 0
    for at in range(1, len(glyphs) + 1):
        if (
            at < len(glyphs)
            and glyphs[at].char
            and glyphs[at - 1].char
            and _near(*glyphs[at - 1 : at + 1])
        ):
            continue
        first, last = begin, at
        while first < last and glyphs[first].char in {".", "-", ""}:
            first += 1
        while first < last and glyphs[last - 1].char in {".", "-", ""}:
            last -= 1
        if any(glyph.char in _FIGURES for glyph in glyphs[first:last]):
            yield first, last
        begin = at


def _near(one: "Glyph", two: "Glyph") -> bool:
    tall = max(one.box[3] - one.box[1], two.box[3] - two.box[1])
    return two.box[0] - one.box[2] <= 0.8 * tall


def _aligned(units: Sequence[_Unit], glyphs: "Sequence[Glyph]") -> list[int | None]:
    """Give for each glyph the unit that it is paired with, or None."""
    letter = _letter(glyphs)
    rows, columns = len(units) + 1, len(glyphs) + 1
    costs = [[j * _LEFT_OUT for j in range(columns)]]
    for i in range(1, rows):
        row, above = [i * _LEFT_OUT], costs[-1]
        for j in range(1, columns):
            pair = above[j - 1] + _differs(units[i - 1], glyphs[j - 1], letter)
            row.append(min(pair, above[j] + _LEFT_OUT, row[j - 1] + _LEFT_OUT))
        costs.append(row)
    partners: list[int | None] = [None] * len(glyphs)
    i, j = rows - 1, columns - 1
    while i and j:
        pair = costs[i - 1][j - 1] + _differs(units[i - 1], glyphs[j - 1], letter)
        if pair <= costs[i][j] + 1e-9:
            i, j = i - 1, j - 1
            partners[j] = i
        elif costs[i][j - 1] + _LEFT_OUT <= costs[i][j] + 1e-9:
            j -= 1
        else:
            i -= 1
    return partners


def _letter(glyphs: "Sequence[Glyph]") -> float:
    tall = sorted(glyph.box[3] - glyph.box[1] for glyph in glyphs)
    return max(1.0, float(tall[len(tall) // 2]))


def _differs(unit: _Unit, glyph: "Glyph", letter: float) -> float:
    """Say how unlikely it is that Tesseract wrote this unit for this glyph; 2 x 0.55 is never."""
    apart = abs(unit.middle - (glyph.box[0] + glyph.box[2]) / 2) / letter
    return 9.0 if apart > _REACH else 0.12 * apart + _unlike(unit.text, glyph)


def _unlike(text: str, glyph: "Glyph") -> float:
    if not glyph.char:
        return 0.8 if text in _FIGURES else 0.0
    if to_arabic(text) == to_arabic(glyph.char):
        return 0.0
    if len(text) > 1:
        return 1.0
    if "ก" <= text <= "ๆ":
        return 1.0 - 0.5 * glyph.confidence / 100
    return 0.2 if text in _FIGURES or text in MARKS else 0.4


def _number(
    units: Sequence[_Unit],
    glyphs: "Sequence[Glyph]",
    partners: Sequence[int | None],
    begin: int,
    end: int,
) -> _Number | None:
    """Say which units a number stands for; None where Tesseract is to be believed instead."""
    run = glyphs[begin:end]
    mine = [partner for partner in partners[begin:end] if partner is not None]
    sure = min(glyph.confidence for glyph in run if glyph.char in _FIGURES)
    digits = sum(glyph.char in _FIGURES for glyph in run)
    text = "".join(glyph.char for glyph in run)
    if not mine:
        place = bisect_left([unit.middle for unit in units], run[0].box[0])
        return _Number(text, sure, place, place) if digits > 1 and sure >= _SURE else None
    first, last = mine[0], mine[-1] + 1
    left, right = run[0].box[0], run[-1].box[2]
    while first > 0 and _is_rest(units[first - 1], left, right):
        first -= 1
    while last < len(units) and _is_rest(units[last], left, right):
        last += 1
    letters = [unit for unit in units[first:last] if unit.text[0].isalpha()]
    if any(len(unit.text) > 1 for unit in letters) or len(letters) > len(run) / 2:
        least = _SURE if digits > 1 else _VERY_SURE
        marked = sum(len(unit.text) > 1 for unit in letters)
        if sure < least or marked > len(run) / 3:
            return None
    return _Number(text, sure, first, last)


def _in_a_latin_word(text: str, units: Sequence[_Unit], number: _Number) -> bool:
    """Say whether Tesseract has a Latin word here: o, O, l and I look like figures."""
    if number.begin == number.end or not _is_latin(units[number.begin].text):
        return False
    begin, end = units[number.begin].begin, units[number.end - 1].end
    return _is_latin(text[begin - 1 : begin]) or _is_latin(text[end : end + 1])


def _is_latin(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _is_rest(unit: _Unit, left: float, right: float) -> bool:
    """Say whether a figure of Tesseract's stands where the number is, without a glyph."""
    return unit.text in _FIGURES and left <= unit.middle <= right


def _written(text: str, units: Sequence[_Unit], numbers: Sequence[_Number]) -> tuple[str, int]:
    out: list[str] = []
    at = held = 0
    sure = 100
    for number in sorted(numbers, key=lambda one: (one.begin, one.end)):
        if number.begin < held:
            continue
        sure = min(sure, number.sure, _unseen(units[held : number.begin]))
        if number.begin == number.end:
            place = units[number.begin].begin if number.begin < len(units) else len(text)
            out += [text[at:place], f" {number.text} "]
            at = place
        else:
            out += [text[at : units[number.begin].begin], number.text]
            at = units[number.end - 1].end
        held = number.end
    sure = min(sure, _unseen(units[held:]))
    return _CIRCULAR.sub(r"\1", " ".join("".join([*out, text[at:]]).split())), sure


def _unseen(units: Sequence[_Unit]) -> int:
    return _NOT_SEEN if any(unit.text in _FIGURES for unit in units) else 100
