"""From the mailbox into the spool, one mail after the other; no mail stops the next.

A mail is written to the spool block by block, with fsync, and its place is noted afterwards; a
crash between the two fetches it again. Bytes that the books have already under the same
recipients are not spooled again: so a mailbox that gave all its mails new UIDs (UIDVALIDITY,
RFC 9051 §2.3.1.1) causes no second answer to anybody.

What may not come in (too large, infected, with a file of a forbidden type, tagged secret where
``secrecy.policy = "refuse"``) is written down for an officer first and moved or flagged later, like
everything else. A mail that cannot be fetched is tried last the next time, and after ``max_tries``
it is put by.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime

from gateway import wake
from gateway.inbound.box import Box
from gateway.inbound.envelope import Envelope
from gateway.inbound.imap import Facts, Folder, Imap, Unfetchable, Vanished
from gateway.inbound.inspect_collected import Inspector, Refused
from gateway.inbound.mail_head import (
    HEAD_BYTES,
    MailHead,
    day_of,
    read_head,
    recipients_of,
    return_path,
    traced_day,
)
from gateway.inbound.spool import Spool, SpoolFile
from registry import cursors, mailings, sightings
from registry.counters import count
from registry.letter.enclosure import human_size
from registry.letter.grades import Secrecy
from registry.letter.message import Listener
from registry.sightings import Kind

log = logging.getLogger("gateway.collector")

_GROUP = 100
_ANY = 0  # stands for one mail of many; no mail has this UID (RFC 9051 §2.3.1.1)


class Fetching:
    """Brings the new mail of one open folder; ``again`` says that all its UIDs are new ones."""

    def __init__(
        self,
        box: Box,
        imap: Imap,
        folder: Folder,
        spool: Spool,
        *,
        again: bool,
        stopped: Callable[[], bool],
    ) -> None:
        self._box, self._imap, self._folder, self._spool = box, imap, folder, spool
        self._again, self._stopped = again, stopped
        self._inspector = Inspector(box.runtime)

    def bring(self, uids: Iterable[int]) -> int:
        """Bring those of these mails that are new; count them. Raises when the connection ends."""
        with closing(self._inspector):
            return self._bring(uids)

    def _bring(self, uids: Iterable[int]) -> int:
        new, careful = self._new(uids)
        brought, group = 0, 1 if careful else _GROUP
        for at in range(0, len(new), group):
            for uid, facts in self._facts(new[at : at + group]):
                if day_of(facts.arrived) >= self._box.since:
                    brought += self._attempt(uid, facts)
        if careful:
            with self._box.runtime.database.write() as session:
                name = self._folder.name
                sightings.forget_tries(session, self._box.account, name, self._key(_ANY))
        return brought

    def _new(self, uids: Iterable[int]) -> tuple[list[int], bool]:
        """Leave out what is known, put last what failed before; say if care is needed."""
        name, validity = self._folder.name, self._folder.uidvalidity
        account = self._box.account
        with self._box.runtime.database.read() as session:
            known = cursors.known(session, account, name, validity)
            put_by = sightings.keys(session, account, name, Kind.POISON, settled=False)
            put_by |= sightings.keys(session, account, name, Kind.REFUSED, settled=True)
            tries = sightings.tries(session, account, name)
        new = [uid for uid in uids if uid not in known and self._key(uid) not in put_by]
        new.sort(key=lambda uid: (tries.get(self._key(uid), 0), uid))
        return new, self._key(_ANY) in tries

    def _facts(self, uids: list[int]) -> Iterator[tuple[int, Facts]]:
        """Ask for all at once, and one by one where that fails.

        Some servers hang up on a question that one mail of many spoils: the next look is then
        careful and asks for each mail alone.
        """
        try:
            yield from sorted(self._imap.facts(uids).items(), key=lambda one: uids.index(one[0]))
        except Unfetchable as error:
            if error.line_lost and len(uids) > 1:
                self._count(_ANY, error)
                raise
            for uid in uids:
                try:
                    yield from self._imap.facts([uid]).items()
                except Unfetchable as wrong:
                    self._failed(uid, wrong)

    def _attempt(self, uid: int, facts: Facts) -> int:
        """Bring one mail; give 1 when it was new to us."""
        if self._stopped():
            raise ConnectionAbortedError("stopped")
        try:
            name = self._take(uid, facts)
        except Vanished as error:
            log.info("%s: %s", self._box.account, error)
            return 0
        except Unfetchable as error:
            self._failed(uid, error)
            return 0
        except Refused as error:
            self._refused(uid, facts, error)
            return 0
        if name:
            count("saraban_letters_fetched_total")
            log.info("%s: UID %d is %s", self._box.account, uid, name, extra={"letter": name})
        return int(bool(name))

    def _take(self, uid: int, facts: Facts) -> str:
        """Put one mail into the spool, note its place, give its name; "" for none of ours."""
        if facts.size > self._box.runtime.gateway.smtp.max_message_bytes:
            raise self._too_large(facts.size)
        head = b""
        with self._spool.begin() as file:
            for block in self._imap.blocks(uid):
                head = (head + block)[:HEAD_BYTES] if len(head) < HEAD_BYTES else head
                file.write(block)
                if file.size > self._box.runtime.gateway.smtp.max_message_bytes:
                    raise self._too_large(file.size)
            name, new = self._enter(file, head, uid)
        with self._box.runtime.database.write() as session:
            cursors.fetched(session, self._place(uid), name)
            sightings.forget_tries(session, self._box.account, self._folder.name, self._key(uid))
        if new:
            wake.ring(self._box.runtime.data_dir)
        return name if new else ""

    def _enter(self, file: SpoolFile, head: bytes, uid: int) -> tuple[str, bool]:
        """Commit to the spool unless the books have it; give its name and whether it is new."""
        told = read_head(head)
        self._must_be_wanted(told)
        day = traced_day(head) if self._again else None
        if day is not None and day < self._box.since:
            return cursors.PASSED_OVER, False
        recipients = recipients_of(head, self._box.entity, self._box.known)
        with self._box.runtime.database.read() as session:
            before = mailings.entered_as(session, file.sha256, recipients)
        if before:
            return before, False
        verdict = self._inspector.judge(file)
        envelope = Envelope(
            listener=Listener.COLLECTOR,
            accepted_at=self._box.now(),
            peer=self._box.settings.host,
            mail_from=return_path(head),
            recipients=recipients,
            source={
                "account": self._box.account,
                "folder": self._folder.name,
                "uidvalidity": self._folder.uidvalidity,
                "uid": uid,
                "authserv_id": self._box.settings.authserv_id,
            },
            priority=told.priority,
            scan=verdict.scan,
            scan_detail=verdict.detail,
        )
        return file.commit(envelope), True

    def _must_be_wanted(self, told: MailHead) -> None:
        policy = self._box.runtime.office.secrecy.policy
        if policy == "refuse" and told.secrecy is not None:
            grave = told.secrecy is Secrecy.TOP_SECRET
            raise Refused(
                f"tagged {'top secret' if grave else 'secret'} in its Subject",
                thai="หัวเรื่องมีชั้นความลับ หน่วยงานนี้ไม่รับหนังสือลับทางไปรษณีย์อิเล็กทรอนิกส์",
            )

    def _too_large(self, size: int) -> Refused:
        most = self._box.runtime.gateway.smtp.max_message_bytes
        return Refused(
            f"{size} bytes are over max_message_bytes",
            thai=f"ขนาด {human_size(size)} เกินที่รับได้ {human_size(most)}",
        )

    def _refused(self, uid: int, facts: Facts, why: Refused) -> None:
        log.warning("%s: UID %d is refused: %s", self._box.account, uid, why)
        self._sight(uid, Kind.REFUSED, why.thai, facts.arrived)

    def _failed(self, uid: int, error: Unfetchable) -> None:
        """Count the failure, put the mail by after too many; raise when the connection is lost."""
        tries = self._count(uid, error)
        box, name = self._box, self._folder.name
        if tries >= box.settings.max_tries:
            log.error("%s: UID %d is put by", box.account, uid)
            why = f"เซิร์ฟเวอร์ส่งจดหมายฉบับนี้ให้ไม่ได้ ลองแล้ว {tries} ครั้ง"
            box.sight(box.seen(name, Kind.POISON, self._key(uid), why))
        if error.line_lost:
            raise error

    def _count(self, uid: int, error: Unfetchable) -> int:
        """Write down one more failure and give how many there were; none while stopping."""
        if self._stopped():
            raise error
        seen = self._box.seen(self._folder.name, Kind.POISON, self._key(uid))
        with self._box.runtime.database.write() as session:
            tries = sightings.failed_again(session, seen)
        what = f"UID {uid}" if uid != _ANY else "a group of mails"
        log.error("%s: %s, try %d: %s", self._box.account, what, tries, error)
        return tries

    def _sight(self, uid: int, kind: Kind, why: str, arrived: datetime) -> None:
        head = next((one for _, one in self._imap.heads([uid])), b"")
        name, key = self._folder.name, self._key(uid)
        self._box.sight(self._box.seen_mail(name, kind, key, read_head(head), arrived, why))

    def _key(self, uid: int) -> str:
        return f"{self._folder.uidvalidity}:{uid}"

    def _place(self, uid: int) -> cursors.Place:
        return cursors.Place(self._box.account, self._folder.name, self._folder.uidvalidity, uid)
