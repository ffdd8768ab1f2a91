"""Reading the text of files: claimed, opened in a process apart, written down; over and over.

Every step is small: a claim and a result are short transactions, a file is read outside of any.
What is killed in the middle is claimed again when its lease is over. A file that cannot be read,
that costs too much, or over which the process dies ends in a state of its own and never stops the
next.
Files of letters that wait are read as those of letters with a number.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from registry.apart import Apart, Died, Over
from registry.blobs import BlobStore
from registry.clock import Clock
from registry.counters import count
from registry.db import Database
from registry.errors import NotFound
from registry.letter.page import Page
from registry.settings import ReadingSettings
from registry.texts import claims
from registry.texts.claims import Claim
from registry.texts.due import Due
from registry.texts.extract import Extract

log = logging.getLogger(__name__)

_AT_ONCE: Final = 8  # files that are claimed together
_NICE: Final = 10
_SLOW: Final = 8.0  # on a busy machine the process gets a small share of its time
_WAIT: Final = 30.0
_SWEEP: Final = timedelta(hours=1)
_TOO_DEAR: Final = "อ่านไฟล์นี้ใช้เวลาหรือหน่วยความจำเกินกำหนด จึงไม่มีข้อความให้ค้น"
_STRANGE: Final = "โครงสร้างไฟล์ผิดปกติ จึงอ่านข้อความไม่ได้"
_MISSING: Final = "ไม่พบไฟล์ในคลัง จึงอ่านข้อความไม่ได้"


class FileReader:
    """Reads one file after the other in a process with limits."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._settings = settings
        self._apart = Apart("registry.texts.child", settings.memory, _NICE)

    def read(self, path: Path, media_type: str, *, careful: bool = False) -> Extract:
        """Give the text of a file, or why there is none. Raises Died, and OSError for the disk.

        ``careful`` for a file that brought the process down before: by fewer libraries.
        """
        request = self._request(path, media_type, careful=careful)
        try:
            facts, _ = self._apart.ask(request, self._settings.seconds, self._wait())
        except Over:
            return Extract("too_big", (), _TOO_DEAR)
        match facts.get("trouble"):
            case None:
                leaves = tuple(map(Page.of, facts["leaves"]))
                return Extract(facts["state"], tuple(facts["pages"]), facts["detail"], leaves)
            case "file":
                return Extract("failed", (), facts["detail"])
            case "memory":
                return Extract("too_big", (), _TOO_DEAR)
            case "disk":
                raise OSError(facts["detail"])
            case _:
                log.warning("%s could not be read: %s", path.name, facts["detail"])
                return Extract("failed", (), _STRANGE)

    def close(self) -> None:
        """End at once, also in the middle of a file."""
        self._apart.close()

    @property
    def pid(self) -> int:
        """The process that reads; 0 when none does."""
        return self._apart.pid

    def _wait(self) -> float:
        return _SLOW * self._settings.seconds + _WAIT

    def _request(self, path: Path, media_type: str, *, careful: bool) -> dict[str, object]:
        bounds = {
            "careful": careful,
            "pages": self._settings.max_pages,
            "characters": self._settings.max_characters,
            "seconds": self._settings.seconds,
        }
        return {"act": "text", "path": str(path), "media_type": media_type, "bounds": bounds}


class Reading:
    """The reading of one installation's files by one process; blocking. Close it."""

    def __init__(
        self, database: Database, blobs: BlobStore, clock: Clock, settings: ReadingSettings
    ) -> None:
        self._database, self._blobs, self._clock = database, blobs, clock
        self.reader = FileReader(settings)
        self._due = Due()
        self._sweep_at: datetime | None = None
        self._closed = False

    def turn(self, go_on: Callable[[], bool] = lambda: True) -> int:
        """Read a few files that are due; give how many were taken in hand.

        ``go_on`` is asked before each; what was claimed and not read goes back. Raises what the
        database raises.
        """
        now = self._clock.now()
        self._sweep(now)
        with self._database.read() as session:
            wanted = self._due.next(session, now, _AT_ONCE)
        if not wanted:
            return 0
        with self._database.write() as session:
            mine = [one for sha256 in wanted if (one := claims.claim(session, sha256, now))]
        for at, one in enumerate(mine):
            if self._closed or not go_on():
                self._give_back(mine[at:])
                break
            self._read(one)
        return len(mine)

    def close(self) -> None:
        """End at once; what is in hand goes back, or comes back when its lease is over."""
        self._closed = True
        self.reader.close()

    def _read(self, mine: Claim) -> None:
        try:
            path = self._blobs.path(mine.sha256)
            extract = self.reader.read(path, mine.media_type, careful=mine.tries > 1)
        except (FileNotFoundError, NotFound):
            extract = Extract("failed", (), _MISSING)
        except (Died, OSError) as trouble:
            if self._closed:
                self._give_back([mine])
            else:
                self._blame(mine, trouble)
            return
        with self._database.write() as session:
            kept = claims.finish(session, mine, extract, self._clock.now())
        if kept:
            self._tell(mine, extract)

    def _blame(self, mine: Claim, trouble: Exception) -> None:
        log.error("file %s could not be read: %s", mine.sha256, trouble)
        with self._database.write() as session:
            if claims.blame(session, mine, self._clock.now()):
                count("saraban_files_read_total", state="failed")

    def _give_back(self, some: list[Claim]) -> None:
        now = self._clock.now()
        with self._database.write() as session:
            for one in some:
                claims.give_back(session, one, now)

    def _tell(self, mine: Claim, extract: Extract) -> None:
        count("saraban_files_read_total", state=extract.state)
        pages = len(extract.pages)
        log.info("file %s: %s, %d pages", mine.sha256, extract.state, pages)

    def _sweep(self, now: datetime) -> None:
        """Look for texts of letters that were marked secret without our being told."""
        if self._sweep_at is not None and now < self._sweep_at:
            return
        self._sweep_at = now + _SWEEP
        with self._database.write() as session:
            if gone := claims.forget_secret(session):
                log.warning("took away %d texts that only secret letters carry", gone)
