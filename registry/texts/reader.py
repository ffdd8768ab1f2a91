"""Our side of the process that opens files: what is asked of it, and what its troubles mean."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from registry.apart import Apart, Over
from registry.letter.page import Page
from registry.settings import ReadingSettings
from registry.texts.extract import Extract

log = logging.getLogger(__name__)

_NICE: Final = 10
_SLOW: Final = 8.0  # on a busy machine the process gets a small share of its time
_WAIT: Final = 30.0
_TOO_DEAR: Final = "อ่านไฟล์นี้ใช้เวลาหรือหน่วยความจำเกินกำหนด จึงไม่มีข้อความให้ค้น"
DEAR_PAGE: Final = "บางหน้าใช้เวลาหรือหน่วยความจำเกินกำหนด จึงไม่ได้อ่านจากภาพ"
_STRANGE: Final = "โครงสร้างไฟล์ผิดปกติ จึงอ่านข้อความไม่ได้"


class FileReader:
    """Reads one file after the other in a process with limits."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._settings = settings
        self._apart = Apart("registry.texts.child", settings.memory, _NICE)

    def read(
        self, path: Path, media_type: str, *, careful: bool = False, beside: Sequence[str] = ()
    ) -> Extract:
        """Give the text of a file, or why there is none. Raises Died, and OSError for the disk.

        ``careful`` for a file that brought the process down before: by fewer libraries. What has
        one of the digests ``beside`` is not read as part of it.
        """
        request = self._request(path, media_type, careful=careful, beside=beside)
        try:
            facts, _ = self._apart.ask(request, self._settings.seconds, self._wait())
        except Over:
            return Extract("too_big", (), _TOO_DEAR)
        match facts.get("trouble"):
            case None:
                leaves = tuple(map(Page.of, facts["leaves"]))
                unseen = tuple(facts["unseen"])
                pages = tuple(facts["pages"])
                return Extract(facts["state"], pages, facts["detail"], leaves, unseen)
            case "file":
                return Extract("failed", (), facts["detail"])
            case "memory":
                return Extract("too_big", (), _TOO_DEAR)
            case "disk":
                raise OSError(facts["detail"])
            case _:
                log.warning("%s could not be read: %s", path.name, facts["detail"])
                return Extract("failed", (), _STRANGE)

    def look(self, path: Path, media_type: str, page: int, folder: str) -> tuple[Page, str]:
        """Give a page as Tesseract reads it, with the models of ``folder``; source none if nothing.

        Beside it stands why it could not be looked at, in Thai, or "". Raises Died, and OSError for
        the disk.
        """
        request = {
            "act": "look", "path": str(path), "media_type": media_type, "page": page,
            "folder": folder, "languages": self._settings.ocr_languages,
        }  # fmt: skip
        seconds = self._settings.ocr_seconds
        try:
            facts, _ = self._apart.ask(request, seconds, _SLOW * seconds + _WAIT)
        except Over:
            facts = {"trouble": "time"}
        nothing = Page(page, "none", 0.0, 0.0, 0.0)
        match facts.get("trouble"):
            case None:
                return Page.of(facts["page"]), ""
            case "disk":
                raise OSError(facts["detail"])
            case "file":
                return nothing, facts["detail"]
            case trouble:
                log.warning("page %d of %s could not be looked at: %s", page, path.name, trouble)
                return nothing, DEAR_PAGE

    def close(self) -> None:
        """End at once, also in the middle of a file."""
        self._apart.close()

    @property
    def pid(self) -> int:
        """The process that reads; 0 when none does."""
        return self._apart.pid

    def _wait(self) -> float:
        return _SLOW * self._settings.seconds + _WAIT

    def _request(
        self, path: Path, media_type: str, *, careful: bool, beside: Sequence[str]
    ) -> dict[str, object]:
        bounds = {
            "careful": careful,
            "beside": list(beside),
            "pages": self._settings.max_pages,
            "characters": self._settings.max_characters,
            "seconds": self._settings.seconds,
        }
        return {"act": "text", "path": str(path), "media_type": media_type, "bounds": bounds}
