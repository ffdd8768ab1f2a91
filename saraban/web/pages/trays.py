"""Files on their way into a tray: the tus protocol, with the rights of whoever is signed in.

The same creation, offset and append as on upload pages (:mod:`gateway.links.receive`): a broken
line costs one piece and not the file. Each request carries the form's token as a header. What goes
wrong is said in plain Thai text, for the script of the page.
"""

from typing import Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from gateway.links.receive import TUS, announced, progress
from registry.errors import Conflict, NotAllowed, NotUnderstood, OutOfOrder
from saraban.web.taking import NO_ROOM
from saraban.web.trays import Tray
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_MANY: Final = "ใส่ได้ไม่เกิน ๒๐ ไฟล์ต่อหนังสือหนึ่งฉบับ"
_busy: Final[set[str]] = set()


@router.post("/trays/{tray}")
async def begin(visit: Visitor, tray: str) -> Response:
    """Make room for one file of an announced length (tus creation)."""
    mine = _mine(visit, tray)
    length, name = announced(visit.request)
    if length is None or not name:
        return _refuse(400, "ระบบไม่ทราบชื่อหรือขนาดของไฟล์ โปรดเลือกไฟล์ใหม่")
    try:
        upload = await run_in_threadpool(mine.begin, name, length)
        if upload.whole:
            await run_in_threadpool(mine.finish, upload)
    except (NotUnderstood, NotAllowed) as error:
        return _refuse(413 if isinstance(error, NotUnderstood) else 422, error.thai)
    except Conflict:
        return _refuse(429, _MANY)
    except OutOfOrder:
        return _refuse(507, NO_ROOM)
    return Response(status_code=201, headers={**TUS, "Location": f"/trays/{tray}/{upload.id}"})


@router.head("/trays/{tray}/{upload_id}")
async def offset(visit: Visitor, tray: str, upload_id: str) -> Response:
    """Say how much of a file is here."""
    mine = _mine(visit, tray)
    upload = await run_in_threadpool(mine.get, upload_id)
    if upload.whole and upload.id not in _busy:
        kept = await run_in_threadpool(mine.laid, [upload.id])
        if not kept:  # it was whole when the line broke
            await run_in_threadpool(mine.finish, upload)
    return Response(headers={**TUS, **progress(upload, upload.offset)})


@router.patch("/trays/{tray}/{upload_id}")
async def append(visit: Visitor, tray: str, upload_id: str) -> Response:
    """Add a piece; with the last one the file is looked at and kept."""
    mine = _mine(visit, tray)
    upload = await run_in_threadpool(mine.get, upload_id)
    if upload.id in _busy:
        return _refuse(409, "ไฟล์นี้กำลังส่งอยู่จากหน้าต่างอื่น")
    _busy.add(upload.id)
    try:
        begins = int(visit.request.headers.get("Upload-Offset", ""))
        at = await mine.uploads.append(upload, begins, visit.request.stream())
        if at == upload.bytes:
            await run_in_threadpool(mine.finish, upload)
    except NotAllowed as error:
        return _refuse(422, error.thai)
    except (Conflict, ValueError):
        return _refuse(409, "ส่งผิดตำแหน่ง กำลังเริ่มต่อจากจุดที่ค้างไว้")
    except OutOfOrder:
        return _refuse(507, NO_ROOM)
    finally:
        _busy.discard(upload.id)
    return Response(status_code=204, headers={**TUS, **progress(upload, at)})


@router.delete("/trays/{tray}/{upload_id}")
async def drop(visit: Visitor, tray: str, upload_id: str) -> Response:
    """Take a file out of the tray."""
    mine = _mine(visit, tray)
    upload = await run_in_threadpool(mine.get, upload_id)
    await run_in_threadpool(mine.uploads.forget, upload)
    return Response(status_code=204, headers=TUS)


def _mine(visit: Visit, tray: str) -> Tray:
    visit.must(Act.REGISTER if visit.viewer.may(Act.REGISTER) else Act.SEND)
    return Tray(visit, tray)


def _refuse(status: int, what: str) -> Response:
    return PlainTextResponse(what, status_code=status, headers=TUS)
