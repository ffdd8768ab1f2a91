"""A list of MAPI properties inside a winmail.dat, each told by its place ([MS-OXTNEF] 2.1.3.4).

Nothing is loaded but numbers: a value is a :class:`Span` of the file, read by whoever wants it, so
that an attachment of any size costs no memory. Only properties with fixed ids are kept; named ones
belong to Outlook. Of two with one id the first counts.

Bounds: 5000 properties of a list, 1000 values of a property. What does not add up is
:class:`Damaged`.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

TEXT_8: Final = 0x001E
TEXT_16: Final = 0x001F
BINARY: Final = 0x0102
OBJECT: Final = 0x000D

_MOST_PROPERTIES: Final = 5000
_MOST_VALUES: Final = 1000
_SEVERAL: Final = 0x1000
_FIRST_NAMED: Final = 0x8000
_FIXED: Final = {
    0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4,
    0x0014: 8, 0x0040: 8, 0x0048: 16,
}  # fmt: skip


class Damaged(ValueError):
    """Lengths that do not fit what is there."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of bytes of the file: offsets from its beginning."""

    start: int
    end: int

    def read(self, file: BinaryIO, most: int) -> bytes:
        """Return at most ``most`` of these bytes."""
        file.seek(self.start)
        return file.read(min(most, self.end - self.start))


@dataclass(frozen=True, slots=True)
class Value:
    """The first value of a property, and its type without the flag for several."""

    kind: int
    span: Span


def read_properties(file: BinaryIO, span: Span) -> dict[int, Value]:
    """Return the properties of this list by id; raises Damaged."""
    cursor = Cursor(file, span)
    count = cursor.number()
    if count > _MOST_PROPERTIES:
        raise Damaged(f"{count} properties")
    found: dict[int, Value] = {}
    for _ in range(count):
        kind, tag = cursor.unpack("<HH")
        if tag >= _FIRST_NAMED:
            _pass_name(cursor)
        value = _value(cursor, kind)
        if value and tag < _FIRST_NAMED:
            found.setdefault(tag, Value(kind & ~_SEVERAL, value))
    return found


class Cursor:
    """A place in a span; whoever reads beyond its end finds it Damaged."""

    def __init__(self, file: BinaryIO, span: Span) -> None:
        self._file = file
        self._end = span.end
        self.at = span.start

    def unpack(self, form: str) -> tuple[int, ...]:
        """Read numbers in the form of :mod:`struct`."""
        span = self.take(struct.calcsize(form))
        data = span.read(self._file, span.end - span.start)
        if len(data) < span.end - span.start:
            raise Damaged("the file is shorter than it was")
        return struct.unpack(form, data)

    def number(self) -> int:
        """Read an unsigned number of four bytes."""
        return self.unpack("<I")[0]

    def take(self, length: int) -> Span:
        """Pass over so many bytes and say where they are."""
        span = Span(self.at, self.at + length)
        if span.end > self._end:
            raise Damaged("a length beyond the end")
        self.at = span.end
        return span

    @property
    def left(self) -> int:
        """Bytes to the end."""
        return self._end - self.at


def _pass_name(cursor: Cursor) -> None:
    cursor.take(16)
    by_name = cursor.number()
    length = cursor.number()
    if by_name:
        cursor.take(_padded(length))


def _value(cursor: Cursor, kind: int) -> Span | None:
    """Pass over the values of one property and give the place of the first."""
    base = kind & ~_SEVERAL
    fixed = _FIXED.get(base)
    if fixed is None and base not in {TEXT_8, TEXT_16, BINARY, OBJECT}:
        raise Damaged(f"a property of type {kind:#06x}")
    count = 1 if fixed and not kind & _SEVERAL else cursor.number()
    if count > _MOST_VALUES:
        raise Damaged(f"{count} values of one property")
    spans = [_one(cursor, fixed) for _ in range(count)]
    return spans[0] if spans else None


def _one(cursor: Cursor, fixed: int | None) -> Span:
    if fixed:
        return cursor.take(fixed)
    length = cursor.number()
    span = cursor.take(length)
    cursor.take(min(_padded(length) - length, cursor.left))
    return span


def _padded(length: int) -> int:
    return (length + 3) & ~3
