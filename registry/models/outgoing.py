"""What leaves: deliveries with their history, the outbox of typed jobs, and Message-IDs we gave."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class DeliveryRow(Base):
    """One addressee of a sent letter, and how far it has come."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("entry_id", "to_address"),
        Index("ix_delivery_state_at", "state", "at"),  # what is overdue is asked every minute
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(300), default="")
    to_entity_id: Mapped[int | None] = mapped_column(ForeignKey("entity.id"))
    to_unit: Mapped[str] = mapped_column(
        String(40), default=""
    )  # code, when it is a unit of our own
    # queued sent arrived registered returned wrong bounced overdue withdrawn failed
    state: Mapped[str] = mapped_column(String(12), default="queued")
    at: Mapped[datetime]
    remote_number: Mapped[str] = mapped_column(String(60), default="")
    reported_at: Mapped[datetime | None]
    is_copy: Mapped[bool] = mapped_column(default=False)  # สำเนาส่ง: no report is asked


class DeliveryEventRow(Base):
    """One line of a delivery's history; never changed."""

    __tablename__ = "delivery_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    detail: Mapped[str] = mapped_column(Text, default="")  # the peer's reply, the officer's reason
    by: Mapped[str] = mapped_column(String(254), default="")


class CallRow(Base):
    """A telephone call about a delivery that nobody acknowledged: an act, with its result."""

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(254))  # officer's e-mail
    spoke_to: Mapped[str] = mapped_column(String(200), default="")
    result: Mapped[str] = mapped_column(Text, default="")


class ExchangeRow(Base):
    """How many machine answers went to one address of late: the circuit breaker of a pair."""

    __tablename__ = "exchange"
    __table_args__ = (UniqueConstraint("entity_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    address: Mapped[str] = mapped_column(String(254))  # case-folded
    since: Mapped[datetime]  # when the present window began
    answers: Mapped[int] = mapped_column(default=0)  # in that window
    open_until: Mapped[datetime | None]  # no machine answers before this time


class OutboxRow(Base):
    """A job for the gateway: compose this and bring it there. Ids and facts, never MIME."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("once"),
        Index("ix_outbox_due", "state", "not_before"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # see registry.outbox.Kind
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))  # from whom
    to_address: Mapped[str] = mapped_column(String(254))
    entry_id: Mapped[str | None] = mapped_column(String(16), index=True)
    letter_id: Mapped[str | None] = mapped_column(String(16))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    once: Mapped[str | None] = mapped_column(String(120))  # a second job of this key is not written
    message_id: Mapped[str] = mapped_column(String(200))  # stable over retries
    # queued held sending sent failed dropped withdrawn
    state: Mapped[str] = mapped_column(String(12), default="queued")
    urgency: Mapped[int] = mapped_column(default=0)  # 3 = ด่วนที่สุด goes first
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    give_up_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    destination: Mapped[str] = mapped_column(
        String(254), default=""
    )  # domain: back-off is per destination
    lease_until: Mapped[datetime | None]
    lease_by: Mapped[str] = mapped_column(String(60), default="")
    last_reply: Mapped[str] = mapped_column(Text, default="")
    composed_bytes: Mapped[int | None] = mapped_column(BigInteger)
    done_at: Mapped[datetime | None]


class AttemptRow(Base):
    """One try of one job: written before DATA, closed with the peer's answer."""

    __tablename__ = "outbox_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("outbox.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    host: Mapped[str] = mapped_column(String(260), default="")
    code: Mapped[int | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(
        String(12), default="uncertain"
    )  # ok deferred refused uncertain


class SentMessageRow(Base):
    """A Message-ID that we gave or took over, and the entry it stands for (for References)."""

    __tablename__ = "sent_message"
    __table_args__ = (UniqueConstraint("entity_id", "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    message_id: Mapped[str] = mapped_column(String(998), index=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[str] = mapped_column(
        String(20)
    )  # letter copy received acknowledgement notice slip
    to_address: Mapped[str] = mapped_column(String(254), default="")


class LinkRow(Base):
    """A page on which enclosures wait for one receiver, or onto which one file is laid."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("letter_id", "to_address", "kind"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # download | upload
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), index=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(300), default="")
    generation: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class DownloadRow(Base):
    """Evidence that a file was fetched (or laid down) through a link."""

    __tablename__ = "download"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[str] = mapped_column(ForeignKey("link.id"), index=True)
    enclosure_id: Mapped[int | None] = mapped_column(ForeignKey("enclosure.id"))
    at: Mapped[datetime]
    peer: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")
