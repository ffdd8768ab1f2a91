"""Reminding by mail (ติดตาม): those addressees, and only those, of whom something is still awaited.

Awaited is the acknowledgement of a letter that has left, and, where it names a day, the report; of
who got a copy (สำเนาส่ง) the acknowledgement alone. One addressee hears at most one reminder a day;
a citizen or a company owes no answer, but may be asked as well. The history of each delivery says
that and when it was reminded.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import deliveries, journal
from registry.clock import BANGKOK
from registry.desk.context import Desk
from registry.desk.hold import letter_of
from registry.desk.tell import tell
from registry.errors import Conflict
from registry.models.books import EntryRow
from registry.models.outgoing import DeliveryRow, OutboxRow
from registry.thai.text import tidy

REMINDED: Final = "ส่งอีเมลติดตาม"
_UNSEEN: Final = frozenset({"sent", "arrived", "overdue"})
_MOST: Final = 1000


def awaited(state: str, *, due: bool, reported: bool) -> str:
    """Say what is awaited of an addressee: receipt, report, or "" for nothing.

    ``due`` says that a report is asked of this one by a day; of who got a copy none is.
    """
    if state in _UNSEEN:
        return "receipt"
    return "report" if due and state == "registered" and not reported else ""


def remind(
    session: Session, desk: Desk, entry_id: str, by: str, chosen: Collection[int], words: str = ""
) -> int:
    """Remind those of the chosen deliveries that owe something, and count the mails.

    ``words`` are added to the mail. Raises NotFound; NotAllowed for anybody but an officer or the
    clerk whose letter it is; Conflict when it is not on its way, or none of them owes anything.
    """
    letter, officer = letter_of(session, entry_id, by)
    entry = session.get_one(EntryRow, entry_id)
    rows = [row for row in _rows(session, entry_id) if row.id in chosen]
    owing = [(row, what) for row in rows if (what := _owes(entry, row))]
    if not owing:
        raise Conflict(
            "none of them owes an answer", thai="ไม่มีผู้รับรายใดที่เลือกไว้และยังค้างตอบรับหรือรายงาน"
        )
    text = tidy(words).strip()[:_MOST]
    told = [row.id for row, what in owing if _tell(session, desk, entry, row, what, text)]
    if not told:
        raise Conflict(
            "reminded today already", thai="ติดตามผู้รับที่เลือกไปแล้วในวันนี้ โปรดโทรศัพท์หรือรอวันถัดไป"
        )
    for delivery_id in told:
        deliveries.remark(session, delivery_id, desk.now(), REMINDED, officer.email)
    journal.record(
        session, letter.entity_id, "reminded", officer.email, desk.now(), entry_id, letter.id,
        {"deliveries": told},
    )  # fmt: skip
    return len(told)


def _rows(session: Session, entry_id: str) -> list[DeliveryRow]:
    wanted = select(DeliveryRow).where(DeliveryRow.entry_id == entry_id)
    return list(session.scalars(wanted.order_by(DeliveryRow.position, DeliveryRow.id)))


def _owes(entry: EntryRow, row: DeliveryRow) -> str:
    asked = entry.due is not None and not row.is_copy
    return awaited(row.state, due=asked, reported=row.reported_at is not None)


def _tell(
    session: Session, desk: Desk, entry: EntryRow, row: DeliveryRow, what: str, words: str
) -> bool:
    """Write the reminder; False when this addressee was reminded today already."""
    day = desk.now().astimezone(BANGKOK).date().isoformat()
    once = f"reminder:{row.id}:{day}"
    if session.scalar(select(OutboxRow.id).where(OutboxRow.once == once)) is not None:
        return False
    tell(
        session, desk, entry.entity_id, row.to_address, "reminder", entry_id=entry.id,
        letter_id=entry.letter_id, once=once, report=what == "report", words=words,
    )  # fmt: skip
    return True
