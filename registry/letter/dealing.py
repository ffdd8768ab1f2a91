"""Until when a letter that came is to be dealt with, by what it says or by its urgency (ข้อ 28).

ด่วนที่สุด is to be acted on at once, ด่วนมาก soon, ด่วน faster than others. The regulation names no
hours, so the office does (``registry.deal_hours_…``), in office hours from when the letter counts
as received. A day that the paper or a person set comes before what urgency means; it is the day
by which a report is asked, and nothing is to be done later than that.

The time is reckoned whenever it is asked for and written nowhere: a corrected urgency moves it at
once, and it is never taken for something that the sender asked. Whose ``due`` stands says so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from registry.letter.grades import Urgency
from registry.letter.workdays import Workdays

_AS_IF: Final = timedelta(days=5)
_LAST: Final = len(Urgency)


@dataclass(frozen=True, slots=True)
class DealBy:
    """A time (aware) by which to deal with a letter; ``asked`` where somebody named it."""

    at: datetime
    asked: bool


@dataclass(frozen=True, slots=True)
class Dealing:
    """How soon this office deals with urgent letters.

    ``hours`` are office hours by the Thai word of urgency; a word that is not there has none.
    """

    workdays: Workdays
    hours: dict[str, float]

    def by(self, urgency: str, due: datetime | None, received: datetime | None) -> DealBy | None:
        """Say until when; ``received`` is when it counts as received. None: nothing presses."""
        if due is not None:
            return DealBy(due, asked=True)
        hours = self.hours.get(urgency, 0.0)
        if not hours or received is None:
            return None
        return DealBy(self.workdays.add_office_hours(received, hours), asked=False)

    def place(self, urgency: str, due: datetime | None, received: datetime) -> tuple[int, datetime]:
        """Give what queues are sorted by: the most urgent first, then what is due, then the oldest.

        A letter that nothing presses stands as if it were due five days after it came, so that it
        is not passed for ever by those that are due some time.
        """
        found = self.by(urgency, due, received)
        return rank_from_top(urgency), found.at if found else received + _AS_IF


def rank_from_top(urgency: str) -> int:
    """Give 0 for ด่วนที่สุด up to 3 for ปกติ, of the word that the register keeps."""
    rank = Urgency.parse(urgency).rank if urgency else 0
    return _LAST - 1 - rank
