"""The glyphs of one line of a scan: what hangs together in black, from left to right.

A line comes as grey pixels, black on white. Uneven light is levelled, what is dark is told from
what is not (Otsu), and pieces that hang together are gathered; those that stand over each other (a
consonant and its marks) count as one glyph. Letters of a low scan are enlarged first. Measures are
told in heights of the line's ordinary letters, so that any resolution looks the same.

Limits: letters that touch come as one glyph (:mod:`registry.pdf.digits` cuts them); italics whose
boxes cross by more than half are taken together. Needs numpy: for the process that opens files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Dark = NDArray[np.float32]

_STRIP: Final = 64  # pixels over which light is taken as even
_LOW: Final = 56  # lines lower than this are enlarged
_WEAK: Final = 40  # steps of grey between paper and ink, below which there is no ink
_OVER: Final = 0.5  # share of the narrower piece that must stand over the other


@dataclass(frozen=True, slots=True)
class Blot:
    """One glyph: its darkness (0 paper, 1 ink) within its box, in pixels of the enlarged line.

    ``body`` is its largest piece where it has others above or below: a mark of its own, or one of
    another line that hangs into this.
    """

    left: int
    top: int
    right: int
    bottom: int
    dark: Dark
    body: "Blot | None" = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line taken apart; ``letter`` is the ordinary height, ``foot`` where letters stand."""

    blots: list[Blot]
    letter: float
    foot: float
    scale: int


def take_apart(line: Grey) -> Row:
    """Give the glyphs of a line (height, width; uint8, black on white), none for a blank one."""
    if line.ndim != 2 or min(line.shape, default=0) < 4:
        return Row([], 1.0, 0.0, 1)
    scale = 1 if line.shape[0] >= _LOW else 2 if line.shape[0] * 2 >= _LOW else 3
    dark = _darkness(_enlarged(line.astype(np.float32), scale))
    threshold = _otsu(dark)
    if threshold <= 0:
        return Row([], 1.0, 0.0, scale)
    labels, boxes = _pieces(dark > threshold)
    boxes = [box for box in boxes if _is_letter(box, dark.shape[0])]
    letter, foot = _measure(boxes, dark.shape[0])
    least = max(2.0, (letter * 0.07) ** 2)
    boxes = [box for box in boxes if box.size >= least and not _is_of_other_line(box, letter, foot)]
    blots = [_blot(dark, labels, group) for group in _gathered(boxes)]
    return Row(blots, letter, foot, scale)


@dataclass(frozen=True, slots=True)
class _Piece:
    left: int
    top: int
    right: int
    bottom: int
    size: int  # black pixels
    label: int

    @property
    def height(self) -> int:
        return self.bottom - self.top


def _enlarged(line: Dark, scale: int) -> Dark:
    if scale == 1:
        return line
    down, across = (_between(side, scale) for side in line.shape)
    return np.asarray(down @ line @ across.T, dtype=np.float32)


def _between(side: int, scale: int) -> Dark:
    """Give the matrix that draws a side out by linear interpolation."""
    at = np.clip((np.arange(side * scale) + 0.5) / scale - 0.5, 0, side - 1)
    low = np.floor(at).astype(int)
    share = (at - low).astype(np.float32)
    matrix = np.zeros((side * scale, side), dtype=np.float32)
    rows = np.arange(side * scale)
    np.add.at(matrix, (rows, low), 1 - share)
    np.add.at(matrix, (rows, np.minimum(low + 1, side - 1)), share)
    return matrix


