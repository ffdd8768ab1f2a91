"""Whom the door takes mail for: the directory's copy in memory, good while the database is away.

The copy (:class:`registry.recipients.Recipients`) is read from the database in a thread every few
seconds, and once more, at most twice a second, when an address is asked for that it does not
know: an entity added a moment ago is known at once. Each new copy is kept in
``run/recipients.json``, from which a door that starts without a database begins.

Without any copy at all nobody is refused for good: the answer is 451.
"""

import asyncio
import contextlib
import json
import logging
import os
import time

from sqlalchemy.exc import SQLAlchemyError

from gateway.errors import Temporary
from gateway.service import Runtime
from gateway.threads import in_thread
from registry import recipients
from registry.db import database_is_away
from registry.errors import OutOfOrder
from registry.letter.sorting import Addressed
from registry.recipients import Recipients

log = logging.getLogger(__name__)

EVERY = 5.0
_SOONEST = 0.5
_MOST_FOUND = 1000


class RecipientList:
    """The addresses that mail is taken for, kept fresh by :meth:`keep_fresh`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._file = runtime.data_dir / "run" / "recipients.json"
        self._known: Recipients | None = None
        self._found: dict[str, Addressed] = {}  # of those known
        self._looked = 0.0
        self._looking = asyncio.Lock()

    def load(self) -> None:
        """Fill the list for the first time; blocks. Raises OutOfOrder for old tables."""
        try:
            self._refresh()
        except SQLAlchemyError as error:
            if not database_is_away(error):
                raise
            log.warning("the database is away; recipients as they were saved")
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                self._known = Recipients.from_json(json.loads(self._file.read_text("utf-8")))

    async def find(self, address: str) -> Addressed | None:
        """Give what an address means here, None when nobody has it.

        Raises Temporary while there is nothing to look it up in.
        """
        found = self._find(address)
        if found is None:
            await self._look_again()
            if self._known is None:
                raise Temporary("no list of recipients: the database is away and was never seen")
            found = self._find(address)
        return found

    def _find(self, address: str) -> Addressed | None:
        """Look in the copy that there is; most letters are for the same few addresses."""
        seen, known = self._found, self._known  # in this order: the copy changes first
        found = seen.get(address) if known else None
        if known and not found and (found := known.find(address)) and len(seen) < _MOST_FOUND:
            seen[address] = found
        return found

    async def keep_fresh(self) -> None:
        """Read the directory again and again, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            await self._look_again()

    async def _look_again(self) -> None:
        """Refresh, unless that was tried a moment ago; keep what is known when it fails."""
        async with self._looking:
            if time.monotonic() - self._looked < _SOONEST:
                return
            self._looked = time.monotonic()
            try:
                await in_thread(self._refresh)
            except (SQLAlchemyError, OutOfOrder) as error:
                log.warning("recipients as of before: %s", type(error).__name__)

    def _refresh(self) -> None:
        with self._runtime.database.read() as session:
            fresh = recipients.snapshot(session)
        if fresh != self._known:
            self._save(fresh)
            self._known = fresh
            self._found = {}

    def _save(self, fresh: Recipients) -> None:
        beside = self._file.with_suffix(f".{os.getpid()}")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            text = json.dumps(fresh.to_json(), ensure_ascii=False)
            beside.touch(mode=0o600)
            beside.write_text(text, encoding="utf-8")
            beside.rename(self._file)
        except OSError as error:
            log.warning("recipients not saved: %s", error)
