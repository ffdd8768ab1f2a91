"""What the collector reads from the head of a mail: from whom, for whom, and may it come in.

A mailbox has no envelope. Whom a collected mail was for is read from the fields that the
mailbox's server and the sender wrote (Delivered-To, X-Original-To, To, Cc), and only addresses of
the mailbox's own entity count. Mail from before ``since`` is no business of ours: what counts is
when the mailbox got it; a mailbox that was moved to another server may say that of the moving
day, so there the uppermost Received tells (RFC 5321 §4.4).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from gateway.inbound.addresses import read_addresses
from gateway.inbound.fields import Fields, read_fields
from gateway.inbound.headers import read_heading
from gateway.settings import CollectorSettings
from registry.clock import BANGKOK
from registry.errors import OutOfOrder
from registry.letter.entity import LegalEntity
from registry.letter.grades import Secrecy, find_secrecy, find_urgency
from registry.recipients import Recipients

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class MailHead:
    """The head of a mail; addresses are folded, ``key`` is its Message-ID, or a digest instead."""

    key: str
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    date: datetime | None
    secrecy: Secrecy | None
    priority: int  # 3 = ด่วนที่สุด
    automatic: bool

    @property
    def showable(self) -> str:
        """The subject, or "" for what is marked secret."""
        return "" if self.secrecy else self.subject


def read_head(head: bytes) -> MailHead:
    """Read a head; never raises."""
    fields = _fields(head)
    heading = read_heading(fields)
    message_id = heading.message_id or ""
    urgent = find_urgency(heading.subject) if "ด่วน" in heading.subject else None
    short = message_id if 0 < len(message_id) <= 200 else ""
    said = fields.get("auto-submitted").strip().lower()
    return MailHead(
        key=short or hashlib.sha256(head).hexdigest(),
        message_id=message_id,
        sender=heading.senders[0].address if len(heading.senders) == 1 else "",
        recipients=(*heading.to, *heading.cc, *_all(fields, "bcc")),
        subject=heading.subject,
        date=heading.date,
        secrecy=find_secrecy(heading.subject),
        priority=urgent.urgency.rank if urgent else 0,
        automatic=bool(said) and said != b"no",
    )


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
        for address in _all(fields, name):
            meant = known.find(address)
            if meant is not None and meant.entity.id == entity.id:
                found[meant.address] = None
    return tuple(found) or (entity.central_address,)


def since_of(settings: CollectorSettings) -> date:
    """Give the first day whose mail counts. Raises OutOfOrder when none is set."""
    try:
        return date.fromisoformat(settings.since)
    except ValueError:
        raise OutOfOrder(
            f"[[collector]] {settings.username}: since must be a day, YYYY-MM-DD",
            thai="[[collector]] ต้องกำหนด since เป็นวันที่เริ่มใช้ เช่น 2026-01-01",
        ) from None


def day_of(arrived: datetime) -> date:
    """Give the day in Bangkok on which a mail arrived."""
    return arrived.astimezone(BANGKOK).date()


def traced_day(head: bytes) -> date | None:
    """Give the day that the uppermost Received tells, in Bangkok; None when it tells none."""
    _, semicolon, when = _fields(head).get("received").rpartition(b";")
    if not semicolon:
        return None
    try:
        told = parsedate_to_datetime(when.decode("ascii", "replace").strip())
        return day_of(told if told.tzinfo else told.replace(tzinfo=UTC))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _all(fields: Fields, name: str) -> list[str]:
    return [one for value in fields.all(name) for one in _addresses(value)]


def _addresses(value: bytes) -> list[str]:
    """Give the addresses of a field, folded."""
    boxes, _ = read_addresses(value)
    return [box.address for box in boxes if box.address]


def _fields(head: bytes) -> Fields:
    return read_fields(head.partition(b"\r\n\r\n")[0] + b"\r\n")
