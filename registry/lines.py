"""The journal and the readings as people look at them: filtered, newest first, page by page.

Pages are cut by position, not counted, so that a page of the past stays what it was while lines are
added. Each line's own hash is made anew, and that it follows the line before it; that the chain is
whole is the proof's to say (:mod:`registry.proof`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.orm import Session

from registry import journal
from registry.clock import BANGKOK
from registry.models.access import ReadingRow
from registry.models.evidence import JournalRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.people import OfficerRow

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; empty fields ask for nothing. Both days are inclusive."""

    who: str = ""
    act: str = ""
    entry_id: str = ""
    letter_id: str = ""
    since: date | None = None
    until: date | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of a chain; ``sound`` says that it is unchanged and follows the one before it.

    ``by_for`` is the officer in whose place it was done.
    """

    position: int
    at: datetime
    actor: str
    by_for: str
    act: str
    entry_id: str | None
    letter_id: str | None
    facts: dict[str, Any]
    hash: str
    sound: bool


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One look at a letter; ``id`` is where the next page begins."""

    id: int
    at: datetime
    who: str
    what: str
    entry_id: str | None
    letter_id: str | None
    detail: str


def journal_page(session: Session, entity_id: int, asked: Asked) -> list[JournalLine]:
    """Give a page of an entity's journal, the newest first."""
    wanted = select(JournalRow).where(JournalRow.entity_id == entity_id, *_fits(JournalRow, asked))
    if asked.who:
        wanted = wanted.where(JournalRow.actor.icontains(asked.who, autoescape=True))
    if asked.act:
        wanted = wanted.where(JournalRow.act == asked.act)
    if asked.before:
        wanted = wanted.where(JournalRow.position < asked.before)
    rows = session.scalars(wanted.order_by(JournalRow.position.desc()).limit(PAGE)).all()
    before = _hashes(session, entity_id, [row.position - 1 for row in rows])
    names = _officers(session, [row.facts.get("for") for row in rows])
    return [
        JournalLine(
            row.position, row.at, row.actor, names.get(row.facts.get("for"), ""), row.act,
            row.entry_id, row.letter_id, dict(row.facts), row.hash,
            row.hash == journal.hash_of(row) and row.previous == before.get(row.position - 1, ""),
        )
        for row in rows
    ]  # fmt: skip


def readings_page(
    session: Session, entity_id: int, asked: Asked, *, cleared: bool
) -> list[ReadingLine]:
    """Give a page of who looked at an entity's letters, the newest first; ``act`` is what.

    Of letters that are or may be secret it says no more than that, unless who asks is cleared.
    """
    wanted = select(ReadingRow).where(ReadingRow.entity_id == entity_id, *_fits(ReadingRow, asked))
    if asked.who:
        wanted = wanted.where(ReadingRow.who.icontains(asked.who, autoescape=True))
    if asked.act:
        wanted = wanted.where(ReadingRow.what == asked.act)
    if asked.before:
        wanted = wanted.where(ReadingRow.id < asked.before)
    rows = session.scalars(wanted.order_by(ReadingRow.id.desc()).limit(PAGE)).all()
    hidden = set() if cleared else _secret(session, {row.letter_id for row in rows})
    names = _file_names(session, rows)
    return [
        ReadingLine(
            row.id, row.at, row.who, row.what, row.entry_id, row.letter_id,
            "" if row.letter_id in hidden else names.get((row.letter_id, row.detail), row.detail),
        )
        for row in rows
    ]  # fmt: skip


def acts_of(session: Session, entity_id: int) -> Sequence[str]:
    """Name the acts that stand in an entity's journal."""
    wanted = select(JournalRow.act).where(JournalRow.entity_id == entity_id).distinct()
    return session.scalars(wanted.order_by(JournalRow.act)).all()


def _fits(table: type[Any], asked: Asked) -> list[ColumnElement[bool]]:
    fits = []
    if asked.entry_id:
        ids = table.entry_id == asked.entry_id
        fits.append(ids | (table.letter_id == asked.letter_id) if asked.letter_id else ids)
    elif asked.letter_id:
        fits.append(table.letter_id == asked.letter_id)
    if asked.since:
        fits.append(table.at >= datetime.combine(asked.since, time(), BANGKOK))
    if asked.until:
        after = asked.until + timedelta(days=1)
        fits.append(table.at < datetime.combine(after, time(), BANGKOK))
    return fits


def _secret(session: Session, ids: set[str | None]) -> set[str | None]:
    """Give those of these letters that have a marking, or that nobody could read."""
    unread = cast(LetterRow.facts, Text).contains('"unread": true')
    secret = LetterRow.secrecy.is_not(None) | (LetterRow.state == "secret") | unread
    return set(session.scalars(select(LetterRow.id).where(LetterRow.id.in_(ids - {None}), secret)))


def _file_names(session: Session, rows: Sequence[ReadingRow]) -> dict[tuple[str | None, str], str]:
    """Give the names of files that were opened, by letter and SHA-256."""
    files = {row.detail for row in rows if row.what == "file"}
    of = {row.letter_id for row in rows if row.what == "file"} - {None}
    wanted = select(EnclosureRow.letter_id, EnclosureRow.sha256, EnclosureRow.name).where(
        EnclosureRow.letter_id.in_(of), EnclosureRow.sha256.in_(files)
    )
    return {(row.letter_id, row.sha256): row.name for row in session.execute(wanted)}


def _hashes(session: Session, entity_id: int, positions: list[int]) -> dict[int, str]:
    wanted = select(JournalRow.position, JournalRow.hash).where(
        JournalRow.entity_id == entity_id, JournalRow.position.in_(positions)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _officers(session: Session, ids: list[Any]) -> dict[Any, str]:
    wanted = select(OfficerRow.id, OfficerRow.email).where(OfficerRow.id.in_({*ids} - {None}))
    return {row[0]: row[1] for row in session.execute(wanted)}
