"""The marking on a paper that is no PDF: a document of Word or OpenDocument, plain text, HTML.

Such a file has no pages of which the first could be looked at. A marking stands at its head, or in
what Word prints above and below each page, which is read behind the text: so its first and last
lines count. Letters are often laid out as tables, whose cells stand side by side: there each cell
of those lines is one. Not so in a sheet, where a column may tell of the secrecy of other papers.
"""

from pathlib import Path
from typing import Final

from registry.letter.grades import Secrecy, find_secrecy
from registry.letter.page import Box, Line, Page
from registry.texts.extract import Bounds, Extract
from registry.texts.kinds import is_picture, kind_of, read_file

_LINES: Final = 15  # from the first, and as many up to the last
_BOUNDS: Final = Bounds(
    pages=1, characters=100_000, seconds=0.4, unpacked=20_000_000, inner=False
)  # of what is read before a letter is registered
_NOWHERE: Final = Box(0.0, 0.0, 0.0, 0.0)
_SHEETS: Final = ("sheet", "excel", "csv")


def has_first_lines(media_type: str) -> bool:
    """Say whether files of this type are read here."""
    return kind_of(media_type) not in {"", "pdf"} and not is_picture(media_type)


def marking_of(path: Path, media_type: str) -> Secrecy | None:
    """Give the gravest marking at the head or foot of a file, or None.

    Raises Unreadable, OSError, MemoryError.
    """
    return find_secrecy("", edges(read_file(path, media_type, _BOUNDS), media_type))


def edges(extract: Extract, media_type: str) -> list[str]:
    """Give the lines of a file that was read in which a marking may stand."""
    lines = [line for line in (extract.pages or ("",))[0].split("\n") if line.strip()]
    ends = lines if len(lines) <= 2 * _LINES else lines[:_LINES] + lines[-_LINES:]
    if any(word in media_type.lower() for word in _SHEETS):
        return ends
    return [cell for line in ends for cell in line.split("\t") if cell.strip()]


def first_leaf(extract: Extract, media_type: str) -> Page | None:
    """Give these lines as a page without places, for whoever looks at first pages."""
    if not has_first_lines(media_type) or not extract.pages:
        return None
    lines = tuple(Line(line, _NOWHERE) for line in edges(extract, media_type))
    return Page(1, "text", 1.0, 0.0, 0.0, lines)
