"""Reported elsewhere: an addressee did what a letter asks for by another way than an answer to it.

Forms on the web, paper, a telephone call: the officer says how, and the delivery counts as
reported. Said by mistake, it is taken back; both stand in its history.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import deliveries, journal
from registry.desk.context import Desk
from registry.desk.hold import letter_of
from registry.errors import Conflict, NotUnderstood
from registry.models.outgoing import DeliveryRow
from registry.thai.text import tidy

SAID = "รายงานทางอื่นแล้ว"
_BACK = "ยกเลิกการบันทึกว่ารายงานแล้ว"
_MOST = 500


def reported(
    session: Session, desk: Desk, entry_id: str, by: str, chosen: Collection[int], how: str
) -> int:
    """Note that these deliveries were reported elsewhere, and count those that were not yet.

    Raises NotFound; NotAllowed for anybody but an officer or the clerk whose letter it is;
    NotUnderstood without a word on how; Conflict when none of the chosen awaits a report.
    """
    text = tidy(how).strip()[:_MOST]
    if not text:
        raise NotUnderstood("reported how?", thai="โปรดเขียนว่ารายงานทางใด เช่น กรอกแบบออนไลน์แล้ว")
    rows = _chosen(session, entry_id, by, chosen, done=False)
    for row in rows:
        deliveries.reported(session, row.id, at=desk.now(), by=by, detail=f"{SAID}: {text}")
    _note(session, desk, entry_id, by, "reported-elsewhere", rows)
    return len(rows)


def not_reported(
    session: Session, desk: Desk, entry_id: str, by: str, chosen: Collection[int]
) -> int:
    """Take back that these deliveries were reported, and count them; raises as :func:`reported`."""
    rows = _chosen(session, entry_id, by, chosen, done=True)
    for row in rows:
        row.reported_at = None
        deliveries.remark(session, row.id, desk.now(), _BACK, by)
    _note(session, desk, entry_id, by, "report-undone", rows)
    return len(rows)


def _chosen(
    session: Session, entry_id: str, by: str, chosen: Collection[int], *, done: bool
) -> list[DeliveryRow]:
    letter_of(session, entry_id, by)
    wanted = select(DeliveryRow).where(DeliveryRow.entry_id == entry_id)
    rows = [row for row in session.scalars(wanted) if row.id in chosen]
    fitting = [row for row in rows if (row.reported_at is not None) is done]
    if not fitting:
        raise Conflict("nothing to change", thai="ผู้รับที่เลือกไม่มีรายการที่ต้องเปลี่ยน โปรดดูสถานะล่าสุด")
    return fitting


def _note(
    session: Session, desk: Desk, entry_id: str, by: str, act: str, rows: list[DeliveryRow]
) -> None:
    letter, officer = letter_of(session, entry_id, by)
    facts = {"deliveries": [row.id for row in rows]}
    journal.record(
        session, letter.entity_id, act, officer.email, desk.now(), entry_id, letter.id, facts
    )
