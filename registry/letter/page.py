"""A page as it was read: its lines, each with its place, and how well it was read.

Places are shares of the page as a person sees it (turned as it asks, cropped as it asks): 0 to 1
from the top left corner. So a picture of the page of any width shows them where they belong.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

Source = Literal["text", "ocr", "none"]
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in shares of its width and height from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    def around(self, other: "Box") -> "Box":
        """Give the smallest box that holds both."""
        return Box(
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``confidence`` 0-100 is how sure its reader was (100 for a text layer)."""

    text: str
    box: Box
    confidence: int = 100


@dataclass(frozen=True, slots=True)
class Page:
    """One page, its lines from top to bottom.

    ``number`` is from 1, ``quality`` 0 to 1, ``width`` and ``height`` in points as it is shown.
    """

    number: int
    source: Source
    quality: float
    width: float
    height: float
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """All lines, as text."""
        return "\n".join(line.text for line in self.lines)

    def packed(self) -> str:
        """Give the lines as JSON, for the column of :class:`registry.models.paper.FilePageRow`."""
        rows = [
            [one.text, *(round(share, _DIGITS) for share in _shares(one.box)), one.confidence]
            for one in self.lines
        ]
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))

    def as_list(self) -> list[Any]:
        """Give the page as what JSON can carry; :meth:`of` makes it a page again."""
        return [self.number, self.source, self.quality, (self.width, self.height), self.packed()]

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """Give a page again from what :meth:`as_list` made of it."""
        number, source, quality, (width, height), lines = row
        return cls.unpacked(number, source, quality, (width, height), lines)

    @classmethod
    def unpacked(
        cls, number: int, source: Source, quality: float, size: tuple[float, float], lines: str
    ) -> Self:
        """Give a page again from what :meth:`packed` made of its lines."""
        rows = json.loads(lines)
        found = tuple(Line(text, Box(*box), sure) for text, *box, sure in rows)
        return cls(number, source, quality, *size, found)


def _shares(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
