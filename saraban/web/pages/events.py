"""The stream of events (SSE, HTML Living Standard §9.2) by which pages know that books went on."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from saraban.web.visit import Visit, Visitor, still_signed_in

router = APIRouter()


@router.get("/events")
async def events(visit: Visitor) -> Response:
    """Tell of every change until the session ends."""
    return StreamingResponse(
        _lines(visit), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _lines(visit: Visit) -> AsyncIterator[str]:
    yield "retry: 3000\n\n"
    async for changed in visit.request.app.state.live.events(visit.entity.id):
        if not await run_in_threadpool(still_signed_in, visit):
            yield "event: ended\ndata: \n\n"
            return
        yield "event: changed\ndata: \n\n" if changed else ": still here\n\n"
