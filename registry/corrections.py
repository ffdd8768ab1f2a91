"""What was struck out in a book: the value a field had before an officer corrected it.

On paper a wrong word is struck through and stays legible; here the old value is kept beside the
entry, with who corrected it and when, and the reason as a note. Only the fields that say which
letter it is are kept so. What is added to การปฏิบัติ and หมายเหตุ as the matter goes on is no
correction, nor is what the system writes by itself.

Limit: the old values are shown, not proven; that nothing was changed without an act is proven by
the journal, which holds the digest before and after.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.books import EntryRow
from registry.models.letters import CorrectionRow, NoteRow

FIELDS: Final = frozenset(
    {"letter_number", "dated", "from_text", "to_text", "subject", "urgency", "secrecy"}
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One value that was struck out; ``old`` is a date for ``dated``, None where nothing stood."""

    field: str
    old: str | date | None
    at: datetime
    by: str
    reason: str


def keep(
    session: Session,
    row: EntryRow,
    changes: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    note_id: int | None,
) -> None:
    """Keep what these changes will strike out of an entry."""
    for field in sorted(FIELDS & changes.keys()):
        old = getattr(row, field)
        if old != changes[field]:
            text = old.isoformat() if isinstance(old, date) else old or ""
            session.add(
                CorrectionRow(entry_id=row.id, at=at, by=by, field=field, old=text, note_id=note_id)
            )


def of(session: Session, entry_ids: Iterable[str]) -> dict[str, list[Correction]]:
    """Give what was struck out of these entries, oldest first; entries without are left out."""
    found: defaultdict[str, list[Correction]] = defaultdict(list)
    wanted = select(CorrectionRow, NoteRow.text).outerjoin(
        NoteRow, NoteRow.id == CorrectionRow.note_id
    )
    wanted = wanted.where(CorrectionRow.entry_id.in_(list(entry_ids))).order_by(CorrectionRow.id)
    for row, reason in session.execute(wanted):
        found[row.entry_id].append(Correction(row.field, _old(row), row.at, row.by, reason or ""))
    return dict(found)


def _old(row: CorrectionRow) -> str | date | None:
    if not row.old:
        return None
    return date.fromisoformat(row.old) if row.field == "dated" else row.old
