"""The collector: brings letters in from mailboxes that agencies already have.

One look into one mailbox: open the folder, take every mail that arrived since the day set and is
not known yet (:mod:`gateway.inbound.fetching`), then flag or move what the books have by now.
Nothing is flagged or moved before its transaction is committed; a crash anywhere fetches again,
and the keys of the letter see to it that nothing is registered twice. A whole look also goes
through Sent and Junk (:mod:`gateway.inbound.watched`) and asks whether the mailbox itself is well
(:mod:`gateway.inbound.alarms`). Each look leaves a line of evidence (:mod:`registry.rounds`).

Nothing is believed of a sender unless ``authserv_id`` is set, or it is proven by DKIM.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from gateway.inbound import alarms, watched
from gateway.inbound.box import Box
from gateway.inbound.fetching import Fetching
from gateway.inbound.imap import REFUSED, REGISTERED, Folder, Imap, Unfetchable, signed_in
from gateway.inbound.imap_line import Plug
from gateway.inbound.mail_head import since_of
from gateway.inbound.spool import Spool
from gateway.service import Runtime
from gateway.settings import CollectorSettings
from registry import cursors, directory, rounds, sightings
from registry.errors import OutOfOrder, SarabanError
from registry.recipients import snapshot
from registry.sightings import Kind

log = logging.getLogger("gateway.collector")

TROUBLE = (OSError, IMAPClientError, SarabanError)
_NEW_PLACES = "เซิร์ฟเวอร์เปลี่ยนเลขกำกับจดหมายทั้งกล่อง (UIDVALIDITY) จึงตรวจทุกฉบับใหม่"
_VARYING = re.compile(r"\s*(\([\d.+ ]+secs\)|\[\d{4}-\d\d-\d\d [\d:]+\])\.?")
"""What makes two messages of one server for one trouble differ: how long it took, and when."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look did: mails fetched, mails marked, and mails that the books do not have yet."""

    fetched: int
    marked: int
    waiting: int = 0


