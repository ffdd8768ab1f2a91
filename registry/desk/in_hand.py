"""Taking an entry in hand: its line of the book, held, for somebody who works with it.

Registering belongs to the registry (:mod:`registry.desk.authority`); passing a matter on, adding
one's word and closing it belong to everybody of the office who works with letters. Secret ones stay
with the officer of secret letters.
"""

from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from registry import directory, journal
from registry.desk.authority import must_be_cleared, must_belong
from registry.errors import Conflict, NotAllowed, NotFound
from registry.letter.entity import LegalEntity, Officer, Role
from registry.models.books import EntryRow

MOST: Final = 10_000  # characters of what somebody writes on an entry
_WORK: Final = frozenset({Role.CLERK, Role.OFFICER, Role.SECRET_OFFICER})


class InHand(NamedTuple):
    """An entry, whose it is, and who works with it."""

    entry: EntryRow
    entity: LegalEntity
    officer: Officer


def in_hand(session: Session, entry_id: str, by: str) -> InHand:
    """Hold an entry and read it afresh.

    Raises NotFound; NotAllowed for auditors, administrators, other entities, and for secret
    entries anybody but their officer; Conflict for a number that is void or only reserved.
    """
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound(f"no entry {entry_id}", thai="ไม่พบเลขทะเบียนนี้")
    entity = directory.entity_by_id(session, row.entity_id)
    officer = must_belong(session, entity, by)
    if officer.role not in _WORK:
        raise NotAllowed(
            f"{officer.email} is {officer.role} and works with no letters",
            thai=f"{officer.role.thai}ดูได้ แต่ไม่มีสิทธิดำเนินการกับหนังสือ",
        )
    journal.lock_head(session, row.entity_id)
    session.refresh(row)
    must_be_cleared(officer, row.letter_id or row.id, secret=row.secrecy)
    if row.state != "registered":
        raise Conflict(
            f"entry {entry_id} is {row.state}", thai="เลขทะเบียนนี้ยกเลิกแล้ว หรือจองไว้ยังไม่มีหนังสือ"
        )
    return InHand(row, entity, officer)
