r"""The raw mail, kept once: a skeleton without the large parts, and how to put them back.

What stands in the blob store as a file is not kept a second time inside the raw copy, when the raw
copy can be given back byte for byte. A recipe lists the pieces in the order of the mail::

    {"at": offset in the raw mail, "sha256": …, "bytes": decoded size,
     "as": "base64" | "bytes", "line": characters a line (0: one line), "eol": "\r\n" | "\n"}

A small mail that shared its file of the spool with others (:mod:`gateway.inbound.pack`) is not
written again: the store keeps that file, and the recipe tells where in it the mail stands::

    {"at": 0, "sha256": …, "bytes": size of the file, "as": "stretch", "from": offset in the file}

A piece is cut out only if encoding its blob again gives exactly the bytes that stood there, and
the recipe is used only after the whole mail, put together, had the SHA-256 of the raw one. In any
other case the raw mail is kept whole. Everything streams; memory is a few blocks.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

import pybase64

from gateway.inbound.window import Window
from registry.blobs import BlobStore
from registry.letter.message import Original

WORTH_CUTTING: Final = 64 * 1024  # decoded bytes from which a part is cut out of the raw mail
_BLOCK: Final = 1 << 18
_SKELETON: Final = "skeleton"
_STRETCH: Final = "stretch"
_FEW: Final = 8  # files that are remembered


class Sink(Protocol):
    """Whatever bytes can be written to."""

    def write(self, data: bytes, /) -> object:
        """Take these bytes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of raw bytes [at, end) that a blob stands for; ``encoding`` is base64 or bytes."""

    at: int
    end: int
    sha256: str
    bytes: int
    encoding: str


def keep(window: Window, pieces: list[Piece], blobs: BlobStore, raw_sha256: str) -> Original:
    """Keep the raw mail in the store, as skeleton and recipe where that is exact, else all of it.

    ``raw_sha256`` is the digest it had when it came; the result bears the digest it has now.
    """
    steps = [(piece, step) for piece in pieces if (step := _step(window, piece))]
    if steps:
        exact = _as_skeleton(window, [step for _, step in steps], blobs, raw_sha256)
        if not exact:  # one irregular part is no reason to keep the others twice
            steps = [(p, step) for p, step in steps if _comes_back(window, p, step, blobs)]
            exact = _as_skeleton(window, [step for _, step in steps], blobs, raw_sha256)
        if exact:
            return exact
    if not window.alone and (packed := _as_stretch(window, blobs)):
        return packed
    whole = _keep_whole(window, blobs)
    return Original(whole, window.size, "whole", whole)


def write(original: Original, blobs: BlobStore, out: Sink) -> None:
    """Write the raw mail byte for byte; NotFound if a blob of it is missing."""
    position = 0
    with _opened(original, blobs) as kept:
        for step in original.recipe if original.form == _SKELETON else ():
            position += _copy(kept, out, step["at"] - position)
            with blobs.open(step["sha256"]) as file:
                for block in _encoded(file, step):
                    out.write(block)
                    position += len(block)
        _copy(kept, out, original.bytes - position)


def beginning(original: Original, blobs: BlobStore, most: int) -> bytes:
    """Give the first bytes of the raw mail, up to the first part that was cut out of it."""
    cut = original.recipe[0]["at"] if original.form == _SKELETON else original.bytes
    with _opened(original, blobs) as kept:
        return kept.read(min(most, cut))


def _opened(original: Original, blobs: BlobStore) -> BinaryIO:
    """Open what is kept of the mail itself, where it begins."""
    kept = blobs.open(original.blob)
    if original.form == _STRETCH:
        kept.seek(original.recipe[0]["from"])
    return kept


def _as_skeleton(
    window: Window, recipe: list[dict[str, Any]], blobs: BlobStore, raw_sha256: str
) -> Original | None:
    """Try a recipe: cut, put together again, and trust nothing but the digest."""
    if not recipe:
        return None
    with blobs.stage() as staged:
        for block in _around(window, recipe):
            staged.write(block)
        skeleton = staged.keep()
    original = Original(raw_sha256, window.size, _SKELETON, skeleton, tuple(recipe))
    return original if _digest(original, blobs) == raw_sha256 else None


def _step(window: Window, piece: Piece) -> dict[str, Any] | None:
    """Describe a piece by its first line, or None if its length shows that it is irregular."""
    step: dict[str, Any] = {
        "at": piece.at,
        "sha256": piece.sha256,
        "bytes": piece.bytes,
        "as": piece.encoding,
        "line": 0,
        "eol": "",
    }
    if piece.encoding == "base64":
        first, newline, _ = window.read(piece.at, 4096).partition(b"\n")
        if newline:
            step["line"] = len(first.removesuffix(b"\r"))
            step["eol"] = "\r\n" if first.endswith(b"\r") else "\n"
        if newline and not step["line"]:
            return None
    return step if piece.at + _encoded_size(step) <= piece.end else None


def _comes_back(window: Window, piece: Piece, step: dict[str, Any], blobs: BlobStore) -> bool:
    at = piece.at
    with blobs.open(piece.sha256) as file:
        for block in _encoded(file, step):
            if window.read(at, len(block)) != block:
                return False
            at += len(block)
    return True


def _encoded(file: BinaryIO, step: dict[str, Any]) -> Iterator[bytes]:
    """Give a blob as it stood in the raw mail, in blocks; no line end after the last line."""
    if step["as"] == "bytes":
        while block := file.read(_BLOCK):
            yield block
        return
    line, eol = int(step["line"]), step["eol"].encode("ascii")
    size = 3 * line * max(_BLOCK // (4 * line), 1) if line else _BLOCK // 4 * 3
    pending = b""  # the line end between two blocks, not written after the last
    while block := file.read(size):
        yield pending + _lines(block, line, eol)
        pending = eol


def _lines(block: bytes, line: int, eol: bytes) -> bytes:
    if line == 76:
        text = pybase64.encodebytes(block).removesuffix(b"\n")
        return text if eol == b"\n" else text.replace(b"\n", eol)
    text = pybase64.b64encode(block)
    if not line or len(text) <= line:
        return text
    return eol.join([text[at : at + line] for at in range(0, len(text), line)])


def _around(window: Window, recipe: list[dict[str, Any]]) -> Iterator[bytes]:
    position = 0
    for step in recipe:
        yield from window.blocks(position, step["at"])
        position = step["at"] + _encoded_size(step)
    yield from window.blocks(position, window.size)


def _encoded_size(step: dict[str, Any]) -> int:
    if step["as"] == "bytes":
        return int(step["bytes"])
    characters = (step["bytes"] + 2) // 3 * 4
    breaks = (characters - 1) // step["line"] if step["line"] else 0
    return int(characters + breaks * len(step["eol"]))


def _keep_whole(window: Window, blobs: BlobStore) -> str:
    """Keep the raw mail as it is: the file in the spool itself, which is durable, or a copy."""
    if window.alone:
        digest = _digest_of(window)
        if blobs.adopt(window.path, digest, window.size):
            return digest
    with blobs.stage() as staged:
        for block in window.blocks(0, window.size):
            staged.write(block)
        return staged.keep()


def _as_stretch(window: Window, blobs: BlobStore) -> Original | None:
    """Let the store have the file that this mail shares with others; None if it cannot."""
    size = window.file_size
    shared = _digest_of_file(str(window.path), window.inode, size)
    if not blobs.adopt(window.path, shared, size):
        return None
    step = {"at": 0, "sha256": shared, "bytes": size, "as": _STRETCH, "from": window.at}
    return Original(_digest_of(window), window.size, _STRETCH, shared, (step,))


@lru_cache(maxsize=_FEW)
def _digest_of_file(path: str, _inode: int, _size: int) -> str:
    """Read a file that does not change, once for all mails in it."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_of(window: Window) -> str:
    hasher = _Hasher()
    for block in window.blocks(0, window.size):
        hasher.write(block)
    return hasher.hash.hexdigest()


def _copy(source: BinaryIO, out: Sink, length: int) -> int:
    left = length
    while left > 0 and (block := source.read(min(left, _BLOCK))):
        out.write(block)
        left -= len(block)
    return length


class _Hasher:
    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        self.hash.update(data)


def _digest(original: Original, blobs: BlobStore) -> str:
    hasher = _Hasher()
    write(original, blobs, hasher)
    return hasher.hash.hexdigest()
