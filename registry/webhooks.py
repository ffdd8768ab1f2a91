"""Webhooks of programs: an address that hears of each event of an entity's letters.

A subscription follows the journal (:mod:`registry.events`) from the day it is made: each event that
it asked for becomes one job of the outbox, in order, and nothing is left out when the service or
the receiver was away. What is told is which letter and what was done: never what a letter says.
While many of its calls wait, no new ones are written; the journal keeps them.

An address that has failed for :data:`PATIENCE` is left alone for good, and the officers of the
entity and its administrators are told. The secret that signs the calls is shown once and kept
sealed.
"""

import secrets
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import directory, events, journal, outbox, sealing
from registry.desk.context import Desk
from registry.desk.tell import tell
from registry.errors import NotFound, NotUnderstood
from registry.keys import KeyRing
from registry.letter.entity import Role
from registry.models.access import WebhookRow
from registry.models.evidence import JournalHeadRow
from registry.models.outgoing import OutboxRow
from registry.outbox import Kind

PATIENCE: Final = timedelta(days=5)
"""How long an address may fail before it is left alone."""
MOST: Final = 20
"""Subscriptions of one entity."""
_WAITING: Final = 100  # calls of one subscription that wait at a time
_PURPOSE: Final = "webhook"
_LONGEST: Final = 500
_TOLD: Final = frozenset({Role.OFFICER, Role.SECRET_OFFICER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Webhook:
    """One subscription; ``events`` are acts of the journal, none for all."""

    id: int
    entity_id: int
    url: str
    events: tuple[str, ...]
    created_at: datetime
    failing_since: datetime | None
    ended_at: datetime | None


def subscribe(
    session: Session, keys: KeyRing, entity_id: int, url: str, wanted: Iterable[str], by: str,
    at: datetime,
) -> tuple[Webhook, str]:  # fmt: skip
    """Subscribe an address to what happens from now on; give it with the secret that signs.

    Raises NotUnderstood for an address that is no http or https URL, and when there are too many.
    """
    _must_be_url(url)
    mine = select(func.count()).where(WebhookRow.entity_id == entity_id)
    if (session.scalar(mine.where(WebhookRow.ended_at.is_(None))) or 0) >= MOST:
        raise NotUnderstood(
            "too many webhooks", thai="มีการแจ้งเตือนของโปรแกรมมากเกินไป โปรดยกเลิกรายการเดิม"
        )
    head = journal.lock_head(session, entity_id)
    secret = "whsec_" + b64encode(secrets.token_bytes(32)).decode("ascii")
    row = WebhookRow(
        entity_id=entity_id, url=url, secret=sealing.seal(keys, _PURPOSE, secret),
        events=sorted(set(wanted)), created_at=at, created_by=by, position=head.position + 1,
    )  # fmt: skip
    session.add(row)
    session.flush()
    journal.record(session, entity_id, "webhook-made", by, at, facts={"webhook": row.id})
    return _value(row), secret


def listing(session: Session, entity_id: int) -> list[Webhook]:
    """List the subscriptions of an entity, also those that ended, in order of their making."""
    wanted = select(WebhookRow).where(WebhookRow.entity_id == entity_id)
    return [_value(row) for row in session.scalars(wanted.order_by(WebhookRow.id))]


def end(session: Session, hook_id: int, entity_id: int, by: str, at: datetime) -> Webhook:
    """End a subscription of this entity; one that ended already stays so. Raises NotFound."""
    row = session.get(WebhookRow, hook_id)
    if row is None or row.entity_id != entity_id:
        raise NotFound(f"no webhook {hook_id}", thai="ไม่พบการแจ้งเตือนของโปรแกรมหมายเลขนี้")
    if row.ended_at is None:
        _end(session, row, by, at)
    return _value(row)


def called(session: Session, keys: KeyRing, hook_id: int) -> tuple[Webhook, str] | None:
    """Give a subscription that goes on, with its secret, to whoever makes the call; else None."""
    row = session.get(WebhookRow, hook_id)
    if row is None or row.ended_at is not None:
        return None
    return _value(row), sealing.unseal(keys, _PURPOSE, row.secret)


def follow(session: Session, desk: Desk) -> int:
    """Write the calls of what happened since; count them."""
    behind = (
        select(WebhookRow)
        .join(JournalHeadRow, JournalHeadRow.entity_id == WebhookRow.entity_id)
        .where(WebhookRow.ended_at.is_(None), JournalHeadRow.position > WebhookRow.position)
        .with_for_update(skip_locked=True, of=WebhookRow)
    )
    return sum(_follow(session, desk, row) for row in session.scalars(behind).all())


def are_behind(session: Session) -> bool:
    """Say whether any subscription has something to be told; cheap enough for every second."""
    joined = select(WebhookRow.id).join(
        JournalHeadRow, JournalHeadRow.entity_id == WebhookRow.entity_id
    )
    wanted = joined.where(
        WebhookRow.ended_at.is_(None), JournalHeadRow.position > WebhookRow.position
    )
    return session.scalars(wanted.limit(1)).first() is not None


def went(session: Session, desk: Desk, hook_id: int, *, well: bool, gone: bool = False) -> None:
    """Note how a call went; ``gone`` says that the receiver asked to be called no more (410)."""
    row, now = session.get(WebhookRow, hook_id, with_for_update=True), desk.now()
    if row is None or row.ended_at is not None:
        return
    if well:
        row.failing_since = None
        return
    row.failing_since = row.failing_since or now
    if gone or now - row.failing_since >= PATIENCE:
        _end(session, row, "system", now)
        _tell(session, desk, row)


def _follow(session: Session, desk: Desk, row: WebhookRow) -> int:
    address = f"hook-{row.id}@{(urlsplit(row.url).hostname or '')[:200]}"
    open_ = OutboxRow.state.in_(("queued", "held", "sending"))
    waiting = select(func.count()).where(OutboxRow.to_address == address, open_)
    room, made = _WAITING - (session.scalar(waiting) or 0), 0
    if room <= 0:
        return 0
    end_of = journal.end_of(session, row.entity_id).position
    found = events.since(session, row.entity_id, row.position, room)
    for event in found:
        if row.events and event.type not in row.events:
            continue
        facts = {
            "hook": row.id, "position": event.position, "type": event.type, "by": event.by,
            "at": event.at.isoformat(), "entry": event.entry_id, "letter": event.letter_id,
        }  # fmt: skip
        outbox.enqueue(
            session, desk, Kind.WEBHOOK, row.entity_id, address, letter_id=event.letter_id,
            facts=facts, once=f"hook:{row.id}:{event.position}",
        )  # fmt: skip
        made += 1
    row.position = found[-1].position if len(found) == room else max(end_of, row.position)
    session.flush()
    return made


def _must_be_url(url: str) -> None:
    try:
        found = urlsplit(url)
        good = found.scheme in ("http", "https") and bool(found.hostname) and found.port != 0
        _ = (found.hostname or "").encode("idna")
    except (ValueError, UnicodeError):
        good = False
    if not good or len(url) > _LONGEST or "@" in found.netloc or not url.isprintable():
        raise NotUnderstood(
            "no address for a webhook", thai="ที่อยู่ต้องเป็น https:// และไม่มีชื่อผู้ใช้หรือรหัสผ่านในที่อยู่"
        )


def _end(session: Session, row: WebhookRow, by: str, at: datetime) -> None:
    row.ended_at, row.ended_by = at, by
    session.flush()
    journal.record(session, row.entity_id, "webhook-ended", by, at, facts={"webhook": row.id})


def _tell(session: Session, desk: Desk, row: WebhookRow) -> None:
    for officer in directory.officers(session, row.entity_id):
        if officer.role in _TOLD and not officer.disabled:
            tell(
                session, desk, row.entity_id, officer.email, "webhook_ended",
                once=f"webhook-ended:{row.id}:{officer.id}",
                host=urlsplit(row.url).hostname or "", number=row.id,
            )  # fmt: skip


def _value(row: WebhookRow) -> Webhook:
    return Webhook(
        row.id, row.entity_id, row.url, tuple(row.events), row.created_at, row.failing_since,
        row.ended_at,
    )  # fmt: skip
