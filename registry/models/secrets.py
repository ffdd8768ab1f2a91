"""Which letters are kept apart because of their secrecy, and whether their bytes are encrypted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class SecretLetterRow(Base):
    """One letter whose secrecy changed: its bytes are to be encrypted, or to lie open again.

    ``done_at`` is None until that was seen to; see :mod:`registry.secret.keeping`.
    """

    __tablename__ = "secret_letter"
    __table_args__ = (
        Index(
            "ix_secret_letter_due",
            "since",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    how: Mapped[str] = mapped_column(String(12))  # arrival | officer | found | moved | freed
    since: Mapped[datetime]
    done_at: Mapped[datetime | None]
