"""Changing and removing what stands in the directory: entities, units, rules, groups.

A change of an entity is journaled with the names of the fields, since address and domains decide
whose letters are believed. Nothing is removed that something else names: a unit that keeps books,
that rules or officers belong to, or that gets what no rule places, stays until those are changed.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from registry import journal
from registry.accounts.people import must_be_above
from registry.errors import Conflict, NotFound
from registry.groups import Group, groups, known_members
from registry.letter.address import fold_address, local_and_domain
from registry.letter.entity import LegalEntity, Unit
from registry.letter.number import SenderCode
from registry.models.books import CounterRow, EntryRow
from registry.models.people import (
    EntityRow,
    GroupMemberRow,
    GroupRow,
    OfficerRow,
    RouteRow,
    UnitRow,
)
from registry.routing import KINDS
from registry.values import entity_of, unit_of

_ENTITY: Final = frozenset(
    {
        "name", "address", "domains", "letter_code", "max_message_bytes", "knows_tags",
        "separate_circulars", "phone", "province", "district", "readers",
    }
)  # fmt: skip
_UNIT: Final = frozenset({"name", "boxes", "delivery", "letter_code", "above"})


def edit_entity(
    session: Session, code: str, *, by: str, at: datetime, **changes: Any
) -> LegalEntity:
    """Change fields of an entity, as :func:`registry.accounts.people.add_entity` takes them.

    Raises NotFound; NotUnderstood; Conflict for an address that another entity has; TypeError.
    """
    row = session.scalar(select(EntityRow).where(EntityRow.code == code.casefold()))
    if row is None:
        raise NotFound(f"no entity {code}", thai=f"ไม่พบหน่วยงานรหัส “{code}”")
    _must_be(changes, _ENTITY)
    clean = {name: _entity_value(name, value) for name, value in changes.items()}
    same = select(EntityRow.id).where(EntityRow.address == clean.get("address"))
    if session.scalar(same.where(EntityRow.id != row.id)) is not None:
        raise Conflict("another entity has this address", thai="ที่อยู่นี้เป็นของหน่วยงานอื่นแล้ว")
    for name, value in clean.items():
        setattr(row, name, value)
    session.flush()
    facts = {"entity": row.id, "fields": sorted(clean)}
    journal.record(session, row.id, "entity-changed", by, at, facts=facts)
    return entity_of(row)


def edit_unit(session: Session, entity_id: int, code: str, **changes: Any) -> Unit:
    """Change name, boxes, delivery, letter code of a unit, or the unit above it.

    Raises NotFound, NotUnderstood; Conflict for a unit above itself; ValueError for another
    delivery than full or notice.
    """
    row = _unit(session, entity_id, code)
    _must_be(changes, _UNIT)
    if changes.get("delivery", "full") not in {"full", "notice"}:
        raise ValueError("delivery is full or notice")
    if "boxes" in changes:
        changes["boxes"] = [fold_address(box) for box in changes["boxes"]]
    if changes.get("letter_code"):
        changes["letter_code"] = str(SenderCode.parse(changes["letter_code"]))
    if "above" in changes:
        changes["above"] = changes["above"].casefold()
    for name, value in changes.items():
        setattr(row, name, value)
    if changes.get("above"):
        must_be_above(session, row)
    session.flush()
    return unit_of(row, session.get_one(EntityRow, entity_id).code)


def remove_unit(session: Session, entity_id: int, code: str) -> None:
    """Remove a unit that nothing names any more. Raises NotFound; Conflict that says what does."""
    row = _unit(session, entity_id, code)
    mine = {"entity_id": entity_id, "unit_code": row.code}
    uses = {
        "เป็นหน่วยงานรับทั่วไป": session.get_one(EntityRow, entity_id).default_unit == row.code,
        "มีกฎส่งหนังสือให้": _any(session, RouteRow, unit_id=row.id),
        "มีเจ้าหน้าที่สังกัดอยู่": _any(session, OfficerRow, **mine),
        "มีทะเบียนของตนเอง": _any(session, CounterRow, **mine) or _any(session, EntryRow, **mine),
        "มีหน่วยงานย่อยอยู่ใต้": _any(session, UnitRow, entity_id=entity_id, above=row.code),
        "อยู่ในกลุ่ม": any(row.code in group.members for group in groups(session, entity_id)),
    }
    if names := [why for why, holds in uses.items() if holds]:
        raise Conflict(
            f"unit {row.code} is in use", thai=f"ลบหน่วยงานย่อย {row.code} ไม่ได้: {', '.join(names)}"
        )
    session.delete(row)
    session.flush()


def remove_route(session: Session, entity_id: int, position: int) -> None:
    """Remove a rule; those behind it move up. Raises NotFound."""
    mine = RouteRow.entity_id == entity_id
    session.delete(_route(session, entity_id, position))
    session.flush()
    behind = select(RouteRow).where(mine, RouteRow.position > position).order_by(RouteRow.position)
    for one in session.scalars(behind).all():
        session.execute(
            update(RouteRow).where(RouteRow.id == one.id).values(position=one.position - 1)
        )


def edit_route(
    session: Session, entity_id: int, position: int, *, kind: str, pattern: str, unit_code: str
) -> None:
    """Change what a rule looks at and where it leads; it keeps its place.

    Raises NotFound; ValueError for a kind there is not or an empty pattern.
    """
    row = _route(session, entity_id, position)
    if kind not in KINDS or not pattern.strip():
        raise ValueError(f"a rule has a pattern and one of the kinds {', '.join(KINDS)}")
    row.kind, row.pattern = kind, pattern.strip()
    row.unit_id = _unit(session, entity_id, unit_code).id
    session.flush()


def move_route(session: Session, entity_id: int, position: int, to: int) -> None:
    """Let two rules change places. Raises NotFound when there is no rule at either."""
    rows = [_route(session, entity_id, one) for one in (position, to)]
    for row, place in ((rows[0], -1), (rows[1], position), (rows[0], to)):
        row.position = place  # step by step: places are unique
        session.flush()


def edit_group(
    session: Session,
    entity_id: int,
    code: str,
    *,
    name: str = "",
    add: Iterable[str] = (),
    drop: Iterable[str] = (),
) -> Group:
    """Rename a group, add members, drop members.

    Raises NotFound for an unknown group or member; Conflict when nobody would be left.
    """
    row = _group(session, entity_id, code)
    row.name = name or row.name
    before = {one.member for one in row.members}
    dropped = {member.casefold() for member in drop}
    if dropped - before:
        missing = min(dropped - before)
        raise NotFound(f"{missing} is no member", thai=f"“{missing}” ไม่ได้อยู่ในกลุ่ม")
    after = (before | set(known_members(session, entity_id, add))) - dropped
    if not after:
        raise Conflict("a group has members", thai="กลุ่มต้องมีสมาชิกอย่างน้อยหนึ่งหน่วยงาน")
    row.members = [one for one in row.members if one.member in after]
    row.members += [GroupMemberRow(member=member) for member in sorted(after - before)]
    session.flush()
    return Group(row.code, row.name, tuple(sorted(after)))


def remove_group(session: Session, entity_id: int, code: str) -> None:
    """Remove a group; what was sent to it stays as it is. Raises NotFound."""
    row = _group(session, entity_id, code)
    session.execute(delete(GroupMemberRow).where(GroupMemberRow.group_id == row.id))
    session.execute(delete(GroupRow).where(GroupRow.id == row.id))
    session.expire_all()


def _entity_value(name: str, value: Any) -> Any:
    if name == "address":
        return fold_address(value)
    if name == "domains":
        return sorted({local_and_domain(f"x@{domain}")[1] for domain in value})
    if name == "letter_code" and value:
        return str(SenderCode.parse(value))
    return value


def _must_be(changes: dict[str, Any], known: frozenset[str]) -> None:
    if changes.keys() - known:
        raise TypeError(f"not to be changed: {', '.join(sorted(changes.keys() - known))}")


def _unit(session: Session, entity_id: int, code: str) -> UnitRow:
    wanted = select(UnitRow).where(UnitRow.entity_id == entity_id, UnitRow.code == code.casefold())
    row = session.scalar(wanted)
    if row is None:
        raise NotFound(f"no unit {code}", thai=f"ไม่พบหน่วยงานย่อยรหัส “{code}”")
    return row


def _route(session: Session, entity_id: int, position: int) -> RouteRow:
    mine = RouteRow.entity_id == entity_id
    row = session.scalar(select(RouteRow).where(mine, RouteRow.position == position))
    if row is None:
        raise NotFound(f"no rule {position}", thai=f"ไม่มีกฎข้อ {position}")
    return row


def _group(session: Session, entity_id: int, code: str) -> GroupRow:
    mine = GroupRow.entity_id == entity_id
    row = session.scalar(select(GroupRow).where(mine, GroupRow.code == code.casefold()))
    if row is None:
        raise NotFound(f"no group {code}", thai=f"ไม่พบกลุ่ม “{code}”")
    return row


def _any(session: Session, model: Any, **equal: Any) -> bool:
    return session.scalar(select(model.id).filter_by(**equal).limit(1)) is not None
