"""The books: counters, and the entries that hold the numbers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class CounterRow(Base):
    """The last number of one series: owner × book × series × year (พ.ศ.)."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("entity_id", "unit_code", "book", "series", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    unit_code: Mapped[str] = mapped_column(String(40), default="")  # "" = the entity's own book
    book: Mapped[str] = mapped_column(String(40))
    series: Mapped[str] = mapped_column(String(10))
    year: Mapped[int]
    first: Mapped[int] = mapped_column(default=1)
    last: Mapped[int] = mapped_column(default=0)  # first - 1 while nothing was given
    last_at: Mapped[datetime | None]  # time of the last number; the next is never earlier


class EntryRow(Base):
    """One line of a book. A number is never without its line, a line never without its number."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("entity_id", "unit_code", "book", "series", "year", "number"),
        UniqueConstraint("letter_id"),
        Index("ix_entry_letter_number_key", "entity_id", "letter_number_key"),
        Index("ix_entry_message_id", "message_id"),
        Index(
            "ix_entry_secret",
            "entity_id",
            sqlite_where=text("secrecy IS NOT NULL"),
            postgresql_where=text("secrecy IS NOT NULL"),
        ),
        Index(  # what is to be reported by a day, and is not closed
            "ix_entry_due",
            "entity_id",
            "due",
            sqlite_where=text("due IS NOT NULL AND closed IS NULL"),
            postgresql_where=text("due IS NOT NULL AND closed IS NULL"),
        ),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("state IN ('registered', 'reserved', 'void')", name="state"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    unit_code: Mapped[str] = mapped_column(String(40), default="")
    book: Mapped[str] = mapped_column(String(40))
    series: Mapped[str] = mapped_column(String(10))
    year: Mapped[int]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="registered")
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"))  # none while reserved

    # the register's fields, forms 13 and 14
    letter_number: Mapped[str] = mapped_column(String(120), default="")  # ที่, Arabic digits
    letter_number_key: Mapped[str] = mapped_column(String(120), default="")
    dated: Mapped[date | None]
    from_text: Mapped[str] = mapped_column(Text, default="")
    to_text: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str] = mapped_column(Text, default="")
    urgency: Mapped[str] = mapped_column(String(20), default="")
    secrecy: Mapped[str | None] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")

    due: Mapped[datetime | None]
    closed: Mapped[datetime | None]
    date_header: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    deemed_received_at: Mapped[datetime | None]
    registered_at: Mapped[datetime]
    registered_by: Mapped[str] = mapped_column(String(254), default="")  # e-mail, or "automatic"
    message_id: Mapped[str | None] = mapped_column(String(998))
    original_sha256: Mapped[str | None] = mapped_column(String(64))
    from_entity_id: Mapped[int | None] = mapped_column(ForeignKey("entity.id"))

    reserved_for: Mapped[str] = mapped_column(String(254), default="")  # clerk who holds the number
    void_reason: Mapped[str] = mapped_column(Text, default="")
    void_by: Mapped[str] = mapped_column(String(254), default="")
    given_to: Mapped[str] = mapped_column(Text, default="")  # units that got it: ",finance,dla,"
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))  # salted digest of the register's fields
