"""The marking on the first page of a paper, looked for before its letter is registered.

A letter is in its book and on its way to the units a moment after it came; a marking that stands
only on the paper must be seen before. So the first page of born-digital PDFs is looked at, by
pdfium, which reads that page alone, in a process that may fall over (:mod:`registry.apart`), and
the first lines of other papers (:mod:`registry.texts.first_lines`). Only the grade comes out of it,
never a word of the text.

A page is looked at twice. The text as pdfium says it is quick, but large letters lose their marks
to lines of their own (ล, ั, บ), and what stands side by side is one line. So the lines are then
made anew from the places of the letters, as for reading fields (:mod:`registry.pdf.layout`), and
those at the top and the bottom looked at, marks in any order.

Limits: files over ``secrecy.look_bytes``, more than :data:`MOST_FILES` of a letter, pages that take
longer than :data:`SECONDS` (those of more than :data:`_MOST_PLACED` characters are looked at once),
scans, and text that pdfium does not read. What is missed here is found when the text is read
(:mod:`registry.desk.found_secret`).
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from registry import faults
from registry.apart import Answer, Apart, Died, Over, serve
from registry.letter.grades import Secrecy, find_secrecy
from registry.letter.page import Page
from registry.texts.first_lines import has_first_lines

MOST_FILES: Final = 6
SECONDS: Final = 1.0
"""Of CPU for one file; for all files of a letter it is four times as much."""
_WAIT: Final = 30.0  # of wall clock for one look: a busy machine must not make a secret ordinary
_MEMORY: Final = 400_000_000
_MOST_CHARACTERS: Final = 20_000
_MOST_LINES: Final = 200
_SHORT: Final = 40  # characters of a line that may be one word set wide
_LINE: Final = re.compile(r"[^\r\n]+")
_BESIDE: Final = re.compile(r"[\s\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\uf700-\uf71a]")  # vowels, tones
_MOST_PLACED: Final = 8_000  # characters that are placed within the time
_TOP, _BOTTOM = 0.35, 0.8  # of the page's height: markings stand above or below
_PDF: Final = "application/pdf"
_BONES: Final = re.compile(r"[ก-ฮา]")
_MORE: Final = re.compile(r"[0-9A-Za-z๐-๙ฯะำเ-ๆ]")  # what no marking has
_MARKS: Final = re.compile(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_Box = tuple[float, float, float, float]


def can_be_marked(media_type: str) -> bool:
    """Say whether files of this type are looked at."""
    return media_type == _PDF or has_first_lines(media_type)


class FirstPages:
    """Looks at first pages in a process that is started when it is needed. Close it."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._apart: Apart | None = None

    def marking(self, files: Iterable[tuple[Path, int, str]]) -> Secrecy | None:
        """Give the gravest marking on these files (path, bytes, media type), or None."""
        found: list[Secrecy] = []
        left = 4 * SECONDS
        for path, size, media_type in list(files)[:MOST_FILES]:
            if 0 < size <= self._largest and left > 0:
                grades, spent = self._look(path, media_type)
                found += grades
                left -= spent
        return max(found, default=None)

    def close(self) -> None:
        """End the process that looks; it is started again when it is needed."""
        if self._apart is not None:
            self._apart.close()
            self._apart = None

    def _look(self, path: Path, media_type: str) -> tuple[list[Secrecy], float]:
        """Give the markings on one file, and the seconds of CPU that it took."""
        self._apart = self._apart or Apart("registry.pdf.first_page", _MEMORY, 0)
        found: list[Secrecy] = []
        spent = 0.0
        # Twice: a word that is torn may be found, and be a graver one.
        for placed in (False, True) if media_type == _PDF else (False,):
            request = {"path": str(path), "type": media_type, "placed": placed}
            try:
                facts, _ = self._apart.ask(request, SECONDS / 2, _WAIT)
            except (Died, Over, OSError):
                return found, spent + SECONDS
            spent += facts.get("spent", SECONDS)
            found += [Secrecy(grade)] if (grade := facts.get("grade")) else []
        return found, spent


def main(memory: int, nice: int) -> None:
    """Answer until nobody asks."""
    serve(_answer, memory, nice)


def marking_in(text: str) -> Secrecy | None:
    """Give the gravest marking that stands alone on a line of a page, also one set wide (ล ับ)."""
    lines = text[:_MOST_CHARACTERS].splitlines()[:_MOST_LINES]
    close = ["".join(line.split()) for line in lines if len(line) <= _SHORT]
    return find_secrecy("", [*lines, *close])


def marking_at_edges(page: Page) -> Secrecy | None:
    """Give the gravest marking among the lines at the top and the bottom of a page.

    Marks over and under letters may stand in any order, and be lost where no other word is left.
    """
    lines = [
        line.text
        for line in page.lines
        if (line.box.top < _TOP or line.box.bottom > _BOTTOM) and len(line.text) <= _SHORT
    ]
    sure = marking_in("\n".join(lines))
    found = [one for line in lines for one in Secrecy if _is_jumbled(line, one)]
    return max([*found, *([sure] if sure else [])], default=None)


def _is_jumbled(line: str, grade: Secrecy) -> bool:
    """Say whether a line is this marking, its marks torn from their letters."""
    marks, meant = Counter(_MARKS.findall(line)), Counter(_MARKS.findall(grade.thai))
    same = _BONES.findall(line) == _BONES.findall(grade.thai) and not _MORE.search(line)
    return same and marks <= meant and (bool(marks) or grade is not Secrecy.CONFIDENTIAL)


def _answer(request: dict[str, Any]) -> Answer:
    faults.point("on_a_first_page")
    began = time.process_time()
    try:
        path = Path(request["path"])
        if request["type"] != _PDF:
            grade = _other(path, request["type"])
        else:
            grade = _placed(path) if request["placed"] else marking_in(_text(path))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a file, it is not our end
        return {"trouble": type(error).__name__, "spent": time.process_time() - began}, b""
    spent = time.process_time() - began
    return {"grade": grade.thai if grade else "", "spent": spent}, b""


def _other(path: Path, media_type: str) -> Secrecy | None:
    from registry.texts.first_lines import marking_of

    return marking_of(path, media_type)


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


def _placed(path: Path) -> Secrecy | None:
    from registry.pdf.layout import laid_out
    from registry.pdf.opening import open_pdf
    from registry.pdf.repair import repaired

    document = open_pdf(path)
    try:
        leaf = document[0]
        sheet = leaf.get_textpage()
        if not 0 < sheet.count_chars() <= _MOST_PLACED:
            return None
        said = repaired(str(sheet.get_text_range()))
        return marking_at_edges(laid_out(leaf, 1, said, 1.0))
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
