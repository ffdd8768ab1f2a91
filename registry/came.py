"""What came within the window of the overview: the letters behind its figures.

Read from the same run of numbers as :mod:`registry.overview` counts, so that a list and its figure
agree; a list stops at two hundred lines. Letters with a marking are left out for a reader who is
not cleared.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.clock import BANGKOK
from registry.models.books import EntryRow
from registry.overview import DAYS, SAMPLE, Window, told_by_mail, windows

_MOST: Final = 200
_SLOWEST: Final = 50


@dataclass(frozen=True, slots=True)
class Came:
    """A letter that was received: when, and how long it waited for its number, None on paper."""

    entry: str
    number: int
    year: int
    registered_at: datetime
    took: timedelta | None
    from_text: str
    subject: str
    urgency: str
    action: str


def came(
    session: Session, entity_id: int, now: datetime, *, cleared: bool, urgency: str | None = None
) -> list[Came]:
    """List what was received within the window, the newest first.

    ``urgency`` asks for one grade alone, "" for what is not urgent.
    """
    found: list[Came] = []
    for window in _received(session, entity_id, now):
        wanted = select(EntryRow).where(*window.lines())
        wanted = wanted if urgency is None else wanted.where(EntryRow.urgency == urgency)
        wanted = wanted if cleared else wanted.where(EntryRow.secrecy.is_(None))
        newest = wanted.order_by(EntryRow.number.desc()).limit(_MOST)
        found += [_line(row) for row in session.scalars(newest)]
    return sorted(found, key=lambda one: one.registered_at, reverse=True)[:_MOST]


def slowest(session: Session, entity_id: int, now: datetime, *, cleared: bool) -> list[Came]:
    """List what waited longest until its sender was told its number, of the window's newest."""
    found: list[tuple[timedelta, str]] = []
    for window in _received(session, entity_id, now):
        wanted = select(EntryRow.accepted_at, EntryRow.registered_at, EntryRow.id)
        wanted = wanted.where(
            *window.lines(SAMPLE), EntryRow.accepted_at.is_not(None), told_by_mail()
        )
        wanted = wanted if cleared else wanted.where(EntryRow.secrecy.is_(None))
        found += [(row[1] - row[0], row[2]) for row in session.execute(wanted) if row[0]]
    longest = [one[1] for one in sorted(found, reverse=True)[:_SLOWEST]]
    those = session.scalars(select(EntryRow).where(EntryRow.id.in_(longest)))
    rows = {row.id: row for row in those}
    return [_line(rows[one]) for one in longest if one in rows]


def _received(session: Session, entity_id: int, now: datetime) -> list[Window]:
    since = now.astimezone(BANGKOK).date() - timedelta(days=DAYS - 1)
    return [one for one in windows(session, entity_id, since) if one.key.book == "received"]


def _line(row: EntryRow) -> Came:
    took = row.registered_at - row.accepted_at if row.accepted_at else None
    return Came(
        row.id, row.number, row.year, row.registered_at, took, row.from_text, row.subject,
        row.urgency, row.action,
    )  # fmt: skip
