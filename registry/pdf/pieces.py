"""Pieces of lines on a page, and how they make lines: what stands beside each other, in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from registry.letter.page import Box

SPACE: Final = 0.15
"""Of a line's height: a gap wider than that parts two words."""

_SAME: Final = 0.5  # of a line's height: how far a letter may stand above or below it
_LEVEL: Final = 0.15  # of a line's height: how far what touches may stand above it or over it
_TOUCH: Final = 0.35  # of a line's height: a space
_PARTED: Final = 2.5  # of a line's height: what stands farther apart is two lines


@dataclass(slots=True)
class Piece:
    """Characters of one line; places are points or pixels, of the page held upright."""

    box: Box
    text: str

    def takes(self, box: Box) -> bool:
        """Whether what stands there goes on with this line."""
        height = max(self.box.bottom - self.box.top, box.bottom - box.top, 1e-6)
        apart = abs((self.box.top + self.box.bottom) - (box.top + box.bottom)) / 2
        near = self.box.left - _SAME * height <= box.left <= self.box.right + _PARTED * height
        return apart <= _SAME * height and near

    def touches(self, other: "Piece") -> bool:
        """Whether the other stands directly behind this one, as letters of one line do."""
        height = max(self.box.bottom - self.box.top, other.box.bottom - other.box.top, 1e-6)
        apart = abs(self.box.bottom - other.box.bottom)
        gap = other.box.left - self.box.right
        return apart <= _LEVEL * height and -_LEVEL * height <= gap <= _TOUCH * height


AnyPiece = TypeVar("AnyPiece", bound=Piece)


def in_rows(pieces: Iterable[AnyPiece]) -> list[list[AnyPiece]]:
    """Give rows from top to bottom, and in each what stands beside each other, from the left."""
    rows: list[list[AnyPiece]] = []
    for piece in sorted(pieces, key=lambda one: one.box.top + one.box.bottom):
        middle = (piece.box.top + piece.box.bottom) / 2
        if rows and rows[-1][0].box.top < middle < rows[-1][0].box.bottom:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda one: one.box.left) for row in rows]
