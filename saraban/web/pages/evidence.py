"""The evidence file of a number as a PDF: what ``saraban evidence`` prints, for who may read it.

It reads every file of the letter, so it is a look that is written down; two are made at a time.
"""

import io
import threading
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from gateway.links.files import disposition
from registry import evidence as gathering
from registry.pdf.forms.report import print_report
from saraban.metrics.proved import read_proof
from saraban.originals import digests
from saraban.web import casefile, cookies
from saraban.web.viewer import Act
from saraban.web.visit import Visitor

router = APIRouter()

_WRITING: Final = threading.BoundedSemaphore(2)


@router.get("/entries/{entry_id}/evidence.pdf")
def evidence(visit: Visitor, entry_id: str) -> Response:
    """Give the evidence file of a number of the viewer's entity."""
    visit.must(Act.READ)
    runtime, out = visit.runtime, io.BytesIO()
    thai = cookies.preference(visit.request, "digits", cookies.DIGITS) == "thai"
    with _WRITING, runtime.database.snapshot() as session:
        if casefile.entry_of(session, visit, entry_id).secrecy is not None:
            visit.must(Act.READ_SECRET)
        with visit.limited(session):
            entry, sections = gathering.gather(
                session, runtime.blobs, entry_id, digests(runtime), read_proof(runtime.data_dir)
            )
        title = f"หลักฐานของ{gathering.title_of(entry)}"
        print_report(out, title, visit.entity.name, sections, visit.now, thai=thai)
    visit.note_reading("evidence", entry_id=entry.id, letter_id=entry.letter_id)
    name = f"หลักฐาน {casefile.place_of(entry)}.pdf".replace("/", "-")
    headers = {"Content-Disposition": disposition(name)}
    return Response(out.getvalue(), headers=headers, media_type="application/pdf")
