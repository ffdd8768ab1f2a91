"""What speed is worth nothing without: recall against a plain scan, and how soon one is found."""

import time
from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete

from benchmarks.search_corpus import time_of
from benchmarks.search_others import wholes
from benchmarks.search_questions import Question
from registry.clock import SystemClock
from registry.db import Database
from registry.ids import new_id
from registry.models.letters import LetterRow
from registry.search.find import CAP
from registry.search.index import release, step
from registry.search.query import search
from registry.search.terms import Reader

_SCANNED: Final = 24  # pieces
_KINDS: Final = ("rare word", "phrase cut anywhere", "two letters")
_ROUNDS: Final = 20


def recall(database: Database, asked: Sequence[Question]) -> float:
    """Compare with a plain scan of all documents: of what that finds, how much is found."""
    some = [one for one in asked if one.kind in _KINDS][-_SCANNED:]
    true = dict.fromkeys((one.piece for one in some), 0)
    for _doc, whole in wholes(database):
        for piece in true:
            true[piece] += piece in whole
    wanted = found = 0
    with database.read() as session:
        for question in some:
            there = min(true[question.piece], CAP)
            total = search(session, question.line, Reader()).total
            assert total is not None
            wanted, found = wanted + there, found + min(total.number, there)
    return found / wanted


def lag(database: Database, letters: int) -> float:
    """Give the longest of some times, in seconds, from a letter's commit until it is found.

    The service looks for such letters once a second; that second is not in it.
    """
    clock, worst = SystemClock(), 0.0
    while step(database, clock):
        pass
    for turn in range(_ROUNDS):
        letter, said = new_id(), f"ทดสอบความล่าช้า{turn}ฬ{turn}"
        with database.write() as session:
            session.add(_draft(letter, said, letters))
        begun = time.perf_counter()
        while not _is_found(database, said):
            step(database, clock)
        worst = max(worst, time.perf_counter() - begun)
        _take_back(database, letter)
        while step(database, clock):
            pass
    release(database)
    return worst


def _draft(letter: str, said: str, letters: int) -> LetterRow:
    return LetterRow(
        id=letter, entity_id=1, direction="out", state="draft", subject=said, text=said * 20,
        accepted_at=time_of(letters), facts={},
    )  # fmt: skip


def _is_found(database: Database, said: str) -> bool:
    with database.read() as session:
        return bool(search(session, f'"{said}"', Reader(frozenset({1}))).hits)


def _take_back(database: Database, letter: str) -> None:
    """Let the letter be as if it had never been, for the index by its trigger."""
    with database.write() as session:
        session.get_one(LetterRow, letter).state = "withdrawn"
    while step(database, SystemClock()):
        pass
    with database.write() as session:
        session.execute(delete(LetterRow).where(LetterRow.id == letter))
