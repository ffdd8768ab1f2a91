"""Closing a matter (ปิดเรื่อง), and opening it again.

A line that is closed is no longer among what its unit has to do or what is to be reported. How it
ended stands with it: ทราบ, เก็บ, ตอบแล้ว, ดำเนินการแล้ว, and under การปฏิบัติ in the printed form
(:mod:`registry.books.booksteps`). Nothing else of the line changes, and an answer that comes later
is joined to it as before.

A matter that still waits for somebody's order is closed only with a word on why, and what waits is
taken back, so that it leaves that person's list.
"""

from typing import Final

from sqlalchemy.orm import Session

from registry import entries, movements
from registry.desk.context import Desk
from registry.desk.in_hand import MOST, in_hand
from registry.errors import Conflict, NotUnderstood
from registry.thai.text import tidy

HOW: Final = {
    "noted": "ทราบ", "filed": "เก็บ", "answered": "ตอบแล้ว", "done": "ดำเนินการแล้ว",
}  # fmt: skip
"""How a matter ends, and the office's word for it."""


def close(session: Session, desk: Desk, entry_id: str, by: str, how: str, words: str = "") -> None:
    """Close an entry.

    ``how`` is a key of :data:`HOW`. Raises NotFound; NotAllowed; NotUnderstood for another how, or
    without a word while an order is awaited; Conflict when it is closed already.
    """
    if how not in HOW:
        raise NotUnderstood(f"closed how: {how}", thai="โปรดเลือกว่าปิดเรื่องอย่างไร")
    entry, _entity, officer = in_hand(session, entry_id, by)
    if entry.closed is not None:
        raise Conflict(f"entry {entry_id} is closed", thai="เรื่องนี้ปิดแล้ว")
    why = tidy(words).strip()[:MOST]
    waiting = movements.unanswered(session, entry.id)
    if waiting and not why:
        names = " ".join(step.to_name or step.to_address for step in waiting)
        raise NotUnderstood(
            f"entry {entry_id} waits for an order",
            thai=f"ยังรอคำสั่งของ {names} โปรดเขียนเหตุผลที่ปิดเรื่องก่อนได้คำสั่ง",
        )
    for step in waiting:
        movements.undone(session, entry, step, officer, desk.now())
    text = f"{HOW[how]}: {why}".rstrip(": ")
    entries.amend(session, entry.id, officer.email, "", at=desk.now(), closed=desk.now())
    movements.record(session, entry, "close", officer, desk.now(), text=text)


def reopen(session: Session, desk: Desk, entry_id: str, by: str, reason: str) -> None:
    """Open an entry again that was closed.

    Raises NotFound; NotAllowed; NotUnderstood without a reason; Conflict when it is open.
    """
    text = tidy(reason).strip()[:MOST]
    if not text:
        raise NotUnderstood("reopened without a reason", thai="โปรดเขียนเหตุผลที่เปิดเรื่องใหม่")
    entry, _entity, officer = in_hand(session, entry_id, by)
    if entry.closed is None:
        raise Conflict(f"entry {entry_id} is open", thai="เรื่องนี้ยังไม่ได้ปิด")
    entries.amend(session, entry.id, officer.email, "", at=desk.now(), closed=None)
    movements.record(session, entry, "reopen", officer, desk.now(), text=text)
