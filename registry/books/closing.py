"""Closing a book's year (ปิดทะเบียน): it is counted, found whole, and no number of it moves again.

After 31 December an officer closes a book: every series of it is counted, and must run without a
gap and without a number that is still reserved. From then on no number of that year is given,
voided or used, and no correction strikes anything out; what goes on with a matter (การปฏิบัติ,
หมายเหตุ, closing the matter) may still be written. An officer who gives a reason may open the book
again; every closing and opening stays to be seen and stands in the journal (ข้อ 38 and 43).

The journal's head is held while a book is closed, as everybody holds it who takes a number
(docs/decisions/0015): nothing slips in between the count and the closing.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import journal
from registry.clock import buddhist_year
from registry.errors import Conflict, NotUnderstood
from registry.letter.book import Book
from registry.models.books import CounterRow, EntryRow
from registry.models.work import BookClosingRow
from registry.thai.numerals import to_thai

GOES_ON: Final = frozenset({"action", "note", "closed", "due"})
"""Fields of an entry that may be written after its book was closed."""


class BookClosed(Conflict):
    """The book of that year is closed."""

    thai = "ทะเบียนปีนี้ปิดแล้ว จึงออกเลข แก้ไข หรือยกเลิกเลขไม่ได้ หากจำเป็นให้เปิดทะเบียนอีกครั้งพร้อมเหตุผล"


@dataclass(frozen=True, slots=True)
class Tally:
    """What one series of a book holds; ``first`` and ``last`` are 0 while it gave no number."""

    series: str
    first: int
    last: int
    count: int
    void: int
    reserved: int

    @property
    def missing(self) -> int:
        """How many numbers between the first and the last stand nowhere."""
        return self.last - self.first + 1 - self.count if self.last else 0


@dataclass(frozen=True, slots=True)
class Closing:
    """One closing of a series, and who opened it again and why, if anybody did."""

    series: str
    closed_at: datetime
    closed_by: str
    tally: Tally
    reopened_at: datetime | None
    reopened_by: str
    reason: str


def tally(session: Session, entity_id: int, unit: str, book: str, year: int) -> list[Tally]:
    """Count every series of a book's year (พ.ศ.), the ordinary one first."""
    numbers = _states(session, entity_id, unit, book, year)
    counters = select(CounterRow).where(*_of(CounterRow, entity_id, unit, book, year))
    found = []
    for row in session.scalars(counters):
        counts = numbers.get(row.series, {})
        given = row.last >= row.first
        found.append(
            Tally(
                row.series, row.first if given else 0, row.last if given else 0,
                sum(counts.values()), counts.get("void", 0), counts.get("reserved", 0),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.series != "ordinary", one.series))


def reserved(
    session: Session, entity_id: int, unit: str, book: str, year: int
) -> list[tuple[str, str, int, str, datetime]]:
    """List the numbers that keep a book open: (entry, series, number, for whom, since)."""
    wanted = select(
        EntryRow.id, EntryRow.series, EntryRow.number, EntryRow.reserved_for, EntryRow.registered_at
    )
    wanted = wanted.where(*_of(EntryRow, entity_id, unit, book, year), EntryRow.state == "reserved")
    ordered = wanted.order_by(EntryRow.series, EntryRow.number)
    return [(row[0], row[1], row[2], row[3], row[4]) for row in session.execute(ordered)]


def history(session: Session, entity_id: int, unit: str, book: str, year: int) -> list[Closing]:
    """Give the closings of a book's year, the oldest first."""
    wanted = select(BookClosingRow).where(*_of(BookClosingRow, entity_id, unit, book, year))
    return [
        Closing(
            row.series, row.closed_at, row.closed_by, Tally(row.series, **row.counts),
            row.reopened_at, row.reopened_by, row.reopen_reason,
        )
        for row in session.scalars(wanted.order_by(BookClosingRow.id))
    ]  # fmt: skip


def is_closed(
    session: Session, entity_id: int, unit: str, book: str, year: int, series: str | None = None
) -> bool:
    """Say whether a book's year is closed; without a series, any of them."""
    wanted = select(BookClosingRow.id).where(
        *_of(BookClosingRow, entity_id, unit, book, year), BookClosingRow.reopened_at.is_(None)
    )
    if series is not None:
        wanted = wanted.where(BookClosingRow.series == series)
    return session.scalar(wanted.limit(1)) is not None


