"""The shape of a mail: which part begins and ends where in the raw file, and inside what.

One pass over the file in blocks; only header blocks are held. Multiparts are entered, and so are
attached mails (message/rfc822), whose files are enclosures too. Signed multiparts are entered
like any other: nothing is taken out of the raw bytes here.

Bounds: depth 30, 1000 parts, 256 KiB of one header block, 4 MiB of all of them. Beyond them the
splitter stops, says so, and leaves the rest to the raw copy and a person (``complete`` is False).
What is merely wrong, such as a missing end boundary or bare line feeds, is read as meant and named
as a defect.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gateway.inbound.boundaries import LONGEST_BOUNDARY, Boundaries, TooManyLookalikes
from gateway.inbound.fields import Fields, read_fields
from gateway.inbound.header_block import end_of_overlong, read_header
from gateway.inbound.parameters import Parameterised, read_parameters
from gateway.inbound.window import Window

DEEPEST: Final = 30
MOST_PARTS: Final = 1000
MOST_HEADERS: Final = 4 * 1024 * 1024  # bytes of the headers of all parts together

_PLAIN: Final = frozenset({"", "7bit", "8bit", "binary"})
_NO_FIELDS: Final = Fields()
_TEXT: Final = Parameterised("text/plain")
_TYPE: Final = re.compile(r"[^/\s]+/[^/\s]+")


@dataclass(slots=True, eq=False)
class Node:
    """One part: its fields, where its body lies in the raw file, and the parts in it.

    ``nested`` is the number of attached mails it lies in; 0 is the letter itself.
    """

    fields: Fields
    content: Parameterised
    start: int
    end: int
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    nested: int = 0

    @property
    def media_type(self) -> str:
        """The type the part claims; text/plain where it claims none that makes sense."""
        return self.content.value

    @property
    def encoding(self) -> str:
        """Its Content-Transfer-Encoding in lower case, "" if none is given."""
        return read_parameters(self.fields.get("content-transfer-encoding")).value

    def walk(self) -> Iterator["Node"]:
        """This part and everything in it, in the order of the mail."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(reversed(node.children))


@dataclass(frozen=True, slots=True)
class Structure:
    """What the splitter found; ``complete`` is False when a bound stopped it."""

    root: Node
    complete: bool
    defects: tuple[str, ...]


def split(window: Window) -> Structure:
    """Find the parts of the mail in this window; never raises for what it reads."""
    splitter = _Splitter(window)
    try:
        splitter.run()
    except _Stop as stop:
        splitter.note(str(stop))
        splitter.complete = False
    except TooManyLookalikes:
        splitter.note("too many lines that begin like a boundary")
        splitter.complete = False
    return Structure(splitter.root, splitter.complete, tuple(splitter.defects))


class _Stop(Exception):
    """A bound was reached; its text says which."""


class _Splitter:
    def __init__(self, window: Window) -> None:
        self.window = window
        self.boundaries = Boundaries(window)
        self.multiparts: list[Node] = []  # one for each open boundary
        self.open: list[Node] = []  # from the root to where we stand
        self.count = 0
        self.header_bytes = 0
        self.complete = True
        self.defects: dict[str, None] = {}
        self.root = Node(_NO_FIELDS, _TEXT, 0, window.size)

    def note(self, defect: str) -> None:
        self.defects[defect] = None

    def run(self) -> None:
        position = self.part(0)
        while found := self.boundaries.next(position):
            unclosed = self.boundaries.cut(found.level + 1)
            del self.multiparts[found.level + 1 :]
            multipart = self.multiparts[-1]
            self.close_inside(multipart, found.start)
            position = found.end
            if found.closing:
                self.boundaries.cut(found.level)
                self.multiparts.pop()
            else:
                position = self.part(position)
            if unclosed:
                self.note("a multipart lacks its end boundary")
        if self.multiparts:
            self.note("a multipart lacks its end boundary")

    def close_inside(self, multipart: Node, end: int) -> None:
        while self.open[-1] is not multipart:
            node = self.open.pop()
            node.end = max(node.start, end)

    def part(self, at: int) -> int:
        """Open the part whose header begins here; return where its body is to be searched."""
        while True:
            node = self.enter(at)
            boundary = self.boundary_of(node)
            if boundary:
                self.boundaries.push(boundary)
                self.multiparts.append(node)
            elif node.media_type in {"message/rfc822", "message/global"}:
                if node.encoding in _PLAIN and len(self.open) < DEEPEST:
                    at = node.start
                    continue
                self.note("an attached mail was not opened")
            return node.start

    def enter(self, at: int) -> Node:
        if self.count >= MOST_PARTS:
            raise _Stop(f"more than {MOST_PARTS} parts")
        self.count += 1
        parent = self.open[-1] if self.open else None
        fields, start = self.header(at)
        node = Node(fields, self.content_of(fields, parent), start, self.window.size, parent)
        if parent:
            parent.children.append(node)
            node.nested = parent.nested + parent.media_type.startswith("message/")
        else:
            self.root = node
        self.open.append(node)
        for defect in (*fields.defects, *node.content.defects):
            self.note(defect)
        return node

    def header(self, at: int) -> tuple[Fields, int]:
        block = read_header(self.window, at, self.boundaries.next)
        if block.defect:
            self.note(block.defect)
        self.header_bytes += len(block.data)
        if self.header_bytes > MOST_HEADERS:
            raise _Stop(f"headers of more than {MOST_HEADERS} bytes")
        if not block.overlong:
            return read_fields(block.data), block.body
        if self.open:
            raise _Stop(block.defect)
        self.complete = False
        return read_fields(block.data), end_of_overlong(self.window, block.body)

    def content_of(self, fields: Fields, parent: Node | None) -> Parameterised:
        content = read_parameters(fields.get("content-type"))
        if _TYPE.fullmatch(content.value):
            return content
        if fields.has("content-type"):
            self.note("a Content-Type that is none")
        digest = parent is not None and parent.media_type == "multipart/digest"
        value = "message/rfc822" if digest else "text/plain"
        return Parameterised(value, content.parameters, content.defects)

    def boundary_of(self, node: Node) -> bytes:
        """The boundary that opens this multipart; b"" if it is none or cannot be opened."""
        if not node.media_type.startswith("multipart/"):
            return b""
        boundary = node.content.get("boundary").rstrip().encode("utf-8", "replace")
        if not boundary or len(boundary) > LONGEST_BOUNDARY:
            self.note("a multipart without a usable boundary")
            return b""
        if len(self.open) > DEEPEST:
            raise _Stop(f"parts deeper than {DEEPEST}")
        if len(boundary) > 70:
            self.note("a boundary longer than 70 bytes")
        return boundary
