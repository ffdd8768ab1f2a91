"""What became of a book's lines, told in its columns: steps in การปฏิบัติ, recalls in หมายเหตุ.

A line of the register is not rewritten whenever a matter moves: presenting, ordering, endorsing,
closing and answering are acts of their own, and so is a recall. On paper each would be written
into the column by hand (ข้อ 38 and 43); here they are read together with the lines, for some
hundred lines by a handful of questions. Steps that were taken back are left out.

Limit: long words are cut at :data:`MOST` letters, since the column is narrow; the letter's own page
has them whole. Text is in Arabic digits.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.clock import BANGKOK
from registry.desk.recall import ASKED_BACK, KEPT
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow, RelationRow
from registry.models.outgoing import DeliveryEventRow, DeliveryRow
from registry.models.work import MovementRow
from registry.thai.dates import short_date
from registry.thai.numerals import to_arabic

MOST: Final = 120
_WORDS: Final = {
    "present": "เสนอ {to}", "order": "สั่งการ: {text}", "endorse": "เกษียน: {text}",
    "close": "ปิดเรื่อง: {text}", "reopen": "เปิดเรื่องใหม่: {text}",
}  # fmt: skip
_CAME: Final = {"back": "ผู้รับคืนแล้ว", "kept": "ผู้รับไม่คืน", "open": "ผู้รับยังไม่ตอบ", "stopped": "หยุดก่อนออก"}


@dataclass(slots=True)
class Became:
    """What became of one line: ``steps`` in their order, ``recalled`` where it was asked back."""

    steps: list[str] = field(default_factory=list)
    recalled: str = ""


def of(session: Session, entry_ids: Sequence[str]) -> Mapping[str, Became]:
    """Give what became of these entries; those of which nothing is to be told are left out."""
    found: defaultdict[str, Became] = defaultdict(Became)
    steps = (*_moved(session, entry_ids), *_answered(session, entry_ids))
    for _at, entry_id, told in sorted(steps, key=lambda step: step[0]):
        found[entry_id].steps.append(told)
    for entry_id, told in _recalled(session, entry_ids).items():
        found[entry_id].recalled = told
    return found


def _moved(session: Session, ids: Sequence[str]) -> list[tuple[datetime, str, str]]:
    wanted = select(MovementRow).where(
        MovementRow.entry_id.in_(ids), MovementRow.kind.in_(_WORDS), MovementRow.undone_at.is_(None)
    )
    return [
        (row.at, row.entry_id, _step(row))
        for row in session.scalars(wanted.order_by(MovementRow.id))
    ]


def _step(row: MovementRow) -> str:
    text = row.text if len(row.text) <= MOST else f"{row.text[:MOST]}…"
    told = _WORDS[row.kind].format(to=row.to_name or row.to_address, text=" ".join(text.split()))
    return to_arabic(told).removesuffix(": ")


def _answered(session: Session, ids: Sequence[str]) -> list[tuple[datetime, str, str]]:
    """Give the numbers of the letters that answer these, as ข้อ 40 has them noted."""
    wanted = (
        select(RelationRow.at, RelationRow.to_entry_id, EntryRow.letter_number)
        .join(EntryRow, EntryRow.id == RelationRow.from_entry_id)
        .where(
            RelationRow.to_entry_id.in_(ids), RelationRow.relation == "answers",
            RelationRow.confirmed, RelationRow.undone_at.is_(None), EntryRow.book == "sent",
            EntryRow.state == "registered", EntryRow.secrecy.is_(None),
            EntryRow.letter_number != "",
        )
    )  # fmt: skip
    return [(at, entry_id, f"ตอบตามที่ {number}") for at, entry_id, number in session.execute(wanted)]


def _recalled(session: Session, ids: Sequence[str]) -> dict[str, str]:
    wanted = (
        select(EntryRow.id, LetterRow.return_reason, JournalRow.at)
        .join(LetterRow, LetterRow.id == EntryRow.letter_id)
        .join(JournalRow, (JournalRow.entry_id == EntryRow.id) & (JournalRow.act == "withdrawn"))
        .where(
            EntryRow.id.in_(ids), EntryRow.book == "sent", LetterRow.direction == "out",
            LetterRow.state == "withdrawn",
        )
    )  # fmt: skip
    rows = session.execute(wanted).all()
    came = _came_of(session, [row.id for row in rows]) if rows else {}
    return {
        row.id: " ".join(filter(None, (_asked(row.at, row.return_reason), came.get(row.id, ""))))
        for row in rows
    }


def _asked(at: datetime, reason: str) -> str:
    day = short_date(at.astimezone(BANGKOK).date())
    return to_arabic(f"ขอเรียกคืน {day}: {reason}")


def _came_of(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Say how the addressees of recalled letters answered: by count where there are several."""
    wanted = select(DeliveryRow.id, DeliveryRow.entry_id, DeliveryRow.state)
    rows = session.execute(wanted.where(DeliveryRow.entry_id.in_(ids))).all()
    said: defaultdict[int, str] = defaultdict(str)
    events = select(DeliveryEventRow.delivery_id, DeliveryEventRow.detail).where(
        DeliveryEventRow.delivery_id.in_([row.id for row in rows])
    )
    for delivery_id, detail in session.execute(events):
        said[delivery_id] += f"\n{detail}"
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row.entry_id][_came(row.state, said[row.id])] += 1
    return {entry_id: _tally(count) for entry_id, count in counts.items()}


def _came(state: str, said: str) -> str:
    asked = f"\n{ASKED_BACK}" in said
    if state == "withdrawn":
        return "back" if asked else "stopped"
    if f"\n{KEPT}" in said:
        return "kept"
    return "open" if asked else ""


def _tally(count: Counter[str]) -> str:
    total = sum(count.values())
    told = [
        word if total == 1 else f"{word} {count[key]} ราย"
        for key, word in _CAME.items()
        if count[key]
    ]
    return f"({', '.join(told)})" if told else ""
