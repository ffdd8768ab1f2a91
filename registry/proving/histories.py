"""The claim of histories: every entry is what the journal says it became, step by step.

The first line of an entry's history made it, under this number of this book; every change names
the digest before and after; and the digest computed anew from the register's fields is the last.
So a subject changed by SQL is found, and so is an entry slipped in or taken out.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from registry.digest import digest_of
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.proving.problem import Problem


def prove_histories(session: Session) -> tuple[int, list[Problem]]:
    """Give the number of entries, and those whose history does not hold.

    Entries and journal lines are walked beside each other, both in the order of the entries' ids.
    """
    histories = groupby(_lines(session), lambda line: str(line.entry_id))
    open_id, lines = _next(histories)
    problems: list[Problem] = []
    count = 0
    for row in _entries(session):
        count += 1
        while open_id is not None and open_id < row.id:
            problems.append(Problem("history", f"entry {open_id}", "the entry was taken out"))
            open_id, lines = _next(histories)
        mine = lines if open_id == row.id else []
        problems += [Problem("history", f"entry {row.id}", what) for what in wrong_in(row, mine)]
        if open_id == row.id:
            open_id, lines = _next(histories)
    while open_id is not None:
        problems.append(Problem("history", f"entry {open_id}", "the entry was taken out"))
        open_id, lines = _next(histories)
    return count, problems + list(_numberless(session))


def wrong_in(row: EntryRow, lines: Sequence[Any]) -> Iterator[str]:
    """Compare one entry with the lines that changed it, in order; say in English what is wrong."""
    if not lines or lines[0].act not in {"registered", "reserved"}:
        yield "the journal has no line that made it"
        return
    place = {"book": row.book, "series": row.series, "year": row.year, "number": row.number}
    told = {name: lines[0].facts.get(name) for name in place}
    if told != place or any(line.entity_id != row.entity_id for line in lines):
        yield "the journal made it under another number"
    for before, after in pairwise(lines):
        if after.facts.get("before") != before.digest:
            yield f"its history is broken at line {after.position}"
    if row.digest != lines[-1].digest:
        yield "its digest is not the one in the journal"
    if digest_of(row) != lines[-1].digest:
        yield "its fields were changed outside the register"


def _numberless(session: Session) -> Iterator[Problem]:
    """Find letters that say they are registered or sent and have no entry."""
    wanted = select(LetterRow.id).outerjoin(EntryRow, EntryRow.letter_id == LetterRow.id)
    wanted = wanted.where(EntryRow.id.is_(None), LetterRow.state.in_(["registered", "sent"]))
    for letter_id in session.scalars(wanted.order_by(LetterRow.id)):
        yield Problem("history", f"letter {letter_id}", "it counts as registered and has no entry")


def _entries(session: Session) -> Iterator[EntryRow]:
    wanted = select(EntryRow).order_by(EntryRow.id)
    yield from session.scalars(wanted.execution_options(yield_per=500))


def _lines(session: Session) -> Iterator[Row[Any]]:
    """Stream the lines that changed entries, in order of entry and position."""
    wanted = select(
        JournalRow.entry_id, JournalRow.entity_id, JournalRow.position, JournalRow.act,
        JournalRow.facts, JournalRow.digest,
    )  # fmt: skip
    wanted = wanted.where(JournalRow.entry_id.is_not(None), JournalRow.digest != "")
    ordered = wanted.order_by(JournalRow.entry_id, JournalRow.entity_id, JournalRow.position)
    yield from session.execute(ordered.execution_options(yield_per=1000))


def _next(
    histories: Iterator[tuple[str, Iterator[Row[Any]]]],
) -> tuple[str | None, list[Row[Any]]]:
    for entry_id, lines in histories:
        return entry_id, list(lines)
    return None, []
