"""When a letter was received: the four times that are kept of each.

The Date field is the sender's word. *Accepted* is the fact in law: the message entered
the system that the addressee had designated (Electronic Transactions Act พ.ศ. 2544, s. 23),
for us the moment its bytes were on disk. What comes outside office hours is *deemed
received* when offices next open. *Registered* is the time in the stamp, never put back.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.letter.workdays import Workdays


@dataclass(frozen=True, slots=True)
class FourTimes:
    """The times of one letter, all aware; None where it did not happen or did not say."""

    date_header: datetime | None
    accepted_at: datetime
    deemed_received_at: datetime
    registered_at: datetime | None = None


def deemed_received(accepted_at: datetime, workdays: Workdays) -> datetime:
    """Return when a letter accepted at this aware moment counts as received, Bangkok time."""
    return workdays.open_from(accepted_at)


def came_outside_hours(accepted_at: datetime | None, deemed_at: datetime | None) -> bool:
    """Say whether a letter counts as received later than it came."""
    return accepted_at is not None and deemed_at is not None and deemed_at > accepted_at
