"""Holding a letter that is or becomes secret, and its line, for an act that changes that."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, journal
from registry.desk.authority import must_be_cleared, must_register
from registry.errors import NotFound
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.secret.twins import hold_books


def hidden(session: Session, letter_id: str, by: str) -> tuple[LetterRow, EntryRow | None]:
    """Hold a letter and its line for the officer of secret letters; raises NotFound, NotAllowed."""
    letter = session.get(LetterRow, letter_id)
    if letter is None:
        raise NotFound(f"no letter {letter_id}", thai="ไม่พบหนังสือฉบับนี้")
    officer = must_register(session, directory.entity_by_id(session, letter.entity_id), by)
    must_be_cleared(officer, letter_id, secret=letter.secrecy or True)
    hold_books(session, [letter_id])
    return held(session, letter)


def held(session: Session, letter: LetterRow) -> tuple[LetterRow, EntryRow | None]:
    """Hold the books of the letter's entity, and read letter and line afresh."""
    journal.lock_head(session, letter.entity_id)
    session.refresh(letter)
    line = select(EntryRow).where(EntryRow.letter_id == letter.id)
    return letter, session.scalar(line.execution_options(populate_existing=True))


def reserved_line(session: Session, letter: LetterRow) -> EntryRow | None:
    """Give the line that says what a draft is about: it holds the number for it."""
    if letter.direction != "out" or letter.related_entry_id is None:
        return None
    line = session.get(EntryRow, letter.related_entry_id, populate_existing=True)
    return line if line is not None and line.state == "reserved" else None
