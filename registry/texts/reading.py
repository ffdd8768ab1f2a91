"""Reading the text of files: claimed, opened in a process apart, written down; over and over.

Every step is small: a claim and a result are short transactions, a file is read outside of any.
What is killed in the middle is claimed again when its lease is over. A file that cannot be read,
that costs too much, or over which the process dies ends in a state of its own and never stops the
next. Files of letters that wait are read as those of letters with a number.

Pages that are pictures are looked at when no plain text is due, one page a turn
(:mod:`registry.texts.looks`). Whoever starts the reading says what becomes of a letter whose first
page bears a marking of secrecy: that is asked before anything of the file is written down.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from registry.apart import Died
from registry.blobs import BlobStore
from registry.clock import Clock
from registry.counters import count
from registry.db import Database
from registry.errors import NotFound
from registry.letter.page import Page
from registry.pdf.tessdata import tessdata
from registry.secret.copies import as_path
from registry.settings import ReadingSettings
from registry.texts import claims, looks
from registry.texts.claims import Claim
from registry.texts.due import Due
from registry.texts.extract import Extract, to_be_looked_at
from registry.texts.first_lines import first_leaf
from registry.texts.looks import Look
from registry.texts.older import Older
from registry.texts.reader import DEAR_PAGE, FileReader

log = logging.getLogger(__name__)

_AT_ONCE: Final = 8  # files that are claimed together
_SWEEP: Final = timedelta(hours=1)
_MISSING: Final = "ไม่พบไฟล์ในคลัง จึงอ่านข้อความไม่ได้"


Hide = Callable[[Session, str, Page], None]
"""Told each first page, with its content's digest, in the transaction that would keep it."""


def _hide_nothing(_session: Session, _sha256: str, _page: Page) -> None:
    pass


class Reading:
    """The reading of one installation's files by one process; blocking. Close it."""

    def __init__(
        self, database: Database, blobs: BlobStore, clock: Clock, settings: ReadingSettings,
        hide: Hide = _hide_nothing,
    ) -> None:  # fmt: skip
        self._database, self._blobs, self._clock = database, blobs, clock
        self._settings, self._hide = settings, hide
        self.reader = FileReader(settings)
        self._due, self._older = Due(), Older()
        self._models: Path | None = None
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
            return self._look(now) or self._take_up_older()
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
            with as_path(self._blobs, mine.sha256) as path:  # it may have been encrypted by now
                extract = self.reader.read(
                    path, mine.media_type, careful=mine.tries > 1, beside=mine.beside
                )
        except (FileNotFoundError, NotFound):
            extract = Extract("failed", (), _MISSING)
        except (Died, OSError) as trouble:
            if self._closed:
                self._give_back([mine])
            else:
                self._blame(mine, trouble)
            return
        extract = to_be_looked_at(extract, self._settings.ocr_pages if self._models else 0)
        with self._database.write() as session:
            first = extract.leaves[0] if extract.leaves else first_leaf(extract, mine.media_type)
            if first is not None:
                self._hide(session, mine.sha256, first)
            kept = claims.finish(session, mine, extract, self._clock.now())
        if kept:
            self._tell(mine, extract)

    def _look(self, now: datetime) -> int:
        """Look at one page that waits for it; give how many were taken in hand."""
        if self._models is None or self._closed:
            return 0
        with self._database.read() as session:
            if not looks.any_due(session, now):
                return 0
        with self._database.write() as session:
            mine = looks.claim(session, now)
        if mine is not None:
            self._look_at(mine, str(self._models))
        return 1

    def _look_at(self, mine: Look, models: str) -> None:
        page, why = Page(mine.page, "none", 0.0, 0.0, 0.0), DEAR_PAGE
        try:
            with as_path(self._blobs, mine.sha256) as path:
                page, why = self.reader.look(path, mine.media_type, mine.page, models)
        except (FileNotFoundError, NotFound):
            log.warning("file %s is missing", mine.sha256)
        except (Died, OSError) as trouble:
            log.warning("page %d of %s was not read: %s", mine.page, mine.sha256, trouble)
            with self._database.write() as session:
                blame = not self._closed
                if not looks.give_back(session, mine, self._clock.now(), blame=blame):
                    return
        with self._database.write() as session:
            if page.number == 1:
                self._hide(session, mine.sha256, page)
            if looks.finish(session, mine, page, self._clock.now(), why):
                count("saraban_pages_read_total", source=page.source)

    def _take_up_older(self) -> int:
        """Have files read again that were read before pages were kept; some hundred at a time."""
        if self._older.done or self._closed:
            return 0
        with self._database.write() as session:
            return self._older.step(session, pictures=self._models is not None)

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
        wanted = self._settings.ocr != "off"
        self._models = tessdata(self._settings.ocr_languages) if wanted else None
        with self._database.write() as session:
            if gone := claims.forget_secret(session):
                log.warning("took away %d texts that only secret letters carry", gone)
