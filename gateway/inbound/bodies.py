"""The text of a letter's mail: which parts are the message to read, and which are files.

A nameless text/plain or text/html part that is not sent as an attachment is text to read; all
others are files, also the text parts of attached mails. Of an alternative (RFC 2046 §5.1.4) the
plain text is preferred unless it is empty; several texts of one letter are put together in order.
Nothing is dropped: a text too long to show is cut there and kept as a file as well, and files
written into a plain text (uuencode) are left to :mod:`gateway.inbound.files`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gateway.inbound.charset import read_text
from gateway.inbound.decode import decoded, decoder_for, first_bytes
from gateway.inbound.html_text import html_to_text
from gateway.inbound.names import given_name
from gateway.inbound.parameters import read_parameters
from gateway.inbound.split import Node
from gateway.inbound.uuencode import Nowhere, taken_apart
from gateway.inbound.window import Window

MOST_TEXT: Final = 2_000_000  # bytes of all texts of one mail that are shown
_TEXTS: Final = frozenset({"text/plain", "text/html"})


@dataclass(slots=True)
class Body:
    """The readable text, the parts it was read from, the pictures it shows, and the defects."""

    text: str = ""
    nodes: set[Node] = field(default_factory=set)
    stuffed: set[Node] = field(default_factory=set)  # texts with uuencoded files in them
    html: str = ""  # sources, to look up which pictures they show
    defects: list[str] = field(default_factory=list)

    def shows(self, content_id: str) -> bool:
        """Whether an HTML text shows the picture with this Content-ID (RFC 2392)."""
        return bool(content_id) and f"cid:{content_id}" in self.html


def read_body(window: Window, root: Node) -> Body:
    """Read the text of a letter from its parts; never raises."""
    reader = _Reader(window)
    text = reader.read(root)
    reader.body.text = "\n".join(map(str.rstrip, text.splitlines())).strip()
    return reader.body


def is_text(node: Node) -> bool:
    """Whether this part is text to read rather than a file."""
    if node.media_type not in _TEXTS:
        return False
    disposition = read_parameters(node.fields.get("content-disposition")).value
    return disposition != "attachment" and not given_name(node).strip()


class _Reader:
    def __init__(self, window: Window) -> None:
        self.window = window
        self.body = Body()
        self.left = MOST_TEXT

    def read(self, node: Node) -> str:
        if is_text(node):
            return self.leaf(node)
        if node.media_type == "multipart/alternative":
            return self.alternative(node)
        if not node.media_type.startswith("multipart/"):
            return ""
        texts = [self.read(child) for child in node.children]
        return "\n\n".join(text for text in texts if text.strip())

    def alternative(self, node: Node) -> str:
        texts = [(child.media_type, self.read(child)) for child in node.children]
        plain = next((text for kind, text in texts if kind == "text/plain" and text.strip()), "")
        return plain or next((text for _, text in reversed(texts) if text.strip()), "")

    def leaf(self, node: Node) -> str:
        data, whole = first_bytes(self.blocks(node), self.left)
        self.left -= len(data)
        if whole:
            self.body.nodes.add(node)
        else:
            # A cut in the middle of a line could cut a character in two.
            data = data[: data.rfind(b"\n") + 1] or data
            self.note("a text too long to show: cut, and kept as a file")
        reading = read_text(data, node.content.get("charset").strip())
        self.note(reading.guess and f"text: {reading.guess}")
        if node.media_type == "text/plain":
            return reading.text
        self.body.html += reading.text
        return html_to_text(reading.text)

    def blocks(self, node: Node) -> Iterator[bytes]:
        """Give the decoded text without the files that are written into it."""
        blocks = decoded(self.window, node, decoder_for(node.encoding))
        if node.media_type != "text/plain":
            return blocks

        def pass_over(name: bytes) -> Nowhere:
            self.body.stuffed.add(node)
            return Nowhere(name)

        return taken_apart(blocks, pass_over)

    def note(self, defect: str) -> None:
        if defect and defect not in self.body.defects:
            self.body.defects.append(defect)
