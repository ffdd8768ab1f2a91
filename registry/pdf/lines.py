"""Finding lines again in another reading of the same page.

Two readings of a page differ in the marks over and under letters, in spaces, and in where lines
end; pdfium says some syllables twice. The letters themselves and the figures are the same, mostly
in the same order: by them a line of one reading is found in the other. Lines that are not found,
but stand between two that are, share what stands between those there; one that is not much like its
share stays as it was.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from typing import Final

_BONE: Final = re.compile(r"[ก-ฮเ-ไ๐-๙0-9A-Za-z]")
_LEAST: Final = 2  # letters by which a line can be found
_LONG: Final = 8  # letters by which it can be found out of order
_ALIKE: Final = 0.5
_FAR: Final = 3  # times the length of lines: what lies between may be as long
_NEAR: Final = 40  # letters beyond which a line is not looked for in order
_SNAP: Final = 6  # letters: where a line ends near, this one does too


def with_text(lines: Sequence[str], text: str) -> list[str]:
    """Give the lines as ``text`` says them, where they are found in it."""
    bones = [(found.start(), found[0]) for found in _BONE.finditer(text)]
    skeleton = "".join(char for _, char in bones)
    starts = frozenset(
        at
        for at, (place, _) in enumerate(bones)
        if at == 0 or "\n" in text[bones[at - 1][0] : place]
    )
    spans = _spans([_skeleton(line) for line in lines], skeleton, starts)
    return [
        line if span is None else _slice(text, bones, span)
        for line, span in zip(lines, spans, strict=True)
    ]


def _skeleton(line: str) -> str:
    return "".join(_BONE.findall(line))


Span = tuple[int, int]


def _spans(lines: Sequence[str], skeleton: str, starts: frozenset[int]) -> list[Span | None]:
    """Give which bones each line is, first those that are found, then those between."""
    spans: list[Span | None] = []
    cursor = missed = 0
    for line in lines:
        at = -1
        if len(line) >= _LEAST:  # what is short stands everywhere
            at = skeleton.find(line, cursor, cursor + _FAR * missed + len(line) + _NEAR)
            if at < 0 and len(line) >= _LONG:
                at = skeleton.find(line)  # the other reading says things in another order
        spans.append(None if at < 0 else (at, at + len(line)))
        missed = missed + len(line) if at < 0 else 0
        cursor = at + len(line) if at >= cursor else cursor
    for first, last in _gaps(spans, lines):
        _fill(spans, first, last, lines, skeleton, starts)
    return spans


def _gaps(spans: Sequence[Span | None], lines: Sequence[str]) -> Iterator[Span]:
    """Give runs of lines that were not found, with at least one letter in them."""
    first = None
    for at, span in enumerate([*spans, (0, 0)]):
        if span is None and first is None:
            first = at
        elif span is not None and first is not None:
            if any(lines[first:at]):
                yield first, at
            first = None


def _fill(
    spans: list[Span | None], first: int, last: int, lines: Sequence[str], skeleton: str,
    starts: frozenset[int],
) -> None:  # fmt: skip
    """Part the bones between two lines that were found among the lines between them."""
    before = spans[first - 1] if first else (0, 0)
    after = spans[last] if last < len(spans) else (len(skeleton), len(skeleton))
    whole = "".join(lines[first:last])
    if before is None or after is None or not 0 < after[0] - before[1] <= _FAR * len(whole):
        return
    begin, bones = before[1], skeleton[before[1] : after[0]]
    blocks = SequenceMatcher(None, whole, bones, autojunk=False).get_matching_blocks()
    place, cut = 0, begin
    for number in range(first, last):
        place += len(lines[number])
        end = after[0] if number == last - 1 else begin + _mapped(place, blocks)
        near = [one for one in starts if abs(one - end) <= _SNAP and one > cut]
        end = min(near, key=lambda one: abs(one - end)) if near and number < last - 1 else end
        alike = SequenceMatcher(None, lines[number], skeleton[cut:end], autojunk=False).ratio()
        if lines[number] and end > cut and alike >= _ALIKE:
            spans[number] = cut, end
        cut = max(cut, end)


def _mapped(place: int, blocks: Sequence[Match]) -> int:
    """Give where in the second sequence a place of the first is."""
    at = 0
    for block in blocks:
        if place < block.a:
            break
        at = block.b + min(place - block.a, block.size)
    return at


def _slice(text: str, bones: Sequence[tuple[int, str]], span: Span) -> str:
    """Give what stands from one bone to another, with the marks and signs that belong to it."""
    first, last = bones[span[0]][0], bones[span[1] - 1][0]
    while first > 0 and not text[first - 1].isspace() and not _BONE.match(text[first - 1]):
        first -= 1
    end = bones[span[1]][0] if span[1] < len(bones) else len(text)
    line_end = text.find("\n", last, end)
    return " ".join(text[first : end if line_end < 0 else line_end].split())
