"""What was read off the paper: pages of files, fields of letters, signatures.

Pages belong to a content, however many letters carry it, and can be read anew. Fields and
signatures belong to a letter: a person confirms a field, and a verdict on a signature is frozen.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.models.packed import Packed


class FilePageRow(Base):
    """One page of a content: where its lines stand, who read them, and how well.

    ``lines`` is JSON, packed: what :mod:`registry.letter.page` says of it. Only the pages that
    fields are read from are kept, the first few and the last.
    """

    __tablename__ = "file_page"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    source: Mapped[str] = mapped_column(String(6))  # text | ocr | none
    quality: Mapped[float]  # 0 to 1: how far the text is Thai that a person would read
    width: Mapped[float]  # points, as the page is shown
    height: Mapped[float]
    lines: Mapped[str] = mapped_column(Packed)


class FileLookRow(Base):
    """A content with pages that wait to be read with eyes, until all were looked at."""

    __tablename__ = "file_look"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    pages: Mapped[list[Any]]  # from 1, those that are left, the next one first
    asked_at: Mapped[datetime] = mapped_column(index=True)
    at: Mapped[datetime]  # before that nobody looks: it is in hand, or put off
    tries: Mapped[int] = mapped_column(default=0)  # at the next page


class PaperFieldRow(Base):
    """One field as a machine read it off a letter, and what a person said of it."""

    __tablename__ = "paper_field"
    __table_args__ = (UniqueConstraint("letter_id", "name", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    name: Mapped[str] = mapped_column(String(30))  # see registry.letter.paper
    position: Mapped[int] = mapped_column(default=0)  # in a list of its name
    value: Mapped[str] = mapped_column(Text)  # in normal form: Arabic digits, YYYY-MM-DD
    original: Mapped[str] = mapped_column(Text)  # as it stands on the paper
    confidence: Mapped[int]  # 0-100
    source: Mapped[str] = mapped_column(String(6))  # text | ocr | mail
    sha256: Mapped[str | None] = mapped_column(String(64))  # which file; None: the mail itself
    page: Mapped[int | None]
    # left, top, right, bottom as shares of the page as it is shown: 0 to 1 from the top left
    box: Mapped[list[Any]] = mapped_column(default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # parts of it, candidates
    # proposed: nobody looked; taken: stands in the register as read; confirmed, refused: a person
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    by: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime]


class SignatureRow(Base):
    """One signature of a file or of the mail, as it was found at arrival; never changed after."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("letter_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(6))  # pdf | smime
    sha256: Mapped[str | None] = mapped_column(String(64))  # the signed file; None: the mail
    intact: Mapped[bool | None]  # None: could not be found out
    trusted: Mapped[bool | None]
    whole: Mapped[bool | None]  # whether it covers all of the file as it came
    signer: Mapped[str] = mapped_column(Text, default="")
    issuer: Mapped[str] = mapped_column(Text, default="")
    signed_at: Mapped[datetime | None]
    time_proven: Mapped[bool] = mapped_column(default=False)  # by a time stamp, not the signer
    detail: Mapped[str] = mapped_column(Text, default="")  # Thai, for officers
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checked_at: Mapped[datetime]


class SignatureCheckRow(Base):
    """How far the looking for signatures came; a letter without a row was not looked at."""

    __tablename__ = "signature_check"
    __table_args__ = (
        Index(
            "ix_signature_check_pending",
            "at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))  # pending | done | failed
    at: Mapped[datetime]  # when it was done; while pending: when it may be done again
    tries: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(Text, default="")  # Thai, for officers


class PaperReadingRow(Base):
    """How far the reading of a letter's fields came; a letter without a row was not looked at."""

    __tablename__ = "paper_reading"
    __table_args__ = (
        Index(
            "ix_paper_reading_pending",
            "at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))  # pending | done | failed
    reader: Mapped[int]  # the version of the rules that read it last
    at: Mapped[datetime]  # when it was read; while pending: when it may be read again
    tries: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(Text, default="")  # Thai, for officers
