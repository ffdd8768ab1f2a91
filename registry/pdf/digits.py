"""Figures read off a scan by their shape: ๐-๙, 0-9 and the signs / . - of letter numbers and dates.

Tesseract's Thai models have no ๔ ๖ ๗ ๘ ๙ at all, so a number or a date of a scan needs a reader of
its own (docs/decisions/0051). It takes a line apart into glyphs (:mod:`.glyphs`), says what each is
(:mod:`.digits_shape`), cuts glyphs that touch, and holds the figures of one number to one script: ๐
and 0 differ by their neighbours alone. :func:`mend` lays what it read into Tesseract's text.

Limits: a lone o, O or l looks like a figure; whoever calls looks at figures where figures belong.
For the process that opens files: it needs numpy.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from registry.pdf.digits_shape import ARABIC, CLASSES, MARKS, THAI, Floats, likely
from registry.pdf.glyphs import Blot, Grey, Row, cut, take_apart

_DIGITS: Final = len(THAI)
_OTHER: Final = len(CLASSES) - 1
_WIDE: Final = 1.15  # letter heights, from which on a glyph may be two that touch
_TALL: Final = 1.6
_UNSURE: Final = 0.85
_BOTH: Final = 0.7  # how sure each part must be
_CLEAR: Final = 0.93  # how sure a figure must be that stands under or over something
_MOST: Final = 7  # letter heights that a row of figures that touch may be long
_THIN: Final = 0.12  # letter heights: a full stop
_BROAD: Final = 1.7  # a digit of a broad font
_FAR: Final = 0.9  # letter heights between two figures of one number
_SEEN: Final = 0.4  # share below which a glyph is no figure
_ALIKE: Final = 0.01  # share from which on a digit may be of the other script


class Glyph(NamedTuple):
    """One glyph: a figure, a sign of :data:`~registry.pdf.digits_shape.MARKS`, or "" for others.

    ``confidence`` is 0-100; ``box`` is left, top, right, bottom in pixels of the line.
    """

    char: str
    confidence: int
    box: tuple[int, int, int, int]


def read_digits(line: Grey) -> list[Glyph]:
    """Read the glyphs of a line (height, width; uint8, black on white) from left to right."""
    return read_row(take_apart(line))


def read_row(row: Row) -> list[Glyph]:
    """Read the glyphs of a line that was taken apart."""
    blots, shares = _apart(row)
    glyphs: list[Glyph] = []
    for begin, end in _numbers(blots, shares, row):
        glyphs += _number(blots[begin:end], shares[begin:end], row.scale)
    return glyphs


def mend(text: str, line: Grey, words: Sequence[tuple[str, int, int]]) -> tuple[str, int]:
    """Give a line's text with its figures read anew, and how sure they are (100: it has none).

    ``words`` are Tesseract's, each with its left and right in pixels of ``line``.
    """
    from registry.pdf.digits_mend import laid_in

    return laid_in(text, words, read_digits(line))


def _apart(row: Row) -> tuple[list[Blot], Floats]:
    """Give glyphs with what they may be, those that touch cut where that makes figures."""
    whole, shares = _without_strangers(row)
    blots: list[Blot] = []
    kept: list[Floats] = []
    for blot, share in zip(whole, shares, strict=True):
        parts = _parts(blot, row) if _may_be_several(blot, share, row) else None
        if parts is None:
            blots.append(blot)
            kept.append(share)
        else:
            blots += [part for part, _ in parts]
            kept += [part_share for _, part_share in parts]
    return blots, np.stack(kept) if kept else shares


def _without_strangers(row: Row) -> tuple[list[Blot], Floats]:
    """Give glyphs and what they may be; a figure has no marks, what stands over it is dropped."""
    shares, blots = likely(row.blots, row), list(row.blots)
    places = [at for at, blot in enumerate(blots) if blot.body and shares[at].argmax() == _OTHER]
    bodies = [body for at in places if (body := blots[at].body) is not None]
    for at, body, share in zip(places, bodies, likely(bodies, row), strict=True):
        if float(share[: 2 * _DIGITS].max()) >= _CLEAR:
            blots[at], shares[at] = body, share
    return blots, shares


def _may_be_several(blot: Blot, share: Floats, row: Row) -> bool:
    wide, tall = blot.right - blot.left, blot.bottom - blot.top
    return (
        (int(share.argmax()) == _OTHER or float(share.max()) < _UNSURE)
        and _WIDE * row.letter <= wide <= _MOST * row.letter
        and tall <= _TALL * row.letter
    )


def _parts(blot: Blot, row: Row) -> list[tuple[Blot, Floats]] | None:
    """Cut a glyph into figures, the likeliest way; None where no way gives figures alone."""
    edges = [blot.left, *_thin_places(blot, row), blot.right]
    spans = [
        (one, two)
        for one in range(len(edges))
        for two in range(one + 1, len(edges))
        if _THIN * row.letter <= edges[two] - edges[one] <= _BROAD * row.letter
    ]
    parts = [cut(blot, edges[one], edges[two]) for one, two in spans]
    shares = likely(parts, row)
    ways: dict[int, tuple[float, list[tuple[Blot, Floats]]]] = {0: (0.0, [])}
    for (one, two), part, share in zip(spans, parts, shares, strict=True):
        figure = float(share[:_OTHER].max())
        if one not in ways or figure < _BOTH:
            continue
        cost, before = ways[one]
        cost += 0.02 - math.log(figure)
        if two not in ways or cost < ways[two][0]:
            ways[two] = (cost, [*before, (part, share)])
    found = ways.get(len(edges) - 1, (0.0, []))[1]
    return found if len(found) > 1 else None


def _thin_places(blot: Blot, row: Row) -> list[int]:
    """Give the columns, from left to right, that have less ink than those around them."""
    ink = blot.dark.sum(axis=0)
    reach = max(1, int(0.06 * row.letter))
    low = int(_THIN * row.letter)
    places = [
        at
        for at in range(low, len(ink) - low)
        if ink[at] <= ink[max(0, at - reach) : at + reach + 1].min()
    ]
    most = 2 + int(4 * len(ink) / row.letter)
    places = sorted(places, key=lambda at: float(ink[at]))[:most]
    return sorted(blot.left + at for at in places)


def _numbers(blots: list[Blot], shares: Floats, row: Row) -> list[tuple[int, int]]:
    """Part glyphs into stretches: each a number as it stands together, or a single other glyph."""
    if not blots:
        return []
    said = shares.argmax(axis=1)
    starts = [0]
    for at, (one, two) in enumerate(pairwise(blots), 1):
        far = two.left - one.right > _FAR * row.letter
        if far or said[at] == _OTHER or said[at - 1] == _OTHER:
            starts.append(at)
    return list(pairwise([*starts, len(blots)]))


def _number(blots: list[Blot], shares: Floats, scale: int) -> list[Glyph]:
    """Name the glyphs of a stretch; a digit that may be of either script follows the others."""
    said = shares.argmax(axis=1)
    scripts = (shares[:, :_DIGITS], shares[:, _DIGITS : 2 * _DIGITS])
    digits = said < 2 * _DIGITS
    fits = [np.log(np.maximum(one.max(axis=1), 1e-3))[digits].sum() for one in scripts]
    usual = int(fits[1] > fits[0])
    found = []
    for at, (blot, share) in enumerate(zip(blots, shares, strict=True)):
        name, sure = int(said[at]), float(share.max())
        other = usual * _DIGITS + name % _DIGITS
        if digits[at] and name // _DIGITS != usual and share[other] >= _ALIKE:
            name = other
        if digits[at]:  # the same figure in the other script is no doubt about its value
            sure = float(share[name] + share[(name + _DIGITS) % (2 * _DIGITS)])
        char = CLASSES[name] if sure >= _SEEN else ""
        left, top, right, bottom = blot.left, blot.top, blot.right, blot.bottom
        box = (left // scale, top // scale, -(-right // scale), -(-bottom // scale))
        found.append(Glyph(char, min(99, int(100 * sure)), box))
    return found


__all__ = ["ARABIC", "MARKS", "THAI", "Glyph", "mend", "read_digits", "read_row"]
