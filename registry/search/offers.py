"""What to offer a person who found nothing: numbers and spellings that are near and do exist.

Every offer is itself a search of the same reader, so nothing is offered that they may not see.
Bounded: a few numbers and a few places of each word are tried.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from registry.models.books import EntryRow
from registry.models.people import EntityRow
from registry.models.search import GROUP, SearchDocRow
from registry.search.fetched import Fetched
from registry.search.find import Finder
from registry.search.folding import FIELD, PART
from registry.search.hits import still_open
from registry.search.terms import Query, Reader, Term

_MOST: Final = 3  # offers
_TRIED: Final = 8
_PLACES: Final = 6  # characters of a piece that are left out in turn
_NEAR: Final = 100  # numbers looked at, below and above
_SERIES: Final = re.compile(r"(?P<before>N.+/(?:ว)?)(?P<number>[0-9]{1,6})")
_OF_BOOK: Final = re.compile(r"(?P<before>N(?:[^/]+/ว?)?)(?P<number>[0-9]+)/(?P<year>[0-9]{4})")


def offers(session: Session, query: Query, reader: Reader, fetched: Fetched) -> tuple[str, ...]:
    """Give up to three texts to search for instead, the nearest first."""
    found: list[str] = []
    for term in query.terms:
        mark = term.number or term.mark
        near = _numbers(session, mark, reader, fetched) if mark.startswith("N") else iter(())
        found += list(near)
        if term.key and not term.number and len(found) < _MOST and len(term.key) >= 4:
            near = _spellings(session, replace(term, within=()), reader, fetched)
            found += islice(near, _MOST - len(found))
    return tuple(dict.fromkeys(found))[:_MOST]


def _numbers(session: Session, mark: str, reader: Reader, fetched: Fetched) -> Iterator[str]:
    if found := _OF_BOOK.fullmatch(mark):
        before, year = found["before"], int(found["year"])
        tried = [f"{before}{n}/{year}" for n in _misread(found["number"])]
        tried += [f"{before}{found['number']}/{y}" for y in (year - 1, year + 1)]
    elif found := _SERIES.fullmatch(mark):
        tried = _neighbours(session, found["before"], int(found["number"]), reader)
    else:
        return
    for one in tried[:_TRIED]:
        numbered = Finder(session, Query((Term("", "", mark=one),)), reader, fetched)
        if still_open(session, numbered.newest(1)):
            yield one[1:].replace("received/", "รับ ").replace("sent/", "ส่ง ")


def _misread(number: str) -> list[str]:
    """Give the numbers that a slip of hand or eye makes of this one, the likeliest first."""
    swapped = [
        number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        for at in range(len(number) - 1)
    ]
    near = [str(int(number) + by) for by in (-1, 1) if int(number) + by > 0]
    return [one for one in dict.fromkeys(swapped + near) if one != number and one[0] != "0"]


def _neighbours(session: Session, before: str, number: int, reader: Reader) -> list[str]:
    """Give the marks of letters of the same series whose numbers are nearest."""
    key, wanted = EntryRow.letter_number_key, f"{before[1:]}{number}"
    mine = select(key).where(EntryRow.secrecy.is_(None), _owned(reader))
    below = mine.where(key < wanted, key > before[1:]).order_by(key.desc()).limit(_NEAR)
    above = mine.where(key > wanted, key < before[1:] + "~").order_by(key).limit(_NEAR)
    marks = {f"N{one}" for some in (below, above) for one in session.scalars(some)}
    pairs = {one: int(one.removeprefix(before)) for one in marks if _is_next(one, before)}
    return sorted(pairs, key=lambda one: abs(pairs[one] - number))


def _owned(reader: Reader) -> ColumnElement[bool]:
    if reader.entities is not None:
        return EntryRow.entity_id.in_(reader.entities)
    return EntryRow.entity_id.in_(select(EntityRow.id).where(EntityRow.hosted))


def _is_next(mark: str, before: str) -> bool:
    rest = mark.removeprefix(before)
    return rest.isascii() and rest.isdecimal()


def _spellings(session: Session, term: Term, reader: Reader, fetched: Fetched) -> Iterator[str]:
    """Give what stands in letters where one character of the piece is another, none, or two."""
    key = term.key
    if still_open(session, Finder(session, Query((term,)), reader, fetched).newest(3)):
        return  # it is spelt right; only together with the rest there is nothing
    step = max(len(key) // _PLACES, 1)
    for at in range(0, len(key), step):
        before, after = key[:at], key[at + 1 :]
        parts = tuple(Term(part, part) for part in (before, after) if len(part) >= 3)
        if sum(len(part.key) for part in parts) < len(key) - 2:
            continue
        shape = re.compile(re.escape(before) + f"[^{FIELD}{PART}{GROUP}]{{0,2}}" + re.escape(after))
        near = Finder(session, Query(parts), reader, fetched).newest(3)
        for ref in still_open(session, near):
            wanted = select(SearchDocRow.whole).where(SearchDocRow.ref == ref)
            _marks, said = session.execute(wanted).scalar_one().split(GROUP, 1)
            if there := shape.search(said):
                yield there[0]
                break
