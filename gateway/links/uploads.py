"""Files on their way in through an upload page: kept piece by piece until they are whole.

One folder below ``uploads/`` in the data folder for each file: ``card.json`` says which link it
came through, its name and its length, ``bytes`` grows. A piece is on the disk before it is
acknowledged, so a broken line or a restart costs one piece and never the file (the tus resumable
upload protocol, version 1.0.0, core and creation). What nobody has touched for a week is swept.
"""

import json
import os
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from gateway.threads import in_thread
from registry.errors import Conflict, NotFound
from registry.ids import is_id, new_id

KEEP_SECONDS = 7 * 86400


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
    """The folder of files on their way in."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def begin(self, link_id: str, name: str, length: int) -> Upload:
        """Make room for a file; sweeps what was left behind long ago."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep()
        upload = Upload(new_id(), link_id, name, length)
        folder = self._root / upload.id
        folder.mkdir(mode=0o700)
        (folder / "bytes").touch(mode=0o600)
        card = folder / "card.json"
        card.write_text(json.dumps(asdict(upload), ensure_ascii=False), encoding="utf-8")
        return upload

    def get(self, upload_id: str, link_id: str) -> Upload:
        """Give an upload of this link, with the offset that is on disk. Raises NotFound."""
        try:
            known = upload_id if is_id(upload_id) else "-"
            text = (self._root / known / "card.json").read_text(encoding="utf-8")
            values = json.loads(text) | {"offset": self.path(known).stat().st_size}
        except FileNotFoundError:
            raise NotFound("no such upload") from None
        upload = Upload(**values)
        if upload.link_id != link_id:
            raise NotFound("no such upload")
        return upload

    async def append(self, upload: Upload, offset: int, pieces: AsyncIterator[bytes]) -> int:
        """Add bytes from ``offset`` on; give the offset that is now on disk.

        Raises Conflict when the offset is not where the file ends, or more comes than announced.
        What has come is kept even when the line breaks in the middle.
        """
        if offset != upload.offset:
            raise Conflict("the piece does not begin where the file ends")
        handle = os.open(self.path(upload.id), os.O_WRONLY | os.O_APPEND)
        try:
            async for piece in pieces:
                offset += len(piece)
                if offset > upload.bytes:
                    raise Conflict("more bytes than announced")
                await in_thread(os.write, handle, piece)
            return offset
        finally:
            await in_thread(os.fsync, handle)
            os.close(handle)

    def path(self, upload_id: str) -> Path:
        """Give the file that holds the bytes."""
        return self._root / upload_id / "bytes"

    def forget(self, upload_id: str) -> None:
        """Take an upload away, once it is kept elsewhere."""
        shutil.rmtree(self._root / upload_id, ignore_errors=True)

    def _sweep(self) -> None:
        limit = time.time() - KEEP_SECONDS
        for folder in self._root.iterdir():
            if (folder / "bytes").stat().st_mtime < limit:
                self.forget(folder.name)
