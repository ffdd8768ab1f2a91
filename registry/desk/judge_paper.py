"""What officers say of the fields that were read off the paper: right, or not.

Registering a letter, correcting its line and finding the line right judge the fields by themselves.
One field can be judged alone: found right, it goes into the register where it does not stand there
yet, as a correction with its reason; found wrong, it is refused, and what was typed in its place
goes there. A day until which the text wants something (``due``) is taken only so.
"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, journal, paper_fields
from registry.clock import BANGKOK
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.dated import must_not_be_ahead
from registry.desk.join_by_paper import join
from registry.desk.take_up import note_facts
from registry.desk.wording import one_line
from registry.errors import Conflict, NotFound
from registry.letter.grades import Urgency
from registry.letter.number import LetterNumber
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.paper import PaperFieldRow
from registry.paper_fields import COLUMNS
from registry.thai.dates import parse_date
from registry.thai.text import fold

REASON: Final = "ตรวจกับตัวหนังสือ"
_CLOSING: Final = time(16, 30)
_INTO: Final = {**COLUMNS, "owner": "from_text", "due": "due", "number_hint": "letter_number"}
"""The fields that can go into the register, and the column each goes to."""


def may_go_in(name: str) -> bool:
    """Say whether a field of this name has a place in the register."""
    return name in _INTO


def registered(session: Session, letter: LetterRow, entry: EntryRow, at: datetime) -> None:
    """Judge the fields of a letter that an officer has just registered, and link what it names."""
    values = {column: getattr(entry, column) for column in COLUMNS.values()}
    paper_fields.settle(session, letter.id, values, entry.registered_by, at)
    if entry.secrecy is None:
        fields = [one.field for one in paper_fields.of(session, letter.id)]
        join(session, letter, entry, fields, by=entry.registered_by, at=at)


def judge(
    session: Session, desk: Desk, field_id: int, by: str, *, right: bool, value: str = ""
) -> str:
    """Confirm a field, or refuse it for what was typed; give the id of its letter.

    Raises NotFound; NotAllowed for anybody but an officer of the entity, who is cleared where the
    letter is secret; NotUnderstood for a number or day that is none; Conflict for a letter that is
    no longer to be changed.
    """
    row, letter, by = _held(session, field_id, by)
    said = row.value if right else value.strip()
    if row.name in _INTO and said:
        _put(session, desk, letter, row.name, said, by)
    paper_fields.judge(row, "confirmed" if right else "refused", by, desk.now())
    journal.record(
        session, letter.entity_id, "paper-judged", by, desk.now(), letter_id=letter.id,
        facts={"field": row.name, "position": row.position, "state": row.state},
    )  # fmt: skip
    session.flush()
    return letter.id


def _held(session: Session, field_id: int, by: str) -> tuple[PaperFieldRow, LetterRow, str]:
    row = session.get(PaperFieldRow, field_id)
    if row is None:
        raise NotFound(f"no field {field_id}", thai="ข้อมูลนี้ถูกอ่านใหม่แล้ว โปรดเปิดหน้านี้อีกครั้ง")
    letter = session.get_one(LetterRow, row.letter_id)
    officer = must_register(session, directory.entity_by_id(session, letter.entity_id), by)
    must_be_cleared(officer, letter.id, secret=letter.secrecy)
    journal.lock_head(session, letter.entity_id)
    session.refresh(letter)
    return row, letter, officer.email


def _put(session: Session, desk: Desk, letter: LetterRow, name: str, said: str, by: str) -> None:
    """Write it where the register shows it: in the line, or in the letter that waits for one."""
    entry = session.scalar(select(EntryRow).where(EntryRow.letter_id == letter.id))
    columns = _columns(name, said)
    must_not_be_ahead(columns.get("dated"), desk.now())
    shown: EntryRow | LetterRow = letter if entry is None else entry
    changes = {key: new for key, new in columns.items() if _differs(getattr(shown, key, ""), new)}
    if entry is not None and changes:
        entries.amend(session, entry.id, by, REASON, at=desk.now(), **changes)
    elif changes and letter.state == "waiting":
        if said_from := changes.pop("from_text", ""):  # it has no column before it has a line
            note_facts(letter, from_text=said_from)
        for key, new in changes.items():
            setattr(letter, key, new)
    elif changes:
        raise Conflict(f"letter {letter.id} is {letter.state}", thai="หนังสือฉบับนี้ดำเนินการไปแล้ว")


def _columns(name: str, said: str) -> Mapping[str, Any]:
    column = _INTO[name]
    if column == "letter_number":
        number = LetterNumber.parse(said)
        return {"letter_number": str(number), "letter_number_key": number.key}
    if column == "dated":
        return {"dated": parse_date(said)}
    if column == "due":
        return {"due": datetime.combine(parse_date(said), _CLOSING, BANGKOK)}
    if column == "urgency":
        urgency = Urgency.parse(said)
        return {"urgency": "" if urgency is Urgency.NORMAL else urgency.thai}
    return {column: one_line(said)}


def _differs(here: object, new: object) -> bool:
    if isinstance(here, str) and isinstance(new, str):
        return fold(here) != fold(new)
    return here != new
