"""Taking in what is laid down through an upload page: the tus protocol, and how it ends.

Creation, offset and append as in tus 1.0.0 (https://tus.io/protocols/resumable-upload), without
extensions beyond creation. When the last byte is there the file goes into the blob store and joins
its letter in one transaction; only then is the last piece acknowledged.
"""

import base64
import binascii
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gateway.inbound.sniff import media_type
from gateway.links import pages
from gateway.links.examine import examine
from gateway.links.uploads import Upload, Uploads
from gateway.service import Runtime
from registry.desk.lay_down import LaidFile, lay_down
from registry.errors import Conflict, NotAllowed, OutOfOrder
from registry.letter.enclosure import human_size
from registry.links import LinkView

TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
BLOCK = 1 << 20
NO_ROOM = "ที่เก็บไฟล์ของหน่วยงานผู้รับใกล้เต็ม โปรดลองใหม่ภายหลังหรือติดต่อหน่วยงานผู้รับ"
Look = Callable[[Request, str], LinkView | Response]


class Receiver:
    """The handlers of upload pages."""

    def __init__(self, runtime: Runtime, uploads: Uploads, look: Look) -> None:
        self.runtime = runtime
        self.uploads = uploads
        self._look = look
        self._busy: set[str] = set()

    async def show(self, request: Request) -> Response:
        """Show the page onto which files are laid."""
        view = await self._view(request)
        if isinstance(view, Response):
            return view
        return pages.page(
            "upload",
            link=view,
            path=f"/u/{request.path_params['token']}",
            most=self.runtime.gateway.links.max_upload_bytes,
            office=view.entity.name,
        )

    async def begin(self, request: Request) -> Response:
        """Make room for one file of an announced length (tus creation)."""
        view = await self._view(request)
        if isinstance(view, Response):
            return view
        length, name = announced(request)
        most = self.runtime.gateway.links.max_upload_bytes
        if length is None or not name:
            return _refuse(400, "ระบบไม่ทราบชื่อหรือขนาดของไฟล์ โปรดเลือกไฟล์ใหม่")
        if length > most:
            return _refuse(413, f"ไฟล์ใหญ่เกิน {human_size(most)} โปรดติดต่อหน่วยงานผู้รับ")
        try:
            upload = await run_in_threadpool(self.uploads.begin, view.id, name, length)
        except Conflict:
            return _refuse(429, "มีไฟล์ที่ส่งค้างอยู่ทางลิงก์นี้มากเกินไป โปรดส่งไฟล์เดิมให้ครบก่อน")
        except OutOfOrder:
            return _refuse(507, NO_ROOM)
        place = f"/u/{request.path_params['token']}/{upload.id}"
        if upload.whole:
            await run_in_threadpool(self._finish, upload, request)
        return Response(status_code=201, headers={**TUS, "Location": place})

    async def offset(self, request: Request) -> Response:
        """Say how much of a file is here."""
        view = await self._view(request)
        if isinstance(view, Response):
            return view
        upload = self.uploads.get(request.path_params["upload"], view.id)
        if upload.whole and upload.id not in self._busy:  # we died before it joined its letter
            await self._finish_once(upload, request)
        return Response(headers={**TUS, **progress(upload, upload.offset)})

    async def append(self, request: Request) -> Response:
        """Add a piece; the last one makes the file part of the letter."""
        view = await self._view(request)
        if isinstance(view, Response):
            return view
        upload = self.uploads.get(request.path_params["upload"], view.id)
        if upload.id in self._busy:
            return _refuse(409, "ไฟล์นี้กำลังส่งอยู่จากหน้าต่างอื่น")
        self._busy.add(upload.id)
        try:
            begins = int(request.headers.get("Upload-Offset", ""))
            offset = await self.uploads.append(upload, begins, request.stream())
            if offset == upload.bytes:
                await run_in_threadpool(self._finish, upload, request)
        except (Conflict, ValueError):
            return _refuse(409, "ส่งผิดตำแหน่ง กำลังเริ่มต่อจากจุดที่ค้างไว้")
        except OutOfOrder:
            return _refuse(507, NO_ROOM)
        finally:
            self._busy.discard(upload.id)
        return Response(status_code=204, headers={**TUS, **progress(upload, offset)})

    async def _view(self, request: Request) -> LinkView | Response:
        return await run_in_threadpool(self._look, request, "upload")

    async def _finish_once(self, upload: Upload, request: Request) -> None:
        self._busy.add(upload.id)
        try:
            await run_in_threadpool(self._finish, upload, request)
        finally:
            self._busy.discard(upload.id)

    def _finish(self, upload: Upload, request: Request) -> None:
        """Keep the bytes, join the file to its letter, and forget the upload.

        Raises NotAllowed for a file that may not come in; it is forgotten too.
        """
        path = self.uploads.path(upload)
        try:
            scan = examine(path, upload.name, self.runtime)
        except NotAllowed:
            self.uploads.forget(upload)
            raise
        with self.runtime.blobs.stage() as staged, path.open("rb") as source:
            head = source.read(BLOCK)
            block = head
            while block:
                staged.write(block)
                block = source.read(BLOCK)
            sha256 = staged.keep()
        peer = request.client.host if request.client else ""
        agent = request.headers.get("user-agent", "")
        kind = media_type(head, "application/octet-stream")
        file = LaidFile(upload.name, upload.bytes, sha256, kind, peer, agent, scan)
        with self.runtime.database.write() as session:
            lay_down(session, self.runtime.desk, upload.link_id, file)
        self.uploads.forget(upload)


def announced(request: Request) -> tuple[int | None, str]:
    """Give length and name from the headers of a tus creation; None and "" where they are not."""
    try:
        length = int(request.headers["Upload-Length"])
        pairs = (pair.split() for pair in request.headers["Upload-Metadata"].split(","))
        metadata = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
        name = base64.b64decode(metadata["filename"], validate=True).decode("utf-8")
    except (KeyError, ValueError, binascii.Error):
        return None, ""
    return (length if length >= 0 else None), name[:1000]


def progress(upload: Upload, offset: int) -> dict[str, str]:
    """Give the headers that say how much of a file is here."""
    return {"Upload-Offset": str(offset), "Upload-Length": str(upload.bytes)}


def _refuse(status: int, what: str) -> Response:
    return PlainTextResponse(what, status_code=status, headers=TUS)
