"""Whether a content may be opened: by what type of file, and whether an ordinary letter has it."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.letters import is_sealed
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.withheld import WITHHELD

_MOST_LETTERS: Final = 200  # of one content that are asked


def carried_by(session: Session, sha256: str) -> tuple[str, bool]:
    """Give the type of a content, "" if only secret letters have it, and whether it may be read."""
    carried = (
        select(EnclosureRow.media_type, LetterRow.scan, LetterRow.facts)
        .join(LetterRow, LetterRow.id == EnclosureRow.letter_id)
        .outerjoin(EntryRow, EntryRow.letter_id == LetterRow.id)
        .where(
            EnclosureRow.sha256 == sha256,
            LetterRow.secrecy.is_(None),
            LetterRow.state != "secret",
            EntryRow.secrecy.is_(None),
        )
    )
    rows = session.execute(carried.limit(_MOST_LETTERS)).all()
    may = any(row.scan not in WITHHELD and not is_sealed(row.facts) for row in rows)
    return (rows[0].media_type if rows else ""), may
