"""Forms 16, 17, 19, 20 and 25 of the regulation: what they are called, their columns, their rows.

They are read off the same lines as the books (:mod:`registry.books.booklines`), for a part of one
book, some hundred lines at a time:

== ============================ ==================================================================
16 สมุดส่งหนังสือ                 one row for each addressee of a sent letter, with what became of it
17 ใบรับหนังสือ                   the same as slips, to be signed by whoever takes the letter
19 บัญชีหนังสือส่งเก็บ             letters whose matter was closed, handed to the keeper of the files
20 ทะเบียนหนังสือเก็บ              the same as the keeper's register
25 บัญชีหนังสือขอทำลาย            letters whose time of keeping is over; nothing is destroyed by it
== ============================ ==================================================================

Numbers that were voided or only reserved are no letters and have no row. A letter with a marking
has a row that says no more than its number, unless the reader is cleared; it has none in 16 and 17.
What the system does not know (รหัสแฟ้ม, การพิจารณา, a hand's signature) is left for the pen.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import deliveries
from registry.accounts.clearance import Clearance
from registry.books import bookform, booklines
from registry.books.booklines import Line
from registry.clock import BANGKOK, buddhist_year
from registry.letter.delivery import DeliveryState
from registry.models.books import EntryRow
from registry.models.outgoing import DeliveryRow
from registry.numbering import BookKey

Cell = str | int | date | datetime
"""What stands in a column; days and times are shown in the digits the reader likes."""
_AT_ONCE: Final = 500
_ONLY_SENT: Final = ("16", "17")


@dataclass(frozen=True, slots=True)
class ListForm:
    """A form: its number, its title, and its columns, each with its share of the width."""

    number: str
    title: str
    columns: tuple[tuple[str, float], ...]
    landscape: bool = True

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns."""
        return tuple(head for head, _ in self.columns)

    @property
    def only_sent(self) -> bool:
        """Whether it is of sent letters alone."""
        return self.number in _ONLY_SENT


FORMS: Final[Mapping[str, ListForm]] = {
    one.number: one
    for one in (
        ListForm("16", "สมุดส่งหนังสือ", (
            ("เลขทะเบียน", 0.09), ("จาก", 0.16), ("ถึง", 0.18), ("หน่วยรับ", 0.20), ("ผู้รับ", 0.13),
            ("วันและเวลา", 0.12), ("หมายเหตุ", 0.12),
        )),
        ListForm("17", "ใบรับหนังสือ", (
            ("ที่", 0.16), ("ถึง", 0.22), ("เรื่อง", 0.30), ("รับวันที่", 0.11), ("เวลา", 0.07),
            ("ผู้รับ", 0.14),
        ), landscape=False),
        ListForm("19", "บัญชีหนังสือส่งเก็บ", (
            ("ลำดับที่", 0.09), ("ที่", 0.19), ("ลงวันที่", 0.14), ("เรื่อง", 0.33), ("อายุการเก็บ", 0.11),
            ("หมายเหตุ", 0.14),
        ), landscape=False),
        ListForm("20", "ทะเบียนหนังสือเก็บ", (
            ("ลำดับที่", 0.07), ("วันเก็บ", 0.09), ("เลขทะเบียนรับ", 0.09), ("ที่", 0.14), ("เรื่อง", 0.29),
            ("รหัสแฟ้ม", 0.09), ("กำหนดเวลาเก็บ", 0.11), ("หมายเหตุ", 0.12),
        )),
        ListForm("25", "บัญชีหนังสือขอทำลาย", (
            ("ลำดับที่", 0.07), ("รหัสแฟ้ม", 0.09), ("ที่", 0.15), ("ลงวันที่", 0.10),
            ("เลขทะเบียนรับ", 0.09), ("เรื่อง", 0.28), ("การพิจารณา", 0.11), ("หมายเหตุ", 0.11),
        )),
    )
}  # fmt: skip
"""The forms by their number."""


def rows_of(  # noqa: PLR0913 - which part of which book, and for whom
    session: Session, form: str, key: BookKey, first: int, last: int, *,
    cleared: Clearance, keep_years: int, now: datetime,
) -> Iterator[tuple[Cell, ...]]:  # fmt: skip
    """Give the rows of a form for the numbers first…last of a series.

    ``keep_years`` is for how long ordinary letters are kept (ข้อ 57). Raises KeyError for a form
    there is not. What a form is not for (a sent book's form of a received book) has no rows.
    """
    spec = FORMS[form]
    if spec.only_sent and key.book != "sent":
        return
    if form == "25" and key.year + keep_years >= buddhist_year(now):
        return
    count = 0
    while batch := booklines.page(session, key, first, last, _AT_ONCE, cleared=cleared):
        first = batch[-1].number + 1
        for row in _MAKERS[form](session, batch, key, keep_years):
            count += 1
            yield (count, *row) if spec.heads[0] == "ลำดับที่" else row


