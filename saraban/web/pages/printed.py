"""พิมพ์เลขและวันที่ลงในไฟล์: a draft whose PDF was left blank for them, seen with both, then sent.

The page shows the first page as it would go, under the number it would take; what cannot be printed
on says why. The clerk's file stays as it came and can be had from the pages of the letter.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from gateway.links.files import begins, send_content
from registry.desk import print_number
from registry.desk.printed import PrintedCopy, unprinted
from registry.errors import NotAllowed, NotFound, SarabanError
from registry.pdf.preview import MEDIA_TYPE
from registry.printing import Printer
from saraban.printing import Printing, Shown
from saraban.web import casefile
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.pages.drafts import draft_of
from saraban.web.pages.send import sent
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_SMALL: Final = 16  # pixels: only whether it can be printed is asked


@router.get("/drafts/{letter_id}/print")
def look(visit: Visitor, letter_id: str) -> Response:
    """Show the first page of a draft as it would go with its number and date on it."""
    visit.must(Act.DECIDE)
    with visit.read() as session:
        letter = draft_of(session, visit, letter_id)
    shown: Shown | None = None
    why = ""
    try:
        shown = _printing(visit).shown(letter.id, visit.viewer.email, _SMALL)
    except SarabanError as error:
        why = error.thai
    visit.note_reading("page", letter_id=letter.id)
    return visit.page(
        "draft_print", letter=letter, shown=shown, why=why, version=version_of(letter)
    )


@router.get("/drafts/{letter_id}/print/picture")
def picture(
    visit: Visitor, letter_id: str, w: Annotated[int, Query(ge=16, le=2400)] = 960
) -> Response:
    """Give the first page as it would go, as a picture."""
    visit.must(Act.DECIDE)
    with visit.read() as session:
        letter = draft_of(session, visit, letter_id)
    try:
        shown = _printing(visit).shown(letter.id, visit.viewer.email, w)
    except SarabanError as error:
        return Response(error.thai, 404, media_type="text/plain; charset=utf-8")
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return Response(shown.picture, headers=headers, media_type=MEDIA_TYPE)


@router.post("/drafts/{letter_id}/print")
def send(visit: Visitor, letter_id: str) -> Response:
    """Reserve the number, print it, and send the letter; whoever is second is told so."""
    visit.must(Act.DECIDE)
    copy = _copy(visit, letter_id)

    def work(session: Session) -> Done:
        letter = draft_of(session, visit, letter_id, done_too=True)
        by = visit.viewer.email
        return sent(visit, print_number.send(session, visit.resting, letter.id, by, copy))

    return visit.act(work)


@router.get("/letters/{letter_id}/unprinted")
def as_it_came(visit: Visitor, letter_id: str) -> Response:
    """Give the clerk's file as it came, of a letter that bears its number in a copy."""
    visit.must(Act.READ)
    with visit.read() as session:
        letter = casefile.letter_of(session, visit, letter_id)
        file = unprinted(session, letter.id)
    casefile.must_be_opened(letter)
    if file is None:
        raise NotFound("no number was printed")
    if file.withheld:
        raise NotAllowed("withheld", thai=file.withheld)
    if begins(visit.request):
        visit.note_reading(
            "file", letter_id=letter.id, entry_id=letter.entry_id, detail=file.sha256
        )
    return send_content(visit.runtime.blobs, file, visit.request)


def _copy(visit: Visit, letter_id: str) -> PrintedCopy | None:
    """Reserve and print; None for a letter that is no draft any more (it was sent a moment ago)."""
    with visit.read() as session:
        letter = draft_of(session, visit, letter_id, done_too=True)
    if letter.state != "draft":
        return None
    visit.form.must_be_fresh(version_of(letter))
    return _printing(visit).copy(letter.id, visit.viewer.email)


def _printing(visit: Visit) -> Printing:
    printer = Printer(visit.request.app.state.previews.apart)
    return Printing(visit.write, visit.resting, visit.runtime.blobs, printer)
