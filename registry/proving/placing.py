"""Whose a problem is, and what people call the thing: รับ 2/2569 of this entity, with its id.

The claims name entries and letters by id. An office with one database for several entities shows
each auditor what is theirs, so each problem is given its owner here, by what the tables say; of a
thing that was taken out the claim itself must say it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.clock import BANGKOK
from registry.letter.book import Book, Series
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.people import EntityRow
from registry.proving.problem import Problem
from registry.thai.dates import short_date, thai_time

_AT_ONCE: Final = 500


def placed(session: Session, problems: Sequence[Problem]) -> list[Problem]:
    """Give the problems with owner, title and ids, as far as the tables know them."""
    if not problems:
        return []
    codes = {row.id: row.code for row in session.execute(select(EntityRow.id, EntityRow.code))}
    found: list[Problem] = []
    for at in range(0, len(problems), _AT_ONCE):
        found += _placed(session, codes, problems[at : at + _AT_ONCE])
    return found


def title_of(book: str, series: str, number: int, year: int, unit: str = "") -> str:
    """Give the name of a number as people say it: รับ 2/2569, ส่ง (คลัง) ลับ 4/2569."""
    kind = {Series.SECRET: " ลับ", Series.CIRCULAR: " ว"}.get(Series(series), "")
    return f"{Book(book).thai}{f' ({unit})' if unit else ''}{kind} {number}/{year}"


def _placed(
    session: Session, codes: dict[int, str], problems: Sequence[Problem]
) -> Iterator[Problem]:
    by_entry, by_letter = _entries(session, problems)
    letters = _letters(session, problems)
    for one in problems:
        entry = by_entry.get(one.entry) or by_letter.get(one.letter)
        letter = letters.get(one.letter)
        if entry is not None:
            title = title_of(entry.book, entry.series, entry.number, entry.year, entry.unit_code)
            owner = codes.get(entry.entity_id, "")
            yield replace(one, entry=entry.id, entity=one.entity or owner, title=one.title or title)
        elif letter is not None:
            owner = codes.get(letter.entity_id, "")
            yield replace(one, entity=one.entity or owner, title=one.title or _came(letter))
        else:
            yield one


def _entries(
    session: Session, problems: Sequence[Problem]
) -> tuple[dict[str, Any], dict[str, Any]]:
    ids = {one.entry for one in problems if one.entry}
    letters = {one.letter for one in problems if one.letter}
    wanted = select(
        EntryRow.id, EntryRow.letter_id, EntryRow.entity_id, EntryRow.unit_code, EntryRow.book,
        EntryRow.series, EntryRow.number, EntryRow.year,
    ).where(or_(EntryRow.id.in_(ids), EntryRow.letter_id.in_(letters)))  # fmt: skip
    rows: Sequence[Any] = session.execute(wanted).all() if ids or letters else []
    return {row.id: row for row in rows}, {row.letter_id: row for row in rows if row.letter_id}


def _letters(session: Session, problems: Sequence[Problem]) -> dict[str, Any]:
    ids = {one.letter for one in problems if one.letter}
    wanted = select(LetterRow.id, LetterRow.entity_id, LetterRow.accepted_at, LetterRow.direction)
    rows: Sequence[Any] = session.execute(wanted.where(LetterRow.id.in_(ids))).all() if ids else []
    return {row.id: row for row in rows}


def _came(letter: Any) -> str:
    at = letter.accepted_at.astimezone(BANGKOK)
    word = "หนังสือที่รับเข้าเมื่อ" if letter.direction == "in" else "ร่างหนังสือเมื่อ"
    return f"{word} {short_date(at.date())} {thai_time(at)}"
