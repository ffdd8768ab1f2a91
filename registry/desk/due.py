"""By when letters that came are to be dealt with, and which are past it (เลยเวลาดำเนินการ).

What the times are is :mod:`registry.letter.dealing`; the office's hours are the settings
``registry.deal_hours_…``. Of letters that we sent nothing is said here: their ``due`` asks others
for a report.

A registered letter is past its time until its matter is closed or one of our letters answers it.
Only what was registered within thirty days is looked at, at most five thousand numbers of a series,
and :data:`MOST` are listed; what is older stands in the search.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from registry import overview
from registry.clock import BANGKOK
from registry.desk.context import Desk
from registry.letter.book import Book
from registry.letter.dealing import DealBy, Dealing, rank_from_top
from registry.letter.entry import Entry
from registry.letter.grades import Urgency
from registry.letters import Letter
from registry.models.books import EntryRow
from registry.models.letters import RelationRow

MOST: Final = 200
_DAYS: Final = timedelta(days=30)
_NUMBERS: Final = 5000


@dataclass(frozen=True, slots=True)
class Late:
    """A registered letter that is past its time; no words of a secret one.

    ``asked`` says that somebody named the time, else its urgency did.
    """

    entry: str
    series: str
    number: int
    year: int
    by: datetime
    asked: bool
    from_text: str
    subject: str
    urgency: str
    action: str


def dealing(desk: Desk) -> Dealing:
    """Give how soon this office deals with urgent letters."""
    rule = desk.settings.registry
    hours = {
        Urgency.MOST_URGENT.thai: rule.deal_hours_most_urgent,
        Urgency.VERY_URGENT.thai: rule.deal_hours_very_urgent,
        Urgency.URGENT.thai: rule.deal_hours_urgent,
    }
    return Dealing(desk.workdays, {word: some for word, some in hours.items() if some})


def deal_by(desk: Desk, one: Entry | Letter) -> DealBy | None:
    """Say by when a letter that came is to be dealt with; None for ours and for what is done."""
    if isinstance(one, Entry):
        open_ = one.book == Book.RECEIVED and one.state == "registered" and one.closed is None
    else:
        open_ = one.direction == "in" and one.state in ("waiting", "secret")
    if not open_:
        return None
    return dealing(desk).by(one.urgency, one.due, one.deemed_received_at or one.accepted_at)


def late(
    session: Session, desk: Desk, entity_id: int, now: datetime, *, cleared: bool
) -> list[Late]:
    """List what is registered and past its time: the most urgent first, then what was due first."""
    found = _places(session, desk, entity_id, now, cleared=cleared)
    first = dict(sorted(found.items(), key=lambda one: one[1])[:MOST])
    rows = {row.id: row for row in session.scalars(select(EntryRow).where(EntryRow.id.in_(first)))}
    rule = dealing(desk)
    return [_late(rows[entry_id], rule) for entry_id in first if entry_id in rows]


def count_late(
    session: Session, desk: Desk, entity_id: int, now: datetime, *, cleared: bool
) -> int:
    """Count what is registered and past its time."""
    return len(_places(session, desk, entity_id, now, cleared=cleared))


def _places(
    session: Session, desk: Desk, entity_id: int, now: datetime, *, cleared: bool
) -> dict[str, tuple[int, datetime, str]]:
    """Give the places on the list of all that is late, by the entry's id."""
    first, rule = (now - _DAYS).astimezone(BANGKOK).date(), dealing(desk)
    found = {}
    for window in overview.windows(session, entity_id, first):
        if window.key.book == Book.RECEIVED:
            for row in session.execute(_asked(rule, window, now, cleared=cleared)):
                by = rule.by(row.urgency, row.due, row.received)
                if by is not None and by.at < now:
                    found[row.id] = (rank_from_top(row.urgency), by.at, row.id)
    return found


def _asked(rule: Dealing, window: overview.Window, now: datetime, *, cleared: bool) -> Any:
    received = func.coalesce(EntryRow.deemed_received_at, EntryRow.accepted_at).label("received")
    wanted = select(EntryRow.id, EntryRow.urgency, EntryRow.due, received).where(
        *window.lines(_NUMBERS), EntryRow.state == "registered", EntryRow.closed.is_(None),
        _may_be_late(rule, now), ~_answered(),
    )  # fmt: skip
    return wanted if cleared else wanted.where(EntryRow.secrecy.is_(None))


def _may_be_late(rule: Dealing, now: datetime) -> ColumnElement[bool]:
    """Leave out what cannot be late: so many hours have not even passed by the clock."""
    grades = [
        and_(
            EntryRow.urgency == word, EntryRow.due.is_(None),
            EntryRow.deemed_received_at < now - timedelta(hours=hours),
        )
        for word, hours in rule.hours.items()
    ]  # fmt: skip
    return or_(EntryRow.due < now, *grades)


def _answered() -> ColumnElement[bool]:
    """Say whether a letter of ours answers it, surely."""
    ours = aliased(EntryRow)
    return exists().where(
        RelationRow.to_entry_id == EntryRow.id, RelationRow.relation == "answers",
        RelationRow.confirmed, RelationRow.undone_at.is_(None),
        ours.id == RelationRow.from_entry_id, ours.book == Book.SENT, ours.state == "registered",
    )  # fmt: skip


def _late(row: EntryRow, rule: Dealing) -> Late:
    by = rule.by(row.urgency, row.due, row.deemed_received_at or row.accepted_at)
    assert by is not None  # it was late a moment ago
    from_text, subject, action = (
        ("", "", "") if row.secrecy else (row.from_text, row.subject, row.action)
    )
    return Late(
        row.id, row.series, row.number, row.year, by.at, by.asked, from_text, subject, row.urgency,
        action,
    )  # fmt: skip
