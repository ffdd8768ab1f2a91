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
from registry.models.books import CounterRow, EntryRow
from registry.models.evidence import JournalRow
from registry.models.people import EntityRow
from registry.numbering import BookKey
from registry.proving.problem import Problem

_PLACE: Final = (
    EntryRow.entity_id, EntryRow.unit_code, EntryRow.book, EntryRow.series, EntryRow.year
)  # fmt: skip


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
    wrong: list[str] = []
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
    return one, [Problem("series", where, what) for what in wrong]


def _of_row(row: Any, expected: int, before: datetime | None, key: BookKey) -> Iterator[str]:
    if row.number > expected:
        missing = f"{expected}" if row.number == expected + 1 else f"{expected}-{row.number - 1}"
        yield f"number {missing} is missing"
    elif row.number < expected:
        yield f"number {row.number} stands where {expected} should"
    if before is not None and row.registered_at < before:
        yield f"number {row.number} is dated before the number before it"
    if buddhist_year(row.registered_at) != key.year:
        yield f"number {row.number} was registered in {buddhist_year(row.registered_at)}"


def _of_counter(counter: CounterRow | None, first: int, last: int) -> Iterator[str]:
    if counter is None:
        yield "there is no counter"
        return
    if counter.last != last:
        yield f"the counter stands at {counter.last}, the last entry is {last}"
    if counter.first != first:
        yield f"the counter begins at {counter.first}, the journal says {first}"


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
