"""What came in and what is to go out, apart from any number: intake, letters, enclosures, notes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class IntakeRow(Base):
    """One accepted mail as the spool holds it; the other side of the day's reconciliation."""

    __tablename__ = "intake"

    spool_name: Mapped[str] = mapped_column(String(80), primary_key=True)
    listener: Mapped[str] = mapped_column(String(12))
    accepted_at: Mapped[datetime]
    mail_from: Mapped[str] = mapped_column(String(320))
    recipients: Mapped[list[Any]]
    peer: Mapped[str] = mapped_column(String(60), default="")
    raw_sha256: Mapped[str] = mapped_column(String(64), index=True)
    raw_bytes: Mapped[int] = mapped_column(BigInteger)
    outcomes: Mapped[int] = mapped_column(default=0)  # what it became, one for each entity reached
    results: Mapped[list[Any]] = mapped_column(
        default=list
    )  # those outcomes, given again when the same spool name comes again


class OriginalRow(Base):
    """How the raw bytes of a mail are kept: whole, as skeleton and parts, or in a pack."""

    __tablename__ = "original"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    form: Mapped[str] = mapped_column(String(10))  # whole | skeleton | stretch
    blob: Mapped[str] = mapped_column(String(64))  # digest of the whole, the skeleton, the pack
    recipe: Mapped[list[Any]] = mapped_column(default=list)  # see gateway.inbound.rebuild


class LetterRow(Base):
    """One message as one entity has it: incoming, or drafted to go out."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("entity_id", "strong_key"),
        UniqueConstraint("entity_id", "content_key"),
        UniqueConstraint("entity_id", "clerk_key"),
        UniqueConstraint("spool_name", "entity_id", "direction"),
        Index("ix_letter_entity_state", "entity_id", "state"),
        Index("ix_letter_message_id", "message_id"),
        Index(
            "ix_letter_withheld",
            "scan",
            sqlite_where=text("scan IN ('not_scanned', 'infected')"),
            postgresql_where=text("scan IN ('not_scanned', 'infected')"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    direction: Mapped[str] = mapped_column(String(3))  # in | out
    # in:  waiting registered acknowledgement note bounce duplicate secret returned automatic
    # out: draft sent returned withdrawn
    state: Mapped[str] = mapped_column(String(16))
    spool_name: Mapped[str | None] = mapped_column(String(80))
    # Keys of "the same letter twice", set only on the first: NULLs do not collide.
    strong_key: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of raw as received
    content_key: Mapped[str | None] = mapped_column(String(64))  # Message-ID, From, part digests
    clerk_key: Mapped[str | None] = mapped_column(String(64))  # outgoing: clerk and Message-ID
    related_entry_id: Mapped[str | None] = mapped_column(
        String(16)
    )  # note, duplicate, receipt: whose

    message_id: Mapped[str | None] = mapped_column(String(998))
    mail_from: Mapped[str] = mapped_column(String(320), default="")
    sender: Mapped[str] = mapped_column(String(320), default="")  # From address, case-folded
    sender_name: Mapped[str] = mapped_column(String(300), default="")
    reply_to: Mapped[str] = mapped_column(String(320), default="")
    from_entity_id: Mapped[int | None] = mapped_column(ForeignKey("entity.id"))
    clerk: Mapped[str] = mapped_column(String(254), default="")  # officer's e-mail, outgoing
    unit_code: Mapped[str] = mapped_column(String(40), default="")

    subject: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    letter_number: Mapped[str] = mapped_column(String(120), default="")
    letter_number_key: Mapped[str] = mapped_column(String(120), default="")
    dated: Mapped[date | None]
    to_text: Mapped[str] = mapped_column(Text, default="")
    urgency: Mapped[str] = mapped_column(String(20), default="")
    due: Mapped[datetime | None]
    secrecy: Mapped[str | None] = mapped_column(String(20))

    date_header: Mapped[datetime | None]
    accepted_at: Mapped[datetime]
    deemed_received_at: Mapped[datetime | None]
    original_sha256: Mapped[str | None] = mapped_column(String(64))
    authenticated: Mapped[bool] = mapped_column(default=False)
    trust: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # frozen verdict, see letter.message
    why_waiting: Mapped[str] = mapped_column(Text, default="")  # Thai, for officers
    defects: Mapped[list[Any]] = mapped_column(
        default=list
    )  # what was repaired or could not be read
    facts: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # signals, addressees of a draft, ...
    return_reason: Mapped[str] = mapped_column(Text, default="")
    # "" no scanner, clean, infected, not_scanned, or cleared: an officer decided to let them out
    scan: Mapped[str] = mapped_column(String(12), default="")
    scan_detail: Mapped[str] = mapped_column(Text, default="")


class EnclosureRow(Base):
    """One file of a letter, or the letter itself (role letter)."""

    __tablename__ = "enclosure"
    __table_args__ = (
        UniqueConstraint("letter_id", "position"),
        Index("ix_enclosure_sha256", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(10))  # letter | enclosure | decoration
    name: Mapped[str] = mapped_column(String(255))  # safe to show and save
    original_name: Mapped[str] = mapped_column(Text, default="")
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(150))
    claimed_type: Mapped[str] = mapped_column(String(150), default="")
    split: Mapped[bool] = mapped_column(default=False)
    inline: Mapped[bool] = mapped_column(default=False)


class ReferenceRow(Base):
    """One อ้างถึง of a letter as text, and the entry it was found to mean."""

    __tablename__ = "reference"
    __table_args__ = (UniqueConstraint("letter_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    entity: Mapped[str] = mapped_column(String(300), default="")
    number: Mapped[str] = mapped_column(String(120), default="")
    number_key: Mapped[str] = mapped_column(String(120), default="", index=True)
    dated: Mapped[date | None]
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entry.id"))


class NoteRow(Base):
    """A note on an entry (รับทราบ, ข้อสั่งการ): an answer without a file, or an officer's word."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(254))
    text: Mapped[str] = mapped_column(Text)


class CorrectionRow(Base):
    """What stood in a field of the register before it was corrected: struck out, and legible."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(254))
    field: Mapped[str] = mapped_column(String(40))  # name of a column of the entry
    old: Mapped[str] = mapped_column(Text)  # dates as YYYY-MM-DD
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"))  # the reason


class RelationRow(Base):
    """A link between two entries, how it was found, how sure it is, and whether it was undone."""

    __tablename__ = "relation"
    __table_args__ = (UniqueConstraint("from_entry_id", "to_entry_id", "relation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    to_entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    relation: Mapped[str] = mapped_column(
        String(20)
    )  # answers cites passes_on encloses replaces duplicates reports
    how: Mapped[str] = mapped_column(
        String(20)
    )  # token references cited subject officer same_number alike
    score: Mapped[int] = mapped_column(default=100)  # 0-100
    confirmed: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(254), default="")
