"""What officers do with an entry: its way through the office, closed books, registers taken in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class MovementRow(Base):
    """One step of an entry inside the office: presented, ordered, passed on, closed, undone."""

    __tablename__ = "movement"
    __table_args__ = (Index("ix_movement_to_unit", "entity_id", "to_unit", "answered_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # present order pass_on close reopen
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(254))
    by_for: Mapped[str] = mapped_column(String(254), default="")  # whom the actor stood in for
    to_unit: Mapped[str] = mapped_column(String(40), default="")
    to_address: Mapped[str] = mapped_column(String(254), default="")
    to_name: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")  # เกษียน, or the order
    job_id: Mapped[str | None] = mapped_column(String(16))  # the mail that carried it
    answered_at: Mapped[datetime | None]
    answer_letter_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(254), default="")


class BookClosingRow(Base):
    """A year of a book that was looked over and closed, with what it held then."""

    __tablename__ = "book_closing"
    __table_args__ = (
        Index(
            "ix_book_closing_closed",
            "entity_id",
            "unit_code",
            "book",
            "series",
            "year",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    unit_code: Mapped[str] = mapped_column(String(40), default="")
    book: Mapped[str] = mapped_column(String(40))
    series: Mapped[str] = mapped_column(String(10))
    year: Mapped[int]
    closed_at: Mapped[datetime]
    closed_by: Mapped[str] = mapped_column(String(254))
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reopened_at: Mapped[datetime | None]  # none while it is closed
    reopened_by: Mapped[str] = mapped_column(String(254), default="")
    reopen_reason: Mapped[str] = mapped_column(Text, default="")


class ImportRow(Base):
    """A register kept elsewhere (Excel, CSV) that was taken over: which file, by whom, how much."""

    __tablename__ = "import"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
