"""When something goes wrong: a page in Thai that says what to do, never a trace.

Errors of :mod:`registry.errors` become pages of their kind; a piece of a page that was asked for
becomes one line for the place where messages stand. What nobody expected is logged whole, and told
with a number by which it is found in the log.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from registry.db import database_is_away
from registry.errors import Conflict, NotAllowed, NotFound, NotUnderstood, SarabanError
from registry.ids import new_id
from saraban.web.forms import Form
from saraban.web.taking import TooLarge, TooSlow
from saraban.web.visit import SignInNeeded, Visit, visit_of

log = logging.getLogger(__name__)

Handler = Callable[[Request, Any], Awaitable[Response]]
_STATUS: Final = (
    (NotFound, 404), (NotAllowed, 403), (Conflict, 409), (NotUnderstood, 422), (TooSlow, 408),
    (TooLarge, 413),
)  # fmt: skip
_TITLES: Final = {
    403: "ทำรายการนี้ไม่ได้",
    404: "ไม่พบหน้าหรือรายการนี้",
    405: "เปิดหน้านี้โดยตรงไม่ได้",
    408: "ข้อมูลส่งมาไม่ครบ",
    409: "รายการนี้เปลี่ยนไปแล้ว",
    413: "ข้อมูลใหญ่เกินไป",
    422: "อ่านข้อมูลที่ส่งมาไม่เข้าใจ",
    503: "ระบบยังไม่พร้อมชั่วคราว",
}
_NOTHING: Final = "ที่อยู่อาจพิมพ์ไม่ครบ หรือรายการนี้ไม่ได้อยู่ในหน่วยงานของท่าน โปรดกลับไปที่หนังสือเข้า หรือค้นหาใหม่"
_AWAY: Final = "ฐานข้อมูลยังไม่ตอบ รายการที่ท่านเพิ่งทำอาจยังไม่บันทึก โปรดรอสักครู่แล้วเปิดหน้านี้ใหม่"


def handlers() -> dict[Any, Handler]:
    """Give the handler of each kind of error."""
    return {
        SignInNeeded: _sign_in,
        SarabanError: _expected,
        HTTPException: _http,
        RequestValidationError: _bad_path,
        DBAPIError: _database,
        Exception: _unexpected,
    }


async def _sign_in(request: Request, error: SignInNeeded) -> Response:
    """Go and sign in, and come back to where one was."""
    way = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(way)}" if request.method == "GET" and way != "/" else ""
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": error.where})
    return RedirectResponse(error.where + back, status_code=303)


async def _expected(request: Request, error: SarabanError) -> Response:
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 503)
    log.info("%s %s: %s", request.method, type(error).__name__, error)
    return await _page(request, status, _NOTHING if _is_bare(error) else error.thai)


async def _http(request: Request, error: HTTPException) -> Response:
    return await _page(request, error.status_code, _NOTHING)


async def _bad_path(request: Request, _error: RequestValidationError) -> Response:
    return await _page(request, 404, _NOTHING)


async def _database(request: Request, error: DBAPIError) -> Response:
    if not database_is_away(error):
        return await _unexpected(request, error)
    log.error("the database is away: %s", error.orig)
    return await _page(request, 503, _AWAY)


async def _unexpected(request: Request, error: Exception) -> Response:
    number = new_id()
    log.error("%s: unexpected error in %s", number, request.url.path, exc_info=error)
    return await _page(request, 500, "เกิดข้อผิดพลาดที่ไม่คาดไว้ โปรดแจ้งผู้ดูแลระบบพร้อมรหัส", number)


def _is_bare(error: SarabanError) -> bool:
    return isinstance(error, NotFound) and error.thai == NotFound.thai


async def _page(request: Request, status: int, what: str, number: str = "") -> Response:
    visit = await _visit(request)
    title = _TITLES.get(status, "เกิดข้อผิดพลาด")
    part = bool(request.headers.get("hx-request"))
    response = visit.page(
        "told" if part else "wrong", status=status, title=title, what=what, number=number
    )
    if part:
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


async def _visit(request: Request) -> Visit:
    """Give the visit with whoever it is; with nobody when even that cannot be found out."""
    bare = Request({**request.scope, "method": "GET"}, request.receive)
    try:
        return await visit_of(bare)
    except (SarabanError, DBAPIError):
        return Visit(bare, request.app.state.runtime, Form({}, {}), None, None, "")
