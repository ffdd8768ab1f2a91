"""The claim of readings: nobody took out, changed or slipped in a look once its day was over.

The journal's lines about them follow each other without a gap, from the first look on, and each
gives count and digest of the looks between (:mod:`registry.looks`).
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.clock import BANGKOK
from registry.looks import ACT, digest_of_readings
from registry.models.evidence import JournalRow
from registry.models.people import EntityRow
from registry.proving.problem import Problem, Wrong
from registry.thai.dates import short_date

_FEWER: Final = Wrong("{} readings instead of {}", "มี {} รายการ แต่จดไว้ {} รายการ")
_CHANGED: Final = Wrong("the readings were changed", "รายการถูกแก้นอกระบบ")


def prove_readings(session: Session) -> list[Problem]:
    """Find the days whose looks are not those that the journal tells of."""
    codes = {row.id: row.code for row in session.execute(select(EntityRow.id, EntityRow.code))}
    wanted = select(JournalRow.entity_id, JournalRow.position, JournalRow.facts)
    wanted = wanted.where(JournalRow.act == ACT)
    ordered = wanted.order_by(JournalRow.entity_id, JournalRow.position)
    found = [(line, _wrong_in(session, line)) for line in session.execute(ordered).all()]
    return [
        Problem(
            "reading", f"readings until {line.facts['until']}", *wrong,
            entity=codes.get(line.entity_id, ""), title=_title(line.facts),
        )
        for line, wrong in found if wrong
    ]  # fmt: skip


def _wrong_in(session: Session, line: Any) -> Wrong | None:
    since, until = (_moment(line.facts[name]) for name in ("since", "until"))
    if until is None:
        return _CHANGED
    count, digest = digest_of_readings(session, line.entity_id, since, until)
    if count != line.facts["count"]:
        return _FEWER.of(count, line.facts["count"])
    return None if digest == line.facts["readings"] else _CHANGED


def _title(facts: dict[str, Any]) -> str:
    since, until = (_moment(facts[name]) for name in ("since", "until"))
    begin = f" {short_date(since.astimezone(BANGKOK).date())}" if since else ""
    end = f" ก่อน {short_date(until.astimezone(BANGKOK).date())}" if until else ""
    return f"บันทึกการเปิดดู{begin}{end}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
