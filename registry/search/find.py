"""Finding: passes over the index from the best kind of match to the least, and pages of them.

The passes: letters whose number was asked for; those that hold every piece in their fields; those
that hold it in a text. A piece of one or two letters first counts as a word (มท, the code), then
as a piece of one. Within a pass the newest come first, a hundred at a time, and those are put in
order by field, then by words before pieces of words, then by time. So a common word costs no more
than a rare one, and a cursor needs only pass, place and offset.

Promises: what is found is exactly what a plain scan of the folded texts would find; what a reader
may not see is neither given nor counted. Limits: the order is by best match within a hundred
letters, not over all; counting stops at :data:`CAP`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.people import EntityRow
from registry.search.candidates import Clause, beginning, candidates, count, plan
from registry.search.fetched import Fetched
from registry.search.grams import ANYWHERE, FIELDS, mark_gram, piece_grams
from registry.search.look import Looker, Seen
from registry.search.terms import Narrowing, Query, Reader, Term

CAP: Final = 300
"""Beyond so many letters a search says only that there are more."""
_TOP: Final = 2**31 - 1
_LOOKED_AT: Final = {"number": 50, "field-word": 100, "field": 100, "text-word": 100, "text": 100}
_AT_FIRST: Final = 20  # candidates looked at a time where a few letters are enough
_COUNTED: Final = 100  # candidates counted at a time
_MOST_COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """Refs of a page's letters in order, and from where the next page goes on."""

    refs: tuple[str, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Total:
    """How many letters answer; ``more`` says that there may be more than that."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page ended: in which pass, in which stretch of documents, after how many of it.

    ``top`` is above what there was when the first page was asked for: what comes later is not
    pushed into the pages that follow.
    """

    top: int
    at: int
    below: int
    end: int
    skip: int

    def __str__(self) -> str:
        return f"{self.top}.{self.at}.{self.below}.{self.end}.{self.skip}"


class Finder:
    """One query of one reader, within one session; ``fetched`` is shared by those of one search."""

    def __init__(
        self, session: Session, query: Query, reader: Reader, fetched: Fetched | None = None
    ) -> None:
        self._query = query
        self._reader = reader
        self.fetched = fetched or Fetched(session)
        self._base = _narrowed(query, reader)
        single = [one.grams[0].decode() for one in self._base if len(one.grams) == 1]
        marks = [mark for mark in single if not mark.startswith(("E", "U", "P"))]
        self._looker = Looker(session, query, reader, marks)

    def page(self, limit: int, cursor: str | None = None) -> Found:
        """Give the next letters; a cursor that is not ours begins anew."""
        if self._reader.sees_nothing:
            return Found((), None)
        passes = self._passes()
        place = _read(cursor, len(passes)) or self._start()
        refs: list[str] = []
        while place.at < len(passes):
            for start, end, seen in self._windows(passes[place.at], place):
                rest, room = seen[place.skip :], limit - len(refs)
                refs += [one.ref for one in rest[:room]]
                if len(rest) > room:
                    cut = _Place(place.top, place.at, start, end, place.skip + room)
                    return Found(tuple(refs), str(cut))
                place = replace(place, skip=0)
            place = _Place(place.top, place.at + 1, place.top, 0, 0)
        return Found(tuple(refs), None)

    def newest(self, limit: int) -> list[str]:
        """Give the newest letters that answer, in no better order; a few hundred are looked at."""
        if self._reader.sees_nothing:
            return []
        docs, refs = islice(self._candidates("text", _TOP), CAP), list[str]()
        while len(refs) < limit and (some := list(islice(docs, _AT_FIRST))):
            refs += [one.ref for one in self._looker.look(some)]
        return refs[:limit]

    def total(self) -> Total:
        """Count what answers, up to :data:`CAP`."""
        if self._reader.sees_nothing:
            return Total(0)
        found, looked = len(self._looker.look(list(self._tail(_TOP)))), 0
        exact = self._is_exact()
        docs = self._filed("text", _TOP, exact=exact)
        while some := list(islice(docs, _COUNTED)):
            found += len(some) if exact else len(self._looker.look(some))
            looked += len(some)
            if found > CAP or looked >= _MOST_COUNTED:
                return Total(min(found, CAP), more=found > CAP or bool(list(islice(docs, 1))))
        return Total(found)

    def count(self, docs: Sequence[int]) -> int:
        """Count those of these documents that answer; 0 beyond what a total counts."""
        return len(self._looker.look(docs)) if docs else 0

    def _is_exact(self) -> bool:
        """Whether the index alone knows the answer: each piece is one gram, and nothing else is."""
        narrowing, reader = self._query.narrowing, self._reader
        return not (
            any(one.within or not _is_one_gram(one.key) for one in self._query.terms)
            or self._query.without
            or narrowing.since is not None
            or narrowing.until is not None
            or (reader.entities is None and (reader.units, reader.within) != (None, None))
        )

    def counted(self) -> int:
        """Count all that answers by its marks alone, however many they are."""
        if self._reader.sees_nothing:
            return 0
        asked = plan(self.fetched, self._base, exact=True)
        return count(self.fetched, asked) + len(self._looker.look(list(self._tail(_TOP))))

    def _start(self) -> _Place:
        top = self.fetched.top()
        return _Place(top, 0, top, 0, 0)

    def _passes(self) -> list[str]:
        texts = [one for one in self._query.terms if one.key]
        if not texts:
            return ["text"]
        kinds = ["field", "text"]
        if any(len(one.key) <= 2 for one in texts):
            kinds = ["field-word", "field", "text-word", "text"]
        return (["number"] if any(one.number for one in texts) else []) + kinds

    def _windows(self, kind: str, place: _Place) -> Iterator[tuple[int, int, list[Seen]]]:
        """Look at some candidates at a time; give where each time began and ended, and the found.

        A time that a page ended in is gone through again from one end to the other, whatever has
        become of the segments meanwhile.
        """
        docs, start = self._candidates(kind, place.below), place.below
        some = list(takewhile(lambda doc: doc >= place.end, docs)) if place.end else []
        if place.end:
            docs = self._candidates(kind, place.end)
        some = some or list(islice(docs, _LOOKED_AT[kind]))
        while some:
            looked = self._looker.look(some)
            seen = [one for one in looked if self._belongs(one) == kind]
            yield start, some[-1], sorted(seen, key=lambda one: one.order)
            start = some[-1]
            some = list(islice(docs, _LOOKED_AT[kind]))

    def _belongs(self, seen: Seen) -> str:
        """Say in which pass this document is given; it is given in that one only."""
        passes = self._passes()
        if seen.exact and "number" in passes:
            return "number"
        if len(passes) == 1:
            return "text"
        kind = "field" if seen.in_fields else "text"
        return f"{kind}-word" if seen.as_word and f"{kind}-word" in passes else kind

    def _candidates(self, kind: str, below: int) -> Iterator[int]:
        """Give candidates of a pass, the newest first: the tail that has no segment, then all."""
        yield from self._tail(below)
        yield from self._filed(kind, below)

    def _filed(self, kind: str, below: int, *, exact: bool = False) -> Iterator[int]:
        """Give candidates by the index; exact ones hold every clause, not only most."""
        clauses = [*self._base, *self._clauses(kind)]
        asked = plan(self.fetched, clauses, exact=exact)
        yield from candidates(self.fetched, asked, below)

    def _tail(self, below: int) -> Iterator[int]:
        """Give the documents that are in no segment yet."""
        mine = self._reader.entities
        for doc, entity in self.fetched.tail():
            if doc < below and (mine is None or entity in mine):
                yield doc

    def _clauses(self, kind: str) -> Iterator[Clause]:
        if kind == "number":
            yield _marked(*(one.number for one in self._query.terms if one.number))
        for term in self._query.terms:
            if not term.key or (kind == "number" and term.number):
                continue
            in_fields = kind.startswith("field") or bool(term.within)
            yield from _holding(term, FIELDS if in_fields else ANYWHERE)
            if kind.endswith("-word") and len(term.key) <= 2:
                yield _marked(f"W{term.key}")


def _holding(term: Term, where: str) -> Iterator[Clause]:
    grams, start = piece_grams(term.key, where)
    if start:
        yield beginning(start)
    for gram in grams:
        yield Clause((gram,))


def _is_one_gram(key: str) -> bool:
    """Whether the index knows all of a piece; of one that crosses two grams it does not."""
    return len(piece_grams(key, ANYWHERE)[0]) <= 1


def _marked(*marks: str) -> Clause:
    return Clause(tuple(map(mark_gram, marks)))


def _narrowed(query: Query, reader: Reader) -> list[Clause]:
    """Give the clauses of who searches and what the search is narrowed to."""
    narrowing = query.narrowing
    found = [_marked(one.mark) for one in query.terms if one.mark]
    sieve = {"B": narrowing.book, "Y": narrowing.year, "G": narrowing.urgency, "K": narrowing.kind}
    found += [_marked(f"{kind}{value}") for kind, value in sieve.items() if value is not None]
    if narrowing.files:
        found.append(_marked("H"))
    found += [_marked(*marks) for marks in reader.clauses()]
    if narrowing.since is not None or narrowing.until is not None:
        first = f"M{narrowing.since:%Y-%m}" if narrowing.since else "M"
        last = f"M{narrowing.until:%Y-%m}" if narrowing.until else "M9"
        found.append(Clause((), first.encode(), last.encode() + b"~"))
    return found


def narrowed_reader(session: Session, reader: Reader, narrowing: Narrowing) -> Reader:
    """Give the reader as one who sees this entity and unit only; nothing, if not theirs."""
    entities = reader.entities
    if narrowing.entity is not None:
        wanted = select(EntityRow.id).where(EntityRow.code == narrowing.entity.casefold())
        ids = frozenset(session.scalars(wanted))
        entities = ids if entities is None else ids & entities
    return replace(reader, entities=entities, within=narrowing.unit)


def _read(cursor: str | None, passes: int) -> _Place | None:
    try:
        place = _Place(*(int(part) for part in (cursor or "").split(".")))
    except (ValueError, TypeError):
        return None
    numbers = place.top, place.below, place.end, place.skip
    sound = 0 <= place.at < passes and all(0 <= one <= _TOP for one in numbers)
    return place if sound else None
