"""Write a mail to a stream: headers, texts and files, in blocks, so that memory stays flat.

A mail is a tree of :class:`Text`, :class:`File`, :class:`Plain` and :class:`Multi`. What comes out
is 7-bit clean (every body but that of a report is base64), has CRLF line ends only and no line over
76 octets in base64 bodies. The bytes depend on nothing but the tree: a retry of a letter is the
same letter to the last byte, so that a receiver that got it twice can see that it is the same.

:func:`measure` tells the exact encoded size without reading a file; :func:`write` reads each file
in blocks and compares its SHA-256 on the way. A file that is not what the register says stops the
mail with :class:`Damaged`; nothing wrong ever leaves under a number.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pybase64

from gateway.outbound import fields
from registry.errors import SarabanError

_BLOCK: Final = 57 * 4096  # whole base64 lines, 233 kB of a file at a time


class Damaged(SarabanError):
    """A stored file is missing or is not the one that the register names."""

    thai = "ไฟล์ที่เก็บไว้ไม่ตรงกับทะเบียน ระบบจึงยังไม่ส่งหนังสือฉบับนี้ โปรดแจ้งผู้ดูแลระบบให้ตรวจด้วยคำสั่ง saraban proof"


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a person reads; ``subtype`` is plain or html. Any line ends are taken."""

    text: str
    subtype: str = "plain"


@dataclass(frozen=True, slots=True)
class File:
    """A file: from the disk (``path``, with its size and digest) or small, from ``data``.

    ``ascii_name`` is what programs show that cannot read ``name``. A ``content_id`` (without angle
    brackets) makes it a picture that the HTML text refers to.
    """

    name: str
    ascii_name: str
    media_type: str
    size: int = 0  # decoded bytes of ``path``
    sha256: str = ""
    path: Path | None = None
    data: bytes = b""
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Plain:
    """ASCII lines that travel as they are, as the parts of a report must (RFC 3464 §2.1)."""

    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Multi:
    """Several parts as one: mixed, alternative, related, or report with its parameter."""

    subtype: str
    parts: tuple["Text | File | Plain | Multi", ...]


Part = Text | File | Plain | Multi


@dataclass(frozen=True, slots=True)
class Mail:
    """Header fields as :mod:`gateway.outbound.fields` made them, and the body.

    ``seed`` makes the boundaries of this mail its own; the Message-ID serves.
    """

    header: tuple[bytes, ...]
    body: Part
    seed: str


def write(mail: Mail, sink: Callable[[bytes], object]) -> int:
    """Give the mail to the sink block by block; return the number of bytes. Raises Damaged."""
    written = 0
    for piece in _pieces(mail):
        for block in (piece,) if isinstance(piece, bytes) else _encoded(piece):
            sink(block)
            written += len(block)
    return written


def measure(mail: Mail) -> int:
    """Return how many bytes :func:`write` will give, without reading any file."""
    return sum(
        len(piece) if isinstance(piece, bytes) else encoded_size(_size(piece))
        for piece in _pieces(mail)
    )


def header_of(mail: Mail) -> bytes:
    """Return the header block as :func:`write` gives it, with the empty line that ends it."""
    block = b""
    for piece in _pieces(mail):
        assert isinstance(piece, bytes)
        block += piece
        if piece.endswith(b"\r\n\r\n"):
            break
    return block


def encoded_size(size: int) -> int:
    """Return how many bytes a file of this size takes as base64 with its line ends."""
    characters = (size + 2) // 3 * 4
    lines = max(1, (characters + 75) // 76)
    return characters + 2 * lines


def _pieces(mail: Mail) -> Iterator[bytes | File]:
    yield from mail.header
    yield b"MIME-Version: 1.0\r\n"
    yield from _part(mail.body, mail.seed)


def _part(part: Part, seed: str) -> Iterator[bytes | File]:
    match part:
        case Text():
            yield _text_header(part)
            yield _lines(_normal(part.text).encode("utf-8", "replace"))
        case File():
            yield b"".join(_file_fields(part)) + b"\r\n"
            yield part
        case Plain():
            yield f"Content-Type: {part.media_type}\r\n\r\n".encode("ascii")
            yield (_normal(part.text) + "\r\n").encode("ascii")
        case Multi():
            yield from _multi(part, seed)


def _multi(part: Multi, seed: str) -> Iterator[bytes | File]:
    # "=_" stands in no base64 text, so a boundary can be met in no body (RFC 2045 §6.7).
    boundary = "=_" + hashlib.sha256(f"{seed} {part.subtype}".encode()).hexdigest()[:30]
    head = f'Content-Type: multipart/{part.subtype}; boundary="{boundary}"\r\n\r\n'
    yield head.encode("ascii")
    for position, inner in enumerate(part.parts):
        yield f"--{boundary}\r\n".encode("ascii")
        yield from _part(inner, f"{seed} {part.subtype} {position}")
    yield f"--{boundary}--\r\n".encode("ascii")


def _text_header(part: Text) -> bytes:
    return (
        f"Content-Type: text/{part.subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode("ascii")


def _file_fields(part: File) -> list[bytes]:
    inline = bool(part.content_id)
    made = fields.content_fields(part.media_type, part.name, part.ascii_name, inline=inline)
    made.append(b"Content-Transfer-Encoding: base64\r\n")
    if part.content_id:
        made.append(fields.id_field("Content-ID", [f"<{part.content_id}>"]))
    return made


def _normal(text: str) -> str:
    """Give the text with CRLF line ends, as text parts must have before they are encoded."""
    return "\r\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _lines(block: bytes) -> bytes:
    """Encode whole base64 lines; nothing at all is still one empty line."""
    return pybase64.encodebytes(block).replace(b"\n", b"\r\n") or b"\r\n"


def _size(part: File) -> int:
    return part.size if part.path else len(part.data)


def _encoded(part: File) -> Iterator[bytes]:
    """Read, check and encode one file; the last block is given only when the digest fits."""
    if part.path is None:
        yield _lines(part.data)
        return
    digest, left, block = hashlib.sha256(), part.size, b""
    for following in _blocks(part.path):
        if block:
            yield _lines(block)
        digest.update(following)
        left -= len(following)
        block = following
    if left or digest.hexdigest() != part.sha256:
        raise Damaged(f"blob {part.sha256} is not what it should be")
    yield _lines(block)


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except FileNotFoundError as error:
        raise Damaged(f"blob {path.name} is missing") from error
