"""Finding lines again in another reading of the same page.

Two readings of a page differ in the marks over and under letters, in spaces, and in where lines
end. The letters themselves and the figures are the same, mostly in the same order: by them a line
of one reading is found in the other. What is not found exactly, but stands between two lines that
are, is taken when it is much alike; else the line stays as it was.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

_BONE: Final = re.compile(r"[ก-ฮเ-ไ๐-๙0-9A-Za-z]")
_LEAST: Final = 2  # letters by which a line can be found
_ALIKE: Final = 0.6
_FAR: Final = 3  # times the length of a line: what lies between may be as long


def with_text(lines: Sequence[str], text: str) -> list[str]:
    """Give the lines as ``text`` says them, where they are found in it."""
    bones = [(at, found[0]) for found in _BONE.finditer(text) for at in (found.start(),)]
    skeleton = "".join(char for _, char in bones)
    spans = _spans([_skeleton(line) for line in lines], skeleton)
    return [
        line if span is None else _slice(text, bones, span)
        for line, span in zip(lines, spans, strict=True)
    ]


def _skeleton(line: str) -> str:
    return "".join(_BONE.findall(line))


Span = tuple[int, int]


def _spans(lines: Sequence[str], skeleton: str) -> list[Span | None]:
    """Give which bones each line is, first those that are found, then those between."""
    spans: list[Span | None] = []
    cursor = 0
    for line in lines:
        at = skeleton.find(line, cursor) if len(line) >= _LEAST else -1
        if at < 0 and len(line) >= 2 * _LEAST:
            at = skeleton.find(line)  # the other reading says things in another order
        spans.append(None if at < 0 else (at, at + len(line)))
        cursor = at + len(line) if at >= cursor else cursor
    for number, line in enumerate(lines):
        if spans[number] is None and line:
            spans[number] = _between(spans, number, line, skeleton)
    return spans


def _between(spans: list[Span | None], number: int, line: str, skeleton: str) -> Span | None:
    """Give the bones between the neighbours of a line, if they are much like it."""
    before = spans[number - 1] if number else (0, 0)
    after = spans[number + 1] if number + 1 < len(spans) else (len(skeleton), len(skeleton))
    if before is None or after is None or not 0 < after[0] - before[1] <= _FAR * len(line):
        return None
    span = before[1], after[0]
    alike = SequenceMatcher(None, line, skeleton[slice(*span)], autojunk=False).ratio()
    return span if alike >= _ALIKE else None


def _slice(text: str, bones: Sequence[tuple[int, str]], span: Span) -> str:
    """Give what stands from one bone to another, with the marks and signs that belong to it."""
    first, last = bones[span[0]][0], bones[span[1] - 1][0]
    while first > 0 and not text[first - 1].isspace() and not _BONE.match(text[first - 1]):
        first -= 1
    end = bones[span[1]][0] if span[1] < len(bones) else len(text)
    line_end = text.find("\n", last, end)
    return " ".join(text[first : end if line_end < 0 else line_end].split())
