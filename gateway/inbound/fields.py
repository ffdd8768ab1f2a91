"""A header block cut into its fields, with bounds, before anything looks into them.

A field is a name and a value as bytes, unfolded (RFC 5322 §2.2.3). At most 1000 fields are read
and 16 KiB of each; what is beyond is left to the raw copy and named as a defect. Nothing here
knows what a field means. Where a field that may stand once stands twice, the first wins.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

MOST_FIELDS: Final = 1000
LONGEST_FIELD: Final = 16 * 1024

_NAME: Final = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:")
_ONCE: Final = ("from", "sender", "reply-to", "to", "cc", "message-id", "date", "subject")
_ONCE_MIME: Final = ("content-type", "content-transfer-encoding", "content-disposition")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one header block in their order; names in lower case, values as bytes."""

    items: tuple[tuple[str, bytes], ...] = ()
    defects: tuple[str, ...] = ()
    _first: dict[str, bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the first field of each name quick to find: every letter is asked for dozens."""
        object.__setattr__(self, "_first", dict(reversed(self.items)))

    def get(self, name: str) -> bytes:
        """The first field of this name, or b""."""
        return self._first.get(name, b"")

    def all(self, name: str) -> Iterator[bytes]:
        """Every field of this name, from the top."""
        if name not in self._first:
            return iter(())
        return (value for key, value in self.items if key == name)

    def has(self, name: str) -> bool:
        """Whether such a field stands here at all, empty or not."""
        return name in self._first

    def has_any(self, names: Iterable[str]) -> bool:
        """Whether a field of one of these names stands here."""
        return not self._first.keys().isdisjoint(names)


def read_fields(block: bytes) -> Fields:
    """Cut a header block (without the blank line that ends it) into fields; never raises."""
    items: list[tuple[str, bytes]] = []
    defects: list[str] = []
    for raw in _unfolded(block):
        named = _NAME.match(raw)
        if not named:
            if not raw.startswith(b"From "):  # a line left by an mbox file
                defects.append("a header line that is no field")
            continue
        if len(items) == MOST_FIELDS:
            defects.append(f"more than {MOST_FIELDS} header fields")
            break
        name, value = named[1].decode("ascii").lower(), raw[named.end() :].strip(b" \t")
        if len(value) > LONGEST_FIELD:
            defects.append(f"header field longer than {LONGEST_FIELD} bytes")
            value = value[:LONGEST_FIELD]
        items.append((name, value))
    defects += _doubles([name for name, _ in items])
    return Fields(tuple(items), tuple(dict.fromkeys(defects)))


def _unfolded(block: bytes) -> Iterable[bytes]:
    lines = block.replace(b"\r\n", b"\n").split(b"\n")
    if b"\n " in block or b"\n\t" in block:
        return _joined(lines)
    return filter(None, lines)


def _joined(lines: list[bytes]) -> Iterator[bytes]:
    pieces: list[bytes] = []
    for line in lines:
        if line[:1] in {b" ", b"\t"} and pieces:
            pieces.append(line)
            continue
        if pieces:
            yield b"".join(pieces)
        pieces = [line] if line else []
    if pieces:
        yield b"".join(pieces)


def _doubles(names: list[str]) -> list[str]:
    if len(set(names)) == len(names):
        return []
    return [f"{name} stands twice" for name in (*_ONCE, *_ONCE_MIME) if names.count(name) > 1]
