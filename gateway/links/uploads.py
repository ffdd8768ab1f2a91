"""Files on their way in through an upload page: kept piece by piece until they are whole.

One folder ``uploads/<link>/<file>/`` in the data folder for each file: ``card.json`` says its name
and its length, ``bytes`` grows. A piece is on the disk before it is acknowledged, so a broken line
or a restart costs one piece and never the file (the tus resumable upload protocol, version 1.0.0,
core and creation). What nobody has touched for a week is swept.

Whoever has a link is a stranger: one link has only so many files under way, and none begins or
grows when the disk would be left with less than its reserve.
"""

import json
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from gateway.inbound.disk import write_all
from gateway.threads import in_thread
from registry.errors import Conflict, NotFound, OutOfOrder
from registry.ids import is_id, new_id

KEEP_SECONDS = 7 * 86400
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """One file being laid down; ``bytes`` is its announced length."""

    id: str
    link_id: str
    name: str
    bytes: int
    offset: int = 0

    @property
    def whole(self) -> bool:
        """Whether all bytes are here."""
        return self.offset == self.bytes


class Uploads:
    """The folder of files on their way in; ``reserve`` bytes of the disk are left alone."""

    def __init__(self, root: Path, reserve: int = 0) -> None:
        self._root = root
        self._reserve = reserve

    def begin(self, link_id: str, name: str, length: int) -> Upload:
        """Make room for a file; sweeps what was left behind long ago.

        Raises OutOfOrder when the disk has no room for it, Conflict when this link has too many
        files under way.
        """
        mine = self._root / link_id
        mine.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep()
        self._need_room(length)
        if len(list(mine.iterdir())) >= MOST_AT_ONCE:
            raise Conflict("too many files under way through this link")
        upload = Upload(new_id(), link_id, name, length)
        folder = self._folder(upload)
        folder.mkdir(mode=0o700, parents=True)
        (folder / "bytes").touch(mode=0o600)
        card = folder / "card.json"
        card.write_text(json.dumps(asdict(upload), ensure_ascii=False), encoding="utf-8")
        return upload

    def get(self, upload_id: str, link_id: str) -> Upload:
        """Give an upload of this link, with the offset that is on disk. Raises NotFound."""
        try:
            known = upload_id if is_id(upload_id) else "-"
            folder = self._root / link_id / known
            values = json.loads((folder / "card.json").read_text(encoding="utf-8"))
            return Upload(**values | {"offset": (folder / "bytes").stat().st_size})
        except (FileNotFoundError, ValueError):  # a power cut may have left half a card
            raise NotFound("no such upload") from None

    async def append(self, upload: Upload, offset: int, pieces: AsyncIterator[bytes]) -> int:
        """Add bytes from ``offset`` on; give the offset that is now on disk.

        Raises Conflict when the offset is not where the file ends, or more comes than announced;
        OutOfOrder when the disk has no room. What has come is kept even when the line breaks.
        """
        if offset != upload.offset:
            raise Conflict("the piece does not begin where the file ends")
        self._need_room(upload.bytes - offset)
        handle = os.open(self.path(upload), os.O_WRONLY | os.O_APPEND)
        try:
            async for piece in pieces:
                offset += len(piece)
                if offset > upload.bytes:
                    raise Conflict("more bytes than announced")
                await in_thread(write_all, handle, piece)
            return offset
        finally:
            await in_thread(os.fsync, handle)
            os.close(handle)

    def path(self, upload: Upload) -> Path:
        """Give the file that holds the bytes."""
        return self._folder(upload) / "bytes"

    def forget(self, upload: Upload) -> None:
        """Take an upload away, once it is kept elsewhere."""
        shutil.rmtree(self._folder(upload), ignore_errors=True)

    def _folder(self, upload: Upload) -> Path:
        return self._root / upload.link_id / upload.id

    def _need_room(self, length: int) -> None:
        disk = os.statvfs(self._root)
        if disk.f_bavail * disk.f_frsize - self._reserve < length:
            raise OutOfOrder("no room on the disk for an upload")

    def _sweep(self) -> None:
        limit = time.time() - KEEP_SECONDS
        for folder in self._root.glob("*/*"):
            with suppress(FileNotFoundError):  # being begun or forgotten at this moment
                kept = folder / "bytes"
                if (kept if kept.exists() else folder).stat().st_mtime < limit:
                    shutil.rmtree(folder, ignore_errors=True)
