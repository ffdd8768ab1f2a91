"""What would become of an old register if it were taken over now; nothing is changed by asking.

A book holds each number once, from its first to its last, and its days never go back. So a number
that stands twice is taken once (the first row), a number that stands nowhere becomes a void line
that says so, and a row whose day stands out of order, or cannot be read, keeps its number, gets the
day of the line before it, and what stood there in หมายเหตุ. A number whose row cannot be read at
all becomes a void line with that reason: it does stand there. The series may have been begun here
already at a later number (a change in mid-year): then the old lines come before it, and leave no
gap to it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.books import closing
from registry.clock import BANGKOK
from registry.importing.lines import OldLine, Trouble
from registry.models.books import CounterRow, EntryRow
from registry.numbering import BookKey
from registry.thai.numerals import to_thai


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines in order of numbers, and what is odd; ``blocked`` says why it cannot be done.

    ``gaps`` are runs of missing numbers (first, last). ``moved`` are the numbers of lines whose day
    was out of order, with the day they will have. ``lost`` are numbers whose row cannot be read.
    ``following`` is the next number afterwards.
    """

    lines: tuple[OldLine, ...]
    first: int = 0
    last: int = 0
    following: int = 0
    gaps: tuple[tuple[int, int], ...] = ()
    doubles: tuple[tuple[OldLine, int], ...] = ()
    troubles: tuple[Trouble, ...] = ()
    moved: dict[int, date] = field(default_factory=dict)
    blocked: str = ""
    lost: dict[int, Trouble] = field(default_factory=dict)

    @property
    def undated(self) -> tuple[OldLine, ...]:
        """The lines that get the day of a neighbour because theirs cannot be read."""
        return tuple(line for line in self.lines if line.undated)

    @property
    def left_out(self) -> int:
        """How many rows would not be taken over."""
        return len(self.doubles) + len(self.troubles)

    @property
    def missing(self) -> int:
        """How many numbers stand nowhere."""
        return sum(last - first + 1 for first, last in self.gaps)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a series has come: its first entry here (0: none) and on which day."""

    first: int
    day: date | None


def make_plan(
    session: Session, key: BookKey, read: Iterable[OldLine | Trouble], today: date
) -> Plan:
    """Say what would become of these rows in this series; days after ``today`` cannot be."""
    here = _standing(session, key)
    lines, doubles, troubles = _sorted_out(read, here, today)
    if not lines:
        return Plan((), doubles=doubles, troubles=troubles, blocked="ไม่มีแถวที่นำเข้าได้")
    first, last = lines[0].number, lines[-1].number
    unread = {one.number: one for one in troubles} if not here.first else {}
    while last + 1 in unread:  # or the next letter would take a number that stands on paper
        last += 1
    end = here.first - 1 if here.first else last
    numbers = {line.number for line in lines}
    lost = {
        one.number: one for one in troubles
        if first < one.number <= end and one.number not in numbers
    }  # fmt: skip
    return Plan(
        lines, first, last, _following(session, key, last),
        tuple(_gaps(sorted(numbers | lost.keys()), end)), doubles, troubles, _moved(lines),
        _blocked(session, key), lost,
    )  # fmt: skip


def _standing(session: Session, key: BookKey) -> Standing:
    mine = (
        EntryRow.entity_id == key.entity_id, EntryRow.unit_code == key.unit_code,
        EntryRow.book == key.book, EntryRow.series == key.series, EntryRow.year == key.year,
    )  # fmt: skip
    first = session.scalar(select(func.min(EntryRow.number)).where(*mine))
    if first is None:
        start = session.scalar(select(CounterRow.first).where(*_counter(key)))
        return Standing(start if start and start > 1 else 0, None)
    at = session.scalar(select(EntryRow.registered_at).where(*mine, EntryRow.number == first))
    return Standing(first, at.astimezone(BANGKOK).date() if at else None)


def _counter(key: BookKey) -> tuple[Any, ...]:
    return (
        CounterRow.entity_id == key.entity_id, CounterRow.unit_code == key.unit_code,
        CounterRow.book == key.book, CounterRow.series == key.series, CounterRow.year == key.year,
    )  # fmt: skip


def _sorted_out(
    read: Iterable[OldLine | Trouble], here: Standing, today: date
) -> tuple[tuple[OldLine, ...], tuple[tuple[OldLine, int], ...], tuple[Trouble, ...]]:
    kept: dict[int, OldLine] = {}
    doubles: list[tuple[OldLine, int]] = []
    troubles: list[Trouble] = []
    for one in read:
        if isinstance(one, Trouble):
            troubles.append(one)
        elif why := _impossible(one, here, today):
            troubles.append(Trouble(one.row, why, one.number))
        elif one.number in kept:
            doubles.append((one, kept[one.number].row))
        else:
            kept[one.number] = one
    lines = [kept[number] for number in sorted(kept)]
    if all(line.undated for line in lines):
        troubles += [Trouble(line.row, "อ่านวันที่ไม่ได้", line.number) for line in lines]
        lines = []
    return _settled(lines), tuple(doubles), tuple(troubles)


def _settled(lines: Sequence[OldLine]) -> tuple[OldLine, ...]:
    """Give lines without a day that of the line before, or of the first that has one."""
    day = next((line.day for line in lines if not line.undated), None)
    made: list[OldLine] = []
    for line in lines:
        day = line.day if not line.undated else day
        made.append(replace(line, day=day) if day else line)
    return tuple(made)


def _impossible(line: OldLine, here: Standing, today: date) -> str:
    if here.first and line.number >= here.first:
        return f"ตั้งแต่เลข {to_thai(str(here.first))} ระบบนี้ออกเลขเอง"
    if line.undated:
        return ""
    if line.day > today:
        return "วันที่อยู่ในอนาคต"
    if here.day and line.day > here.day:
        return "วันที่อยู่หลังเลขแรกที่ระบบนี้ออก"
    return ""


def _gaps(numbers: Sequence[int], end: int) -> Iterable[tuple[int, int]]:
    """Give the runs of numbers that are not there, up to ``end``."""
    before = numbers[0] - 1
    for number in (*numbers, end + 1):
        if number > before + 1:
            yield before + 1, number - 1
        before = max(before, number)


def _moved(lines: Sequence[OldLine]) -> dict[int, date]:
    """Give new days to the fewest lines so that no day goes back: the others never go back."""
    tails: list[date] = []
    places: list[int] = []
    for line in lines:
        place = bisect_right(tails, line.day)
        tails[place : place + 1] = [line.day]
        places.append(place)
    wanted, keep = len(tails) - 1, set[int]()
    for at in range(len(lines) - 1, -1, -1):
        if places[at] == wanted:
            keep.add(at)
            wanted -= 1
    moved, day = {}, lines[min(keep)].day
    for at, line in enumerate(lines):
        if at in keep:
            day = line.day
        elif line.day != day:
            moved[line.number] = day
    return moved


def _following(session: Session, key: BookKey, last: int) -> int:
    given = session.scalar(select(CounterRow.last).where(*_counter(key)))
    return max(given or 0, last) + 1


def _blocked(session: Session, key: BookKey) -> str:
    closed = closing.is_closed(session, key.entity_id, key.unit_code, key.book, key.year)
    return "ทะเบียนปีนี้ปิดแล้ว" if closed else ""
