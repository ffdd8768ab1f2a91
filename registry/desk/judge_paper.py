"""What officers say of the fields that were read off the paper: right, or not.

Registering a letter, correcting its line and finding the line right judge the fields by themselves.
One field can be judged alone: found right, it goes into the register where it does not stand there
yet, as a correction with its reason; found wrong, it is refused, and what was typed in its place
goes there. Nothing in its place says that the paper does not bear it: the reading goes out of the
register where it stands there, struck out, and what does not come from it stays. A day until which
the text wants something (``due``) is taken only so. What another judged is not judged over unseen
(:mod:`registry.desk.field_standing`).
"""

from collections.abc import Mapping
from datetime import datetime, time
from operator import ne
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, journal, paper_fields
from registry.clock import BANGKOK
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.dated import must_not_be_ahead
from registry.desk.field_standing import INTO, ReadAnew, must_stand_as, shown
from registry.desk.join_by_paper import join
from registry.desk.take_up import note_facts
from registry.desk.wording import one_line
from registry.errors import Conflict, NotUnderstood
from registry.letter.grades import Urgency
from registry.letter.number import LetterNumber
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.paper import PaperFieldRow
from registry.paper_fields import COLUMNS, NAMES
from registry.thai.dates import parse_date
from registry.thai.text import fold

REASON: Final = "ตรวจกับตัวหนังสือ"
_CLOSING: Final = time(16, 30)
_DAYS: Final = frozenset({"dated", "due"})
_NEVER_EMPTY: Final = frozenset({"subject", "from_text"})
Verdict = Literal["confirmed", "corrected", "emptied", "dropped"]
"""What became of a field: right; wrong, and other words stand in its place; wrong, and nothing
stands there any more; wrong, and what stands there, or nothing, stays."""


def may_go_in(name: str) -> bool:
    """Say whether a field of this name has a place in the register."""
    return name in INTO


def registered(session: Session, letter: LetterRow, entry: EntryRow, at: datetime) -> None:
    """Judge the fields of a letter that an officer has just registered, and link what it names."""
    values = {column: getattr(entry, column) for column in COLUMNS.values()}
    paper_fields.settle(session, letter.id, values, entry.registered_by, at)
    if entry.secrecy is None:
        fields = [one.field for one in paper_fields.of(session, letter.id)]
        join(session, letter, entry, fields, by=entry.registered_by, at=at)


def judge(
    session: Session, desk: Desk, field_id: int, by: str, *,
    right: bool, value: str = "", seen: str | None = None,
) -> Verdict:  # fmt: skip
    """Confirm a field, or refuse it for what was typed; say what became of it.

    ``seen`` is the version of the field that the officer looked at, None for whatever it is.
    Raises ReadAnew for a field that is no more; NotAllowed for anybody but an officer of the
    entity, who is cleared where the letter is secret; NotUnderstood for a number or day that is
    none, and for nothing where something must stand; Conflict for a letter that is no longer to
    be changed, and for a field that is not as it was seen.
    """
    row, letter, entry, by = _held(session, field_id, by)
    if seen is not None:
        must_stand_as(session, row, letter, entry, seen=seen, by=by)
    verdict: Verdict = "confirmed" if right else "dropped"
    if row.name in INTO:
        given = row.value or row.original if right else value.strip()
        verdict, changes = _weigh(row, letter, entry, given, right=right)
        _put(session, desk, letter, entry, changes, by)
    paper_fields.judge(row, "confirmed" if verdict == "confirmed" else "refused", by, desk.now())
    journal.record(
        session, letter.entity_id, "paper-judged", by, desk.now(), letter_id=letter.id,
        facts={"field": row.name, "position": row.position, "state": row.state},
    )  # fmt: skip
    session.flush()
    return verdict


def _held(
    session: Session, field_id: int, by: str
) -> tuple[PaperFieldRow, LetterRow, EntryRow | None, str]:
    """Give a field with its letter and line, as they are once nobody else can change them."""
    letter = session.get_one(LetterRow, _field(session, field_id).letter_id)
    officer = must_register(session, directory.entity_by_id(session, letter.entity_id), by)
    must_be_cleared(officer, letter.id, secret=letter.secrecy)
    journal.lock_head(session, letter.entity_id)
    session.refresh(letter)
    wanted = select(EntryRow).where(EntryRow.letter_id == letter.id)
    entry = session.scalar(wanted.execution_options(populate_existing=True))
    return _field(session, field_id), letter, entry, officer.email


def _field(session: Session, field_id: int) -> PaperFieldRow:
    row = session.get(PaperFieldRow, field_id, populate_existing=True)
    if row is None:
        raise ReadAnew(f"no field {field_id}")
    return row


def _weigh(
    row: PaperFieldRow, letter: LetterRow, entry: EntryRow | None, given: str, *, right: bool
) -> tuple[Verdict, Mapping[str, Any]]:
    """Say what an officer's words make of a field, and which columns they change to what.

    What the machine read may differ from the register in spaces and figures; what was typed may
    not, or a space that was put right would be lost.
    """
    read = _read(row)
    if not given:
        return _without(row, letter, entry, read)
    columns = _columns(row.name, given)
    differs = _differs if right else ne
    changes = {
        name: new for name, new in columns.items() if differs(shown(letter, entry, name), new)
    }
    return ("confirmed" if right or columns == read else "corrected"), changes


def _without(
    row: PaperFieldRow, letter: LetterRow, entry: EntryRow | None, read: Mapping[str, Any]
) -> tuple[Verdict, Mapping[str, Any]]:
    """Take what was read out of the register where it stands there; leave what else does."""
    column = INTO[row.name]
    if column not in read or _differs(shown(letter, entry, column), read[column]):
        return "dropped", {}
    if column in _NEVER_EMPTY:
        why = f"{NAMES[row.name]}ว่างไม่ได้ โปรดพิมพ์ตามที่เห็นบนตัวหนังสือ"
        raise NotUnderstood("nothing where something must stand", thai=why)
    return "emptied", {name: None if name in _DAYS else "" for name in read}


def _read(row: PaperFieldRow) -> Mapping[str, Any]:
    """Give the columns that a reading fills; none where it is no number or day."""
    try:
        return _columns(row.name, row.value) if row.value else {}
    except NotUnderstood:
        return {}


def _put(
    session: Session, desk: Desk, letter: LetterRow, entry: EntryRow | None,
    wanted: Mapping[str, Any], by: str,
) -> None:  # fmt: skip
    """Write it where the register shows it: in the line, or in the letter that waits for one."""
    changes = dict(wanted)
    must_not_be_ahead(changes.get("dated"), desk.now())
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
    column = INTO[name]
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
