"""The marking on the first page of a PDF, looked for before its letter is registered.

A letter is in its book and on its way to the units a moment after it came; a marking that stands
only on the paper must be seen before. So the first page of born-digital PDFs is looked at, by
pdfium, which reads that page alone, in a process that may fall over (:mod:`registry.apart`). Only
the grade comes out of it, never a word of the text.

Limits: files over ``secrecy.look_bytes``, more than :data:`MOST_FILES` of a letter, pages that take
longer than :data:`SECONDS`, scans, and text that pdfium does not read. What is missed here is found
when the text is read (:mod:`registry.desk.found_secret`).
"""

import re
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from registry import faults
from registry.apart import Answer, Apart, Died, Over, serve
from registry.letter.grades import Secrecy, find_secrecy

MOST_FILES: Final = 6
SECONDS: Final = 1.0
"""Of CPU for one file; of wall clock for all files of a letter it is four times as much."""
_MEMORY: Final = 400_000_000
_MOST_CHARACTERS: Final = 20_000
_MOST_LINES: Final = 200
_SHORT: Final = 40  # characters of a line that may be one word set wide
_LINE: Final = re.compile(r"[^\r\n]+")
_BESIDE: Final = re.compile(r"[\s\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\uf700-\uf71a]")  # vowels, tones
_Box = tuple[float, float, float, float]


class FirstPages:
    """Looks at first pages in a process that is started when it is needed. Close it."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._apart: Apart | None = None

    def marking(self, files: Iterable[tuple[Path, int]]) -> Secrecy | None:
        """Give the gravest marking on the first pages of these PDFs (path, bytes), or None."""
        found: list[Secrecy] = []
        ends = time.monotonic() + 4 * SECONDS
        for path, size in list(files)[:MOST_FILES]:
            left = ends - time.monotonic()
            if 0 < size <= self._largest and left > 0:
                found += self._look(path, left)
        return max(found, default=None)

    def close(self) -> None:
        """End the process that looks; it is started again when it is needed."""
        if self._apart is not None:
            self._apart.close()
            self._apart = None

    def _look(self, path: Path, wait: float) -> list[Secrecy]:
        self._apart = self._apart or Apart("registry.pdf.first_page", _MEMORY, 0)
        try:
            facts, _ = self._apart.ask({"path": str(path)}, SECONDS / 2, wait)
        except (Died, Over, OSError):
            return []
        grade = facts.get("grade")
        return [Secrecy(grade)] if grade else []


def main(memory: int, nice: int) -> None:
    """Answer until nobody asks."""
    serve(_answer, memory, nice)


def marking_in(text: str) -> Secrecy | None:
    """Give the gravest marking that stands alone on a line of a page, also one set wide (ล ับ)."""
    lines = text[:_MOST_CHARACTERS].splitlines()[:_MOST_LINES]
    close = ["".join(line.split()) for line in lines if len(line) <= _SHORT]
    return find_secrecy("", [*lines, *close])


def _answer(request: dict[str, Any]) -> Answer:
    faults.point("on_a_first_page")
    try:
        grade = marking_in(_text(Path(request["path"])))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a file, it is not our end
        return {"trouble": type(error).__name__}, b""
    return {"grade": grade.thai if grade else ""}, b""


def _text(path: Path) -> str:
    from registry.pdf.opening import open_pdf
    from registry.pdf.repair import repaired

    document = open_pdf(path)
    try:
        page = document[0].get_textpage()
        raw = str(page.get_text_range(0, min(page.count_chars(), _MOST_CHARACTERS)))
        return "\n".join(repaired(line) for line in _whole_lines(raw, page.get_charbox))
    finally:
        document.close()


def _whole_lines(raw: str, box_of: Callable[[int], _Box]) -> list[str]:
    """Give the lines of a page; pdfium parts some in the middle of a word, behind a tone mark."""
    lines: list[str] = []
    before: _Box | None = None
    for found in islice(_LINE.finditer(raw), _MOST_LINES):
        bases = [at for at in range(*found.span()) if not _BESIDE.match(raw, at)]
        if not bases:
            continue
        if before is not None and _touch(before, box_of(bases[0])):
            lines[-1] += found[0]
        else:
            lines.append(found[0])
        before = box_of(bases[-1])
    return lines


def _touch(one: _Box, other: _Box) -> bool:
    """Say whether two letters (left, bottom, right, top) stand side by side in one word."""
    height = max(one[3] - one[1], other[3] - other[1])
    level = min(one[3], other[3]) - max(one[1], other[1]) > height / 3
    return level and abs(other[0] - one[2]) < height / 2
