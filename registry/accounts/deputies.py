"""Deputies: who acts in another's place while that officer is on leave (ปฏิบัติราชการแทน).

A deputy belongs to the same entity and gets the other's role for the days named, never more. Every
act done so stands in the journal under the deputy's own name with ``for``, the officer (id) in
whose place it was done: :func:`stand_in` lays that down for the rest of a transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from registry import journal
from registry.clock import BANGKOK
from registry.errors import NotAllowed, NotFound, NotUnderstood
from registry.letter.entity import Officer
from registry.models.access import DeputyRow
from registry.models.people import EntityRow, OfficerRow
from registry.values import officer_of

_PLACE: Final = "stands_in_for"


@dataclass(frozen=True, slots=True)
class Deputy:
    """One appointment; both days are inclusive."""

    id: int
    officer: Officer
    deputy: Officer
    from_day: date
    to_day: date


def appoint(
    session: Session, officer: Officer, deputy: Officer, days: tuple[date, date], by: str,
    at: datetime,
) -> int:  # fmt: skip
    """Let ``deputy`` act for ``officer`` on these days; give the id of the appointment.

    Raises NotAllowed for people of two entities or one and the same, NotUnderstood for days that
    run backwards.
    """
    if officer.entity_code != deputy.entity_code or officer.id == deputy.id or deputy.disabled:
        raise NotAllowed(
            "a deputy is another officer of the same entity",
            thai="ผู้ปฏิบัติแทนต้องเป็นเจ้าหน้าที่คนอื่นในหน่วยงานเดียวกัน",
        )
    if days[0] > days[1]:
        raise NotUnderstood("the first day is after the last", thai="วันสุดท้ายต้องไม่ก่อนวันแรก")
    row = DeputyRow(
        officer_id=officer.id, deputy_id=deputy.id, from_day=days[0], to_day=days[1],
        made_at=at, made_by=by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _journal(session, row, "deputy-appointed", by, at)
    return row.id


def end(session: Session, appointment: int, by: str, at: datetime) -> None:
    """End an appointment before its last day; raise NotFound."""
    row = session.get(DeputyRow, appointment)
    if row is None or row.ended_at is not None:
        raise NotFound(f"no appointment {appointment}")
    row.ended_at, row.ended_by = at, by
    _journal(session, row, "deputy-ended", by, at)


def listing(session: Session, entity_id: int, since: date) -> list[Deputy]:
    """List the appointments of an entity that reach to this day or beyond."""
    one, other = aliased(OfficerRow), aliased(OfficerRow)
    wanted = (
        select(DeputyRow, one, other, EntityRow.code)
        .join(one, one.id == DeputyRow.officer_id)
        .join(other, other.id == DeputyRow.deputy_id)
        .join(EntityRow, EntityRow.id == one.entity_id)
        .where(one.entity_id == entity_id, DeputyRow.ended_at.is_(None), DeputyRow.to_day >= since)
        .order_by(DeputyRow.from_day, DeputyRow.id)
    )
    return [
        Deputy(row.id, officer_of(who, code), officer_of(by, code), row.from_day, row.to_day)
        for row, who, by, code in session.execute(wanted)
    ]


def principals(session: Session, deputy_id: int, at: datetime) -> tuple[Officer, ...]:
    """Give the officers in whose place this one may act at this moment.

    Nobody stands in for somebody whose own term is over, or who was dismissed.
    """
    today = at.astimezone(BANGKOK).date()
    named = select(DeputyRow.officer_id).where(
        DeputyRow.deputy_id == deputy_id, DeputyRow.ended_at.is_(None),
        DeputyRow.from_day <= today, DeputyRow.to_day >= today,
    )  # fmt: skip
    serves = OfficerRow.ends.is_(None) | (OfficerRow.ends >= today)
    wanted = (
        select(OfficerRow, EntityRow.code)
        .join(EntityRow, EntityRow.id == OfficerRow.entity_id)
        .where(OfficerRow.id.in_(named), ~OfficerRow.disabled, serves)
        .order_by(OfficerRow.email)
    )
    return tuple(officer_of(row, code) for row, code in session.execute(wanted))


def stand_in(session: Session, deputy: Officer, principal: Officer) -> None:
    """Let what ``deputy`` does in this session be done in the place of ``principal``.

    The caller has found the principal among :func:`principals`.
    """
    session.info[_PLACE] = (deputy.id, principal)
    session.info[journal.IN_PLACE_OF] = principal.id


def principal_of(session: Session, officer: Officer) -> Officer | None:
    """Give the one in whose place this officer acts in this session, if in anybody's."""
    deputy_id, principal = session.info.get(_PLACE, (0, None))
    return principal if deputy_id == officer.id else None


def _journal(session: Session, row: DeputyRow, act: str, by: str, at: datetime) -> None:
    officer = session.get_one(OfficerRow, row.officer_id)
    facts = {"officer": row.officer_id, "deputy": row.deputy_id}
    journal.record(session, officer.entity_id, act, by, at, facts=facts)
