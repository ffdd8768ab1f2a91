"""เสนอ: an entry is presented by mail to a superior, whose answer to that mail is the order.

The superior is a person of the same office whom the directory knows, so that the answer can be
believed (:mod:`registry.desk.order`). The mail carries the letter with its files as a copy for a
unit does; of a secret letter it says the number and nothing else.
"""

from sqlalchemy.orm import Session

from registry import directory, movements, outbox
from registry.desk.context import Desk
from registry.desk.deliver import rank
from registry.desk.in_hand import MOST, in_hand
from registry.errors import Conflict, NotAllowed
from registry.letter.entity import LegalEntity, Officer, Role
from registry.models.work import MovementRow
from registry.outbox import Kind
from registry.thai.text import tidy


def propose(session: Session, desk: Desk, entry_id: str, by: str, to: str, words: str = "") -> int:
    """Present an entry to the person with this address; give the id of the step.

    Raises NotFound; NotAllowed, also for a superior who is no working person of this office;
    Conflict when it waits for an answer of this superior already.
    """
    entry, entity, officer = in_hand(session, entry_id, by)
    superior = _superior(session, entity, to)
    if superior.email == officer.email:
        raise Conflict("presented to oneself", thai="เสนอตนเองไม่ได้ ให้บันทึกด้วย “เกษียน”")
    if movements.presented_to(session, entry_id, superior.email) is not None:
        raise Conflict(
            f"entry {entry_id} waits for {superior.email}",
            thai=f"เสนอ {_name(superior)} ไว้แล้ว และยังรอคำสั่งอยู่",
        )
    text = tidy(words).strip()[:MOST]
    step = movements.record(
        session, entry, "present", officer, desk.now(), to_address=superior.email,
        to_name=_name(superior), text=text,
    )  # fmt: skip
    facts = {"movement": step.id, "words": "" if entry.secrecy else text, "by": officer.email}
    step.job_id = outbox.enqueue(
        session, desk, Kind.COPY, entry.entity_id, superior.email, entry_id=entry.id,
        letter_id=entry.letter_id, facts=facts, once=f"present:{step.id}",
        urgency=rank(entry.urgency),
    )  # fmt: skip
    session.flush()
    return step.id


def take_back(session: Session, desk: Desk, step_id: int, entry_id: str, by: str) -> bool:
    """Take a presenting back; say whether its mail had not left yet.

    Raises NotFound and NotAllowed as :func:`propose`; Conflict when it was answered or taken back.
    """
    entry, _entity, officer = in_hand(session, entry_id, by)
    step = session.get(MovementRow, step_id)
    if step is None or step.entry_id != entry.id or step.kind != "present":
        raise Conflict(f"{step_id} is no presenting of {entry_id}", thai="ไม่พบการเสนอรายการนี้")
    if step.answered_at is not None or step.undone_at is not None:
        raise Conflict(f"step {step_id} is done", thai="การเสนอนี้มีคำสั่งแล้ว หรือถอนคืนแล้ว")
    stopped = bool(step.job_id) and outbox.withdraw(
        session, step.job_id or "", by=officer.email, reason="taken back", at=desk.now()
    )
    movements.undone(session, entry, step, officer, desk.now())
    return stopped


def _superior(session: Session, entity: LegalEntity, to: str) -> Officer:
    found = directory.officer_by_email(session, to)
    outside = found is None or found.entity_code != entity.code or found.disabled
    if found is None or outside or found.role is Role.AUDITOR:
        raise NotAllowed(
            f"{to} is nobody of {entity.code}",
            thai=f"{to} ไม่ใช่บุคคลของ{entity.name}ที่ระบบรู้จัก โปรดเลือกจากรายชื่อผู้ใช้งาน",
        )
    return found


def _name(officer: Officer) -> str:
    return officer.name or officer.email
