"""The lines of a letter's pages as the rules read them, and fields made of them.

A text without places (a mail, a text layer as it stands) becomes rows too: there an empty line is
what a gap is on paper. Two pieces of one printed line of which the left one is a bare label, as a
tab leaves them, are one row.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any, Final

from registry.letter.page import Box, Line, Page
from registry.letter.paper import HIGH, FieldSource, PaperField, Place
from registry.paper.mend import mended
from registry.thai.text import tidy

_BARE: Final = re.compile(
    r"\s*(?:(?:เลข)?ที่|เรื่อง|เรียน|กราบเรียน|ถึง|อ้างถึง|สิ่งที่ส่งมาด้วย|ส่วนราชการ|วันที่)\s*:?\s*"
)
_FURNITURE: Final = re.compile(  # a page's number, and the word that the next page begins with
    r"\s*(?:[-–—\s]*[0-9๐-๙]{1,3}[-–—\s]*|/?\s*[^\s.…]{1,30}\s?[^\s.…]{0,20}\s?(?:\.{3,}|…))\s*"
)
_STRAY: Final = re.compile(r"(?:^|(?<=[\s.]))[ัิ-ฺ็-๎]+")  # marks of no letter: ก.ุพ.
_SAME_LINE: Final = 0.5  # of the lower one's height
_WORDS: Final = frozenset(
    {"subject", "to", "owner", "signer", "contact", "enclosure", "task", "reference"}
)
_DOUBTED: Final = HIGH - 2  # words of a scan: a mark that was lost makes another word
_GAP: Final = 1.45  # steps between lines from which a row stands apart
_MOST: Final = 400  # rows of one letter that are looked at
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line. ``apart``: a gap or an empty line is above it; ``page`` is 0 in a mail.

    ``tab``: where the piece behind a bare label begins, None if the line is one piece.
    """

    text: str
    sure: int = 100
    source: FieldSource = "text"
    page: int = 0
    box: Box | None = None
    apart: bool = False
    tab: float | None = None

    @property
    def place(self) -> Place | None:
        """Where it stands, None in a mail."""
        return Place(self.page, self.box) if self.box is not None else None


def rows_of(pages: Iterable[Page]) -> list[Row]:
    """Give the rows of pages, in the order in which they are read."""
    found: list[Row] = []
    for page in pages:
        if page.source != "none":
            found += _of_page(page)
    return found[:_MOST]


def rows_of_text(text: str, source: FieldSource = "mail") -> list[Row]:
    """Give the rows of a text without places."""
    found, apart = [], True
    for line in tidy(text[: _MOST * _LONGEST]).split("\n"):
        if line := line.strip()[:_LONGEST]:
            found.append(Row(line, source=source, page=0 if source == "mail" else 1, apart=apart))
        apart = not line
    return found[:_MOST]


def field(
    name: str, value: str, rows: Sequence[Row], confidence: int, *, original: str = "",
    position: int = 0, facts: Mapping[str, Any] | None = None,
) -> PaperField:  # fmt: skip
    """Make a field of the rows it stands in; it is never surer than who read the rows."""
    source: FieldSource = rows[0].source if rows else "mail"
    sure = min([confidence, *(row.sure for row in rows)])
    if source == "ocr" and name in _WORDS:
        sure = min(sure, _DOUBTED)
    original = original or " ".join(row.text for row in rows)
    return PaperField(
        name, value, original[:_LONGEST], max(0, sure), source, around(rows), position, facts or {}
    )


def around(rows: Sequence[Row]) -> Place | None:
    """Give the place that holds the rows of the page on which they begin."""
    placed = [row for row in rows if row.box is not None]
    if not placed:
        return None
    box = placed[0].box
    for row in placed[1:]:
        if row.page == placed[0].page and row.box is not None and box is not None:
            box = box.around(row.box)
    return Place(placed[0].page, box) if box is not None else None


def _of_page(page: Page) -> list[Row]:
    source: FieldSource = "ocr" if page.source == "ocr" else "text"
    lines = [line for line in page.lines if line.text.strip()]
    if page.number > 1 and lines[:1] and _FURNITURE.fullmatch(lines[0].text):
        del lines[0]
    if lines and _FURNITURE.fullmatch(lines[-1].text):
        del lines[-1]
    step = _step(lines)
    found: list[Row] = []
    before: Line | None = None
    for line in lines:
        text = tidy(line.text[:_LONGEST]).replace("\n", " ").strip()
        apart = before is None or line.box.top - before.box.top > _GAP * step
        text = mended(_STRAY.sub("", text)) if source == "ocr" else text
        row = Row(text, line.confidence, source, page.number, line.box, apart)
        if found and before is not None and _goes_on(found[-1], row):
            found[-1] = _joined(found[-1], row)
        else:
            found.append(row)
        before = line
    return found


def _step(lines: Sequence[Line]) -> float:
    """Give the usual way from one line to the next."""
    steps = [b.box.top - a.box.top for a, b in pairwise(lines)]
    down = [step for step in steps if step > 0.004]
    return median(down) if down else 1.0


def _goes_on(left: Row, right: Row) -> bool:
    """Say whether the right one is what the label on the left is for."""
    if left.box is None or right.box is None or not _BARE.fullmatch(left.text):
        return False
    return right.box.left >= left.box.right - 0.02 and same_line(left.box, right.box)


def same_line(one: Box, other: Box) -> bool:
    """Say whether two pieces stand beside each other."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > _SAME_LINE * min(one.bottom - one.top, other.bottom - other.top)


def _joined(left: Row, right: Row) -> Row:
    assert left.box is not None
    assert right.box is not None
    box, sure = left.box.around(right.box), min(left.sure, right.sure)
    tab = right.box.left
    return replace(left, text=f"{left.text} {right.text}", box=box, sure=sure, tab=tab)
