"""Who may come in and what they looked at: sessions, failed sign-ins, deputies, tokens, readings.

Secrets are kept as digests; what must be read again (a TOTP secret, a webhook's) is encrypted with
a key that stands outside the database (:mod:`registry.sealing`).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class WebSessionRow(Base):
    """One sign-in of one officer at one browser, until it ends, is ended, or is not used."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    second_factor: Mapped[bool] = mapped_column(default=False)  # passed, or not asked for
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    peer: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")
    revoked_at: Mapped[datetime | None]


class SignInFailureRow(Base):
    """How often an address failed to sign in of late, whether or not it is an officer's."""

    __tablename__ = "signin_failure"

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class DeputyRow(Base):
    """Who stands in (ปฏิบัติราชการแทน) for an officer, from one day to another, both inclusive."""

    __tablename__ = "deputy"

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)  # on leave
    deputy_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(254))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(254), default="")


class ReadingRow(Base):
    """One look of a person or program at a letter or one of its files (บันทึกการเปิดดู)."""

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_entity_at", "entity_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    who: Mapped[str] = mapped_column(String(254))  # officer's e-mail, or token:NAME
    letter_id: Mapped[str | None] = mapped_column(String(16), index=True)
    entry_id: Mapped[str | None] = mapped_column(String(16), index=True)
    what: Mapped[str] = mapped_column(String(40))  # page file original export print search
    detail: Mapped[str] = mapped_column(String(200), default="")  # ids and counts, no content
    at: Mapped[datetime]


class ApiTokenRow(Base):
    """What lets one application act for one entity through the API."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))  # in whose name
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(254))
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(254), default="")


class OnceRow(Base):
    """An act that was asked for with a key, and how it was answered: asked again, it is not done.

    ``whose`` is ``officer:ID`` for forms and ``token:ID`` for programs.
    """

    __tablename__ = "once"
    __table_args__ = (UniqueConstraint("whose", "key"), Index("ix_once_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    whose: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(100))
    request_hash: Mapped[str] = mapped_column(String(64), default="")
    status: Mapped[int] = mapped_column(default=0)  # 0 while it is not answered
    response: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class WebhookRow(Base):
    """An address that wants to hear what happens to one entity's letters; posts are outbox jobs."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(300))  # encrypted
    events: Mapped[list[Any]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)  # of the journal, up to where it was told
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(254))
    failing_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(254), default="")


class SavedFormRow(Base):
    """What somebody has typed into a form and not sent yet."""

    __tablename__ = "saved_form"
    __table_args__ = (UniqueConstraint("officer_id", "form", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    form: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(60), default="")
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
