"""The stream of events (SSE, HTML Living Standard §9.2) by which pages know that books went on."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from saraban.web.visit import Visit, Visitor, still_signed_in

router = APIRouter()


@router.get("/events")
async def events(visit: Visitor) -> Response:
    """Tell of every change since the page was made, until the session ends."""
    return StreamingResponse(
        _lines(visit), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _lines(visit: Visit) -> AsyncIterator[str]:
    yield "retry: 3000\n\n"
    asked = visit.request
    since = asked.headers.get("last-event-id") or asked.query_params.get("since", "")
    async for mark in asked.app.state.live.events(visit.entity.id, since):
        if not await run_in_threadpool(still_signed_in, visit):
            yield "event: ended\ndata: \n\n"
            return
        yield f"id: {mark}\nevent: changed\ndata: \n\n" if mark else ": still here\n\n"
