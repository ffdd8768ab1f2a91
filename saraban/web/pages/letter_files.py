"""The files of a letter: pages drawn as pictures, the files themselves, the mail as it came in.

Each is asked for by letter and file; a file of a letter that the viewer may not read is not there.
Files that are withheld are neither drawn nor given out, and say why. Pictures may stay in this
browser for an hour, those of secret letters not at all; files are always saved, never opened here.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from gateway.links.files import begins, disposition, send_content
from registry import letters
from registry.errors import NotAllowed, NotFound
from registry.letter.entry import EntryFile
from registry.letter.paper import Place
from registry.letters import Letter
from registry.pdf.preview import MEDIA_TYPE, NoPicture, Previewer, can_show
from registry.readings import What
from registry.secret.copies import as_path
from registry.withheld import WITHHELD, why_withheld
from saraban.web import casefile, papershown
from saraban.web.originals import stream
from saraban.web.viewer import Act
from saraban.web.visit import RowId, Visit, Visitor

router = APIRouter()

ZOOMS: Final = (960, 1440, 2400)
"""Widths in pixels of a page as it is shown, larger, and largest."""
_MOST: Final = 300  # pages of one file that are listed
_SANDBOX: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff",
}  # fmt: skip


@router.get("/letters/{letter_id}/files/{file_id}")
def download(visit: Visitor, letter_id: str, file_id: RowId) -> Response:
    """Give a file to be saved; going on with a broken download is not noted again.

    Of a secret letter every piece is: who asks for all but the first byte has read it too.
    """
    letter, file = _file(visit, letter_id, file_id)
    response = send_content(visit.runtime.blobs, file, visit.request)
    if letter.secrecy or begins(visit.request):
        _note(visit, letter, "file", file.sha256)  # a name may tell what a secret letter is about
    return response


@router.get("/letters/{letter_id}/files/{file_id}/view")
def view(
    visit: Visitor, letter_id: str, file_id: RowId, zoom: Annotated[int, Query(ge=0, le=2)] = 0,
    field: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:  # fmt: skip
    """Show all pages of a file, fetched as they come into sight; ``field`` marks its place."""
    letter, file = _file(visit, letter_id, file_id)
    pages, trouble = 0, ""
    try:
        with as_path(visit.runtime.blobs, file.sha256) as path:
            pages = _previews(visit).count(path, file.media_type, keep=not letter.secrecy)
    except NoPicture as error:
        trouble = error.thai
    return visit.page(
        "letter_view", letter=letter, file=file, pages=min(pages, _MOST), all_pages=pages,
        trouble=trouble, zoom=zoom, widths=ZOOMS, can_show=can_show(file.media_type),
        mark=_mark(visit, letter, file, field) if field and not zoom else None,
    )  # fmt: skip


@router.get("/letters/{letter_id}/files/{file_id}/pages/{number}")
def picture(
    visit: Visitor, letter_id: str, file_id: RowId, number: int,
    w: Annotated[int, Query(ge=16, le=2400)] = 960,
) -> Response:  # fmt: skip
    """Give one page as a picture."""
    letter, file = _file(visit, letter_id, file_id)
    if not 1 <= number <= 100_000:
        raise NotFound("no such page")
    tag = f'"{file.sha256[:32]}-{number}-{w}"'
    headers = {"Cache-Control": "private, max-age=3600", "ETag": tag} | _SANDBOX
    if letter.secrecy:
        headers["Cache-Control"] = "no-store"
    elif visit.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    keep = not letter.secrecy
    try:
        with as_path(visit.runtime.blobs, file.sha256) as path:
            data = _previews(visit).page(path, file.media_type, number, w, keep=keep)
    except NoPicture as error:
        return Response(error.thai, 404, media_type="text/plain; charset=utf-8")
    return Response(data, headers=headers, media_type=MEDIA_TYPE)


@router.get("/letters/{letter_id}/original")
def original(visit: Visitor, letter_id: str) -> Response:
    """Give the mail as it came in, byte for byte."""
    letter = _letter(visit, letter_id)
    if letter.scan in WITHHELD:
        raise NotAllowed("withheld", thai=why_withheld(letter.scan))
    with visit.read() as session:
        kept = letters.original_of(session, letter_id)
    _note(visit, letter, "original", "")
    headers = {
        "Content-Disposition": disposition(f"{letter_id}.eml"), "Content-Length": str(kept.bytes),
        "Cache-Control": "private, no-store",
    } | _SANDBOX  # fmt: skip
    body = stream(kept, visit.runtime.blobs)
    return StreamingResponse(body, headers=headers, media_type="message/rfc822")


def _letter(visit: Visit, letter_id: str) -> Letter:
    visit.must(Act.READ)
    with visit.read() as session:
        letter = casefile.letter_of(session, visit, letter_id)
    casefile.must_be_opened(letter)
    return letter


def _file(visit: Visit, letter_id: str, file_id: int) -> tuple[Letter, EntryFile]:
    """Give a letter with one of its files that may leave. Raises NotFound, NotAllowed."""
    letter = _letter(visit, letter_id)
    file = next((one for one in letter.enclosures if one.id == file_id), None)
    if file is None:
        raise NotFound("no file of this letter")
    if file.withheld:
        raise NotAllowed("withheld", thai=file.withheld)
    return letter, file


def _mark(visit: Visit, letter: Letter, file: EntryFile, field_id: int) -> Place | None:
    """Give the place of a field that was read off this file."""
    with visit.read() as session:
        kept = papershown.field_of(session, letter.id, field_id)
    return kept.field.place if kept is not None and kept.sha256 == file.sha256 else None


def _note(visit: Visit, letter: Letter, what: What, detail: str) -> None:
    visit.note_reading(what, letter_id=letter.id, entry_id=letter.entry_id, detail=detail)


def _previews(visit: Visit) -> Previewer:
    previews: Previewer = visit.request.app.state.previews
    return previews
