"""What letters are found by: the text of files, documents to look in, and the index over them.

Everything here can be made anew from the letters and their blobs (``saraban search --rebuild``);
nothing here proves anything. How it is used is told in :mod:`registry.search`.
"""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Date, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.models.packed import Packed

GROUP: Final = "\x1d"
"""Parts marks, fields and body of a document; none of them contains it."""


class FileTextRow(Base):
    """The text of one content, read out once however many letters carry the file."""

    __tablename__ = "file_text"
    __table_args__ = (
        Index(
            "ix_file_text_pending",
            "at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))  # pending done none failed too_big
    kind: Mapped[str] = mapped_column(String(20), default="")  # pdf, office, …: who read it
    text: Mapped[str] = mapped_column(Text, default="")
    pages: Mapped[int | None]
    detail: Mapped[str] = mapped_column(Text, default="")  # why not all; Thai, for officers
    at: Mapped[datetime | None]  # when it was read; while pending: when it may be tried again
    tries: Mapped[int] = mapped_column(default=0)


class SearchDueRow(Base):
    """A letter or entry whose document is out of date; written by triggers, by nobody else.

    ``kind`` is l (``ref`` names a letter) or e (an entry). One letter may be due several times.
    """

    __tablename__ = "search_due"
    __table_args__ = ({"sqlite_autoincrement": True},)  # a number is never given twice

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(1))
    ref: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class SearchDocRow(Base):
    """All that one letter can be found by, folded; ``doc`` grows with the time of arrival.

    ``ref`` is the letter's id, or that of an entry without a letter. ``whole`` is marks, fields and
    body, as :class:`registry.search.document.Document` has them, parted by :data:`GROUP`.
    """

    __tablename__ = "search_doc"

    doc: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    entity_id: Mapped[int]
    dated: Mapped[date | None] = mapped_column(Date)
    whole: Mapped[str] = mapped_column(Packed)
    cuts: Mapped[bytes] = mapped_column(LargeBinary)  # a bit for each character: begins a word

    @property
    def marks(self) -> str:
        """What it can be narrowed by, one a line."""
        return self.whole.split(GROUP)[0]

    @property
    def fields(self) -> str:
        """What the register says."""
        return self.whole.split(GROUP)[1]

    @property
    def body(self) -> str:
        """The texts of the letter and its files."""
        return self.whole.split(GROUP)[2]


class SearchSegmentRow(Base):
    """A run of documents whose postings are kept together; ``hi`` is the last one of it."""

    __tablename__ = "search_segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    lo: Mapped[int]
    hi: Mapped[int]
    level: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))  # building ready retired
    retired_at: Mapped[datetime | None]


class SearchPostingRow(Base):
    """Which documents of a segment hold which grams, for ``n`` grams that lie side by side.

    ``gram`` is the last of them, ``docs`` is a block as :mod:`registry.search.blocks` lays it.
    """

    __tablename__ = "search_posting"
    __table_args__ = ({"sqlite_with_rowid": False},)

    segment: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    gram: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    n: Mapped[int]
    docs: Mapped[bytes] = mapped_column(LargeBinary)


class SearchStateRow(Base):
    """What the index remembers about itself: how far a rebuild has come."""

    __tablename__ = "search_state"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
