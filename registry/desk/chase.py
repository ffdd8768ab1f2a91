"""What somebody must be reminded of: calls to make, and reserved numbers that nobody used.

A reserved number (จองเลข) never lapses by itself: it stands in the book until it is used or voided,
and an auditor asks about every gap. So those older than ``registry.reserved_after_days`` stand in
the digest (จองเลขค้าง), as does the number of calls that are due.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import shelf
from registry.accounts.clearance import Clearance
from registry.clock import BANGKOK
from registry.desk import call
from registry.desk.context import Desk
from registry.desk.deliver import rank
from registry.letter.entity import LegalEntity
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.people import EntityRow
from registry.thai.dates import short_date
from registry.thai.numerals import to_thai

MOST: Final = 500  # lines of one kind
CALLS: Final = "หนังสือที่ต้องโทรติดตามการตอบรับ"
RESERVED: Final = "เลขที่จองไว้และยังไม่ได้ใช้ (จองเลขค้าง)"


def reserved(
    session: Session, entity: str | None, before: datetime, *, cleared: Clearance = False
) -> list[Entry]:
    """List the numbers reserved before this moment and not used, oldest first.

    ``entity`` is a code, None for all; secret ones are redacted for who is not cleared.
    """
    wanted = select(EntryRow.id).where(
        EntryRow.state == "reserved", EntryRow.registered_at <= before
    )
    if entity is not None:
        owner = select(EntityRow.id).where(EntityRow.code == entity.casefold())
        wanted = wanted.where(EntryRow.entity_id.in_(owner))
    ids = session.scalars(wanted.order_by(EntryRow.registered_at, EntryRow.id).limit(MOST))
    return [shelf.get(session, entry_id, cleared=cleared) for entry_id in ids]


def reminders(session: Session, desk: Desk, entity: LegalEntity, now: datetime) -> list[Any]:
    """Give the sections of the digest that remind; none when there is nothing to remind of."""
    before = now - timedelta(days=desk.settings.registry.reserved_after_days)
    found = {
        CALLS: [_of_call(one) for one in call.due(session, desk, entity.code)[:MOST]],
        RESERVED: [_of_number(one) for one in reserved(session, entity.code, before)],
    }
    return [{"title": title, "items": items} for title, items in found.items() if items]


def _of_call(one: call.Call) -> dict[str, str]:
    urgency = one.urgency if rank(one.urgency) else ""
    number = f"ที่ {to_thai(one.letter_number)}" if one.letter_number else ""
    words = [urgency, number, one.to_name, f"โทร. {one.phone}" if one.phone else ""]
    why = "ขอเรียกคืนแล้ว ยังไม่มีคำตอบ" if one.why == "recall" else "พ้นกำหนดตอบรับแล้ว"
    return {"id": "", "line": " – ".join(filter(None, words))[:500], "why": why}


def _of_number(one: Entry) -> dict[str, str]:
    day = short_date(one.registered_at.astimezone(BANGKOK).date())
    number = to_thai(one.letter_number or f"{one.number}/{one.year}")
    return {"id": one.id, "line": f"ที่ {number} จองเมื่อ {day}", "why": ""}
