"""Whether a content may be opened: by what type of file, and whether an ordinary letter has it.

And which contents lie beside it in every letter, so that what a PDF holds is not read in it again.
"""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.letters import is_sealed
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.withheld import WITHHELD

_MOST_LETTERS: Final = 200  # of one content that are asked
_MOST_BESIDE: Final = 1000


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


def always_beside(session: Session, sha256: str) -> tuple[str, ...]:
    """Give the digests of the contents that each letter with this one carries too, in order."""
    mine = select(EnclosureRow.letter_id).where(EnclosureRow.sha256 == sha256).distinct()
    letters = session.scalars(mine.limit(_MOST_LETTERS)).all()
    beside = (
        select(EnclosureRow.sha256)
        .where(EnclosureRow.letter_id.in_(letters), EnclosureRow.sha256 != sha256)
        .group_by(EnclosureRow.sha256)
        .having(func.count(EnclosureRow.letter_id.distinct()) == len(letters))
        .order_by(EnclosureRow.sha256)
    )
    return tuple(session.scalars(beside.limit(_MOST_BESIDE)))
