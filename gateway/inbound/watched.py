"""The folders beside the inbox that are watched, and only read: Sent and Junk.

**Sent**: what was sent since ``since`` to somebody outside the entity, and is not in the sent
book, went out without a number (ส่งแล้วแต่ยังไม่ลงทะเบียนส่ง). Mail that this system wrote and the
agency's server filed there is ours by its Message-ID; what a machine wrote and what stayed in
the house is left alone. **Junk**: mail from a central address of the directory or from one of our
officers should not lie there (อยู่ในกล่องสแปม).

Both close by themselves when the mail is registered, or comes in, after all. Limit: a server
that gives sent mail a new Message-ID makes a registered letter look unregistered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gateway.inbound.box import Box
from gateway.inbound.imap import Imap
from gateway.inbound.mail_head import MailHead, day_of, read_head
from registry import cursors, directory, mailings, sightings
from registry.sightings import Kind

_GROUP = 100
Known = Callable[[Session, int, list[str]], set[str]]


@dataclass(frozen=True, slots=True)
class _Watch:
    """One folder: what is seen there, which Message-IDs are well, and which mail is of interest."""

    folder: str
    kind: Kind
    known: Known
    matters: Callable[[Session, Box, MailHead], bool]


def watch_sent(box: Box, imap: Imap) -> int:
    """Compare the Sent folder with the sent book; count what is new."""
    watch = _Watch(box.settings.sent_folder, Kind.UNREGISTERED, mailings.registered, _went_outside)
    return _look(box, imap, watch)


def watch_junk(box: Box, imap: Imap) -> int:
    """Look for senders of the directory in the Junk folder; count what is new."""
    watch = _Watch(box.settings.junk_folder, Kind.JUNK, mailings.received, _is_of_the_directory)
    return _look(box, imap, watch)


def _look(box: Box, imap: Imap, watch: _Watch) -> int:
    folder = imap.select(watch.folder, readonly=True)
    database = box.runtime.database
    with database.read() as session:
        mark = cursors.looked_at(session, box.account, folder.name)
        still_open = sightings.open_ids(session, box.account, folder.name, watch.kind)
    above = mark.last_uid if mark.uidvalidity == folder.uidvalidity else 0
    uids = imap.uids(box.since - timedelta(days=1), folder, above=above)
    seen = 0
    for at in range(0, len(uids), _GROUP):
        group = uids[at : at + _GROUP]
        heads = _heads(box, imap, group)
        seen += sum(box.sight(one) for one in _strange(box, watch, heads))
        with database.write() as session:
            now = box.now()
            cursors.checked(session, box.account, folder.name, folder.uidvalidity, now, group[-1])
    _close(box, watch, still_open)
    return seen


def _heads(box: Box, imap: Imap, uids: list[int]) -> list[tuple[MailHead, datetime]]:
    """Read the heads of what arrived since the first day."""
    facts = imap.facts(uids)
    wanted = [uid for uid, one in facts.items() if day_of(one.arrived) >= box.since]
    return [(read_head(head), facts[uid].arrived) for uid, head in imap.heads(wanted)]


def _strange(
    box: Box, watch: _Watch, heads: list[tuple[MailHead, datetime]]
) -> list[sightings.Sighting]:
    ids = [head.message_id for head, _ in heads if head.message_id]
    with box.runtime.database.read() as session:
        known = watch.known(session, box.entity.id, ids)
        return [
            box.seen_mail(watch.folder, watch.kind, head.key, head, arrived)
            for head, arrived in heads
            if head.message_id not in known and watch.matters(session, box, head)
        ]


def _close(box: Box, watch: _Watch, still_open: dict[str, str]) -> None:
    if not still_open:
        return
    with box.runtime.database.write() as session:
        known = watch.known(session, box.entity.id, [one for one in still_open.values() if one])
        gone = [key for key, message_id in still_open.items() if message_id in known]
        if gone:
            sightings.settle(session, box.account, watch.folder, watch.kind, gone, box.now())


def _went_outside(_session: Session, box: Box, head: MailHead) -> bool:
    return not head.automatic and any(not _is_own(box, one) for one in head.recipients)


def _is_own(box: Box, address: str) -> bool:
    meant = box.known.find(address)
    at_home = address.rpartition("@")[2].casefold() in box.entity.domains
    return at_home or (meant is not None and meant.entity.id == box.entity.id)


def _is_of_the_directory(session: Session, _box: Box, head: MailHead) -> bool:
    if not head.sender:
        return False
    officer = directory.officer_by_email(session, head.sender)
    listed = directory.entity_by_address(session, head.sender) is not None
    return listed or (officer is not None and not officer.disabled)
