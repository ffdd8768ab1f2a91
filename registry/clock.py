"""What time it is, and which year of the books that is.

Nobody calls ``datetime.now()``: whoever needs the time is handed a :class:`Clock`,
so that tests can stand at midnight on New Year's Eve. Every time is aware. Books run
by the Buddhist calendar year of Bangkok (ข้อ 38 and 43: "ตลอดปีปฏิทิน"), not by the
year of the server's zone nor by the fiscal year.

A clock here may step back when the machine's does. Numbering copes with that on its
own, by never stamping earlier than the last entry of a series.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

BANGKOK: Final = ZoneInfo("Asia/Bangkok")
_BUDDHIST_ERA = 543


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """Return the present moment as an aware datetime."""


class SystemClock:
    """The machine's own clock, told in Bangkok time."""

    def now(self) -> datetime:
        """Return the present moment, Asia/Bangkok."""
        return datetime.now(BANGKOK)


class FrozenClock:
    """A clock that moves only when told to: for tests, the demo and replays."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at this aware moment, earlier or later than before."""
        _must_be_aware(at)
        self._at = at

    def advance(self, by: timedelta) -> None:
        """Move on (or back, if negative) in absolute time."""
        self._at = (self._at.astimezone(UTC) + by).astimezone(self._at.tzinfo)


def buddhist_year(at: datetime) -> int:
    """Return the พ.ศ. year of the books at this aware moment, by Bangkok's calendar.

    31 December 17:00 UTC is already New Year in Bangkok. A naive time raises
    ValueError, since guessing its zone could open the wrong year's book.
    """
    _must_be_aware(at)
    return at.astimezone(BANGKOK).year + _BUDDHIST_ERA


def _must_be_aware(at: datetime) -> None:
    if at.utcoffset() is None:
        raise ValueError("a time without a zone is not accepted")
