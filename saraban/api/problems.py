"""When a request cannot be answered: problem details as JSON (RFC 9457), in English and Thai.

``title`` says what kind of trouble it is, ``detail`` what is wrong here, ``detail_th`` the same for
the person at the program, with what to do; ``todo`` tells the programmer. What nobody expected is
logged whole and told with a number by which it is found in the log. No text of a letter stands in a
problem.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from registry.db import database_is_away
from registry.errors import Conflict, NotAllowed, NotFound, NotUnderstood, SarabanError
from registry.ids import new_id

log = logging.getLogger(__name__)

Handler = Callable[[Request, Any], Awaitable[JSONResponse]]


class Wrong(BaseModel):
    """One field that could not be read."""

    where: str
    what: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(description="Which kind it is: a path of this host that tells about it.")
    title: str
    status: int
    detail: str
    detail_th: str = Field(description="For people: what is wrong and what to do, in Thai.")
    todo: str = Field(description="For programmers: what to do.")
    errors: list[Wrong] | None = Field(None, description="Fields that could not be read.")
    number: str | None = Field(None, description="Where the log tells more.")


class Refused(SarabanError):
    """A request that HTTP itself has a status for; ``status`` is a key of :data:`KINDS`."""

    def __init__(
        self, status: int, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, thai=THAI.get(status))
        self.status, self.headers = status, dict(headers or {})


_FROM_ERRORS: Final = ((NotFound, 404), (NotAllowed, 403), (Conflict, 409), (NotUnderstood, 422))
KINDS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("Bad request", "Send what the OpenAPI document says."),
    401: ("No token", "Send Authorization: Bearer with a token that is good; saraban token add."),
    403: ("Not allowed", "Use a token with the scope, of an officer who may do this."),
    404: ("Not found", "Check the id; what is another entity's is not there."),
    405: ("No such method", "Use a method that Allow names."),
    409: ("Conflict", "Read the thing anew; somebody was first, or its state forbids this."),
    412: ("Changed meanwhile", "Read the thing anew, and send its ETag in If-Match."),
    413: ("Too large", "Send less; files go to /files."),
    415: ("Wrong media type", "Send the media type that the OpenAPI document names."),
    422: ("Not understood", "Correct the fields named in errors."),
    428: ("If-Match is missing", "Send the ETag that you read, in If-Match."),
    429: ("Too many requests", "Wait as Retry-After says."),
    500: ("Unexpected error", "Tell the administrator the number."),
    503: ("Not ready", "Try again after a while, with the same Idempotency-Key."),
    507: ("No room", "Tell the administrator that the disk is full; nothing was kept."),
}
"""Title, and what a programmer should do, of each status that is answered."""
THAI: Final[Mapping[int, str]] = {
    400: "ระบบอ่านคำขอของโปรแกรมไม่ได้ โปรดแจ้งผู้ดูแลโปรแกรม",
    401: "โปรแกรมยังไม่ได้แสดงโทเค็นที่ใช้ได้ โปรดขอโทเค็นจากผู้ดูแลระบบสารบรรณ",
    404: "ไม่พบรายการที่ขอ โปรดตรวจรหัส",
    405: "ใช้วิธีนี้กับที่อยู่นี้ไม่ได้ โปรดแจ้งผู้ดูแลโปรแกรม",
    412: "มีผู้แก้ไขรายการนี้หลังจากที่โปรแกรมอ่าน โปรดอ่านข้อมูลล่าสุดแล้วทำรายการใหม่",
    413: "ข้อมูลใหญ่เกินกำหนด โปรดส่งเป็นไฟล์หรือลดขนาด",
    415: "ชนิดข้อมูลไม่ถูกต้อง โปรดแจ้งผู้ดูแลโปรแกรม",
    422: "ระบบอ่านข้อมูลบางช่องไม่เข้าใจ โปรดแก้ช่องที่แจ้งแล้วส่งใหม่",
    428: "โปรแกรมไม่ได้บอกว่าแก้ไขจากข้อมูลชุดใด โปรดอ่านข้อมูลล่าสุดแล้วทำรายการใหม่",
    429: "โปรแกรมเรียกใช้ถี่เกินไป โปรดรอสักครู่แล้วลองใหม่",
    503: "ฐานข้อมูลยังไม่ตอบ โปรดรอสักครู่แล้วลองใหม่ รายการจะไม่ซ้ำถ้าใช้รหัสคำขอเดิม",
    507: "พื้นที่เก็บไฟล์ของระบบเต็ม ยังไม่ได้เก็บไฟล์นี้ โปรดแจ้งผู้ดูแลระบบ",
}
"""What is told to people with a status that HTTP itself gives."""
_ERRORS: Final = 50


def handlers() -> dict[Any, Handler]:
    """Give the handler of each kind of error."""
    return {
        Refused: _refused,
        SarabanError: _expected,
        HTTPException: _http,
        RequestValidationError: _not_understood,
        DBAPIError: _database,
        Exception: _unexpected,
    }


def problem(
    status: int, detail: str, thai: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """Give the answer of one problem."""
    title, todo = KINDS.get(status, KINDS[400])
    body = {
        "type": f"/api/v1/docs#problem-{status}", "title": title, "status": status,
        "detail": detail, "detail_th": thai, "todo": todo, **more,
    }  # fmt: skip
    return JSONResponse(body, status, dict(headers or {}), media_type="application/problem+json")


async def _refused(_request: Request, error: Refused) -> JSONResponse:
    return problem(error.status, str(error), error.thai, headers=error.headers)


async def _expected(request: Request, error: SarabanError) -> JSONResponse:
    status = next((code for kind, code in _FROM_ERRORS if isinstance(error, kind)), 503)
    log.info("%s %s: %s", request.method, type(error).__name__, error)
    return problem(status, str(error), error.thai)


async def _http(_request: Request, error: HTTPException) -> JSONResponse:
    thai = THAI.get(error.status_code, THAI[400])
    return problem(error.status_code, str(error.detail), thai, headers=error.headers)


async def _not_understood(_request: Request, error: RequestValidationError) -> JSONResponse:
    """Name the fields; what was sent is not sent back."""
    wrong = [
        {"where": ".".join(str(step) for step in one["loc"]), "what": str(one["msg"])}
        for one in error.errors()[:_ERRORS]
    ]
    text = "some fields could not be read"
    return problem(422, text, THAI[422], errors=_plain(wrong))


async def _database(request: Request, error: DBAPIError) -> JSONResponse:
    if not database_is_away(error):
        return await _unexpected(request, error)
    log.error("the database is away: %s", error.orig)
    return problem(503, "the database is away", THAI[503], headers={"Retry-After": "5"})


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    number = new_id()
    log.error("%s: unexpected error in %s", number, request.url.path, exc_info=error)
    thai = f"เกิดข้อผิดพลาดที่ไม่คาดไว้ โปรดแจ้งผู้ดูแลระบบพร้อมรหัส {number}"
    return problem(500, "an error that nobody expected", thai, number=number)


def _plain(wrong: list[dict[str, str]]) -> list[dict[str, str]]:
    """Leave out of names and texts what UTF-8 cannot hold."""
    return [
        {name: text.encode("utf-8", "replace").decode() for name, text in one.items()}
        for one in wrong
    ]
