"""How a field of a paper stands: what was said of it, and what the register shows in its place.

A person judges what their page showed them. The page's form carries the name of that state
(:func:`versions`), and what somebody else said of the field, or did to its column, in the meantime
is not judged over unseen: :func:`must_stand_as` tells who did what, and nothing is written. Who has
seen it may overrule it; then it stands struck out, as every correction does.

The name holds no time, so a letter that was read anew with the same result is as it was. It holds
which field it is of, since a letter that was read anew may have another one by the same id.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.clock import BANGKOK
from registry.errors import Conflict
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.paper import PaperFieldRow
from registry.paper_fields import COLUMNS, NAMES
from registry.thai.dates import short_date, thai_time

INTO: Final[Mapping[str, str]] = {
    **COLUMNS, "owner": "from_text", "due": "due", "number_hint": "letter_number",
}  # fmt: skip
"""The fields that can go into the register, and the column each goes to."""
_MACHINE: Final = frozenset({"", "automatic", "system"})
_DONE: Final[Mapping[str, str]] = {"confirmed": "ยืนยัน", "refused": "แก้"}
_READ: Final = "อ่าน"
_HINT: Final = "หน้าที่ท่านเปิดไว้เก่ากว่านั้น จึงยังไม่ได้บันทึกของท่าน โปรดดูค่าล่าสุดก่อน"
_Act = tuple[datetime, str, str]
"""When, who, and what, in Thai."""


class ReadAnew(Conflict):
    """The field that was seen is no more: the letter was read again, and gave other fields."""

    thai = "ระบบอ่านตัวหนังสือนี้ใหม่หลังจากท่านเปิดหน้า จึงยังไม่ได้บันทึกของท่าน โปรดดูค่าล่าสุด แล้วตรวจช่องนี้ใหม่"


def shown(letter: LetterRow, entry: EntryRow | None, column: str) -> Any:
    """Give what the register shows in a column; of a letter that waits, what it would show."""
    if entry is None and column == "from_text":  # it has no column before it has a line
        return letter.facts.get("from_text", "")
    return getattr(letter if entry is None else entry, column)


def versions(session: Session, letter_id: str) -> dict[int, str]:
    """Name the state of each field of a letter that can go into the register, by its id."""
    letter = session.get_one(LetterRow, letter_id)
    entry = session.scalar(select(EntryRow).where(EntryRow.letter_id == letter_id))
    wanted = select(PaperFieldRow).where(
        PaperFieldRow.letter_id == letter_id, PaperFieldRow.name.in_(INTO)
    )
    return {row.id: _version(row, letter, entry) for row in session.scalars(wanted)}


def must_stand_as(
    session: Session, row: PaperFieldRow, letter: LetterRow, entry: EntryRow | None, *,
    seen: str, by: str,
) -> None:  # fmt: skip
    """See that a field is as ``by`` has seen it.

    Raises ReadAnew for a name of another field; Conflict, which says who did what, where somebody
    judged it or corrected its column since.
    """
    if row.name not in INTO or seen == _version(row, letter, entry):
        return
    if seen and not seen.startswith(_which(row)):
        raise ReadAnew("another field was seen by this id")
    at, who, did = max(_acts(session, row, entry))
    person = "ระบบ" if who in _MACHINE else "ท่าน" if who == by else f"{who} "
    when = f"{short_date(at.astimezone(BANGKOK).date())} {thai_time(at)}"
    raise Conflict(
        "the field was judged or corrected since it was seen",
        thai=f"{person}{did}แล้วเมื่อ {when} {_HINT}",
    )


def _version(row: PaperFieldRow, letter: LetterRow, entry: EntryRow | None) -> str:
    here = shown(letter, entry, INTO[row.name])
    facts = repr((row.value, row.original, row.state, row.by, here)).encode("utf-8", "replace")
    return _which(row) + hashlib.sha256(facts).hexdigest()[:16]


def _which(row: PaperFieldRow) -> str:
    return f"{row.name}.{row.position}."


def _acts(session: Session, row: PaperFieldRow, entry: EntryRow | None) -> list[_Act]:
    """Give what was last done to a field and to its column, by people and by the machine."""
    column, label = INTO[row.name], NAMES[row.name]
    names = [name for name, into in INTO.items() if into == column]
    wanted = select(PaperFieldRow).where(
        PaperFieldRow.letter_id == row.letter_id, PaperFieldRow.name.in_(names)
    )
    acts = [
        (one.at, one.by, _DONE.get(one.state, _READ) + label) for one in session.scalars(wanted)
    ]
    if entry is None:
        return acts
    lines = select(JournalRow).where(JournalRow.entry_id == entry.id, JournalRow.act == "amended")
    acts += [
        (line.at, line.actor, f"แก้{label}")
        for line in session.scalars(lines)
        if column in line.facts.get("fields", ())
    ]
    by_nobody = all(who in _MACHINE for _, who, _ in acts)
    registered = (entry.registered_at, entry.registered_by, "ลงทะเบียน")
    return [*acts, registered] if by_nobody else acts
