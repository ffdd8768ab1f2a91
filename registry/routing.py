"""Routing rules of an entity, in the order in which they are tried.

The kinds: ``words`` (a word or phrase in เรื่อง), ``sender`` (code or address of who wrote) and
``addressed`` (text of เรียน). What a rule means for a letter is :mod:`registry.desk.deliver`'s.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.batch import remembered
from registry.errors import NotFound
from registry.letter.entity import Unit
from registry.models.people import EntityRow, RouteRow, UnitRow
from registry.values import unit_of

KINDS: Final = ("words", "sender", "addressed")


@dataclass(frozen=True, slots=True)
class Route:
    """One rule: letters that fit the pattern go to the unit."""

    id: int
    position: int
    kind: str
    pattern: str
    unit: Unit


def add_route(session: Session, entity_id: int, kind: str, pattern: str, unit_code: str) -> Route:
    """Add a rule behind the entity's others.

    Raises ValueError for a kind there is not or an empty pattern, NotFound for an unknown unit.
    """
    if kind not in KINDS or not pattern.strip():
        raise ValueError(f"a rule has a pattern and one of the kinds {', '.join(KINDS)}")
    wanted = select(UnitRow.id).where(
        UnitRow.entity_id == entity_id, UnitRow.code == unit_code.casefold()
    )
    unit_id = session.scalar(wanted)
    if unit_id is None:
        raise NotFound(f"no unit {unit_code}", thai=f"ไม่พบหน่วยงานย่อยรหัส “{unit_code}”")
    last = session.scalar(
        select(func.max(RouteRow.position)).where(RouteRow.entity_id == entity_id)
    )
    row = RouteRow(
        entity_id=entity_id,
        position=(last or 0) + 1,
        kind=kind,
        pattern=pattern.strip(),
        unit_id=unit_id,
    )
    session.add(row)
    session.flush()
    return next(route for route in routes(session, entity_id) if route.id == row.id)


def routes(session: Session, entity_id: int) -> list[Route]:
    """List the rules of an entity in the order in which they are tried."""
    return remembered(session, ("routes", entity_id), lambda: _routes(session, entity_id))


def _routes(session: Session, entity_id: int) -> list[Route]:
    wanted = select(RouteRow, UnitRow, EntityRow.code).join(UnitRow, UnitRow.id == RouteRow.unit_id)
    wanted = wanted.join(EntityRow, EntityRow.id == RouteRow.entity_id)
    wanted = wanted.where(RouteRow.entity_id == entity_id).order_by(RouteRow.position)
    return [
        Route(row.id, row.position, row.kind, row.pattern, unit_of(unit, code))
        for row, unit, code in session.execute(wanted)
    ]
