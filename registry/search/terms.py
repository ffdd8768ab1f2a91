"""What a query asks for, once its line was read: pieces, marks, and what it is narrowed to.

A :class:`Term` is one piece that must stand in a letter (or must not); all of them must hold.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from registry.accounts.access import Reach, owner_mark, person_mark, unit_mark, unsent_mark
from registry.accounts.clearance import Clearance
from registry.letter.grades import Secrecy
from registry.search.document import Field


@dataclass(frozen=True, slots=True)
class Term:
    """One piece of a query.

    ``key`` is folded; ``shown`` is as the person wrote it. ``within`` names the fields it must
    stand in, empty for anywhere. ``number`` is the mark of a letter that has exactly this number.
    ``mark`` stands instead of a text: a date, a digest, an id, a number of a book.
    """

    key: str
    shown: str
    within: tuple[Field, ...] = ()
    number: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a search is narrowed to; None leaves it open.

    ``entity`` is a code. ``year`` is พ.ศ., dates are those of the letters and inclusive.
    ``kind`` is entry, reserved, void, waiting or draft, or secret (for readers who are cleared).
    ``files`` asks for letters that have any.
    """

    entity: str | None = None
    book: str | None = None
    year: int | None = None
    since: date | None = None
    until: date | None = None
    urgency: str | None = None
    kind: str | None = None
    unit: str | None = None
    files: bool | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A line that was read; ``notes`` tell the person in Thai what was made of odd places."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    narrowing: Narrowing = field(default_factory=Narrowing)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who searches, as far as it matters: what they may not see is not there for them.

    ``entities`` are ids of entities, None for all (the command line of the machine). ``units`` are
    codes of units whose letters they may see, None for the whole entity; beside them they see those
    of ``persons``, which are addresses. Of letters that are not sent yet they see those of
    ``drafts``, None for all. ``cleared`` readers also find secret entries, by what the books say of
    them. ``within`` is the unit that a search is narrowed to.
    """

    entities: frozenset[int] | None = None
    units: frozenset[str] | None = None
    cleared: bool = False
    persons: frozenset[str] = frozenset()
    within: str | None = None
    drafts: frozenset[str] | None = None
    grade: Secrecy | None = None

    @property
    def clearance(self) -> Clearance:
        """Which secret entries are found: all (True), none (False), or those up to a grade."""
        return self.cleared or self.grade or False

    @classmethod
    def of(cls, reach: Reach) -> "Reader":
        """Make the reader of somebody who sees so much."""
        return cls(
            frozenset({reach.entity_id}), reach.units, reach.cleared, reach.persons,
            drafts=reach.drafts, grade=reach.grade,
        )  # fmt: skip

    @property
    def sees_nothing(self) -> bool:
        """Whether there is nothing at all for them."""
        nobody = self.units is not None and not self.units and not self.persons
        return self.entities == frozenset() or nobody

    def sees(self, marks: AbstractSet[str], entity_id: int) -> bool:
        """Say whether a document with these marks, of this entity, is one of theirs."""
        if self.within is not None and unit_mark(entity_id, self.within) not in marks:
            return False
        if marks.isdisjoint(self._owned(entity_id)):
            return False
        return self.units is None or any(mark in marks for mark in self._theirs(entity_id))

    def clauses(self) -> Iterator[tuple[str, ...]]:
        """Give the marks that a document must have one of, each time; none for whoever sees all."""
        entities = sorted(self.entities or ())
        if not entities:
            return
        yield tuple(mark for entity in entities for mark in self._owned(entity))
        if self.units is not None:
            yield tuple(mark for entity in entities for mark in self._theirs(entity))
        if self.within is not None:
            yield tuple(unit_mark(entity, self.within) for entity in entities)

    def _owned(self, entity_id: int) -> Iterator[str]:
        yield owner_mark(entity_id)
        whose = [""] if self.drafts is None else sorted(self.drafts)
        yield from (unsent_mark(entity_id, one) for one in whose)

    def _theirs(self, entity_id: int) -> Iterator[str]:
        yield from (unit_mark(entity_id, unit) for unit in sorted(self.units or ()))
        yield from (person_mark(entity_id, one) for one in sorted(self.persons))
