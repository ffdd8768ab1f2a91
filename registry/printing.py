"""Copies of outgoing PDFs with their number and date, made in the process that opens files.

The copy is a content of its own (:mod:`registry.pdf.numbered` makes it, from the clerk's file with
some kilobytes behind it); the clerk's file is only read. Nothing here writes to the database.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from registry.apart import Apart, Died, Over
from registry.blobs import BlobStore
from registry.errors import NotAllowed
from registry.letter.number import LetterNumber
from registry.secret.copies import as_path

_SECONDS: Final = 30.0
_WAIT: Final = 90.0
_BLOCK: Final = 1 << 18
_CANNOT: Final = "พิมพ์เลขและวันที่ลงในไฟล์นี้ไม่ได้ โปรดพิมพ์ในต้นฉบับแล้วส่งใหม่"


class NoPrint(NotAllowed):
    """There is no copy with the number; ``thai`` says why."""

    thai = _CANNOT


@dataclass(frozen=True, slots=True)
class NumberedContent:
    """A copy as it is kept; ``dated`` says whether the date was printed too."""

    sha256: str
    bytes: int
    dated: bool


class Printer:
    """Makes copies with numbers, by a process apart; any thread may ask."""

    def __init__(self, apart: Apart) -> None:
        self._apart = apart

    def keep(
        self, blobs: BlobStore, sha256: str, number: LetterNumber, day: date
    ) -> NumberedContent:
        """Make the copy of a PDF and keep it as a content. Blocks, up to seconds.

        Raises NoPrint, which says in Thai why there is none; NotFound, OSError.
        """
        facts, data = self._ask(blobs, sha256, number, day)
        with blobs.stage() as staged:
            if facts["behind"]:
                with blobs.open(sha256) as came:
                    while block := came.read(_BLOCK):
                        staged.write(block)
            staged.write(data)
            kept = staged.keep()
        return NumberedContent(kept, blobs.size(kept), facts["dated"])

    def picture(
        self, blobs: BlobStore, sha256: str, number: LetterNumber, day: date, width: int
    ) -> tuple[bytes, bool]:
        """Give the copy's first page as WebP, and whether it is dated; errors as of :meth:`keep`.

        ``width`` is in pixels.
        """
        facts, data = self._ask(blobs, sha256, number, day, width=width)
        return data, bool(facts["dated"])

    def _ask(
        self, blobs: BlobStore, sha256: str, number: LetterNumber, day: date, **more: Any
    ) -> tuple[dict[str, Any], bytes]:
        request = {"act": "number", "number": str(number), "day": day.isoformat(), **more}
        try:
            with as_path(blobs, sha256) as path:
                facts, data = self._apart.ask(request | {"path": str(path)}, _SECONDS, _WAIT)
        except (Over, Died) as error:
            raise NoPrint("the process gave up") from error
        match facts.get("trouble"):
            case None:
                return facts, data
            case "file":
                raise NoPrint("it cannot be printed on", thai=facts["detail"])
            case "disk":
                raise OSError(facts["detail"])
            case _:
                raise NoPrint("it cannot be printed on")
