"""Text set into a column: lines that end between words, some words struck through or bold.

Thai sets no spaces between words, so the dictionary says where a line may end
(:mod:`registry.search.words`); ฯ, ๆ and closing marks stay with the word before them, what is short
for something (อปท. พ.ร.บ.) is not cut, and a year stays with its พ.ศ. What is wider than the column
by itself is cut: a long name between the words that it is made of, an address behind its ``@`` or
a dot, a digest between letters, never before a mark.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from registry.pdf.forms.face import Face, Piece
from registry.pdf.forms.parts import parts_of
from registry.search import words

_SHORT: Final = r"(?:[ก-ฮ][ก-๎]{0,2}\.){2,}(?: [0-9๐-๙]{4}(?![0-9๐-๙]))?"  # พ.ศ. ๒๕๖๘
_SHORTER: Final = r"(?<![ก-๎])[ก-ฮ]{2,4}\."  # อปท.
_TOKEN: Final = re.compile(rf"{_SHORT}|{_SHORTER}|[ก-๎]+|\s+|[^\sก-๎]+")
_THAI: Final = re.compile("[ก-๎]")
_STAYS: Final = re.compile("[ฯๆะ-ฺๅ็-๎]")
_CLOSES: Final = ".,;:!?)]}”’"
_JOINT: Final = re.compile(r".*[@./_-](?=.)", re.DOTALL)  # up to the last place for a break
_LETTER: Final = re.compile(r".[ัิ-ฺ็-๎]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; ``struck`` is set with a line through it.

    ``whole`` is not broken between words where a line has room for all of it.
    """

    text: str
    struck: bool = False
    whole: bool = False


@dataclass(slots=True)
class Row:
    """One line as it is set: its words, and from where to where (points) it is struck through."""

    pieces: list[Piece]
    width: float
    struck: list[tuple[float, float]]


def lay(face: Face, size: float, runs: Iterable[Run], width: float) -> list[Row]:
    """Set runs, a space apart, into a column of this width (points), in as many lines as needed."""
    rows = [Row([], 0.0, [])]
    for run in runs:
        tokens = _tokens(run.text)
        if tokens and rows[-1].pieces:
            rows = _add(rows, face.piece(" ", size), width, blank=True, struck=False)
        if run.whole and tokens and face.piece("".join(tokens), size).width <= width:
            tokens = ("".join(tokens),)
        for token in tokens:
            for piece, blank in _fitting(face, size, token, width):
                rows = _add(rows, piece, width, blank=blank, struck=run.struck)
    return rows


def _add(rows: list[Row], piece: Piece, width: float, *, blank: bool, struck: bool) -> list[Row]:
    row = rows[-1]
    if row.width + piece.width > width and row.pieces:
        if blank:
            rows.append(Row([], 0.0, []))
            return rows
        row = Row([], 0.0, [])
        rows.append(row)
    if blank and not row.pieces:
        return rows
    if struck:
        row.struck.append((row.width, row.width + piece.width))
    row.pieces.append(piece)
    row.width += piece.width
    return rows


def _fitting(face: Face, size: float, token: str, width: float) -> Iterator[tuple[Piece, bool]]:
    """Give a token shaped, cut between letters where it is wider than a line."""
    piece = face.piece(token, size)
    if piece.width <= width:
        yield piece, token.isspace()
        return
    if len(parts := parts_of(token)) > 1:
        part = ""
        for one in parts:
            if part and face.piece(part + one, size).width > width:
                yield from _fitting(face, size, part, width)
                part = ""
            part += one
        yield from _fitting(face, size, part, width)
        return
    part = ""
    for letter in _LETTER.findall(token):
        if part and face.piece(part + letter, size).width > width:
            joint = _JOINT.match(part)
            whole = joint.group() if joint else part
            yield face.piece(whole, size), False
            part = part[len(whole) :]
        part += letter
    yield face.piece(part, size), False


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    """Cut a text into pieces between which a line may end."""
    found: list[str] = []
    for token in _TOKEN.findall(" ".join(text.split()) if text.strip() else ""):
        if "." in token and _THAI.match(token):
            found.append(token)
        elif not _THAI.match(token):
            if found and token[0] in _CLOSES and not found[-1].isspace():
                found[-1] += token
            else:
                found.append(token)
        else:
            found += _between_words(token)
    return tuple(found)


def _between_words(token: str) -> Iterator[str]:
    cuts, _ = words.cut(token)
    begin = 0
    for place in range(1, len(token) + 1):
        ends = place == len(token) or (words.begins(cuts, place) and not _STAYS.match(token[place]))
        if ends:
            yield token[begin:place]
            begin = place
