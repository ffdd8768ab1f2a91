"""พิมพ์ฉบับประทับตรารับ: a copy of a received PDF with the receive stamp (form 12) on its first page.

The file that came stays as it is; the copy is made anew each time and kept nowhere, and whoever
prints one is written down. What cannot be stamped says why.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from gateway.links.files import disposition
from registry import directory
from registry.letter.stamp import stamp_of
from registry.stamping import Stamper, file_to_stamp
from saraban.web import casefile, cookies
from saraban.web.viewer import Act
from saraban.web.visit import Visitor

router = APIRouter()


@router.get("/entries/{entry_id}/stamped")
def stamped(
    visit: Visitor, entry_id: str, file: Annotated[int | None, Query(ge=1, le=2**31)] = None
) -> Response:
    """Give the stamped copy of an entry's letter, or of one of its files."""
    visit.must(Act.READ)
    with visit.read() as session:
        entry = casefile.entry_to_act_on(session, visit, entry_id)
        unit = directory.unit_by_code(session, visit.entity.id, entry.unit) if entry.unit else None
        office = unit.name if unit else visit.entity.name
    wanted = file_to_stamp(entry, file)
    thai = cookies.preference(visit.request, "digits", cookies.DIGITS) == "thai"
    stamper = Stamper(visit.request.app.state.previews.apart)
    stamp = stamp_of(entry, office, thai=thai)
    copy = stamper.copy(visit.runtime.blobs, wanted.sha256, stamp, wanted.media_type)
    visit.note_reading(
        "print", entry_id=entry.id, letter_id=entry.letter_id, detail=f"stamped {wanted.sha256}"
    )
    headers = {
        "Content-Disposition": disposition(f"ประทับตรารับ {entry.number}-{entry.year}.pdf"),
        "Content-Length": str(copy.size), "Cache-Control": "private, no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    return StreamingResponse(copy.pieces(), headers=headers, media_type="application/pdf")