def must_allow(session: Session, row: EntryRow, fields: Collection[str] | None = None) -> None:
    """See that an entry's number (or these fields of it) may be changed; else BookClosed."""
    if fields is not None and GOES_ON.issuperset(fields):
        return
    if is_closed(session, row.entity_id, row.unit_code, row.book, row.year, row.series):
        raise BookClosed(f"the book of entry {row.id} is closed")


def close(
    session: Session, entity_id: int, unit: str, book: str, year: int, *, by: str, at: datetime
) -> list[Tally]:
    """Close all series of a book's year and give what they hold.

    Raises Conflict while the year runs, for numbers that are missing or still reserved, for a book
    without a number, and BookClosed for one that is closed.
    """
    journal.lock_head(session, entity_id)
    found = tally(session, entity_id, unit, book, year)
    _may_close(found, Book(book).heading, year, at)
    if is_closed(session, entity_id, unit, book, year):
        raise BookClosed("it is closed already", thai="ทะเบียนปีนี้ปิดไว้แล้ว")
    place = {"unit_code": unit, "book": book, "year": year}
    for one in found:
        counts = {name: value for name, value in asdict(one).items() if name != "series"}
        row = BookClosingRow(
            entity_id=entity_id, series=one.series, closed_at=at, closed_by=by, counts=counts,
            **place,
        )  # fmt: skip
        session.add(row)
        facts = {**place, "series": one.series, **counts}
        journal.record(session, entity_id, "book-closed", by, at, facts=facts)
    session.flush()
    return found


def reopen(  # noqa: PLR0913 - what names a book, and the act
    session: Session, entity_id: int, unit: str, book: str, year: int, *,
    by: str, reason: str, at: datetime,
) -> None:  # fmt: skip
    """Open a closed book again. Raises NotUnderstood without a reason, Conflict when it is open."""
    if not reason.strip():
        raise NotUnderstood("a reason is needed", thai="โปรดเขียนเหตุผลที่เปิดทะเบียนอีกครั้ง")
    journal.lock_head(session, entity_id)
    wanted = select(BookClosingRow).where(
        *_of(BookClosingRow, entity_id, unit, book, year), BookClosingRow.reopened_at.is_(None)
    )
    rows = list(session.scalars(wanted.order_by(BookClosingRow.series)))
    if not rows:
        raise Conflict("the book is open", thai="ทะเบียนปีนี้เปิดอยู่แล้ว")
    for row in rows:
        row.reopened_at, row.reopened_by, row.reopen_reason = at, by, reason.strip()
        facts = {
            "closing": row.id, "unit_code": unit, "book": book, "series": row.series, "year": year,
        }  # fmt: skip
        journal.record(session, entity_id, "book-reopened", by, at, facts=facts)
    session.flush()


def _may_close(found: list[Tally], heading: str, year: int, at: datetime) -> None:
    if buddhist_year(at) <= year:
        raise Conflict(
            f"{year} is not over",
            thai=f"ปิด{heading}ปี {to_thai(str(year))} ได้ตั้งแต่ ๑ มกราคม {to_thai(str(year + 1))}",
        )
    if not any(one.count for one in found):
        raise Conflict("the book holds no number", thai=f"{heading}ปีนี้ไม่มีรายการ จึงไม่มีอะไรให้ปิด")
    if reserved := sum(one.reserved for one in found):
        raise Conflict(
            f"{reserved} numbers are reserved",
            thai=f"ยังมีเลขที่จองค้าง {to_thai(str(reserved))} เลข โปรดใช้หรือยกเลิกให้ครบก่อน",
        )
    if missing := sum(one.missing for one in found):
        raise Conflict(
            f"{missing} numbers are missing",
            thai=f"เลขในทะเบียนขาดไป {to_thai(str(missing))} เลข โปรดแจ้งผู้ดูแลระบบให้ตรวจสอบทะเบียนก่อน",
        )


def _states(
    session: Session, entity_id: int, unit: str, book: str, year: int
) -> dict[str, dict[str, int]]:
    wanted = select(EntryRow.series, EntryRow.state, func.count())
    wanted = wanted.where(*_of(EntryRow, entity_id, unit, book, year))
    found: dict[str, dict[str, int]] = {}
    for series, state, number in session.execute(wanted.group_by(EntryRow.series, EntryRow.state)):
        found.setdefault(series, {})[state] = number
    return found


def _of(table: Any, entity_id: int, unit: str, book: str, year: int) -> tuple[Any, ...]:
    return (
        table.entity_id == entity_id, table.unit_code == unit, table.book == book,
        table.year == year,
    )  # fmt: skip
