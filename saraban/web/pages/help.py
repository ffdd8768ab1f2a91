"""วิธีใช้: the officers' guide, topic by topic, beside the pages that it is about."""

from fastapi import APIRouter
from starlette.responses import Response

from registry.errors import NotFound
from saraban.web import guide
from saraban.web.visit import Visitor

router = APIRouter()


@router.get("/help")
def topics(visit: Visitor) -> Response:
    """List the topics."""
    return visit.page("help", topic=None, topics=guide.topics())


@router.get("/help/clerks")
def clerks(visit: Visitor) -> Response:
    """Show the two pages for clerks, as they are printed."""
    return visit.page("help_clerks", topic=guide.clerks())


@router.get("/help/{name}")
def topic(visit: Visitor, name: str) -> Response:
    """Show one topic. Raises NotFound for one there is not."""
    found = guide.topics().get(name)
    if found is None:
        raise NotFound("no such topic of the guide")
    return visit.page("help", topic=found, topics=guide.topics())
