"""Sending one file: whole or a range of it, under a name that survives every browser.

The ETag is the SHA-256, so a download that broke off goes on from where it was only if the content
is the same (RFC 9110 §13.1.5, §14). The name stands twice, in ASCII and in UTF-8 (RFC 6266 §4.3).
Everything is an attachment: no letter's content is ever shown inside our own site.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from gateway.links.ranges import first_byte, piece
from registry.blobs import BlobStore
from registry.letter.entry import EntryFile

_BLOCK: Final = 1 << 18
_NEAR: Final = 1 << 16
_AS_IS: Final = re.compile(
    r"image/(?!svg)|audio/|video/|text/(plain|csv)$|message/rfc822$"
    r"|application/(pdf|zip|msword|rtf|vnd\.[a-z0-9.+-]+)$"
)


def kind_of(media_type: str) -> str:
    """Give the type under which a file leaves us: its own, unless a browser might run it."""
    return media_type if _AS_IS.match(media_type) else "application/octet-stream"


def send_file(path: Path, file: EntryFile) -> FileResponse:
    """Give the response that streams the file; ranges are answered by the response itself."""
    return FileResponse(path, media_type=kind_of(file.media_type), headers=_headers(file))


def send_content(blobs: BlobStore, file: EntryFile, request: Request) -> Response:
    """Give the response that streams a content of the store or a range, also of an encrypted one.

    Of an encrypted one a single range, of which only the chunks are read that it touches. Raises
    NotFound; Damaged, OutOfOrder without its key.
    """
    if blobs.is_open(file.sha256):
        return send_file(blobs.path(file.sha256), file)
    size, headers = blobs.size(file.sha256), _headers(file) | {"Accept-Ranges": "bytes"}
    asked = piece(request, size, headers["ETag"])
    if asked is not None and not asked:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    here = range(size) if asked is None else asked
    headers["Content-Length"] = str(len(here))
    if asked is not None:
        headers["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{size}"
    status = 200 if asked is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=kind_of(file.media_type))
    return StreamingResponse(
        _blocks(blobs.open(file.sha256), here), status, headers,
        kind_of(file.media_type),
    )  # fmt: skip


def _blocks(text: BinaryIO, here: range) -> Iterator[bytes]:
    with text:
        text.seek(here.start)
        left = len(here)
        while left and (block := text.read(min(left, _BLOCK))):
            left -= len(block)
            yield block


def _headers(file: EntryFile) -> dict[str, str]:
    return {
        "ETag": f'"{file.sha256}"',
        "Content-Disposition": disposition(file.name),
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def disposition(name: str) -> str:
    """Give Content-Disposition with the name in ASCII and in UTF-8."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    stem, dot, ending = plain.rpartition(".")
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", stem).strip("_.") or "file"
    ending = re.sub(r"[^A-Za-z0-9]+", "", ending)
    ascii_name = f"{stem}.{ending}" if dot and ending else stem
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def begins(request: Request) -> bool:
    """Say whether this request reads a file from near its beginning, or its end alone.

    Going on where a download broke off is not written down again. A start within the first 64 KiB
    counts as the beginning, so that nobody reads a file unseen by leaving its first byte out.
    """
    return request.method == "GET" and first_byte(request) < _NEAR
