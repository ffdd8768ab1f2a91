"""เพิ่มเติม: the whole menu as a page, for telephones, whose bar has room for four."""

from fastapi import APIRouter
from starlette.responses import Response

from saraban.web.visit import Visitor

router = APIRouter()


@router.get("/menu")
def menu(visit: Visitor) -> Response:
    """Show every page that the viewer may use."""
    return visit.page("menu")
