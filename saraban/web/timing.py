"""The times of one letter as its page shows them: four that are kept, and by when to deal with it.

The sender's own word, when the letter came, when it counts as received with the reason where that
is later, and when it was registered. What presses is reckoned by :mod:`registry.desk.due`.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.desk.context import Desk
from registry.desk.due import deal_by
from registry.letter.dealing import DealBy
from registry.letter.entry import Entry
from registry.letter.times import came_outside_hours
from registry.letters import Letter


@dataclass(frozen=True, slots=True)
class Timing:
    """The times; ``deemed`` is None where it is when the letter came.

    ``why`` says in Thai why offices were closed then, in Arabic digits; "" where the calendar has
    changed since. ``late`` says that the time to deal with it is over.
    """

    header: datetime | None
    came: datetime | None
    deemed: datetime | None
    why: str
    registered: datetime | None
    by: DealBy | None
    late: bool


def timing_of(desk: Desk, one: Entry | Letter, now: datetime) -> Timing:
    """Give the times of a line of a book, or of a letter that has none."""
    later = came_outside_hours(one.accepted_at, one.deemed_received_at)
    by = deal_by(desk, one)
    return Timing(
        header=one.date_header,
        came=one.accepted_at,
        deemed=one.deemed_received_at if later else None,
        why=desk.workdays.why_closed(one.accepted_at) if later and one.accepted_at else "",
        registered=one.registered_at if isinstance(one, Entry) else None,
        by=by,
        late=by is not None and by.at < now,
    )