def _darkness(line: Dark) -> Dark:
    """Level the light: 0 is the paper as it is around, 1 is black."""
    width = line.shape[1]
    starts = range(0, max(1, width - _STRIP // 2), _STRIP)
    paper = [float(np.percentile(line[:, at : at + _STRIP], 85)) for at in starts]
    middles = [at + _STRIP / 2 for at in starts]
    light = np.interp(np.arange(width), middles, paper).astype(np.float32)
    if float(light.max()) - float(line.min()) < _WEAK:
        return np.zeros_like(line)
    return np.clip(1 - line / np.maximum(light, 1), 0, 1)


def _otsu(dark: Dark) -> float:
    """Give the darkness that parts ink from paper best; 0 where there is no ink."""
    if not dark.any():
        return 0.0
    counts, edges = np.histogram(dark, bins=64, range=(0.0, 1.0))
    share = counts / counts.sum()
    below = np.cumsum(share)
    mean = np.cumsum(share * (edges[:-1] + edges[1:]) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (mean[-1] * below - mean) ** 2 / (below * (1 - below))
    best = int(np.nanargmax(np.where(np.isfinite(between), between, -1)))
    return max(float(edges[best + 1]), 0.15)


def _pieces(ink: NDArray[np.bool_]) -> tuple[NDArray[np.int32], list[_Piece]]:
    """Find what hangs together, corners included: a label for each pixel, and each one's box."""
    edges = np.diff(np.pad(ink.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    roots = _united(rows.tolist(), starts.tolist(), ends.tolist())
    names, members = np.unique(np.asarray(roots, dtype=np.int64), return_inverse=True)
    labels = np.zeros(ink.shape, dtype=np.int32)
    found: list[_Piece] = []
    if not len(names):
        return labels, found
    order = np.argsort(members, kind="stable")
    for at, runs in enumerate(np.split(order, np.cumsum(np.bincount(members))[:-1]), 1):
        size = int((ends[runs] - starts[runs]).sum())
        for run in runs:
            labels[rows[run], starts[run] : ends[run]] = at
        left, right = int(starts[runs].min()), int(ends[runs].max())
        top, bottom = int(rows[runs].min()), int(rows[runs].max()) + 1
        found.append(_Piece(left, top, right, bottom, size, at))
    return labels, found


def _united(rows: list[int], starts: list[int], ends: list[int]) -> list[int]:
    """Give for each run of ink (in reading order) the first run that it hangs together with."""
    parent = list(range(len(rows)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    above = 0
    for run, row in enumerate(rows):
        while above < run and (
            rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < starts[run])
        ):
            above += 1
        other = above
        while other < run and rows[other] == row - 1 and starts[other] <= ends[run]:
            one, two = root(other), root(run)
            parent[max(one, two)] = min(one, two)
            other += 1
    return [root(run) for run in range(len(rows))]


def _is_letter(box: _Piece, height: int) -> bool:
    """Tell whether this may be of a letter: no rule across the page, no edge of the paper."""
    return box.right - box.left <= 4 * height and box.size >= 2


def _is_of_other_line(box: _Piece, letter: float, foot: float) -> bool:
    """Tell whether this is of the line above or below: beyond where marks of this line reach."""
    return box.bottom < foot - 1.75 * letter or box.top > foot + 0.45 * letter


def _measure(boxes: Sequence[_Piece], height: int) -> tuple[float, float]:
    """Give the ordinary height of letters and the line they stand on."""
    inside = [box for box in boxes if box.top > 0 and box.bottom < height] or list(boxes)
    tall = [box for box in inside if box.height >= 0.16 * height and box.size >= box.height]
    if not tall:
        return max(1.0, height * 0.5), height * 0.8
    weights = np.array([box.size for box in tall], dtype=np.float64)
    letter = _middle(np.array([box.height for box in tall], dtype=np.float64), weights)
    usual = [box for box in tall if 0.8 * letter <= box.height <= 1.25 * letter] or tall
    weights = np.array([box.size for box in usual], dtype=np.float64)
    return letter, _middle(np.array([box.bottom for box in usual], dtype=np.float64), weights)


def _middle(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][int(np.searchsorted(reached, reached[-1] / 2))])


def _gathered(boxes: list[_Piece]) -> list[list[_Piece]]:
    """Put together what stands over each other, from left to right."""
    groups: list[list[_Piece]] = []
    for box in sorted(boxes, key=lambda one: (one.left + one.right, one.top)):
        for group in groups[-3:]:
            left, right = min(one.left for one in group), max(one.right for one in group)
            shared = min(right, box.right) - max(left, box.left)
            if shared > _OVER * min(right - left, box.right - box.left):
                group.append(box)
                break
        else:
            groups.append([box])
    return groups


def _blot(dark: Dark, labels: NDArray[np.int32], group: list[_Piece]) -> Blot:
    body = None
    if len(group) > 1:
        body = _blot(dark, labels, [max(group, key=lambda one: one.size)])
    left, right = min(one.left for one in group), max(one.right for one in group)
    top, bottom = min(one.top for one in group), max(one.bottom for one in group)
    around = labels[top:bottom, left:right]
    own = np.isin(around, [0, *(one.label for one in group)])
    shown = np.where(own, dark[top:bottom, left:right], 0)
    return Blot(left, top, right, bottom, shown, body)


def cut(blot: Blot, begin: int, end: int) -> Blot:
    """Give the part of a glyph between two columns of the line, its box drawn in to the ink."""
    dark = blot.dark[:, begin - blot.left : end - blot.left]
    rows = np.flatnonzero((dark > 0.3).any(axis=1))  # more than a shade
    if not len(rows):
        return Blot(begin, blot.top, end, blot.bottom, dark)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    return Blot(begin, blot.top + top, end, blot.top + bottom, dark[top:bottom])
