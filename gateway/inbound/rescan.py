"""Showing letters to the scanner again that it could not look at when they came.

When clamd was away, letters were kept as *not scanned* and their files withheld. Every few minutes
the worker's chores ask it again, oldest letter first, some letters a turn, in a thread of its own,
so that no letter waits for its number meanwhile. The raw mail is put together in a file as it came.
A turn ends when the scanner is away still.

What the scanner can never look at (too big, encrypted) is not asked again, nor what it failed on
three times: their ``scan_detail`` begins with ``final:``, and an officer decides.
"""

import logging
import tempfile
import threading
from pathlib import Path
from typing import Final

from sqlalchemy import select

from gateway.inbound import rebuild
from gateway.inbound.clamd import AWAY, TOO_BIG, Verdict, scan_file
from gateway.service import Runtime
from registry import letters
from registry.db import database_is_away
from registry.desk.clear import scanned_again
from registry.errors import NotFound
from registry.models.letters import LetterRow

log = logging.getLogger(__name__)

EVERY: Final = 180.0
"""Seconds between two turns."""
_A_TURN: Final = 50  # letters
_TRIES: Final = 3
_PREFIX: Final = "scan-"


class Rescan:
    """The letters of one installation that wait for a scanner; of one worker."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._tries: dict[str, int] = {}
        self._thread: threading.Thread | None = None
        self._folder = runtime.data_dir / "run"

    def begin(self) -> None:
        """Start a turn in a thread of its own, unless there is no scanner or one is under way."""
        if not self._runtime.gateway.scan.clamd or (self._thread and self._thread.is_alive()):
            return
        self._thread = threading.Thread(target=self._safely, name="rescan", daemon=True)
        self._thread.start()

    def turn(self) -> int:
        """Scan what waits, blocking; give how many letters have a verdict now."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for left in self._folder.glob(f"{_PREFIX}*"):  # by a process that was killed
            left.unlink(missing_ok=True)
        done = 0
        for letter_id in self._waiting():
            verdict = self._scan(letter_id)
            if verdict.detail.startswith(AWAY):
                break
            verdict = self._final(letter_id, verdict)
            with self._runtime.database.write() as session:
                desk = self._runtime.desk
                scanned_again(session, desk, letter_id, verdict.scan, verdict.detail)
            log.info("letter %s scanned again: %s %s", letter_id, verdict.scan, verdict.detail)
            done += verdict.scan != "not_scanned"
        return done

    def _safely(self) -> None:
        try:
            self.turn()
        except Exception as error:
            if database_is_away(error):
                log.warning("letters were not scanned again: the database is away")
            else:
                log.exception("letters were not scanned again")

    def _waiting(self) -> list[str]:
        wanted = select(LetterRow.id).where(
            LetterRow.scan == "not_scanned", LetterRow.scan_detail.not_like("final:%")
        )
        with self._runtime.database.read() as session:
            return list(session.scalars(wanted.order_by(LetterRow.id).limit(_A_TURN)))

    def _scan(self, letter_id: str) -> Verdict:
        """Put the raw mail together and show it; what has none any more is not asked again."""
        try:
            with self._runtime.database.read() as session:
                original = letters.original_of(session, letter_id)
            if original.bytes > self._runtime.gateway.scan.max_bytes:
                return Verdict("not_scanned", TOO_BIG)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=_PREFIX) as file:
                rebuild.write(original, self._runtime.blobs, file)
                file.flush()
                return scan_file(Path(file.name), self._runtime.gateway.scan)
        except NotFound:
            return Verdict("not_scanned", "final: the mail as it came is not there")

    def _final(self, letter_id: str, verdict: Verdict) -> Verdict:
        """Say of a letter that failed too often that it is not to be tried again."""
        if verdict.scan != "not_scanned" or verdict.detail.startswith("final:"):
            return verdict
        tries = self._tries[letter_id] = self._tries.get(letter_id, 0) + 1
        if tries < _TRIES:
            return verdict
        del self._tries[letter_id]
        return Verdict("not_scanned", f"final: {verdict.detail}")