class Collector:
    """The collector of one mailbox; every method blocks and belongs to one thread at a time."""

    def __init__(
        self, runtime: Runtime, settings: CollectorSettings, spool: Spool, plug: Plug | None = None
    ) -> None:
        self._runtime = runtime
        self._settings = settings
        self._spool = spool
        self._since = since_of(settings)
        self.plug = plug or Plug()
        self.account = f"{settings.username}@{settings.host}"

    def round(self) -> Look:
        """Connect, and look once at everything.

        Raises OSError, IMAPClientError or SarabanError when that fails; that is noted before.
        """
        began = self._runtime.clock.now()
        try:
            self._box()
            with signed_in(self._settings, self.plug) as imap:
                return self.look(imap)
        except TROUBLE as error:
            self.note_trouble(began, error)
            raise

    def look(self, imap: Imap, *, whole: bool = True) -> Look:
        """Look once over a connection that is open; ``whole``: into the other folders too."""
        box, began = self._box(), self._runtime.clock.now()
        folder = imap.select(self._settings.folder)
        again = self._has_new_places(folder)
        fetching = Fetching(box, imap, folder, self._spool, again=again, stopped=self.plug.pulled)
        imap.forget_news()  # later news outlives the searches of marking, and ends the next wait
        fetched = fetching.bring(imap.uids(self._since - timedelta(days=1), folder))
        waiting = self._waiting(folder)  # before: what the books get meanwhile is marked next time
        marked = self._mark(imap, folder)
        problems = [_NEW_PLACES] if again else []
        with self._runtime.database.write() as session:
            cursors.checked(session, self.account, folder.name, folder.uidvalidity, box.now())
        if whole:
            problems += self._beside(box, imap, folder)
        if whole or fetched or problems:
            self._note(box, began, fetched, "; ".join(problems))
        if whole:
            alarms.watch_silence(box)
        return Look(fetched, marked, waiting)

    def mark(self) -> int:
        """Flag or move what the books have, without fetching; for the end of a single run."""
        with signed_in(self._settings, self.plug) as imap:
            return self._mark(imap, imap.select(self._settings.folder))

    def note_trouble(self, began: datetime, error: Exception) -> None:
        """Write down a look that failed; the log alone hears when even that cannot be done."""
        said = _VARYING.sub("", str(error))
        thai = error.thai if isinstance(error, OutOfOrder) else f"เปิดกล่องจดหมายไม่ได้: {said}"
        try:
            box = self._box()
            self._note(box, began, 0, thai[:500])
            alarms.watch_locked(box, thai[:500])
        except Exception as worse:  # noqa: BLE001 - the trouble itself is being told
            log.warning("%s: the look was not written down: %s", self.account, worse)

    def _box(self) -> Box:
        with self._runtime.database.read() as session:
            entity = directory.entity_by_code(session, self._settings.entity)
            known = snapshot(session)
        if entity is None or not entity.hosted:
            raise OutOfOrder(f"[[collector]] entity {self._settings.entity!r} is not hosted here")
        return Box(self._runtime, self._settings, self.account, self._since, entity, known)

    def _has_new_places(self, folder: Folder) -> bool:
        with self._runtime.database.read() as session:
            before = cursors.looked_at(session, self.account, folder.name).uidvalidity
        if before in {0, folder.uidvalidity}:
            return False
        log.warning(
            "%s: UIDVALIDITY of %s was %d and is %d; all mail is looked at again",
            self.account, folder.name, before, folder.uidvalidity,
        )  # fmt: skip
        return True

    def _waiting(self, folder: Folder) -> int:
        with self._runtime.database.read() as session:
            return cursors.unfinished(session, self.account, folder.name, folder.uidvalidity)

    def _beside(self, box: Box, imap: Imap, folder: Folder) -> list[str]:
        """Look at what is beside the inbox; what is wrong there is told and stops nothing."""
        settings, problems = self._settings, []
        works: list[tuple[str, Callable[[Box, Imap], object]]] = [("", alarms.watch_quota)]
        works += [(settings.sent_folder, watched.watch_sent)] if settings.sent_folder else []
        works += [(settings.junk_folder, watched.watch_junk)] if settings.junk_folder else []
        for name, work in works:
            try:
                work(box, imap)
            except IMAPClientAbortError:
                raise
            except (IMAPClientError, Unfetchable) as error:
                if isinstance(error, Unfetchable) and error.line_lost:
                    raise
                log.error("%s: folder %s: %s", self.account, name, error)  # noqa: TRY400
                problems.append(f"เปิดโฟลเดอร์ {name or settings.folder} ไม่ได้")
        if len(works) > 1:
            imap.select(folder.name)
        return problems

    def _note(self, box: Box, began: datetime, found: int, problem: str) -> None:
        look = rounds.Round(
            self.account, box.entity.id, began, box.now(), found=found, problem=problem
        )
        with self._runtime.database.write() as session:
            rounds.note(session, look)

    def _mark(self, imap: Imap, folder: Folder) -> int:
        """Flag or move what the books have, and what may not come in; count the former."""
        done, refused = self._settled(folder)
        if not done and not refused:
            return 0
        settings, since = self._settings, self._since - timedelta(days=1)
        if settings.after == "move":
            here = set(imap.uids(since, folder, "UNDELETED"))
            for uids, name in (
                (done & here, settings.done_folder),
                (refused & here, settings.refused_folder),
            ):
                if uids:
                    imap.move(sorted(uids), name)
            return len(done & here)
        key = ("UNKEYWORD", REGISTERED.decode()) if folder.keeps_flags else ("UNFLAGGED",)
        wanted = done & set(imap.uids(since, folder, *key))
        own = [REGISTERED] if folder.keeps_flags else []
        imap.mark(sorted(wanted), [*own, b"\\Flagged"])
        if refused and folder.keeps_flags:
            bare = set(imap.uids(since, folder, "UNKEYWORD", REFUSED.decode()))
            imap.mark(sorted(refused & bare), [REFUSED])
        return len(wanted)

    def _settled(self, folder: Folder) -> tuple[set[int], set[int]]:
        """Give the UIDs that the books have, and those that may not come in."""
        name, validity = folder.name, folder.uidvalidity
        with self._runtime.database.read() as session:
            done = cursors.finished(session, self.account, name, validity)
            keys = sightings.keys(session, self.account, name, Kind.REFUSED, settled=True)
        places = [key.partition(":") for key in keys]
        return done, {int(uid) for of, _, uid in places if of == str(validity)}
