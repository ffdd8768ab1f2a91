"""Asking the index: which documents may hold all that is asked for, the newest first.

A :class:`Clause` is what every document must be filed under: one of some grams, or one of those in
a range. Clauses of single grams are reckoned first, the two rarest, then four more, then the rest,
and each only where much is left; then the others. So what comes out is a superset, to be looked at
by :mod:`registry.search.look`; nothing is ever missing from it. Segments are fetched a few at a
time, since the first page of a common word needs only the newest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.models.search import SearchSegmentRow
from registry.search import bits
from registry.search.fetched import Fetched
from registry.search.grams import ANYWHERE, FIELDS

_STAGES: Final = (2, 4, 1000)  # how many single grams are asked for in turn, the rarest first
_FEW: Final = 16  # candidates of a segment that it is cheaper to look at than to ask more
_LAST: Final = b"\xff\xff\xff"  # behind any character


@dataclass(frozen=True, slots=True)
class Clause:
    """Any of these grams, or any gram from ``low`` up to, not including, ``high``."""

    grams: tuple[bytes, ...] = ()
    low: bytes = b""
    high: bytes = b""

    @property
    def is_of_marks(self) -> bool:
        """Whether a range is one of marks, not of pieces of texts."""
        return self.low[:1] not in (FIELDS.encode(), ANYWHERE.encode())


def beginning(prefix: bytes) -> Clause:
    """Any gram that begins so."""
    return Clause((), prefix, prefix + _LAST)


@dataclass(frozen=True, slots=True)
class Plan:
    """The clauses of one question in the order they are reckoned.

    ``between`` are ranges of marks, as of dates: few segments have any of them. ``stages`` are
    single grams, the rarest first: each stage is asked only where much is left of those before it;
    then come the other clauses.
    """

    between: tuple[tuple[bytes, bytes], ...]
    stages: tuple[tuple[bytes, ...], ...]
    others: tuple[Clause, ...]
    few: int = _FEW


def plan(fetched: Fetched, clauses: Sequence[Clause], *, exact: bool = False) -> Plan:
    """Order the clauses by how rare their grams are in the largest segment.

    An exact plan leaves no clause out where little is left.
    """
    single = list(dict.fromkeys(c.grams[0] for c in clauses if len(c.grams) == 1 and not c.low))
    ranges = tuple((c.low, c.high) for c in clauses if c.low and c.is_of_marks)
    others = tuple(c for c in clauses if len(c.grams) > 1 or (c.low and not c.is_of_marks))
    if len(single) > _STAGES[0]:
        counts = fetched.counts(single)
        single.sort(key=lambda gram: counts.get(gram, 0))
    stages, start = [], 0
    for size in _STAGES:
        stages.append(tuple(single[start : start + size]))
        start += size
    return Plan(ranges, tuple(filter(None, stages)), others, 0 if exact else _FEW)


def candidates(fetched: Fetched, asked: Plan, below: int) -> Iterator[int]:
    """Give the numbers of documents below ``below`` that may answer, descending."""
    for some in _by_turns([one for one in fetched.segments if one.lo < below]):
        sets = _sets(fetched, some, asked)
        for one in some:
            for offset in bits.descending(sets[one.id]):
                if one.lo + offset < below:
                    yield one.lo + offset


def count(fetched: Fetched, asked: Plan) -> int:
    """Count candidates; with an exact plan of marks alone these are the answers."""
    sets = _sets(fetched, fetched.segments, asked)
    return sum(one.bit_count() for one in sets.values())


def _by_turns(segments: Sequence[SearchSegmentRow]) -> Iterator[Sequence[SearchSegmentRow]]:
    """Cut the segments into turns of which each covers twice as much as the one before."""
    turn: list[SearchSegmentRow] = []
    covered, enough = 0, 40_000
    for one in segments:
        turn.append(one)
        covered += one.hi - one.lo + 1
        if covered >= enough:
            yield turn
            turn, covered, enough = [], 0, enough * 2
    if turn:
        yield turn


def _sets(fetched: Fetched, segments: Sequence[SearchSegmentRow], asked: Plan) -> dict[int, int]:
    """Give the candidates of each of these segments as a bitmap; none is reckoned twice."""
    known: dict[int, int] = fetched.reckoned.setdefault(asked, {})
    if new := [one for one in segments if one.id not in known]:
        known |= _reckoned(fetched, new, asked)
    return known


def _reckoned(
    fetched: Fetched, segments: Sequence[SearchSegmentRow], asked: Plan
) -> dict[int, int]:
    found = {one.id: (1 << (one.hi - one.lo + 1)) - 1 for one in segments}
    left = list(found)
    for low, high in asked.between:
        either = fetched.between(left, low, high)
        found |= {place: found[place] & either[place] for place in left}
        left = [place for place in left if found[place]]
    for grams in asked.stages:
        packs = fetched.packs(left, grams)
        for place in left:
            found[place] = bits.narrowed(found[place], packs[place]) if place in packs else 0
        left = _much(found, left, asked.few)
    for clause in asked.others:
        either = _either(fetched, left, clause)
        for place in left:
            found[place] &= either[place]
        left = _much(found, left, asked.few)
    return found


def _much(found: dict[int, int], places: list[int], few: int) -> list[int]:
    """Give those segments of which more is left than is cheaper looked at."""
    return [place for place in places if found[place].bit_count() > few]


def _either(fetched: Fetched, places: list[int], clause: Clause) -> dict[int, int]:
    if clause.grams:
        return fetched.any_of(places, clause.grams)
    return fetched.between(places, clause.low, clause.high)
