"""Thai in columns of a terminal.

Marks over and under a consonant take no column, so ``len`` and ``ljust`` set Thai
tables askew. Widths here are columns of a terminal, as :mod:`wcwidth` counts them.
Text is never cut between a consonant and its marks.

What is printed may come from a stranger's letter: control characters (an ESC could
rewrite the officer's screen) are shown as spaces.
"""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from wcwidth import iter_graphemes, wcswidth

from registry.thai.text import tidy

_ELLIPSIS: Final = "…"
_NARROWEST: Final = 4
_GAP: Final = "  "
_NOT_PRINTABLE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


def display_width(text: str) -> int:
    """Return how many columns the text takes on one line of a terminal."""
    return wcswidth(_one_line(text))


def cut(text: str, width: int) -> str:
    """Return the text in at most ``width`` columns, ending in … where it was cut."""
    text = _one_line(text)
    if wcswidth(text) <= width:
        return text
    if width <= 0:
        return ""
    pieces = list(iter_graphemes(text))
    ends = accumulate(map(wcswidth, pieces))
    kept = [piece for piece, end in zip(pieces, ends, strict=True) if end < width]
    return "".join(kept).rstrip() + _ELLIPSIS


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return the text in exactly ``width`` columns: cut, or filled with spaces.

    ``right`` sets it flush right, as numbers are.
    """
    text = cut(text, width)
    fill = " " * (width - wcswidth(text))
    return fill + text if right else text + fill


def table(
    rows: Sequence[Sequence[str]], headers: Sequence[str], *, width: int | None = None
) -> str:
    """Return rows under their headers in straight columns, one line a row.

    Columns holding only figures are set flush right. With ``width``, the widest columns
    are cut, none to fewer than four columns, until a line fits in that many. Lines
    have no trailing spaces; the text does not end in a line feed.
    """
    columns = list(zip(headers, *rows, strict=True))
    widths = _fit([max(map(display_width, column)) for column in columns], width)
    right = [_is_figures(column[1:]) for column in columns]
    rule = ["─" * size for size in widths]
    lines = [list(headers), rule, *[list(row) for row in rows]]
    return "\n".join(_line(line, widths, right) for line in lines)


def _one_line(text: str) -> str:
    return tidy(_NOT_PRINTABLE.sub(" ", text))


def _fit(widths: list[int], limit: int | None) -> list[int]:
    if limit is None:
        return widths
    widths = list(widths)
    spare = sum(widths) + len(_GAP) * (len(widths) - 1) - limit
    while spare > 0 and max(widths, default=0) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
        spare -= 1
    return widths


def _is_figures(cells: Sequence[str]) -> bool:
    return bool(cells) and all(re.fullmatch(r"[0-9๐-๙.,]+", cell) for cell in cells)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (pad(c, w, right=r) for c, w, r in zip(cells, widths, right, strict=True))
    return _GAP.join(padded).rstrip()
