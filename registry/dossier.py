"""What was done with one entry: notes, mails about it, copies that left, and its journal.

Everything is found by what has an index, so that an entry is opened as quickly among millions: the
mails about an entry are those that its lines of the journal name. Content is in notes alone; who
may read them is for the caller to ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.accounts.clearance import Clearance, covers
from registry.models.evidence import JournalRow
from registry.models.letters import CorrectionRow, LetterRow, NoteRow
from registry.models.outgoing import OutboxRow
from registry.models.people import OfficerRow

NOT_SHOWN: Final = "(บันทึกนี้มากับหนังสือที่มีชั้นความลับ)"
"""What stands in place of a note whose paper is secret."""
_MOST: Final = 500  # lines of each kind


@dataclass(frozen=True, slots=True)
class Note:
    """Words on an entry: of a clerk who answered a copy, or the reason of an act.

    The reason of a correction is none of them: it stands beside what was struck out.
    """

    at: datetime
    by: str
    text: str
    letter_id: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal; ``by_for`` is the address of the officer in whose place it was."""

    position: int
    at: datetime
    by: str
    by_for: str
    act: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """A mail that became no entry of its own: a note, a receipt, a bounce, a second copy."""

    id: str
    state: str
    at: datetime
    sender: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that left, or is to leave, for a box of the office."""

    to: str
    unit: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of it, each oldest first."""

    notes: tuple[Note, ...]
    lines: tuple[Line, ...]
    mails: tuple[About, ...]
    copies: tuple[Copy, ...]


def dossier(
    session: Session, entry_id: str, letter_id: str | None, *, cleared: Clearance = False
) -> Dossier:
    """Give what was done with an entry and, before it had a number, with its letter.

    Of a note that came with a secret paper only that it came, to whoever is not cleared for that.
    """
    lines, letters = _lines(session, entry_id, letter_id)
    return Dossier(
        _notes(session, entry_id, cleared), lines, _mails(session, letters - {letter_id}),
        _copies(session, entry_id),
    )  # fmt: skip


def lines_of(session: Session, letter_id: str) -> tuple[Line, ...]:
    """Give the journal of a letter that has no number."""
    return _lines(session, "", letter_id)[0]


def _lines(
    session: Session, entry_id: str, letter_id: str | None
) -> tuple[tuple[Line, ...], set[str | None]]:
    mine = [JournalRow.entry_id == entry_id] if entry_id else []
    mine += [JournalRow.letter_id == letter_id] if letter_id else []
    wanted = select(JournalRow).where(or_(*mine)).order_by(JournalRow.id).limit(_MOST)
    rows = list(session.scalars(wanted))
    ids = {row.facts["for"] for row in rows if row.facts.get("for")}
    people = select(OfficerRow.id, OfficerRow.email).where(OfficerRow.id.in_(ids))
    names = {row.id: row.email for row in session.execute(people)} if ids else {}
    lines = tuple(
        Line(
            row.position, row.at, row.actor, names.get(row.facts.get("for", 0), ""), row.act,
            row.facts,
        )
        for row in rows
    )  # fmt: skip
    return lines, {row.letter_id for row in rows if row.letter_id}


def _notes(session: Session, entry_id: str, cleared: Clearance) -> tuple[Note, ...]:
    reasons = select(CorrectionRow.note_id).where(
        CorrectionRow.entry_id == entry_id, CorrectionRow.note_id.is_not(None)
    )
    paper = LetterRow.__table__.alias().c  # whatever is within reach
    wanted = select(NoteRow, paper.secrecy).outerjoin(paper.id.table, paper.id == NoteRow.letter_id)
    wanted = wanted.where(NoteRow.entry_id == entry_id, NoteRow.id.not_in(reasons))
    rows = session.execute(wanted.order_by(NoteRow.id).limit(_MOST))
    return tuple(
        Note(
            row.at,
            by_whom(row.by),
            row.text if covers(cleared, secrecy) else NOT_SHOWN,
            row.letter_id,
        )
        for row, secrecy in rows
    )


def by_whom(actor: str) -> str:
    """Give who did something as people read it."""
    return "ระบบ" if actor == "system" else actor


def _mails(session: Session, ids: set[str | None]) -> tuple[About, ...]:
    wanted = select(LetterRow.id, LetterRow.state, LetterRow.accepted_at, LetterRow.sender)
    wanted = wanted.where(LetterRow.id.in_(ids)).order_by(LetterRow.accepted_at, LetterRow.id)
    return tuple(About(*row) for row in session.execute(wanted)) if ids else ()


def _copies(session: Session, entry_id: str) -> tuple[Copy, ...]:
    wanted = select(OutboxRow).where(OutboxRow.entry_id == entry_id, OutboxRow.kind == "copy")
    return tuple(
        Copy(
            row.to_address, str(row.facts.get("unit", "")), row.state, row.done_at or row.created_at
        )
        for row in session.scalars(wanted.order_by(OutboxRow.id).limit(_MOST))
    )
