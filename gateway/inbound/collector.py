"""The collector: brings letters in from mailboxes that agencies already have.

One round on one mailbox: open the folder, take every mail that arrived since the day set and is not
in the spool yet, put it there block by block, note its place, ring the worker. Then flag or move
what the books have by now. Nothing is flagged or moved before its transaction is committed; a crash
anywhere fetches again, and the keys of the letter see to it that nothing is registered twice.

Whom a collected mail was for is read from the fields that the mailbox's server and the sender
wrote (Delivered-To, X-Original-To, To, Cc), and only tags of this mailbox's own entity count.
Nothing is believed of its sender unless ``authserv_id`` is set, or it is proven by DKIM.

Limits of this form: it looks every ``poll`` seconds instead of waiting with IDLE, and one mail that
cannot be fetched is tried again in the next round.
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from imapclient.exceptions import IMAPClientError

from gateway import wake
from gateway.inbound.addresses import read_addresses
from gateway.inbound.envelope import Envelope
from gateway.inbound.fields import Fields, read_fields
from gateway.inbound.imap import Folder, Imap, Vanished, signed_in
from gateway.inbound.spool import Spool
from gateway.service import Ready, Runtime
from gateway.settings import CollectorSettings
from gateway.threads import in_thread
from registry import cursors, directory
from registry.errors import OutOfOrder, SarabanError
from registry.letter.entity import LegalEntity
from registry.letter.message import Listener
from registry.recipients import Recipients, snapshot

log = logging.getLogger("gateway.collector")

HEAD_BYTES = 64 * 1024
RETRY_MOST = 300.0
TROUBLE = (OSError, IMAPClientError, SarabanError)


@dataclass(frozen=True)
class Round:
    """What one round did: how many mails were fetched, and how many marked as registered."""

    fetched: int
    marked: int


class Collector:
    """The collector of one mailbox; every method blocks and belongs to one thread at a time."""

    def __init__(self, runtime: Runtime, settings: CollectorSettings, spool: Spool) -> None:
        self._runtime = runtime
        self._settings = settings
        self._spool = spool
        self.account = f"{settings.username}@{settings.host}"
        self._since = since_of(settings)

    def round(self) -> Round:
        """Look once. Raises OSError, IMAPClientError or SarabanError when that fails."""
        with self._runtime.database.read() as session:
            entity = directory.entity_by_code(session, self._settings.entity)
            known = snapshot(session)
        if entity is None or not entity.hosted:
            raise OutOfOrder(f"[[collector]] entity {self._settings.entity!r} is not hosted here")
        with signed_in(self._settings) as imap:
            folder = imap.select(self._settings.folder)
            fetched = sum(
                self._fetch(imap, folder, uid, entity, known) for uid in self._new(imap, folder)
            )
            marked = self._mark(imap, folder)
        with self._runtime.database.write() as session:
            now = self._runtime.clock.now()
            cursors.checked(session, self.account, folder.name, folder.uidvalidity, now)
        return Round(fetched, marked)

    def mark(self) -> int:
        """Flag or move what the books have, without fetching; for the end of a single run."""
        with signed_in(self._settings) as imap:
            return self._mark(imap, imap.select(self._settings.folder))

    def _new(self, imap: Imap, folder: Folder) -> list[int]:
        with self._runtime.database.read() as session:
            there = cursors.known(session, self.account, folder.name, folder.uidvalidity)
        return [uid for uid in imap.uids(self._since) if uid not in there]

    def _fetch(
        self, imap: Imap, folder: Folder, uid: int, entity: LegalEntity, known: Recipients
    ) -> int:
        """Put one mail into the spool and note its place."""
        try:
            if imap.size(uid) > self._runtime.gateway.smtp.max_message_bytes:
                log.error(
                    "UID %d of %s is over max_message_bytes and stays there", uid, self.account
                )
                return 0
            name = self._spool_mail(imap.blocks(uid), folder, uid, entity, known)
        except Vanished as error:
            log.info("%s: %s", self.account, error)
            return 0
        place = cursors.Place(self.account, folder.name, folder.uidvalidity, uid)
        with self._runtime.database.write() as session:
            cursors.fetched(session, place, name)
        wake.ring(self._runtime.data_dir)
        return 1

    def _spool_mail(
        self,
        blocks: Iterator[bytes],
        folder: Folder,
        uid: int,
        entity: LegalEntity,
        known: Recipients,
    ) -> str:
        head = b""
        with self._spool.begin() as file:
            for block in blocks:
                head = (head + block)[:HEAD_BYTES] if len(head) < HEAD_BYTES else head
                file.write(block)
            envelope = Envelope(
                listener=Listener.COLLECTOR,
                accepted_at=self._runtime.clock.now(),
                peer=self._settings.host,
                mail_from=return_path(head),
                recipients=recipients_of(head, entity, known),
                source={
                    "account": self.account,
                    "folder": folder.name,
                    "uidvalidity": folder.uidvalidity,
                    "uid": uid,
                    "authserv_id": self._settings.authserv_id,
                },
            )
            return file.commit(envelope)

    def _mark(self, imap: Imap, folder: Folder) -> int:
        with self._runtime.database.read() as session:
            done = cursors.finished(session, self.account, folder.name, folder.uidvalidity)
        here = set(imap.uids(self._since))
        if self._settings.after == "move":
            for uid in sorted(done & here):
                imap.move(uid, self._settings.done_folder)
            return len(done & here)
        wanted = done & here & imap.unmarked(self._since, folder)
        for uid in sorted(wanted):
            imap.mark(uid, folder)
        return len(wanted)


def since_of(settings: CollectorSettings) -> date:
    """Give the first day whose mail counts. Raises OutOfOrder when none is set."""
    try:
        return date.fromisoformat(settings.since)
    except ValueError:
        raise OutOfOrder(
            f"[[collector]] {settings.username}: since must be a day, YYYY-MM-DD",
            thai="[[collector]] ต้องกำหนด since เป็นวันที่เริ่มใช้ เช่น 2026-01-01",
        ) from None


def return_path(head: bytes) -> str:
    """Give the envelope sender that the mailbox's server wrote down; "" for the null sender.

    Where the server wrote none, the author stands in: only a null sender marks a bounce.
    """
    fields = _fields(head)
    name = "return-path" if fields.has("return-path") else "from"
    return next(iter(_addresses(fields.get(name))), "")


def recipients_of(head: bytes, entity: LegalEntity, known: Recipients) -> tuple[str, ...]:
    """Give the addresses of this entity that the mail names; its central address if none."""
    fields = _fields(head)
    found: dict[str, None] = {}
    for name in ("delivered-to", "x-original-to", "envelope-to", "to", "cc"):
        for address in (one for value in fields.all(name) for one in _addresses(value)):
            meant = known.find(address)
            if meant is not None and meant.entity.id == entity.id:
                found[meant.address] = None
    return tuple(found) or (entity.central_address,)


def _addresses(value: bytes) -> list[str]:
    """Give the addresses of a field, folded."""
    boxes, _ = read_addresses(value)
    return [box.address for box in boxes if box.address]


def _fields(head: bytes) -> Fields:
    return read_fields(head.partition(b"\r\n\r\n")[0] + b"\r\n")


async def run_collector(runtime: Runtime, stop: asyncio.Event, ready: Ready) -> None:
    """Look into every mailbox again and again until told to stop."""
    spool = await in_thread(Spool, runtime.spool_dir, "collector", runtime.clock)
    collectors = [Collector(runtime, one, spool) for one in runtime.gateway.collector]
    pairs = zip(collectors, runtime.gateway.collector, strict=True)
    ready({})
    await asyncio.gather(*(_keep_looking(one, settings.poll, stop) for one, settings in pairs))
    await stop.wait()
    spool.close()


async def _keep_looking(collector: Collector, poll: float, stop: asyncio.Event) -> None:
    """One mailbox: a round, a rest; after trouble a longer rest, never the end."""
    rest = poll
    while not stop.is_set():
        try:
            done = await in_thread(collector.round)
            if done.fetched or done.marked:
                log.info("%s: %d fetched, %d marked", collector.account, done.fetched, done.marked)
            rest = poll
        except TROUBLE as error:
            rest = min(max(rest, 1.0) * 2, RETRY_MOST)
            log.error("%s: %s; again in %.0f s", collector.account, error, rest)  # noqa: TRY400
        waiting = asyncio.ensure_future(stop.wait())
        await asyncio.wait({waiting}, timeout=rest)
        waiting.cancel()
