"""Who looked at what (บันทึกการเปิดดู): letters, files and originals that were opened, printed, taken.

The books say who changed something; this says who only read. Ids and counts, never content. The
lines stand outside the journal's chain, since there are many and nothing is proven by them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.access import ReadingRow

What = Literal["page", "file", "original", "print", "export", "search", "evidence"]
_LOOKED_AT: Final = 2000  # looks of the whole entity, back from the last


@dataclass(frozen=True, slots=True)
class Reading:
    """One look; ``who`` is an officer's e-mail, or ``token:NAME`` of a program."""

    who: str
    what: str
    at: datetime
    letter_id: str | None = None
    entry_id: str | None = None
    detail: str = ""


def record(  # noqa: PLR0913 - one argument per column
    session: Session,
    entity_id: int,
    who: str,
    what: What,
    at: datetime,
    *,
    letter_id: str | None = None,
    entry_id: str | None = None,
    detail: str = "",
) -> None:
    """Write a look down."""
    session.add(
        ReadingRow(
            entity_id=entity_id, who=who, what=what, at=at, letter_id=letter_id,
            entry_id=entry_id, detail=detail[:200],
        )
    )  # fmt: skip


def listing(
    session: Session, entity_id: int, *, letter_id: str = "", most: int = 200
) -> list[Reading]:
    """Give the newest looks of an entity, or at one letter, newest first."""
    wanted = select(ReadingRow).where(ReadingRow.entity_id == entity_id)
    if letter_id:
        wanted = wanted.where(ReadingRow.letter_id == letter_id)
    rows = session.scalars(wanted.order_by(ReadingRow.at.desc(), ReadingRow.id.desc()).limit(most))
    return [
        Reading(row.who, row.what, row.at, row.letter_id, row.entry_id, row.detail) for row in rows
    ]


def opened(session: Session, entity_id: int, who: str, most: int) -> list[str]:
    """Give what somebody opened last, each once, the newest first.

    Ids of letters, or of entries without a letter. Only the newest two thousand looks of the
    entity are gone through.
    """
    newest = (
        select(ReadingRow.who, ReadingRow.what, ReadingRow.letter_id, ReadingRow.entry_id)
        .where(ReadingRow.entity_id == entity_id)
        .order_by(ReadingRow.at.desc(), ReadingRow.id.desc())
        .limit(_LOOKED_AT)
    )
    refs = [
        row.letter_id or row.entry_id
        for row in session.execute(newest)
        if row.who == who and row.what == "page"
    ]
    return [ref for ref in dict.fromkeys(refs) if ref][:most]
