"""Asking and timing: the same questions of several engines in turns, and what came out."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.search_questions import Question
from registry.db import Database
from registry.search.query import Page, search
from registry.search.terms import Reader

ROUNDS: Final = 3
ALL: Final = "all"

Ask = Callable[[Question], int]
"""Asks one question; gives how many letters the first page has."""


@dataclass(slots=True)
class Taken:
    """What an engine took: for each kind the best time of each question, in milliseconds.

    ``cpu`` is this process's own time of all questions; ``blind`` are kinds for which it found
    nothing while another one did.
    """

    wall: dict[str, list[float]] = field(default_factory=dict)
    cpu: list[float] = field(default_factory=list)
    blind: set[str] = field(default_factory=set)

    def cell(self, kind: str) -> str:
        """Give median, 95th of a hundred and worst of a kind."""
        found = sorted(self.wall[kind])
        if kind in self.blind:
            return "finds nothing"
        return f"{statistics.median(found):.1f} / {nth(found, 0.95):.1f} / {found[-1]:.1f}"


def nth(ordered: Sequence[float], share: float) -> float:
    """Give the value that this share of the others does not pass."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def ours(database: Database) -> Ask:
    """Ask this system for a whole first page, as the officer of an entity."""
    return lambda question: len(page_of(database, question).hits)


def page_of(database: Database, question: Question) -> Page:
    """Give the first page of a question."""
    with database.read() as session:
        return search(session, question.line, Reader(frozenset({question.entity})))


def asked(engines: Mapping[str, Ask], questions: Sequence[Question]) -> dict[str, Taken]:
    """Ask all engines everything, in turns, several times; the best time of each counts."""
    best: dict[tuple[str, int], tuple[float, float]] = {}
    found: dict[tuple[str, str], int] = {}
    for _round in range(ROUNDS):
        for place, question in enumerate(questions):
            for name, ask in engines.items():
                wall, cpu = time.perf_counter(), time.process_time()
                number = ask(question)
                spent = time.perf_counter() - wall, time.process_time() - cpu
                before = best.get((name, place), spent)
                best[name, place] = min(before[0], spent[0]), min(before[1], spent[1])
                kind = name, question.kind
                found[kind] = found.get(kind, 0) + number
    taken = {name: Taken() for name in engines}
    for (name, place), (wall, cpu) in best.items():
        for which in (ALL, questions[place].kind):
            taken[name].wall.setdefault(which, []).append(wall * 1000)
        taken[name].cpu.append(cpu * 1000)
    for (name, about), number in found.items():
        if not number and any(found[other, about] for other in engines):
            taken[name].blind.add(about)
    return taken


def table(taken: Mapping[str, Taken]) -> str:
    """Give a table of all kinds and engines."""
    lines = [f"| first page, ms: median / p95 / worst | {' | '.join(taken)} |"]
    lines.append(f"| --- |{' ---: |' * len(taken)}")
    kinds = next(iter(taken.values())).wall
    for kind in sorted(kinds, key=lambda one: one != ALL):
        cells = " | ".join(one.cell(kind) for one in taken.values())
        lines.append(f"| {kind} | {cells} |")
    return "\n".join(lines)
