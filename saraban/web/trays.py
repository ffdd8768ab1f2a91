"""A tray of files beside a form: laid down piece by piece or whole, kept until the form is saved.

A tray belongs to one officer; its name travels in the form. A file that is whole has been looked at
(forbidden types, viruses), digested, and stands in the blob store under a second name, so that the
form is saved at once however large the files are. Trays that nobody saves are swept after a week
(:mod:`gateway.links.uploads`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from starlette.datastructures import UploadFile

from gateway.inbound.sniff import ENOUGH, media_type
from gateway.links.examine import examine
from gateway.links.uploads import Upload, Uploads
from registry.desk.lay_down import LaidFile
from registry.desk.scans import Role
from registry.errors import NotAllowed, NotFound, NotUnderstood, OutOfOrder, SarabanError
from registry.ids import is_id
from registry.letter.enclosure import human_size
from saraban.web.taking import NoRoom
from saraban.web.visit import Visit

_BLOCK: Final = 1 << 20
_FIELDS: Final[Mapping[str, Role]] = {"letter_files": "letter", "enclosure_files": "enclosure"}


@dataclass(frozen=True, slots=True)
class Laid:
    """A file of a tray that is whole; ``id`` is its name in forms, ``role`` what it is there."""

    id: str
    file: LaidFile
    role: Role = "enclosure"


class Tray:
    """The files of one officer beside one form."""

    def __init__(self, visit: Visit, name: str) -> None:
        if not is_id(name):
            raise NotFound("no such tray")
        smtp = visit.runtime.gateway.smtp
        self._visit = visit
        self._owner = f"tray-{visit.viewer.officer.id}-{name}"
        self.most = visit.runtime.gateway.links.max_upload_bytes
        self.uploads = Uploads(visit.runtime.data_dir / "uploads", smtp.min_free_bytes)

    def begin(self, name: str, length: int) -> Upload:
        """Make room for a file. Raises NotUnderstood for one too large, Conflict, OutOfOrder."""
        if length > self.most:
            size = human_size(self.most)
            raise NotUnderstood("too large", thai=f"ไฟล์ใหญ่เกิน {size} จึงรับทางหน้านี้ไม่ได้")
        return self.uploads.begin(self._owner, name, length)

    def get(self, upload_id: str) -> Upload:
        """Give a file of this tray, whole or not. Raises NotFound."""
        return self.uploads.get(upload_id, self._owner)

    def finish(self, upload: Upload) -> Laid:
        """Look at a file that is whole, and keep its content; blocking.

        Raises NotAllowed, in words for people, for a file that may not come in: it is forgotten.
        """
        path = self.uploads.path(upload)
        try:
            unseen = examine(path, upload.name, self._visit.runtime)
        except NotAllowed:
            self.uploads.forget(upload)
            raise
        with path.open("rb") as file:
            kind = media_type(file.read(ENOUGH), "application/octet-stream")
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        agent = self._visit.request.headers.get("user-agent", "")[:300]
        laid = LaidFile(upload.name, upload.bytes, sha256, kind, "", agent, unseen)
        self._keep(path, laid)
        (path.parent / "kept.json").write_text(json.dumps(asdict(laid)), encoding="utf-8")
        return Laid(upload.id, laid)

    def lay(self, name: str, source: BinaryIO) -> Laid:
        """Lay down a file that came with a form, whole. Raises as begin and finish do."""
        length = source.seek(0, 2)
        source.seek(0)
        try:
            upload = self.begin(name, length)
        except OutOfOrder as error:
            raise NoRoom(str(error)) from error
        with self.uploads.path(upload).open("wb") as kept:
            while block := source.read(_BLOCK):
                kept.write(block)
        return self.finish(self.get(upload.id))

    def laid(self, ids: Sequence[str]) -> list[Laid]:
        """Give those of these files that are whole, and renew their place in the blob store."""
        found = []
        for upload_id in dict.fromkeys(ids):
            try:
                upload = self.get(upload_id)
                path = self.uploads.path(upload)
                facts = json.loads((path.parent / "kept.json").read_text(encoding="utf-8"))
            except (NotFound, FileNotFoundError):
                continue
            self._keep(path, LaidFile(**facts))
            found.append(Laid(upload.id, LaidFile(**facts)))
        return found

    def forget(self, files: Sequence[Laid]) -> None:
        """Take files out of the tray: they are saved, or not wanted."""
        for one in files:
            with suppress(NotFound):
                self.uploads.forget(self.get(one.id))

    def sent(self) -> list[Laid]:
        """Give the files that the form names, and those that came with it where no script ran.

        ``file`` fields name files of the tray, ``role.ID`` what each is; ``letter_files`` and
        ``enclosure_files`` are files themselves. What may not come in is told as ``files``.
        """
        form = self._visit.form
        found = [
            replace(one, role="letter" if form.raw(f"role.{one.id}") == "letter" else "enclosure")
            for one in self.laid(form.all("file"))
        ]
        for field, role in _FIELDS.items():
            for upload in form.files.get(field, ()):
                if upload.filename:
                    found += self._taken(upload, role)
                upload.file.close()
        return found

    def _taken(self, upload: UploadFile, role: Role) -> list[Laid]:
        try:
            return [replace(self.lay(str(upload.filename), upload.file), role=role)]
        except SarabanError as error:
            self._visit.form.wrong["files"] = f"{upload.filename}: {error.thai}"
            return []

    def _keep(self, path: Path, file: LaidFile) -> None:
        blobs = self._visit.runtime.blobs
        if blobs.adopt(path, file.sha256, file.bytes):
            return
        with blobs.stage() as staged, path.open("rb") as source:
            while block := source.read(_BLOCK):
                staged.write(block)
            staged.keep()