def _letters(lines: Iterable[Line]) -> list[Line]:
    return [one for one in lines if one.state == "registered"]


def _sent_book(
    session: Session, lines: Sequence[Line], key: BookKey, _years: int
) -> Iterator[tuple[Cell, ...]]:
    for line, one, taken in _deliveries(session, lines):
        number = f"เลขรับ {one.remote_number}" if one.remote_number else ""
        yield (
            bookform.number_of(line, key.series), line.from_text, line.to_text,
            one.to_name or one.to_address, number, taken or "", DeliveryState(one.state).thai,
        )  # fmt: skip


def _slips(
    session: Session, lines: Sequence[Line], _key: BookKey, _years: int
) -> Iterator[tuple[Cell, ...]]:
    for line, one, taken in _deliveries(session, lines):
        at = taken.astimezone(BANGKOK) if taken else None
        number = f"เลขรับ {one.remote_number}" if one.remote_number else ""
        time = f"{at:%H.%M} น." if at else ""
        day: Cell = at.date() if at else ""
        yield line.letter_number, one.to_name or one.to_address, line.subject, day, time, number


def _handed_over(
    session: Session, lines: Sequence[Line], key: BookKey, years: int
) -> Iterator[tuple[Cell, ...]]:
    for line, _ in _closed(session, lines):
        yield (
            _number(line, key), line.dated or "", line.subject, f"{years} ปี", _remark(line, key)
        )  # fmt: skip


def _kept(
    session: Session, lines: Sequence[Line], key: BookKey, years: int
) -> Iterator[tuple[Cell, ...]]:
    for line, closed in _closed(session, lines):
        day = closed.astimezone(BANGKOK).date()
        yield (
            day, _received(line, key), _number(line, key), line.subject, "",
            f"ถึง พ.ศ. {buddhist_year(closed) + years}", _remark(line, key),
        )  # fmt: skip


def _to_destroy(
    _session: Session, lines: Sequence[Line], key: BookKey, _years: int
) -> Iterator[tuple[Cell, ...]]:
    for line in _letters(lines):
        yield (
            "", _number(line, key), line.dated or "", _received(line, key), line.subject, "",
            _remark(line, key),
        )  # fmt: skip


_Maker = Callable[[Session, Sequence[Line], BookKey, int], Iterator[tuple[Cell, ...]]]
_MAKERS: Final[Mapping[str, _Maker]] = {
    "16": _sent_book, "17": _slips, "19": _handed_over, "20": _kept, "25": _to_destroy,
}  # fmt: skip


def _number(line: Line, key: BookKey) -> str:
    """Give ที่; a sent letter without one of its own has the number of the book."""
    return line.letter_number or (str(line.number) if key.book == "sent" else "")


def _received(line: Line, key: BookKey) -> str:
    return "" if key.book == "sent" else f"{bookform.number_of(line, key.series)}/{key.year}"


def _remark(line: Line, key: BookKey) -> str:
    sent = f"ทะเบียนส่ง {bookform.number_of(line, key.series)}" if key.book == "sent" else ""
    return " · ".join(filter(None, (sent, *bookform.remarks(line))))


def _deliveries(
    session: Session, lines: Sequence[Line]
) -> Iterator[tuple[Line, DeliveryRow, datetime | None]]:
    """Give each addressee of each letter that may be told of, and since when it has the letter."""
    open_ = [one for one in _letters(lines) if not one.redacted]
    ids = [one.id for one in open_]
    taken = deliveries.received(session, ids)
    wanted = select(DeliveryRow).where(DeliveryRow.entry_id.in_(ids))
    found: defaultdict[str, list[DeliveryRow]] = defaultdict(list)
    for row in session.scalars(wanted.order_by(DeliveryRow.position, DeliveryRow.id)):
        found[row.entry_id].append(row)
    for line in open_:
        for one in found[line.id]:
            yield line, one, taken.get(one.id)


def _closed(session: Session, lines: Sequence[Line]) -> Iterator[tuple[Line, datetime]]:
    """Give the letters whose matter was closed, with when."""
    letters = _letters(lines)
    wanted = select(EntryRow.id, EntryRow.closed).where(
        EntryRow.id.in_([one.id for one in letters]), EntryRow.closed.is_not(None)
    )
    closed = {entry_id: at for entry_id, at in session.execute(wanted) if at is not None}
    for line in letters:
        if line.id in closed:
            yield line, closed[line.id]
