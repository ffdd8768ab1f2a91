"""Copies of received PDFs and pictures with the receive stamp; what came is never touched.

The work is done in the process that opens files (:mod:`registry.texts.child`). A copy is mostly the
file as it came with a few kilobytes behind it (:mod:`registry.pdf.stamp`), so that it is handed on
piece by piece and kept nowhere. Who may see a letter is for the caller to ask.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from registry.apart import Apart, Died, Over
from registry.blobs import BlobStore
from registry.errors import NotAllowed
from registry.letter.entry import Entry, EntryFile
from registry.letter.stamp import Stamp
from registry.pdf.preview import can_show
from registry.secret.copies import as_path

_SECONDS: Final = 30.0
_WAIT: Final = 90.0
_BLOCK: Final = 1 << 18
PDF: Final = "application/pdf"
_CANNOT: Final = "ประทับตราบนสำเนาของไฟล์นี้ไม่ได้ โปรดดาวน์โหลดไฟล์แทน"
_DEAR: Final = "ประทับตราบนสำเนาของไฟล์นี้ใช้เวลาหรือหน่วยความจำเกินกำหนด โปรดดาวน์โหลดไฟล์แทน"
_NO_FILE: Final = "หนังสือฉบับนี้ไม่มีไฟล์ PDF หรือภาพให้ประทับตรารับ"
_NO_NUMBER: Final = "ประทับตรารับได้เฉพาะหนังสือที่ลงรับแล้วและไม่ถูกยกเลิกเลข"


class NoStamp(NotAllowed):
    """There is no stamped copy; ``thai`` says why."""

    thai = _CANNOT


@dataclass(frozen=True, slots=True)
class Copy:
    """A stamped copy of a content: ``data`` behind it, or in its place.

    ``signed`` says that the file bears digital signatures, so that the copy says that it is one;
    ``moved`` that the stamp had to give way to what is printed in the corner.
    """

    blobs: BlobStore
    sha256: str
    data: bytes
    behind: bool
    signed: bool
    moved: bool

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data) + (self.blobs.size(self.sha256) if self.behind else 0)

    def pieces(self) -> Iterator[bytes]:
        """Give it block by block."""
        if self.behind:
            with self.blobs.open(self.sha256) as file:
                while block := file.read(_BLOCK):
                    yield block
        yield self.data


class Stamper:
    """Makes stamped copies with a process apart; any thread may ask."""

    def __init__(self, apart: Apart) -> None:
        self._apart = apart

    def copy(self, blobs: BlobStore, sha256: str, stamp: Stamp, media_type: str = PDF) -> Copy:
        """Give the copy of a PDF or picture with this stamp, a PDF; the content is only read.

        Blocks, up to seconds. Raises NoStamp, which says in Thai why there is none; NotFound when
        the content is gone, OSError when the disk fails.
        """
        request = {"act": "stamp", "stamp": asdict(stamp), "media_type": media_type}
        try:
            with as_path(blobs, sha256) as path:
                facts, data = self._apart.ask(request | {"path": str(path)}, _SECONDS, _WAIT)
        except Over as error:
            raise NoStamp("too dear", thai=_DEAR) from error
        except Died as error:
            raise NoStamp("the process died") from error
        match facts.get("trouble"):
            case None:
                return Copy(blobs, sha256, data, facts["behind"], facts["signed"], facts["moved"])
            case "file":
                raise NoStamp("it cannot be stamped", thai=facts["detail"])
            case "memory":
                raise NoStamp("too much memory", thai=_DEAR)
            case "disk":
                raise OSError(facts["detail"])
            case _:
                raise NoStamp("it cannot be stamped")


def can_be_stamped(file: EntryFile) -> bool:
    """Say whether a file may have a stamped copy: a PDF or picture that is not withheld."""
    return can_show(file.media_type) and not file.withheld and not file.inline


def file_to_stamp(entry: Entry, file_id: int | None = None) -> EntryFile:
    """Give the file of an entry that is stamped: the letter itself, a PDF, or else a picture.

    Raises NoStamp when there is none, or the entry has no receive number that stands.
    """
    if entry.book == "sent" or entry.state != "registered":
        raise NoStamp("no receive number", thai=_NO_NUMBER)
    found = [one for one in entry.enclosures if can_be_stamped(one)]
    if file_id is not None:
        found = [one for one in found if one.id == file_id]
    if not found:
        raise NoStamp("no PDF", thai=_NO_FILE)
    return min(found, key=lambda one: (one.role != "letter", one.media_type != PDF))
