"""What a glyph looks like, in numbers, and which figure that is.

A glyph is drawn into 20 x 20 pixels and described by its darkness, the directions of its edges in
5 x 5 zones, and by its measures against the line's ordinary letters (a full stop and a zero differ
in size alone). A small net of two hidden layers says how likely each figure is. Its weights are in
``digits.npz``, made by ``make digits`` (scripts/train_digits.py) from fonts.

Limits: it knows printed figures, upright or slanted; handwriting it has never seen.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from registry.pdf.glyphs import Blot, Row

THAI: Final = "๐๑๒๓๔๕๖๗๘๙"
ARABIC: Final = "0123456789"
MARKS: Final = "/.-"
CLASSES: Final = (*THAI, *ARABIC, *MARKS, "")
"""What a glyph may be; the last is everything else."""

Floats = NDArray[np.float32]
_SIDE: Final = 20
_ZONES: Final = 5
_WAYS: Final = 8
_ROOM: Final = 18  # pixels that the glyph fills; the rest is margin


def likely(blots: Sequence[Blot], row: Row) -> Floats:
    """Give for each glyph how likely (0-1) it is each of :data:`CLASSES`."""
    if not blots:
        return np.zeros((0, len(CLASSES)), dtype=np.float32)
    layers, mean, spread, heat = _net()
    values = (describe(blots, row) - mean) / spread
    for at, (weights, bias) in enumerate(layers):
        values = values @ weights + bias
        if at < len(layers) - 1:
            values = np.maximum(values, 0)
    values = values / heat
    values = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(values / values.sum(axis=1, keepdims=True), dtype=np.float32)


def describe(blots: Sequence[Blot], row: Row) -> Floats:
    """Give the numbers that describe glyphs: an array of (glyphs, 308)."""
    pictures = np.stack([_drawn(blot.dark) for blot in blots])
    dark = pictures.reshape(-1, 10, 2, 10, 2).mean(axis=(2, 4)).reshape(len(blots), -1)
    measures = np.array([_measures(blot, row) for blot in blots], dtype=np.float32)
    return np.concatenate([_edges(pictures), dark, measures], axis=1).astype(np.float32)


def _measures(blot: Blot, row: Row) -> list[float]:
    width, height = blot.right - blot.left, blot.bottom - blot.top
    ink = float(blot.dark.sum()) / max(1, width * height)
    return [
        min(width / row.letter, 4.0),
        min(height / row.letter, 4.0),
        max(-3.0, min((row.foot - blot.top) / row.letter, 4.0)),
        max(-3.0, min((row.foot - blot.bottom) / row.letter, 4.0)),
        min(width / max(1, height), 4.0),
        min(height / max(1, width), 4.0),
        ink,
        float(np.sqrt(ink * width * height)) / row.letter,
    ]


def _drawn(dark: Floats) -> Floats:
    """Draw a glyph into the square, as large as it fits, in its own proportions."""
    height, width = dark.shape
    scale = _ROOM / max(height, width)
    tall, wide = (max(1, round(side * scale)) for side in (height, width))
    top, left = (_SIDE - tall) // 2, (_SIDE - wide) // 2
    drawn = np.zeros((_SIDE, _SIDE), dtype=np.float32)
    drawn[top : top + tall, left : left + wide] = _area(height, tall) @ dark @ _area(width, wide).T
    strongest = float(drawn.max())
    return drawn / strongest if strongest > 0 else drawn


@cache
def _area(side: int, into: int) -> Floats:
    """Give the matrix that averages a side of pixels into fewer (or repeats it into more)."""
    edges = np.arange(into + 1) * (side / into)
    pixels = np.arange(side)
    shares = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares = np.clip(shares, 0, None)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)


def _edges(pictures: Floats) -> Floats:
    """Give how much edge runs in each of 8 ways in each of 5 x 5 zones that overlap."""
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    across = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
    down = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    strength = np.hypot(across, down)
    way = (np.arctan2(down, across) / (2 * np.pi) * _WAYS) % _WAYS
    zones = _zones()
    found = []
    for at in range(_WAYS):
        apart = np.abs(way - at)
        share = np.clip(1 - np.minimum(apart, _WAYS - apart), 0, 1)
        found.append(zones @ (strength * share) @ zones.T)
    edges = np.stack(found, axis=1).reshape(len(pictures), -1)
    edges /= np.linalg.norm(edges, axis=1, keepdims=True) + 1e-3
    return np.asarray(np.sqrt(edges), dtype=np.float32)


@cache
def _zones() -> Floats:
    middles = (np.arange(_ZONES) + 0.5) * (_SIDE / _ZONES)
    apart = np.abs(np.arange(_SIDE) + 0.5 - middles[:, None]) / (_SIDE / _ZONES)
    return np.asarray(np.clip(1 - apart, 0, 1), dtype=np.float32)


@cache
def _net() -> tuple[tuple[tuple[Floats, Floats], ...], Floats, Floats, float]:
    """Load the weights: of each layer matrix and bias; then what inputs are measured by, heat."""
    with (files("registry.pdf") / "digits.npz").open("rb") as file, np.load(file) as kept:
        held = {name: kept[name].astype(np.float32) for name in kept.files}
    layers = tuple((held[f"w{at}"], held[f"b{at}"]) for at in range(3))
    return layers, held["mean"], held["spread"], float(held["heat"])
