"""Fields of the shape ``value; name=text; …``: Content-Type, Content-Disposition and their like.

Read as RFC 2045 §5.1 with the continuations and charsets of RFC 2231, and as mailers write it:
file names with spaces and no quotation marks, encoded words inside quotation marks, raw bytes,
continuations out of order or with one missing. Of two parameters of one name the first wins; an
extended one (``name*=``) wins over a plain one (RFC 6266 §4.3 has the same order). At most 200 are
read of one field.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

from gateway.inbound.charset import read_text
from gateway.inbound.encoded_words import decode_words

MOST_PARAMETERS: Final = 200

_SHORT: Final = 100  # bytes of a value that is worth remembering

_PARAMETER: Final = re.compile(rb';\s*([^\s=;"]{1,100})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')
_NEXT: Final = re.compile(rb"[^;]*")
_SECTION: Final = re.compile(r"(.+?)(?:\*(\d{1,4}))?(\*)?\Z")
_ESCAPED: Final = re.compile(rb'\\(["\\])')


@dataclass(frozen=True, slots=True)
class Parameterised:
    """The value in lower case without comments, and its parameters as text."""

    value: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    defects: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        """This parameter, or ""."""
        return self.parameters.get(name, "")


@dataclass(slots=True)
class _Pieces:
    """All that was said for one parameter name."""

    plain: bytes | None = None
    extended: bytes | None = None
    sections: dict[int, tuple[bytes, bool]] = field(default_factory=dict)


def read_parameters(raw: bytes) -> Parameterised:
    """Read one field value, capped already; never raises. What is given is not to be changed."""
    return _read_again(raw) if len(raw) <= _SHORT else _read(raw)


def _read(raw: bytes) -> Parameterised:
    head = _NEXT.match(raw)
    first = head[0] if head else b""
    value = re.sub(rb"\([^()]*\)|\s", b"", first).decode("latin-1").lower()
    found: dict[str, _Pieces] = {}
    defects: list[str] = []
    for count, (name, text) in enumerate(_pairs(raw, len(first))):
        if count == MOST_PARAMETERS:
            defects.append(f"more than {MOST_PARAMETERS} parameters in one field")
            break
        _put(found, name, text, defects)
    parameters: dict[str, str] = {}
    for name, pieces in found.items():
        parameters[name], guesses = _assemble(pieces)
        defects.extend(guesses)
    return Parameterised(value, parameters, tuple(dict.fromkeys(defects)))


_read_again: Final = lru_cache(maxsize=256)(_read)  # the same few stand in nearly every letter


def _pairs(raw: bytes, at: int) -> Iterator[tuple[str, bytes]]:
    while at < len(raw):
        found = _PARAMETER.match(raw, at)
        if not found:
            at = _skip(raw, at + 1)
            continue
        text = found[2].strip()
        if text[:1] == b'"':
            text = _ESCAPED.sub(rb"\1", text[1:].removesuffix(b'"'))
        yield found[1].decode("latin-1").lower(), text
        at = _skip(raw, found.end())


def _skip(raw: bytes, at: int) -> int:
    found = raw.find(b";", at)
    return len(raw) if found < 0 else found


def _put(found: dict[str, _Pieces], name: str, text: bytes, defects: list[str]) -> None:
    shape = _SECTION.match(name)
    base, number, star = shape.groups() if shape else (name, None, None)
    pieces = found.setdefault(base, _Pieces())
    if number is not None:
        taken = int(number) in pieces.sections
        pieces.sections.setdefault(int(number), (text, bool(star)))
    elif star:
        taken = pieces.extended is not None
        pieces.extended = text if pieces.extended is None else pieces.extended
    else:
        taken = pieces.plain is not None
        pieces.plain = text if pieces.plain is None else pieces.plain
    if taken:
        defects.append(f"parameter {base[:40]} stands twice")


def _assemble(pieces: _Pieces) -> tuple[str, tuple[str, ...]]:
    if pieces.extended is not None:
        return _extended(pieces.extended)
    if not pieces.sections:
        return decode_words(pieces.plain or b"")
    numbers = sorted(pieces.sections)
    text, guesses = _continued([pieces.sections[n] for n in numbers])
    if numbers != list(range(len(numbers))):
        guesses = (*guesses, "a continued parameter lacks a piece")
    return text, guesses


def _continued(sections: list[tuple[bytes, bool]]) -> tuple[str, tuple[str, ...]]:
    """Join RFC 2231 §3 sections as bytes, since a character may be cut between two."""
    if not any(starred for _, starred in sections):
        return decode_words(b"".join(text for text, _ in sections))
    charset, rest = _charset(sections[0][0]) if sections[0][1] else ("", sections[0][0])
    sections = [(rest, sections[0][1]), *sections[1:]]
    # Joined before the escapes are undone: some mailers cut inside one.
    joined = b"".join(t if starred else t.replace(b"%", b"%25") for t, starred in sections)
    reading = read_text(unquote_to_bytes(joined), charset)
    return reading.text, (reading.guess,) if reading.guess else ()


def _extended(text: bytes) -> tuple[str, tuple[str, ...]]:
    charset, rest = _charset(text)
    reading = read_text(unquote_to_bytes(rest), charset)
    return reading.text, (reading.guess,) if reading.guess else ()


def _charset(text: bytes) -> tuple[str, bytes]:
    charset, quote, rest = text.partition(b"'")
    _language, second, rest = rest.partition(b"'")
    if not (quote and second):
        return "", text
    return charset.decode("latin-1"), rest
