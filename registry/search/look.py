"""Looking at candidates: whether a document really holds all that is asked, and how well.

What the index gives is a superset; here it is compared with the folded text itself, so a search
finds exactly what a plain scan would. Access and everything else a document is marked by is
compared once more, so no mistake of the index can show a letter to somebody who may not see it.
A document is unpacked once in a search, however many passes meet it: that takes some ten
microseconds, and a search may have to do it a thousand times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from registry.models.packed import unpack
from registry.models.search import GROUP
from registry.search.engine import documents
from registry.search.folding import FIELD
from registry.search.terms import Query, Reader, Term
from registry.search.words import begins

_WEIGHT: Final = (0, 0, 1, 1, 2, 3)
"""How near to the top a field puts a letter, by Field: number and subject first."""
_IN_TEXT: Final = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """A document that holds all that was asked for.

    ``in_fields``: every piece stands in the fields. ``as_word``: every piece of one or two letters
    is a word somewhere. ``exact``: a number that was asked for is this letter's. ``order`` sorts
    what was looked at together, the best first.
    """

    doc: int
    ref: str
    in_fields: bool
    as_word: bool
    exact: bool
    order: tuple[int, int, int]


class Looker:
    """Compares documents with one query of one reader."""

    def __init__(
        self, session: Session, query: Query, reader: Reader, marks: Sequence[str]
    ) -> None:
        self._session = session
        self._query = query
        self._reader = reader
        self._texts = [one for one in query.terms if one.key]
        self._must = set(marks)
        self._must_not = {one.mark for one in query.without if one.mark}
        self._words = {f"W{one.key}" for one in self._texts if len(one.key) <= 2}
        self._numbers = {one.number for one in query.terms if one.number}
        self._limited = any(one.within for one in self._texts)
        self._keys_not = [one.key for one in query.without if one.key]
        narrowing = query.narrowing
        self._is_timed = narrowing.since is not None or narrowing.until is not None
        wanted = (self._must, self._must_not, self._words, self._numbers)
        bound = (reader.units, reader.within, reader.drafts) != (None, None, None)
        self._by_marks = bound or any(wanted)
        self._known: dict[int, Seen | None] = {}

    def look(self, docs: Sequence[int]) -> list[Seen]:
        """Give those of the documents that answer, in the order of the numbers given."""
        if new := [doc for doc in docs if doc not in self._known]:
            self._known.update(dict.fromkeys(new))
            for row in documents(self._session, new):
                self._known[row[0]] = self._seen(*row)
        return [seen for doc in docs if (seen := self._known[doc])]

    def _seen(
        self, doc: int, ref: str, entity: int, dated: Any, packed: bytes, cuts: bytes
    ) -> Seen | None:
        reader = self._reader
        if reader.entities is not None and entity not in reader.entities:
            return None
        if self._is_timed and not self._in_time(str(dated or "")):
            return None
        whole = unpack(packed)
        start = whole.index(GROUP) + 1
        places = [whole.find(one.key, start) for one in self._texts]
        if -1 in places or any(whole.find(key, start) >= 0 for key in self._keys_not):
            return None
        marks = set(whole[: start - 1].split("\n")) if self._by_marks else set[str]()
        end = whole.index(GROUP, start)
        if not self._fits(marks, entity) or not self._in_fields(whole[start:end]):
            return None
        weight, words = 0, 0
        for place, term in zip(places, self._texts, strict=True):
            field = _WEIGHT[whole.count(FIELD, start, place)] if place < end else _IN_TEXT
            weight = max(weight, field)
            words += _is_word(cuts, place - start, term)
        exact = not self._numbers.isdisjoint(marks)
        order = weight, -words, -doc
        return Seen(doc, ref, weight < _IN_TEXT, self._words <= marks, exact, order)

    def _fits(self, marks: set[str], entity: int) -> bool:
        if self._by_marks and not self._reader.sees(marks, entity):
            return False
        return self._must <= marks and self._must_not.isdisjoint(marks)

    def _in_time(self, dated: str) -> bool:
        since, until = self._query.narrowing.since, self._query.narrowing.until
        if not dated:
            return False
        day = date.fromisoformat(dated)
        return (since or day) <= day <= (until or day)

    def _in_fields(self, said: str) -> bool:
        if not self._limited:
            return True
        fields = said.split(FIELD)
        return all(
            any(one.key in fields[place] for place in one.within)
            for one in self._texts
            if one.within
        )


def _is_word(cuts: bytes, place: int, term: Term) -> int:
    return int(begins(cuts, place) and begins(cuts, place + len(term.key)))
