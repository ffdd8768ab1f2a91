"""The claim of numbers: every series runs first…last, each number once, none missing.

Voided and reserved numbers count as numbers. The counter agrees with its last entry, the first
number is 1 or what the journal says the series was started at, no entry was dated back, and each
stands in the book of its own Bangkok year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.clock import buddhist_year
from registry.letter.book import Book, Series
from registry.models.books import CounterRow, EntryRow
from registry.models.evidence import JournalRow
from registry.models.people import EntityRow
from registry.numbering import BookKey
from registry.proving.problem import Problem, Wrong

_PLACE: Final = (
    EntryRow.entity_id, EntryRow.unit_code, EntryRow.book, EntryRow.series, EntryRow.year
)  # fmt: skip
_MISSING: Final = Wrong("number {} is missing", "ไม่มีเลข {}")
_MISPLACED: Final = Wrong("number {} stands where {} should", "เลข {} อยู่ในลำดับที่ควรเป็นเลข {}")
_BACK: Final = Wrong("number {} is dated before the number before it", "เลข {} ลงเวลาก่อนเลขก่อนหน้า")
_YEAR: Final = Wrong("number {} was registered in {}", "เลข {} ลงทะเบียนในปี {}")
_NO_COUNTER: Final = Wrong("there is no counter", "ไม่มีตัวนับเลข")
_LAST: Final = Wrong(
    "the counter stands at {}, the last entry is {}", "ตัวนับเลขอยู่ที่ {} แต่เลขสุดท้ายคือ {}"
)
_FIRST: Final = Wrong(
    "the counter begins at {}, the journal says {}", "ตัวนับเลขเริ่มที่ {} แต่บันทึกการปฏิบัติว่าเริ่มที่ {}"
)


@dataclass(frozen=True, slots=True)
class SeriesProof:
    """One series as it was found; ``entity`` is a code, ``year`` พ.ศ.

    ``count`` are all entries, among them ``void`` and ``reserved`` ones.
    """

    entity: str
    unit: str
    book: str
    series: str
    year: int
    first: int
    last: int
    count: int
    void: int
    reserved: int
    holds: bool


def prove_series(session: Session) -> tuple[list[SeriesProof], list[Problem]]:
    """Walk through all books in order and give each series with what is wrong in it."""
    codes = {row.id: row.code for row in session.execute(select(EntityRow.id, EntityRow.code))}
    counters = {_key_of(row): row for row in session.scalars(select(CounterRow))}
    starts = dict(_starts(session))
    found: list[SeriesProof] = []
    problems: list[Problem] = []
    for key, rows in groupby(_entries(session), _key_of):
        counter = counters.pop(key, None)
        one, wrong = _walk(codes.get(key.entity_id, "?"), key, rows, counter, starts.get(key, 1))
        found.append(one)
        problems += wrong
    for key, counter in counters.items():  # series that have a counter and no entries
        code = codes.get(key.entity_id, "?")
        one, wrong = _walk(code, key, iter(()), counter, starts.get(key, 1))
        problems += wrong
        if counter.first != 1 or wrong:
            found.append(one)
    return sorted(found, key=_order), problems


def _walk(
    code: str, key: BookKey, rows: Iterator[Any], counter: CounterRow | None, first: int
) -> tuple[SeriesProof, list[Problem]]:
    expected, before, count = first, None, 0
    states = {"void": 0, "reserved": 0, "registered": 0}
    wrong: list[Wrong] = []
    for row in rows:
        count += 1
        states[row.state] = states.get(row.state, 0) + 1
        wrong += _of_row(row, expected, before, key)
        expected, before = row.number + 1, row.registered_at
    wrong += _of_counter(counter, first, expected - 1)
    one = SeriesProof(
        code, key.unit_code, key.book, key.series, key.year, first, expected - 1, count,
        states["void"], states["reserved"], not wrong,
    )  # fmt: skip
    owner = f"{code}+{key.unit_code}" if key.unit_code else code
    where = f"{owner}/{key.book}/{key.series}/{key.year}"
    return one, [Problem("series", where, *what, entity=code, title=_title(key)) for what in wrong]


def _title(key: BookKey) -> str:
    """Name a series as people do: ทะเบียนหนังสือรับ ปี 2569."""
    unit = f" ({key.unit_code})" if key.unit_code else ""
    kind = "" if key.series == Series.ORDINARY else f" {Series(key.series).thai}"
    return f"{Book(key.book).heading}{kind}{unit} ปี {key.year}"


def _of_row(row: Any, expected: int, before: datetime | None, key: BookKey) -> Iterator[Wrong]:
    if row.number > expected:
        missing = f"{expected}" if row.number == expected + 1 else f"{expected}-{row.number - 1}"
        yield _MISSING.of(missing)
    elif row.number < expected:
        yield _MISPLACED.of(row.number, expected)
    if before is not None and row.registered_at < before:
        yield _BACK.of(row.number)
    if buddhist_year(row.registered_at) != key.year:
        yield _YEAR.of(row.number, buddhist_year(row.registered_at))


def _of_counter(counter: CounterRow | None, first: int, last: int) -> Iterator[Wrong]:
    if counter is None:
        yield _NO_COUNTER
        return
    if counter.last != last:
        yield _LAST.of(counter.last, last)
    if counter.first != first:
        yield _FIRST.of(counter.first, first)


def _entries(session: Session) -> Iterator[Any]:
    wanted = select(*_PLACE, EntryRow.number, EntryRow.state, EntryRow.registered_at)
    ordered = wanted.order_by(*_PLACE, EntryRow.number)
    yield from session.execute(ordered.execution_options(yield_per=1000))


def _starts(session: Session) -> Iterator[tuple[BookKey, int]]:
    """Give the series that were started above 1, as the journal tells it."""
    wanted = select(JournalRow.facts).where(JournalRow.act == "series-started")
    for facts in session.scalars(wanted.order_by(JournalRow.id)):
        place = {name: facts[name] for name in BookKey.__dataclass_fields__}
        yield BookKey(**place), int(facts["first"])


def _key_of(row: Any) -> BookKey:
    return BookKey(row.entity_id, row.unit_code, row.book, row.series, row.year)


def _order(one: SeriesProof) -> tuple[str, str, str, int, str]:
    return one.entity, one.unit, one.book, one.year, one.series
