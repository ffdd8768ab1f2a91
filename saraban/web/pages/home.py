"""The first page: where an officer's day begins, by their role."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from saraban.web import nav
from saraban.web.visit import Visitor

router = APIRouter()


@router.get("/")
def home(visit: Visitor) -> Response:
    """Go to the first page of the viewer's menu."""
    way = nav.first_page(visit.viewer, visit.request.app.state.routed)
    return RedirectResponse(way, status_code=303)
