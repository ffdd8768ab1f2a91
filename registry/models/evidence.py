"""What proves and what remembers: the journal's chains, and how far mailboxes were read."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class JournalHeadRow(Base):
    """The end of one entity's chain; locked together with its counters."""

    __tablename__ = "journal_head"

    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")
    readings_until: Mapped[datetime | None]  # up to where looks are witnessed; see registry.looks


class JournalRow(Base):
    """One act: who did what to which entry and when. Ids and a digest, never content."""

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("entity_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    position: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(254))  # e-mail, or "system"
    act: Mapped[str] = mapped_column(String(40))
    entry_id: Mapped[str | None] = mapped_column(String(16), index=True)
    letter_id: Mapped[str | None] = mapped_column(String(16), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # numbers and ids only
    digest: Mapped[str] = mapped_column(String(64), default="")  # the entry's digest after the act
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class CursorRow(Base):
    """How far one folder of one mailbox has been read (RFC 9051 §2.3.1.1: UID and UIDVALIDITY)."""

    __tablename__ = "cursor"
    __table_args__ = (UniqueConstraint("account", "folder"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(254))
    folder: Mapped[str] = mapped_column(String(254))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
    checked_at: Mapped[datetime | None]


class FetchedRow(Base):
    """A mail fetched from a mailbox; it only saves fetching, the keys of the letter decide."""

    __tablename__ = "fetched"
    __table_args__ = (UniqueConstraint("account", "folder", "uidvalidity", "uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(254))
    folder: Mapped[str] = mapped_column(String(254))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    spool_name: Mapped[str] = mapped_column(String(80), index=True)
    finished_at: Mapped[datetime | None]


class RoundRow(Base):
    """One look into a mailbox (ตรวจกล่อง): proof of the duty to look twice a day."""

    __tablename__ = "round"
    __table_args__ = (Index("ix_round_entity", "entity_id", "ended_at"),)  # every page: the newest

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(254), index=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    looks: Mapped[int] = mapped_column(default=1)  # quiet looks of one half-day share a line
    found: Mapped[int] = mapped_column(default=0)  # mails that were new
    problem: Mapped[str] = mapped_column(Text, default="")


class SightingRow(Base):
    """Something in a mailbox that a person should look at, until somebody says that it is settled.

    ``kind`` is unregistered (stands in Sent, not in our sent book), junk (from a sender of the
    directory), refused, poison, quota or silence.
    """

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("account", "folder", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(254))
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    folder: Mapped[str] = mapped_column(String(254), default="")
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))  # UIDVALIDITY and UID, Message-ID, or a day
    message_id: Mapped[str] = mapped_column(String(998), default="")
    sender: Mapped[str] = mapped_column(String(320), default="")
    recipients: Mapped[list[Any]] = mapped_column(default=list)
    subject: Mapped[str] = mapped_column(Text, default="")  # empty for what is marked secret
    mailed_at: Mapped[datetime | None]  # Date of the mail, or when the mailbox got it
    seen_at: Mapped[datetime]
    detail: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(254), default="")
