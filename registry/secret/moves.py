"""Moving a line to the book of secret letters: its old number is void and says so, and no more.

The line in the ordinary book keeps number, year and time, and the words ย้ายไปทะเบียนหนังสือลับ; what
it said is struck from it, its salt is drawn anew, so that the digests that the journal holds of it
cannot be guessed from, and its letter goes to a new line under the next number of the secret
series. Notes, steps, deliveries, words struck out and links go along; the journal keeps that they
did (act :data:`MOVED`), with a digest of each under the new line's salt, and the proof follows
(:mod:`registry.proving.witnesses`).

This is the one change of a line besides :mod:`registry.entries`, and the one that a closed book
does not stop: no book keeps legible what is secret.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from registry import entries, journal, witness
from registry.clock import Clock, buddhist_year
from registry.digest import digest_of
from registry.entries import BookKey, EntryFields
from registry.errors import Conflict, NotFound
from registry.ids import random_bytes
from registry.letter.book import Series
from registry.letter.grades import Secrecy
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import CorrectionRow, LetterRow, NoteRow, ReferenceRow, RelationRow
from registry.models.outgoing import (
    CallRow,
    DeliveryEventRow,
    DeliveryRow,
    OutboxRow,
    SentMessageRow,
)
from registry.models.work import MovementRow

MOVED: Final = "moved-secret"
"""The act that voids the old line; ``to`` of its facts is the new one."""
IN_ITS_PLACE: Final = "ย้ายไปทะเบียนหนังสือลับ"
"""What the old line says, for everybody."""
_KEPT: Final = (
    "letter_number", "letter_number_key", "dated", "from_text", "to_text", "subject", "urgency",
    "action", "note", "due", "closed", "date_header", "accepted_at", "deemed_received_at",
    "message_id", "original_sha256", "from_entity_id",
)  # fmt: skip
_STRUCK: Final[dict[str, Any]] = {
    "letter_number": "", "letter_number_key": "", "dated": None, "from_text": "", "to_text": "",
    "subject": IN_ITS_PLACE, "urgency": "", "secrecy": None, "action": "", "note": "", "due": None,
    "closed": None, "date_header": None, "message_id": None, "original_sha256": None,
    "from_entity_id": None, "reserved_for": "", "given_to": "", "state": "void",
    "void_reason": IN_ITS_PLACE,
}  # fmt: skip


def move_line(session: Session, entry_id: str, grade: Secrecy, by: str, clock: Clock) -> EntryRow:
    """Give the letter of a line a new line in the secret book, and strike the old one.

    Its letter is marked by the caller, before: its digest goes along. Raises NotFound; Conflict for
    a line that is void or reserved, or stands in the secret book already.
    """
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound(f"no entry {entry_id}")
    journal.lock_head(session, row.entity_id)
    session.refresh(row)
    if row.state != "registered" or row.series == Series.SECRET:
        raise Conflict(
            f"entry {entry_id} is {row.state} in the {row.series} series",
            thai="ย้ายได้เฉพาะเลขที่ลงทะเบียนแล้วในทะเบียนทั่วไป โปรดตรวจสถานะของเลขนี้",
        )
    letter_id, row.letter_id = row.letter_id, None  # one letter has one line
    session.flush()
    content = EntryFields(secrecy=grade.thai, **{name: getattr(row, name) for name in _KEPT})
    key = BookKey(row.entity_id, "", row.book, Series.SECRET, buddhist_year(clock.now()))
    new = entries.write(session, key, letter_id, content, by, clock)
    session.flush()
    _strike(session, row, new.id, by, clock)
    _take_along(session, row.id, new)
    return new


def moved_to(session: Session, entry_id: str) -> str | None:
    """Give the line that a struck one became, None for one that was not moved."""
    wanted = select(JournalRow.facts).where(
        JournalRow.entry_id == entry_id, JournalRow.act == MOVED
    )
    facts = session.scalar(wanted.limit(1))
    return str(facts["to"]) if facts else None


def _strike(session: Session, row: EntryRow, to: str, by: str, clock: Clock) -> None:
    before = row.digest
    for name, value in (_STRUCK | {"void_by": by}).items():
        setattr(row, name, value)
    row.salt = random_bytes(4).hex()
    row.digest = digest_of(row)
    session.flush()
    facts = {"before": before, "to": to}
    journal.record(
        session, row.entity_id, MOVED, by, clock.now(), row.id, facts=facts, digest=row.digest
    )


def _take_along(session: Session, old: str, new: EntryRow) -> None:
    """Let all that hangs on the old line hang on the new one, and witness it there."""
    rows = list(_hanging(session, old))
    for row in rows:
        if hasattr(row, "entry_id"):
            row.entry_id = new.id
    session.flush()
    digests = {witness.name_of(row): witness.digest_of_row(new.salt, row) for row in rows}
    if digests:
        at = max(new.registered_at, session.info[journal.LAST])
        journal.record(
            session, new.entity_id, witness.ACT, "system", at, new.id, facts={"rows": digests}
        )
    for column in (
        RelationRow.from_entry_id, RelationRow.to_entry_id, SentMessageRow.entry_id,
        OutboxRow.entry_id, ReferenceRow.entry_id, LetterRow.related_entry_id,
    ):  # fmt: skip
        session.execute(update(column.class_).where(column == old).values({column.key: new.id}))


def _hanging(session: Session, entry_id: str) -> Iterator[Any]:
    """Give every row of evidence beside a line; what hangs on a delivery behind it."""
    for table in (NoteRow, CorrectionRow, MovementRow, DeliveryRow):
        yield from session.scalars(select(table).where(table.entry_id == entry_id)).all()
    mine = select(DeliveryRow.id).where(DeliveryRow.entry_id == entry_id)
    ids = session.scalars(mine).all()
    for child in (DeliveryEventRow, CallRow):
        yield from session.scalars(select(child).where(child.delivery_id.in_(ids))).all()
