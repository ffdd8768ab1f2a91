"""Files: those of a letter and the mail as it came in, given out; new ones, laid down.

A file is named by its SHA-256 as entries list it; ranges are answered (RFC 9110 §14), so that a
download that broke goes on. What is withheld is not given out, and says why. A file that is laid
down gets a name, ``upload``, with which a request uses it.
"""

import os
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import AfterValidator
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from gateway.inbound.sniff import ENOUGH, media_type
from gateway.links.examine import examine
from gateway.links.files import begins, disposition, send_content
from registry import letters
from registry.blobs import Staged
from registry.errors import NotAllowed, NotFound
from registry.letter.enclosure import safe_name
from registry.letters import Letter
from registry.withheld import WITHHELD, why_withheld
from saraban.api.caller import Caller, Reading, Sending
from saraban.api.doing import seen_letter
from saraban.api.one_file import BYTES, FORM, OneFile
from saraban.api.problems import Refused
from saraban.api.shapes.said import LaidDown
from saraban.api.shapes.words import Digest, Id
from saraban.api.uploads import Upload, name_upload
from saraban.web.originals import stream

router = APIRouter(tags=["files"])

_LOOK: Final = 16_000_000  # bytes after which the disk is looked at again

_BINARY: Any = {
    "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    "description": "The bytes; ranges are answered with 206.",
}
_BODY: Any = {
    "requestBody": {
        "required": True,
        "content": {
            BYTES: {"schema": {"type": "string", "format": "binary"}},
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


def _is_name(text: str) -> str:
    if not safe_name(text).strip():
        raise ValueError("is no name")
    return text


@router.get(
    "/letters/{letter_id}/files/{sha256}", response_model=None, response_class=Response,
    responses={200: _BINARY}, summary="A file of a letter",
)  # fmt: skip
def download(caller: Reading, letter_id: Id, sha256: Digest) -> Response:
    """Give a file of a letter, named by the letter's id or that of its entry."""
    with caller.read() as session:
        letter = seen_letter(session, caller, letter_id)
    file = next((one for one in letter.enclosures if one.sha256 == sha256), None)
    if file is None:
        raise NotFound("no such file of this letter")
    if file.withheld:
        raise NotAllowed("withheld", thai=file.withheld)
    if letter.secrecy or begins(caller.request):
        _note(caller, letter, "file", file.sha256)
    return send_content(caller.runtime.blobs, file, caller.request)


@router.get(
    "/letters/{letter_id}/original", response_model=None, response_class=Response,
    responses={200: {"content": {"message/rfc822": {}}, "description": "The mail."}},
    summary="The mail as it came in",
)  # fmt: skip
def original(caller: Reading, letter_id: Id) -> Response:
    """Give the mail as it came in, byte for byte."""
    with caller.read() as session:
        letter = seen_letter(session, caller, letter_id)
        if letter.scan in WITHHELD:
            raise NotAllowed("withheld", thai=why_withheld(letter.scan))
        kept = letters.original_of(session, letter.id)
    _note(caller, letter, "original", "")
    headers = {
        "Content-Disposition": disposition(f"{letter.id}.eml"), "Content-Length": str(kept.bytes),
        "ETag": f'"{kept.sha256}"',
    }  # fmt: skip
    return StreamingResponse(
        stream(kept, caller.runtime.blobs), headers=headers, media_type="message/rfc822"
    )


@router.post(
    "/files", response_model=None, status_code=201, responses={201: {"model": LaidDown}},
    openapi_extra=_BODY, summary="Lay a file down",
)  # fmt: skip
async def lay_down(
    caller: Sending,
    request: Request,
    name: Annotated[
        str | None,
        Query(min_length=1, max_length=255, description="Its name, with ending; else the form's."),
        AfterValidator(lambda text: text and _is_name(text)),
    ] = None,
) -> Response:
    """Take a file in, of any size up to `links.max_upload_bytes`; looked at as mail is."""
    taking = OneFile(request.headers.get("content-type", ""))
    most, head = caller.runtime.gateway.links.max_upload_bytes, bytearray()
    room = _room(caller)
    _must_fit(int(request.headers.get("content-length", "0")), room)
    with caller.runtime.blobs.stage() as staged:
        async for block in request.stream():
            piece = taking.feed(block)
            if staged.size // _LOOK != (staged.size + len(piece)) // _LOOK:
                room = staged.size + _room(caller)
            _must_fit(staged.size + len(piece), room)
            if staged.size + len(piece) > most:
                raise Refused(413, f"more than {most} bytes")
            head += piece[: max(0, ENOUGH - len(head))]
            await run_in_threadpool(staged.write, piece)
        taking.end()
        called = safe_name(name or taking.name)
        upload = await run_in_threadpool(_keep, caller, staged, called, bytes(head))
    facts = {
        "upload": name_upload(caller.runtime.keys, caller.token.id, upload, caller.now),
        "name": upload.name, "bytes": upload.bytes, "sha256": upload.sha256,
        "media_type": upload.media_type, "withheld": bool(upload.not_scanned),
    }  # fmt: skip
    return JSONResponse(facts, 201)


def _room(caller: Caller) -> int:
    """Give how many bytes may still be laid on the disk, apart from its reserve."""
    disk = os.statvfs(caller.runtime.data_dir)
    return disk.f_bavail * disk.f_frsize - caller.runtime.gateway.smtp.min_free_bytes


def _must_fit(size: int, room: int) -> None:
    if size > room:
        raise Refused(507, "the disk has no room for this file")


def _keep(caller: Caller, staged: Staged, name: str, head: bytes) -> Upload:
    """Keep the bytes and look at them; what is refused has no user and is swept. NotAllowed."""
    size, sha256 = staged.size, staged.keep()
    why = examine(caller.runtime.blobs.path(sha256), name, caller.runtime)
    kind = media_type(head, "application/octet-stream")
    return Upload(name, size, sha256, kind, why)


def _note(caller: Caller, letter: Letter, what: Any, detail: str) -> None:
    caller.note_reading(what, letter_id=letter.id, entry_id=letter.entry_id, detail=detail)
