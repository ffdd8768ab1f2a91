"""Looking at candidates: whether a document really holds all that is asked, and how well.

What the index gives is a superset; here it is compared with the folded text itself, so a search
finds exactly what a plain scan would. Pieces are sought in the texts by the database, which need
not hand the texts over for it; access and everything else a document is marked by is compared
once more, so no mistake of the index can show a letter to somebody who may not see it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from registry.models.search import SearchDocRow
from registry.search.engine import is_among, place_in
from registry.search.folding import FIELD, PART
from registry.search.terms import Query, Reader, Term
from registry.search.words import begins

_WEIGHT: Final = (0, 0, 1, 1, 2, 3)
"""How near to the top a field puts a letter, by Field: number and subject first."""


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
        self._marks = set(marks)
        self._texts = [one for one in query.terms if one.key]
        self._short = [one.key for one in self._texts if len(one.key) <= 2]

    def look(self, docs: Sequence[int], *, fields_only: bool = False) -> list[Seen]:
        """Give those of the documents that answer, in the order of the numbers given."""
        rows = {
            row.doc: row
            for row in self._session.execute(self._asked(docs, fields_only=fields_only))
        }
        return [seen for doc in docs if doc in rows and (seen := self._seen(rows[doc]))]

    def count(self, docs: Sequence[int], *, filed: bool = False) -> int:
        """Count those of the documents that answer, reading no more of them than must be.

        Of ``filed`` ones the index has said that they bear all marks asked for.
        """
        table, narrowing = SearchDocRow, self._query.narrowing
        where = [is_among(self._session, table.doc, docs), *self._holds(fields_only=False)]
        by_hand = any(one.within for one in self._texts) or any(
            one.mark for one in self._query.without
        )
        if not filed or by_hand or self._reader.units is not None:
            columns = table.entity_id, table.dated, table.marks, table.fields
            rows = self._session.execute(select(*columns).where(*where))
            return sum(self._may_and_fits(row) for row in rows)
        if self._reader.entities is not None:
            where.append(table.entity_id.in_(self._reader.entities))
        if narrowing.since is not None:
            where.append(table.dated >= narrowing.since)
        if narrowing.until is not None:
            where.append(table.dated <= narrowing.until)
        return self._session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def _asked(self, docs: Sequence[int], *, fields_only: bool) -> Select[*tuple[Any, ...]]:
        table = SearchDocRow
        columns: list[Any] = [
            table.doc, table.ref, table.entity_id, table.dated, table.marks, table.fields,
            table.cuts,
        ]  # fmt: skip
        if not fields_only:
            for at, term in enumerate(self._texts):
                columns.append(place_in(self._session, table.body, term.key).label(f"at{at}"))
        where = self._holds(fields_only=fields_only)
        return select(*columns).where(is_among(self._session, table.doc, docs), *where)

    def _holds(self, *, fields_only: bool) -> Iterator[ColumnElement[bool]]:
        table = SearchDocRow
        for term in self._texts:
            in_fields = place_in(self._session, table.fields, term.key) > 0
            in_body = place_in(self._session, table.body, term.key) > 0
            yield in_fields if fields_only or term.within else or_(in_fields, in_body)
        for term in self._query.without:
            if term.key:
                yield place_in(self._session, table.fields, term.key) == 0
                yield place_in(self._session, table.body, term.key) == 0

    def _seen(self, row: Any) -> Seen | None:
        if not self._may_and_fits(row):
            return None
        marks = set(row.marks.split("\n"))
        places = [self._standing(row, at, term) for at, term in enumerate(self._texts)]
        weight = max((one[0] for one in places), default=0)
        words = sum(one[1] for one in places)
        as_word = all(f"W{short}" in marks for short in self._short)
        exact = any(one.number and one.number in marks for one in self._query.terms)
        return Seen(row.doc, row.ref, weight < 4, as_word, exact, (weight, -words, -row.doc))

    def _may_and_fits(self, row: Any) -> bool:
        reader, marks = self._reader, set(row.marks.split("\n"))
        if reader.entities is not None and row.entity_id not in reader.entities:
            return False
        if reader.units is not None and not any(
            f"U{row.entity_id}:{unit}" in marks for unit in reader.units
        ):
            return False
        if not marks >= self._marks:
            return False
        if any(one.mark in marks for one in self._query.without if one.mark):
            return False
        return self._in_time(row) and self._in_fields(row)

    def _in_time(self, row: Any) -> bool:
        narrowing = self._query.narrowing
        if narrowing.since is None and narrowing.until is None:
            return True
        if row.dated is None:
            return False
        day: date = row.dated
        return (narrowing.since or day) <= day <= (narrowing.until or day)

    def _in_fields(self, row: Any) -> bool:
        limited = [one for one in self._texts if one.within]
        if not limited:
            return True
        fields = row.fields.split(FIELD)
        return all(any(one.key in fields[place] for place in one.within) for one in limited)

    def _standing(self, row: Any, at: int, term: Term) -> tuple[int, int]:
        """Give the weight of the field a piece stands in (4: only in a text), and if as a word."""
        place = row.fields.find(term.key)
        if place >= 0:
            weight = _WEIGHT[row.fields.count(FIELD, 0, place)]
            return weight, self._is_word(row.cuts, place, len(term.key))
        place = len(row.fields) + len(PART) + getattr(row, f"at{at}") - 1
        return 4, self._is_word(row.cuts, place, len(term.key))

    def _is_word(self, cuts: bytes, place: int, length: int) -> int:
        return int(begins(cuts, place) and begins(cuts, place + length))
