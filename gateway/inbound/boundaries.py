"""Delimiter lines of nested multiparts (RFC 2046 §5.1.1): which comes next, and whose it is.

A delimiter of an outer multipart ends everything inside it, whether closed or not. A line belongs
to a boundary only as a whole, white space at its end aside: ``--abc`` is no delimiter of ``ab``,
though the RFC would let it be, since mailers nest boundaries that begin alike. Where a line fits
two multiparts, it is the inner one's. Each boundary is searched for on its own, never beyond the
next delimiter of the multiparts around it, and the last finding is remembered: the mail is passed
over once for every depth, however many multiparts it has.
"""

from dataclasses import dataclass
from typing import Final

from gateway.inbound.window import Window

LONGEST_BOUNDARY: Final = 2048  # RFC 2046 allows 70; longer ones are seen, and named as a defect
_MOST_FALSE: Final = 100_000
_REST: Final = 200


class TooManyLookalikes(ValueError):
    """More lines begin like a boundary and are none than any honest mail has."""


@dataclass(frozen=True, slots=True)
class Delimiter:
    """A delimiter line: ``start`` is the line break before it, ``end`` the byte after it.

    ``level`` counts open multiparts from 0, the outermost; ``closing`` says it ends the multipart.
    """

    start: int
    end: int
    level: int
    closing: bool


@dataclass(slots=True)
class _Open:
    boundary: bytes
    next: Delimiter | None = None
    upto: int = -1  # how far it was searched for


class Boundaries:
    """The boundaries open at a point of the mail, outermost first."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._open: list[_Open] = []
        self._false = 0

    def push(self, boundary: bytes) -> None:
        """Open a multipart inside the ones that are open."""
        self._open.append(_Open(boundary))

    def cut(self, level: int) -> int:
        """Keep only the outer ``level`` multiparts; return how many others were still open."""
        gone = len(self._open) - level
        del self._open[level:]
        return gone

    def next(self, position: int) -> Delimiter | None:
        """The first delimiter line from ``position``, the start of a line, or None."""
        best: Delimiter | None = None
        limit = self._window.size
        for level in range(len(self._open)):
            found = self._from(level, position, limit)
            if found and (best is None or found.start <= best.start):
                best, limit = found, found.end
        return best

    def _from(self, level: int, position: int, limit: int) -> Delimiter | None:
        opened = self._open[level]
        known = opened.next
        if opened.upto < limit if known is None else known.start < position - 1:
            opened.next = self._search(opened.boundary, level, position, limit)
            opened.upto = limit
        return opened.next

    def _search(self, boundary: bytes, level: int, position: int, limit: int) -> Delimiter | None:
        needle = b"\n--" + boundary
        start = max(position - 1, 0)
        while (start := self._window.find(needle, start, limit)) >= 0:
            found = self._delimiter(start, start + len(needle), level)
            if found:
                return found
            self._false += 1
            if self._false > _MOST_FALSE:
                raise TooManyLookalikes
            start += 1
        return None

    def _delimiter(self, start: int, after: int, level: int) -> Delimiter | None:
        rest = self._window.read(after, _REST)
        line, newline, _ = rest.partition(b"\n")
        if not newline and len(rest) == _REST:
            return None
        kind = line.rstrip(b"\r\t ")
        if kind not in {b"", b"--"}:
            return None
        if start > 0 and self._window.read(start - 1, 1) == b"\r":
            start -= 1
        return Delimiter(start, after + len(line) + len(newline), level, kind == b"--")
