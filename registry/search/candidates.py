"""Asking the index: which documents may hold all that is asked for, the newest first.

A :class:`Clause` is what every document must be filed under: one of some grams, or one of those in
a range. Clauses of single grams are reckoned first, the rarest six of them; the others only while
there is much left. So what comes out is a superset, to be looked at by :mod:`registry.search.look`;
nothing is ever missing from it. Segments are fetched a few at a time, since the first page of a
common word needs only the newest.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.search import SearchPostingRow, SearchSegmentRow
from registry.search import bits
from registry.search.engine import postings, postings_between

_GRAMS: Final = 6  # single grams that are asked for at first; the rarest
_FEW: Final = 6  # candidates of a segment below which it is cheaper to look at them
_LAST: Final = b"\xff\xff\xff"  # behind any character


@dataclass(frozen=True, slots=True)
class Clause:
    """Any of these grams, or any gram from ``low`` up to, not including, ``high``."""

    grams: tuple[bytes, ...] = ()
    low: bytes = b""
    high: bytes = b""


def beginning(prefix: bytes) -> Clause:
    """Any gram that begins so."""
    return Clause((), prefix, prefix + _LAST)


@dataclass(frozen=True, slots=True)
class Plan:
    """The clauses of one question in the order they are reckoned."""

    single: tuple[bytes, ...]
    others: tuple[Clause, ...]
    rest: tuple[bytes, ...] = ()  # single grams that are asked only where much is left
    few: int = _FEW


def plan(
    session: Session,
    segments: Sequence[SearchSegmentRow],
    clauses: Sequence[Clause],
    *,
    exact: bool = False,
) -> Plan:
    """Order the clauses; where there are many grams, ask the largest segment which are rare.

    An exact plan leaves no clause out where little is left.
    """
    single = list(dict.fromkeys(c.grams[0] for c in clauses if len(c.grams) == 1 and not c.low))
    others = tuple(c for c in clauses if c.low or len(c.grams) > 1)
    few = -1 if exact else _FEW
    if len(single) <= _GRAMS or not segments:
        return Plan(tuple(single), others, few=few)
    table = SearchPostingRow
    largest = max(segments, key=lambda one: one.level)
    wanted = select(table.gram, table.n).where(table.segment == largest.id, table.gram.in_(single))
    counted = {row.gram: row.n for row in session.execute(wanted)}
    single.sort(key=lambda gram: counted.get(gram, 0))
    return Plan(tuple(single[:_GRAMS]), others, tuple(single[_GRAMS:]), few)


def candidates(
    session: Session, segments: Sequence[SearchSegmentRow], asked: Plan, below: int
) -> Iterator[int]:
    """Give the numbers of documents below ``below`` that may answer, descending."""
    for some in _by_turns([one for one in segments if one.lo < below]):
        sets = _sets(session, some, asked)
        for one in some:
            for offset in bits.descending(sets[one.id]):
                if one.lo + offset < below:
                    yield one.lo + offset


def count(session: Session, segments: Sequence[SearchSegmentRow], asked: Plan) -> int:
    """Count candidates; with an exact plan of marks alone these are the answers."""
    turns = (_sets(session, some, asked).values() for some in _by_turns(segments))
    return sum(one.bit_count() for sets in turns for one in sets)


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


def _sets(session: Session, segments: Sequence[SearchSegmentRow], asked: Plan) -> dict[int, int]:
    """Give the candidates of each of these segments as a bitmap."""
    found = {one.id: (1 << (one.hi - one.lo + 1)) - 1 for one in segments}
    if asked.single:
        packs = _single(session, list(found), asked.single)
        for segment in found:
            mine = packs.get(segment, [])
            found[segment] = bits.common(mine) if len(mine) == len(asked.single) else 0
    _narrow_more(session, found, asked)
    return found


def _narrow_more(session: Session, found: dict[int, int], asked: Plan) -> None:
    """Reckon what is left of the plan, in segments where much is left."""
    much = [segment for segment, those in found.items() if those.bit_count() > asked.few]
    if asked.rest and much:
        packs = _single(session, much, asked.rest)
        for segment in much:
            mine = packs.get(segment, [])
            found[segment] &= bits.common(mine) if len(mine) == len(asked.rest) else 0
    for clause in asked.others:
        much = [segment for segment in much if found[segment].bit_count() > asked.few]
        if much:
            either = _either(session, much, clause)
            for segment in much:
                found[segment] &= either[segment]


def _single(
    session: Session, segments: list[int], grams: Sequence[bytes]
) -> dict[int, list[tuple[int, bytes]]]:
    packs: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for segment, members, docs in postings(session, segments, grams):
        packs[segment].append((members, docs))
    return packs


def _either(session: Session, segments: list[int], clause: Clause) -> defaultdict[int, int]:
    found: defaultdict[int, int] = defaultdict(int)
    if clause.grams:
        rows = postings(session, segments, clause.grams)
    else:
        rows = postings_between(session, segments, clause.low, clause.high)
    for segment, members, docs in rows:
        found[segment] |= bits.as_bitmap(members, docs)
    return found
