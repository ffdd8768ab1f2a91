"""What somebody has typed into a form and not sent yet: kept by person, form and key.

One row for each; whoever saves again replaces it. The newest :data:`MOST` of a person and form are
kept, so that nobody fills the table. Files that such a form names are in the blob store already and
stay there as long as the form does (:func:`digests`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Text, cast, delete, select
from sqlalchemy.orm import Session

from registry.models.access import SavedFormRow
from registry.models.people import OfficerRow

MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Saved:
    """One form as it was left; ``content`` is what its page made of the fields."""

    key: str
    content: Mapping[str, Any]
    at: datetime


def get(session: Session, officer_id: int, form: str, key: str) -> Saved | None:
    """Give a saved form of this officer, None when there is none."""
    row = session.scalar(select(SavedFormRow).where(*_which(officer_id, form, key)))
    return Saved(row.key, dict(row.content), row.at) if row is not None else None


def put(
    session: Session, officer_id: int, form: str, key: str, content: Mapping[str, Any], at: datetime
) -> None:
    """Save a form, in place of what was saved under this key; the oldest beyond MOST go."""
    row = session.scalar(
        select(SavedFormRow).where(*_which(officer_id, form, key)).with_for_update()
    )
    if row is None:
        row = SavedFormRow(officer_id=officer_id, form=form, key=key)
        session.add(row)
    row.content, row.at = dict(content), at
    session.flush()
    for old in listing(session, officer_id, form)[MOST:]:
        forget(session, officer_id, form, old.key)


def forget(session: Session, officer_id: int, form: str, key: str) -> None:
    """Forget a saved form; harmless when there is none."""
    session.execute(delete(SavedFormRow).where(*_which(officer_id, form, key)))


def listing(session: Session, officer_id: int, form: str) -> list[Saved]:
    """List the saved forms of an officer, the newest first."""
    wanted = select(SavedFormRow).where(
        SavedFormRow.officer_id == officer_id, SavedFormRow.form == form
    )
    rows = session.scalars(wanted.order_by(SavedFormRow.at.desc(), SavedFormRow.id.desc()))
    return [Saved(row.key, dict(row.content), row.at) for row in rows]


def digests(session: Session) -> Iterator[str]:
    """Give the SHA-256 of every file that a saved form names under ``files``."""
    for content in session.scalars(select(SavedFormRow.content)):
        yield from (str(one["sha256"]) for one in content.get("files", ()))


def entities_with(session: Session, sha256: str) -> set[int]:
    """Give the ids of the entities whose people name a file in a saved form."""
    wanted = select(OfficerRow.entity_id, SavedFormRow.content).join(
        OfficerRow, OfficerRow.id == SavedFormRow.officer_id
    )
    found = session.execute(wanted.where(cast(SavedFormRow.content, Text).contains(sha256)))
    return {
        entity_id
        for entity_id, content in found
        if any(one["sha256"] == sha256 for one in content.get("files", ()))
    }


def _which(officer_id: int, form: str, key: str) -> tuple[Any, ...]:
    return (
        SavedFormRow.officer_id == officer_id, SavedFormRow.form == form, SavedFormRow.key == key,
    )  # fmt: skip
