"""Where a header block ends, in good mail and in bad.

It ends at a blank line. It also ends where a delimiter of an enclosing multipart stands, and
before a line that can only be text, unless fields of a letter follow it: then the line is a field
that somebody broke, and losing the Content-Type below it would lose the enclosures. Bare line
feeds are taken for line ends. Carriage returns alone are not; a header of nothing else is text,
so that people see it, and not one long field behind which there is no letter.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.inbound.boundaries import Delimiter
from gateway.inbound.window import Window

LONGEST_HEADER: Final = 256 * 1024

_FIRST_LOOK: Final = 8 * 1024
_BLANK_LINE: Final = re.compile(rb"(?:\A|\n)\r?\n")
_NOT_A_FIELD: Final = re.compile(
    rb"^(?![ \t]|From |[\x21-\x39\x3b-\x7e]+[ \t]*:)[^\r\n]", re.MULTILINE
)
_RETURNS_ALONE: Final = re.compile(rb"[^\r\n]+\r(?!\n)[^\n]*\n?")
_STILL_HEADER: Final = re.compile(
    rb"^(?:content-[a-z-]+|mime-version|from|to|date|subject|message-id)[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """The bytes of a header without the blank line, and the offset at which the body begins.

    ``overlong``: it passed 256 KiB; ``data`` holds its beginning and ``body`` is where that ends.
    """

    data: bytes
    body: int
    defect: str = ""
    overlong: bool = False


def read_header(
    window: Window, at: int, delimiter: Callable[[int], Delimiter | None]
) -> HeaderBlock:
    """Read the header block at this offset; ``delimiter`` finds the next boundary line."""
    found = delimiter(at)  # looked for first, so that no header is read over the next part
    room = min(found.end - at, LONGEST_HEADER) if found else LONGEST_HEADER
    data = window.read(at, min(_FIRST_LOOK, room))
    blank = _BLANK_LINE.search(data)
    if not blank and len(data) == _FIRST_LOOK:
        data = window.read(at, room)
        blank = _BLANK_LINE.search(data)
    if not blank and len(data) == LONGEST_HEADER:
        return HeaderBlock(
            data, at + len(data), f"a header longer than {LONGEST_HEADER} bytes", overlong=True
        )
    block = data[: blank.start()].removesuffix(b"\r") if blank else data
    return _shortened(at, block, at + (blank.end() if blank else len(data)), found)


def end_of_overlong(window: Window, at: int) -> int:
    """Where the body begins after a header that passed all bounds at this offset."""
    ends = [
        found + len(blank)
        for blank in (b"\n\r\n", b"\n\n")
        if (found := window.find(blank, at - 3, window.size)) >= 0
    ]
    return min(ends, default=window.size)


def _shortened(at: int, block: bytes, body: int, found: Delimiter | None) -> HeaderBlock:
    if found and found.start <= at + len(block):
        return HeaderBlock(
            block[: max(found.start - at, 0)], max(found.start, at), "a part that is only a header"
        )
    if _RETURNS_ALONE.fullmatch(block):
        return HeaderBlock(b"", at, "lines that end in CR alone")
    odd = _NOT_A_FIELD.search(block)
    if odd and not _STILL_HEADER.search(block, odd.end()):
        return HeaderBlock(block[: odd.start()], at + odd.start(), "no blank line after the header")
    return HeaderBlock(block, body)
