"""Events: what happened to letters, in order and without gaps, for programs that ask again."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from registry import events
from saraban.api.caller import Reading
from saraban.api.shapes.entry import EventPage
from saraban.times import iso

router = APIRouter(tags=["events"])


@router.get("/events", response_model=None, responses={200: {"model": EventPage}}, summary="Events")
def listing(
    caller: Reading,
    after: Annotated[int, Query(ge=0, le=2_000_000_000, description="The last `cursor`.")] = 0,
    limit: Annotated[int, Query(ge=1, le=events.MOST)] = 100,
) -> Response:
    """Give what happened after a position; come back with `cursor` for what happens later."""
    with caller.read() as session:
        found = events.since(session, caller.entity.id, after, limit)
    items = [
        {"position": one.position, "type": one.type, "at": iso(one.at), "by": one.by,
         "entry": one.entry_id, "letter": one.letter_id}
        for one in found
    ]  # fmt: skip
    return JSONResponse({"items": items, "cursor": found[-1].position if found else after})
