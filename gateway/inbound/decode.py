"""Content-Transfer-Encodings undone block by block (RFC 2045 §6): base64, quoted-printable, none.

A decoder is fed raw blocks of any length and gives decoded bytes; what it met on the way stands in
its ``defects``. Base64 ends at the first padding, as virus scanners and mail clients have it, and
says when more data follows; foreign characters are skipped. An unknown encoding passes the bytes
through unchanged. Memory is a few blocks whatever the size of the part.
"""

import binascii
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import pybase64

from gateway.inbound.split import Node
from gateway.inbound.window import Window

_BLANK: Final = b"\r\n\t "
_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN: Final = bytes(set(range(256)) - set(_ALPHABET))
_LONGEST_LINE: Final = 1 << 16


class Decoder(Protocol):
    """One part's decoder; used once."""

    defects: list[str]

    def feed(self, block: bytes) -> bytes:
        """Take a raw block and return what can be decoded so far."""

    def finish(self) -> bytes:
        """Return what was held back; the part ends here."""


def decoder_for(encoding: str) -> Decoder:
    """Return a fresh decoder for a Content-Transfer-Encoding in lower case."""
    if encoding == "base64":
        return _Base64()
    if encoding == "quoted-printable":
        return _QuotedPrintable()
    plain = encoding in {"", "7bit", "8bit", "binary"}
    return _AsIs([] if plain else [f"unknown transfer encoding {encoding[:40]!r}: left as it is"])


def decoded(window: Window, node: Node, decoder: Decoder) -> Iterator[bytes]:
    """Give the decoded bytes of this part in blocks."""
    for block in window.blocks(node.start, node.end):
        if data := decoder.feed(block):
            yield data
    if data := decoder.finish():
        yield data


def read_decoded(window: Window, node: Node, most: int) -> tuple[bytes, bool]:
    """Return at most ``most`` decoded bytes of this part, and whether that was all of it."""
    return first_bytes(decoded(window, node, decoder_for(node.encoding)), most)


def first_bytes(blocks: Iterable[bytes], most: int) -> tuple[bytes, bool]:
    """Return at most ``most`` bytes of these blocks, and whether that was all of them."""
    pieces: list[bytes] = []
    left = most
    for data in blocks:
        pieces.append(data[:left])
        if len(data) > left:
            return b"".join(pieces), False
        left -= len(data)
    return b"".join(pieces), True


class _AsIs:
    def __init__(self, defects: list[str]) -> None:
        self.defects = defects

    def feed(self, block: bytes) -> bytes:
        return block

    def finish(self) -> bytes:
        return b""


class _Base64:
    def __init__(self) -> None:
        self.defects: list[str] = []
        self._held = b""
        self._ended = False

    def feed(self, block: bytes) -> bytes:
        if self._ended:
            self._look_at_rest(block)
            return b""
        data = self._held + block.translate(None, _BLANK)
        padding = data.find(b"=")
        if padding >= 0:
            self._ended = True
            self._look_at_rest(data[padding:])
            data = data[:padding]
        whole, self._held = self._cut(data)
        try:
            return pybase64.b64decode(whole, validate=True)
        except binascii.Error:
            self._note("characters in base64 that do not belong there")
            whole, self._held = self._cut((whole + self._held).translate(None, _FOREIGN))
            return pybase64.b64decode(whole, validate=True)

    def finish(self) -> bytes:
        held = self._held.translate(None, _FOREIGN)
        if len(held) % 4 and not self._ended:
            self._note("base64 that ends in the middle")
        if len(held) < 2:
            return b""
        return pybase64.b64decode(held + b"=" * (4 - len(held)))

    def _cut(self, data: bytes) -> tuple[bytes, bytes]:
        whole = len(data) & ~3
        return data[:whole], data[whole:]

    def _look_at_rest(self, rest: bytes) -> None:
        if rest.translate(None, _FOREIGN):
            self._note("data after the end of base64")

    def _note(self, defect: str) -> None:
        if defect not in self.defects:
            self.defects.append(defect)


class _QuotedPrintable:
    def __init__(self) -> None:
        self.defects: list[str] = []
        self._held = b""

    def feed(self, block: bytes) -> bytes:
        data = self._held + block
        cut = data.rfind(b"\n") + 1
        if not cut and len(data) > _LONGEST_LINE:
            escape = data.rfind(b"=", len(data) - 2)  # not inside =XX
            cut = len(data) if escape < 0 else escape
        self._held = data[cut:]
        return binascii.a2b_qp(data[:cut])

    def finish(self) -> bytes:
        return binascii.a2b_qp(self._held)
