"""A job of the outbox as it leaves the registry, and the kinds there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from registry.models.outgoing import OutboxRow


class Kind(StrEnum):
    """What is to be composed."""

    LETTER = "letter"  # one delivery of a letter that we send
    COPY = "copy"  # a received letter, delivered to one box of a unit
    ACKNOWLEDGEMENT = "acknowledgement"  # to whoever sent us a letter
    DELIVERED = "delivered"  # a notification to a sender who asked for it
    NOTICE = "notice"  # a text to a clerk, an officer or a citizen
    WEBHOOK = "webhook"  # an alert, posted to an address that [[notify]] names


@dataclass(frozen=True, slots=True)
class Job:
    """One job: ids and facts, never MIME.

    ``state`` is queued, held, sending, sent, failed, dropped or withdrawn. ``uncertain`` says that
    an earlier try was begun and never closed: the peer may have the mail already. ``spool_name`` is
    that of the letter it is about, for the log; known of claimed jobs only.
    """

    id: str
    kind: Kind
    entity_id: int
    to_address: str
    entry_id: str | None
    letter_id: str | None
    delivery_id: int | None
    facts: Mapping[str, Any]
    message_id: str
    state: str
    urgency: int
    created_at: datetime
    not_before: datetime
    give_up_at: datetime
    tries: int
    destination: str
    last_reply: str
    composed_bytes: int | None
    done_at: datetime | None
    uncertain: bool = False
    spool_name: str = ""


def job_of(row: OutboxRow, *, uncertain: bool = False, spool_name: str = "") -> Job:
    """Make the value of a row."""
    return Job(
        row.id,
        Kind(row.kind),
        row.entity_id,
        row.to_address,
        row.entry_id,
        row.letter_id,
        row.delivery_id,
        dict(row.facts),
        row.message_id,
        row.state,
        row.urgency,
        row.created_at,
        row.not_before,
        row.give_up_at,
        row.tries,
        row.destination,
        row.last_reply,
        row.composed_bytes,
        row.done_at,
        uncertain,
        spool_name,
    )
