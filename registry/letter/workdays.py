"""Which days, and which hours of them, the offices of the state are open.

Monday to Friday, 08.30–16.30 Bangkok time, holidays out. Fixed, royal and lunar holidays
and their substitute days come from the :mod:`holidays` library; May Day and Children's
Day stand in it but are no holidays of the civil service. Days that the cabinet adds
or moves on short notice stand in a file that an officer can edit, and win over the
library (``config/holidays.toml`` shows its form)::

    [[special]]
    date = 2026-01-02
    name = "วันหยุดราชการเพิ่มเป็นกรณีพิเศษ"

    [[workday]]
    date = 2026-05-13

Limits: the noon hour counts as open; one calendar serves the whole country, without
the extra holidays of the southern border provinces.
"""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from registry.clock import BANGKOK
from registry.errors import OutOfOrder

if TYPE_CHECKING:
    from holidays.holiday_base import HolidayBase

OPENING: Final = time(8, 30)
CLOSING: Final = time(16, 30)
_DAY: Final = timedelta(days=1)
_WEEKEND: Final = {5: "เสาร์", 6: "อาทิตย์"}
_NOT_THE_CIVIL_SERVICE: Final = ("แรงงาน", "วันเด็ก")


class Workdays:
    """The calendar of office days: the library's, changed by the special days given."""

    def __init__(
        self, special: Mapping[date, str] | None = None, removed: frozenset[date] = frozenset()
    ) -> None:
        self._special = dict(special or {})
        self._removed = removed
        self._library = _library()
        self._open: dict[date, bool] = {}  # days that were asked about; lists ask for many

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the file of special days, or the one shipped; OutOfOrder if it is wrong."""
        source = path or files("config") / "holidays.toml"
        try:
            data = tomllib.loads(source.read_text(encoding="utf-8"))
            special = {_day(row["date"]): str(row["name"]) for row in data.get("special", [])}
            removed = frozenset(_day(row["date"]) for row in data.get("workday", []))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise OutOfOrder(
                f"file of special holidays cannot be read: {source}: {wrong}",
                thai=f"อ่านแฟ้มวันหยุดพิเศษไม่ได้ โปรดแก้ไขแฟ้ม {source}",
            ) from wrong
        return cls(special, removed)

    def holiday(self, day: date) -> str | None:
        """Return the holiday's Thai name, or None; weekends as such have none."""
        if day in self._special:
            return self._special[day]
        if day in self._removed:
            return None
        names = [name for name in self._library.get_list(day) if not _elsewhere(name)]
        return "; ".join(names) or None

    def is_workday(self, day: date) -> bool:
        """Say whether offices open on this day. A removed weekend day is a working day."""
        known = self._open.get(day)
        if known is None:
            moved = day in self._removed and day not in self._special
            known = moved or (day.weekday() < 5 and self.holiday(day) is None)
            self._open[day] = known
        return known

    def next_workday(self, day: date) -> date:
        """Return the first working day after this one."""
        while True:
            day += _DAY
            if self.is_workday(day):
                return day

    def open_from(self, at: datetime) -> datetime:
        """Return the first moment, not before ``at``, when offices are open; Bangkok time.

        Closing time itself is still open: what comes at 16.30 sharp came that day.
        """
        local = at.astimezone(BANGKOK)
        day = local.date()
        if self.is_workday(day) and local.time() <= CLOSING:
            return max(local, _at(day, OPENING))
        return _at(self.next_workday(day), OPENING)

    def why_closed(self, at: datetime) -> str:
        """Say in Thai why offices were closed at this moment, in Arabic digits; "" if open."""
        local = at.astimezone(BANGKOK)
        day = local.date()
        if not self.is_workday(day):
            name = self.holiday(day)
            return f"วันหยุดราชการ ({name})" if name else f"วัน{_WEEKEND[day.weekday()]}"
        if local.time() < OPENING:
            return "ก่อนเวลา 8.30 น."
        return "หลังเวลา 16.30 น." if local.time() > CLOSING else ""

    def workday_before(self, day: date) -> date:
        """Return the last working day before this one."""
        while True:
            day -= _DAY
            if self.is_workday(day):
                return day

    def add_office_hours(self, at: datetime, hours: float) -> datetime:
        """Return the moment when this many office hours (>= 0) have passed since ``at``."""
        if hours < 0:
            raise ValueError("office hours run forward only")
        now, left = self.open_from(at), timedelta(hours=hours)
        while (today := _at(now.date(), CLOSING) - now) < left:
            left -= today
            now = _at(self.next_workday(now.date()), OPENING)
        return now + left


def _library() -> "HolidayBase":
    """Give the library's calendar; 16 MB, so not for processes that only name a time."""
    from holidays.constants import GOVERNMENT, PUBLIC
    from holidays.countries.thailand import Thailand

    make: Callable[..., HolidayBase] = Thailand  # its constructor is not annotated
    return make(language="th", categories=(PUBLIC, GOVERNMENT))


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError(f"{value!r} is not a date such as 2026-01-02")
    return value


def _elsewhere(name: str) -> bool:
    return any(word in name for word in _NOT_THE_CIVIL_SERVICE)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, BANGKOK)
