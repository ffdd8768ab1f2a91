"""What a person sends with a form is taken off the line, once it is known that they may send it.

Somebody who is not signed in sends a few short fields: they are read up to 64 kB. A form with files
is read only for a session, after its token was found in a header or among the first bytes, and only
while the disk keeps its reserve. A line may be slow; one that is silent for a minute is given up.

Limits: files stay where Starlette keeps them (in memory up to 1 MB, else in the folder of temporary
files) until :func:`let_go`.
"""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from registry.errors import OutOfOrder, SarabanError
from registry.letter.enclosure import human_size
from saraban.runtime import OfficeRuntime
from saraban.web.forms import Form

_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_GUEST, _FIELDS_ONLY, _BESIDE_FILES = 64 << 10, 4 << 20, 16 << 20  # bytes of a whole form
_FIELDS, _FILES = 2000, 50
_SILENCE: Final = 60.0  # seconds
_HEAD: Final = 16 << 10  # bytes within which a form with files shows its token
_LOOK_AGAIN: Final = 64 << 20  # bytes after which the disk is looked at again
_TOKEN: Final = re.compile(rb'name="_token"\r\n\r\n([\w=-]{1,100})\r\n')
NO_ROOM: Final = "ที่เก็บไฟล์ใกล้เต็ม จึงยังรับไฟล์ไม่ได้ โปรดแจ้งผู้ดูแลระบบ"


class NoRoom(OutOfOrder):
    """The disk has no room for a file."""

    thai = NO_ROOM


class TooSlow(SarabanError):
    """Nothing more came of a form."""

    thai = "การส่งขาดหายไปกลางทาง จึงยังไม่ได้บันทึก โปรดตรวจสอบเครือข่าย แล้วส่งใหม่อีกครั้ง"


class TooLarge(SarabanError):
    """A form is larger than any of ours."""

    thai = "ข้อมูลที่ส่งมาใหญ่เกินกว่าที่รับได้ จึงยังไม่ได้บันทึก"


async def take(
    request: Request, runtime: OfficeRuntime, *, known: bool, is_ours: Callable[[str], bool]
) -> Form | None:
    """Read the form of a request; empty for one that carries none.

    ``known`` says that the session is complete, ``is_ours`` whether a token is of it. Gives None
    for a form with files that shows no such token, of which nothing was read but the beginning.
    Raises TooSlow, TooLarge, NoRoom; HTTPException for what is no form.
    """
    kind = request.headers.get("content-type", "")
    if request.method in _SAFE or not kind.startswith((_URLENCODED, _MULTIPART)):
        return Form({}, {})
    if kind.startswith(_URLENCODED):
        most = _FIELDS_ONLY if known else _GUEST
        return _sorted(await _read(_Line(request, most, lambda _size: None)))
    line = _Line(
        request, runtime.gateway.links.max_upload_bytes + _BESIDE_FILES,
        lambda size: _need_room(runtime, size),
    )  # fmt: skip
    given = request.headers.get("x-form-token", "") or await line.token()
    if not known or not is_ours(given):
        return None
    return _sorted(await _read(line))


async def let_go(form: Form) -> None:
    """Close the files of a form."""
    for files in form.files.values():
        for one in files:
            await one.close()


class _Line:
    """The bytes of a request as they come: counted, waited for, and looked at beforehand."""

    def __init__(self, request: Request, most: int, need_room: Callable[[int], None]) -> None:
        self.request = request
        self._most, self._need_room = most, need_room
        self._got, self._looked = 0, 0
        self._waiting: list[Message] = []
        length = request.headers.get("content-length", "")
        self._announced = int(length) if length.isascii() and length.isdigit() else 0

    async def receive(self) -> Message:
        """Give the next piece."""
        return self._waiting.pop(0) if self._waiting else await self._next()

    async def token(self) -> str:
        """Give the token that stands among the first bytes, which are read once more later."""
        head = b""
        while len(head) < _HEAD and not _TOKEN.search(head):
            message = await self._next()
            self._waiting.append(message)
            head += message.get("body", b"")
            if not message.get("more_body", False):
                break
        found = _TOKEN.search(head)
        return found[1].decode("ascii", "replace") if found else ""

    def must_fit(self) -> None:
        """See that what is announced, or has come, is neither too large nor fills the disk."""
        size = max(self._announced, self._got)
        if size > self._most:
            raise TooLarge(f"a form of {human_size(size)}")
        self._need_room(max(self._announced - self._got, 0))

    async def _next(self) -> Message:
        try:
            message = await asyncio.wait_for(self.request.receive(), _SILENCE)
        except TimeoutError:
            raise TooSlow("nothing more came of a form") from None
        self._got += len(message.get("body", b""))
        if self._got > self._most:
            raise TooLarge("more came than a form may have")
        if self._got - self._looked > _LOOK_AGAIN:
            self._looked = self._got
            self._need_room(max(self._announced - self._got, 0))
        return message


async def _read(line: _Line) -> FormData:
    line.must_fit()
    try:
        request = Request(line.request.scope, line.receive)
        return await request.form(max_fields=_FIELDS, max_files=_FILES)
    except ClientDisconnect:
        raise HTTPException(400, "the line broke") from None


def _need_room(runtime: OfficeRuntime, size: int) -> None:
    """See that the disks keep their reserve with so many bytes more on each. Raises NoRoom."""
    for place in {Path(tempfile.gettempdir()), runtime.data_dir}:
        if shutil.disk_usage(place).free - size < runtime.gateway.smtp.min_free_bytes:
            raise NoRoom(f"no room in {place}")


def _sorted(data: FormData) -> Form:
    """Part the fields from the files."""
    fields: dict[str, list[str]] = {}
    files: dict[str, Any] = {}
    for name, value in data.multi_items():
        if not isinstance(value, UploadFile):
            fields.setdefault(name, []).append(value)
        elif value.filename:
            files.setdefault(name, []).append(value)
        else:
            value.file.close()  # a field for files in which none was chosen
    return Form(fields, files)
