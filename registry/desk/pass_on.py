"""ส่งต่อ: an entry goes to a unit that it had not gone to by itself, or goes there once more.

The unit's boxes get a copy as they do when a letter is registered, and its name stands under
การปฏิบัติ (ข้อ 39). Secret letters are not passed on by mail.
"""

from sqlalchemy.orm import Session

from registry import directory, entries, movements, outbox
from registry.desk.context import Desk
from registry.desk.deliver import rank
from registry.desk.in_hand import MOST, in_hand
from registry.errors import Conflict, NotFound
from registry.letter.entity import LegalEntity, Unit
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.outbox import Kind
from registry.thai.text import tidy

_SENT_TO = "ส่งให้ "


def pass_on(
    session: Session, desk: Desk, entry_id: str, by: str, unit_code: str, words: str = ""
) -> tuple[Entry, int]:
    """Pass an entry on to a unit; give the entry, and how many boxes get a copy.

    Raises NotFound, also for a unit there is none of; NotAllowed; Conflict for a secret letter.
    """
    entry, entity, officer = in_hand(session, entry_id, by)
    unit = directory.unit_by_code(session, entity.id, unit_code)
    if unit is None:
        raise NotFound(f"no unit {unit_code}", thai=f"ไม่พบหน่วยงานย่อยรหัส “{unit_code}”")
    if entry.secrecy:
        raise Conflict(
            f"entry {entry_id} is secret",
            thai="หนังสือที่มีชั้นความลับส่งต่อทางไปรษณีย์อิเล็กทรอนิกส์ไม่ได้ "
            "ให้ส่งตามระเบียบว่าด้วยการรักษาความลับของทางราชการ",
        )
    text = tidy(words).strip()[:MOST]
    step = movements.record(
        session, entry, "pass_on", officer, desk.now(), to_unit=unit.code, to_name=unit.name,
        text=text,
    )  # fmt: skip
    if unit.name not in entry.action:
        entries.amend(
            session, entry.id, officer.email, "", at=desk.now(), action=_action(entry, unit)
        )
    why = f"{officer.name or officer.email} ส่งต่อ" + (f": {text}" if text else "")
    sent = sum(_copy(session, desk, entry, unit, box, step.id, why) for box in _boxes(entity, unit))
    return entries.get(session, entry.id, cleared=True), sent


def _boxes(entity: LegalEntity, unit: Unit) -> list[str]:
    """Give the unit's boxes but the central one, whose copy would come in again."""
    return [box for box in unit.boxes if box != entity.central_address]


def _action(entry: EntryRow, unit: Unit) -> str:
    return f"{entry.action}, {_SENT_TO}{unit.name}" if entry.action else f"{_SENT_TO}{unit.name}"


def _copy(
    session: Session, desk: Desk, entry: EntryRow, unit: Unit, box: str, step: int, why: str
) -> bool:
    facts = {"unit": unit.code, "delivery": unit.delivery, "why": why[:1000]}
    job = outbox.enqueue(
        session, desk, Kind.COPY, entry.entity_id, box, entry_id=entry.id,
        letter_id=entry.letter_id, facts=facts, once=f"copy:{entry.id}:s{step}:{box}"[:120],
        urgency=rank(entry.urgency),
    )  # fmt: skip
    return job is not None
