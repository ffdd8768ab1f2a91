"""The letter of a mail that is one opaque S/MIME signature (RFC 8551 §3.5.2), out of what holds it.

The body of such a mail is a CMS SignedData (RFC 5652 §5.1) in whose midst the letter stands, a MIME
entity like any other. Its way there is walked by the lengths in front, in DER and in BER of any
length, with the letter in one piece or in many; it is copied to a file beside and looked at
through a window of its own. Memory is a few blocks. Nothing is verified here.

What is enciphered, signs nothing or no mail (certificates, a PDF), breaks off or is nothing of the
kind stays as it is: then the mail is its own letter. So does a signature within the letter.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from gateway.inbound.decode import decoded, decoder_for
from gateway.inbound.rebuild import Sink
from gateway.inbound.split import Node, Structure, split
from gateway.inbound.window import Window

OPAQUE: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
MOST_PIECES: Final = 100_000  # that the letter may come in; writers make some of a kilobyte or more

_SEQUENCE: Final = 0x30
_SET: Final = 0x31
_INTEGER: Final = 0x02
_WITHIN: Final = 0xA0  # [0] EXPLICIT
_OCTETS: Final = 0x04
_PIECES: Final = 0x24  # octets put together of others
_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_BLOCK: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Letter:
    """Where the letter is read: the mail itself, or what it holds (``signed``)."""

    window: Window
    structure: Structure
    signed: bool = False


@contextmanager
def letter_in(window: Window, structure: Structure, folder: Path) -> Iterator[Letter]:
    """Give the letter of a mail while the block lasts; ``folder`` is for what is taken out.

    A whole mail that was signed (message/rfc822, RFC 8551 §3.1) is the letter itself. Raises
    OSError when the disk is full.
    """
    root = structure.root
    if root.media_type not in OPAQUE:
        yield Letter(window, structure)
        return
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        inner = Path(file.name)
        if not _take_out(window, root, folder, file):
            yield Letter(window, structure)
            return
        file.flush()
        at, length = _entity(inner)
        with Window(inner, at, length) as own:
            shape = split(own)
            known = shape.root.fields.has("content-type")
            yield Letter(own, shape, signed=True) if known else Letter(window, structure)


def _entity(path: Path) -> tuple[int, int | None]:
    """Give where in what was signed the letter stands: all of it, or the mail within."""
    with Window(path) as window:
        root = split(window).root
        if root.media_type == "message/rfc822" and root.children:
            return root.start, root.end - root.start
    return 0, None


def _take_out(window: Window, root: Node, folder: Path, out: Sink) -> bool:
    """Write what a signature holds; False if there is none, or not all of it."""
    with tempfile.TemporaryFile(dir=folder) as file:
        for block in decoded(window, root, decoder_for(root.encoding)):
            file.write(block)
        walk = _Walk(file)
        try:
            for at, length in walk.pieces():
                _copy(file, at, length, out)
        except _OtherwiseError:
            return False
    return True


def _copy(file: BinaryIO, at: int, length: int, out: Sink) -> None:
    """Copy a stretch, and come back to where it ends."""
    file.seek(at)
    while length > 0 and (block := file.read(min(length, _BLOCK))):
        out.write(block)
        length -= len(block)


class _OtherwiseError(Exception):
    """It is not written as it must be, or is something else."""


class _Walk:
    """Goes into a SignedData down to what was signed; an end that is not told is None."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = file.seek(0, os.SEEK_END)
        file.seek(0)

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Give place and length of each piece of what was signed."""
        self.enter(_SEQUENCE)
        self.expect(_SIGNED_DATA)
        self.enter(_WITHIN)
        self.enter(_SEQUENCE)
        self.skip(_INTEGER)
        self.skip(_SET)
        self.enter(_SEQUENCE)
        self.expect(_DATA)
        self.enter(_WITHIN)
        tag, end = self.head()
        if tag == _OCTETS and end is not None:
            yield self.file.tell(), end - self.file.tell()
        elif tag == _PIECES:
            yield from self.several(end)
        else:
            raise _OtherwiseError

    def several(self, end: int | None) -> Iterator[tuple[int, int]]:
        for _ in range(MOST_PIECES):
            if self.file.tell() == end:
                return
            tag, last = self.head()
            at = self.file.tell()
            if tag == 0 and last == at and end is None:
                return
            if tag != _OCTETS or last is None:
                raise _OtherwiseError
            yield at, last - at
            self.file.seek(last)
        raise _OtherwiseError

    def enter(self, wanted: int) -> None:
        if self.head()[0] != wanted:
            raise _OtherwiseError

    def skip(self, wanted: int) -> None:
        tag, end = self.head()
        if tag != wanted or end is None:
            raise _OtherwiseError
        self.file.seek(end)

    def expect(self, wanted: bytes) -> None:
        if self.file.read(len(wanted)) != wanted:
            raise _OtherwiseError

    def head(self) -> tuple[int, int | None]:
        """Read tag and length (X.690 §8.1); give the tag, and where the content ends."""
        tag, length = self.exactly(1)[0], self.exactly(1)[0]
        if length == 0x80:
            return tag, None
        if length > 0x88:
            raise _OtherwiseError
        if length > 0x80:
            length = int.from_bytes(self.exactly(length - 0x80))
        end = self.file.tell() + length
        if end > self.size:
            raise _OtherwiseError
        return tag, end

    def exactly(self, count: int) -> bytes:
        data = self.file.read(count)
        if len(data) < count:
            raise _OtherwiseError
        return data
