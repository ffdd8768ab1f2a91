"""The outbox: what is to leave, as typed jobs in the transaction that decided so.

The gateway claims jobs with a lease, so any number of senders may work at once and a dead one's
jobs come back; an attempt is written down before the peer is told anything, so that a crash in
between is seen as *uncertain*. Urgent jobs go first, then those that have waited longest. A job
with a ``once`` key is written at most once, ever.

Claiming and closing are :mod:`registry.sending`, an officer's acts on the queue
:mod:`registry.job_acts`, states of deliveries :mod:`registry.deliveries`; their functions are named
here too.
"""

import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.batch import add_values, batch_of, certainly_new, taken
from registry.deliveries import move, reported
from registry.desk.context import Desk
from registry.ids import new_id
from registry.job_acts import attempts, drop, get, hold, listing, release, retry, withdraw
from registry.jobs import Job, Kind, job_of
from registry.log import when_kept
from registry.models.books import EntryRow
from registry.models.outgoing import OutboxRow, SentMessageRow
from registry.sending import (
    claim,
    deferred,
    destinations_resting,
    failed,
    finished,
    renew,
    started,
    take_over,
)

log = logging.getLogger(__name__)

__all__ = [
    "Job", "Kind", "attempts", "claim", "deferred", "destinations_resting", "drop", "enqueue",
    "failed", "finished", "get", "hold", "job_named", "know_message", "listing", "move",
    "release", "renew", "reported", "retry", "started", "take_over", "withdraw",
]  # fmt: skip

_MESSAGE_ID: Final = re.compile(r"<[a-z]\.([a-z2-7]{16})@[^<>]*>")
_LETTERS: Final = {
    Kind.COPY: "c",
    Kind.ACKNOWLEDGEMENT: "a",
    Kind.DELIVERED: "d",
    Kind.NOTICE: "n",
    Kind.WEBHOOK: "w",
}


def enqueue(  # noqa: PLR0913 - one argument per column
    session: Session,
    desk: Desk,
    kind: Kind,
    entity_id: int,
    to_address: str,
    *,
    entry_id: str | None = None,
    letter_id: str | None = None,
    delivery_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    once: str | None = None,
    urgency: int = 0,
    hold: float = 0.0,
    message_id: str | None = None,
) -> str | None:
    """Write a job and give its id, or None when ``once`` was used before.

    ``hold`` is how many seconds it must rest; ``urgency`` 3 (ด่วนที่สุด) goes before 0. All jobs
    of a letter share the entry's Message-ID, others get their own; with an entry it is
    remembered, so that an answer to it finds the entry.
    """
    if once is not None and _was_used(session, once, entry_id, letter_id):
        return None
    now, job_id = desk.now(), new_id()
    given = message_id or _message_id(session, desk, kind, job_id, entry_id)
    destination = to_address.rpartition("@")[2].casefold()
    add_values(
        session,
        OutboxRow,
        id=job_id,
        kind=str(kind),
        entity_id=entity_id,
        to_address=to_address,
        entry_id=entry_id,
        letter_id=letter_id,
        delivery_id=delivery_id,
        facts=dict(facts or {}),
        once=once,
        message_id=given,
        urgency=urgency,
        created_at=now,
        not_before=now + timedelta(seconds=hold),
        give_up_at=now + timedelta(seconds=hold + desk.give_up_after),
        destination=destination,
    )
    if entry_id is not None:
        fresh = message_id is None and kind is not Kind.LETTER
        _know(session, entity_id, given, entry_id, str(kind), to_address, fresh=fresh)
    ids = {"letter_id": letter_id, "entry": entry_id, "job": job_id}
    when_kept(session, log, "job %s (%s to %s) is written", job_id, kind, destination, **ids)
    return job_id


def job_named(session: Session, entity_id: int, message_id: str) -> Job | None:
    """Give the entity's job that this Message-ID was made for; None for letters and strangers."""
    found = _MESSAGE_ID.fullmatch(message_id)
    row = session.get(OutboxRow, found[1]) if found else None
    fits = row is not None and row.entity_id == entity_id and row.message_id == message_id
    return job_of(row) if row is not None and fits else None


def know_message(
    session: Session,
    entity_id: int,
    message_id: str,
    entry_id: str,
    kind: str,
    to_address: str = "",
) -> None:
    """Remember that this Message-ID stands for the entry; the first to be told is believed."""
    _know(session, entity_id, message_id, entry_id, kind, to_address, fresh=False)


def _was_used(session: Session, once: str, entry_id: str | None, letter_id: str | None) -> bool:
    """Say whether a job of this key was written; not asked for an entry that is just being made."""
    batch = batch_of(session)
    if batch is not None:
        mine = any(one in batch.made and one in once for one in (entry_id, letter_id) if one)
        used = once in batch.made
        batch.made.add(once)
        if mine or used:
            return used
    return session.scalar(select(OutboxRow.id).where(OutboxRow.once == once)) is not None


def _know(
    session: Session, entity_id: int, message_id: str, entry_id: str, kind: str, to_address: str,
    *, fresh: bool,
) -> None:  # fmt: skip
    if not fresh and not certainly_new(session, "sent", message_id):
        wanted = select(SentMessageRow.id).where(
            SentMessageRow.entity_id == entity_id, SentMessageRow.message_id == message_id
        )
        if session.scalar(wanted) is not None:
            return
    add_values(
        session, SentMessageRow, entity_id=entity_id, message_id=message_id, entry_id=entry_id,
        kind=kind, to_address=to_address,
    )  # fmt: skip
    taken(session, "sent", message_id)


def _message_id(session: Session, desk: Desk, kind: Kind, job_id: str, entry_id: str | None) -> str:
    if kind is not Kind.LETTER:
        return f"<{_LETTERS[kind]}.{job_id}@{desk.hostname}>"
    found = session.scalar(select(EntryRow.message_id).where(EntryRow.id == entry_id))
    if not found:
        raise ValueError("a letter leaves under the Message-ID of its entry")
    return found
