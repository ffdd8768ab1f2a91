"""Groups: one name for many addressees, so that a circular has one number and many deliveries."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import Conflict, NotFound
from registry.models.people import EntityRow, GroupMemberRow, GroupRow, UnitRow


@dataclass(frozen=True, slots=True)
class Group:
    """A group of one entity; ``members`` are codes of entities or of the owner's units."""

    code: str
    name: str
    members: tuple[str, ...]


def add_group(
    session: Session, entity_id: int, code: str, name: str, members: Iterable[str]
) -> Group:
    """Add a group of this entity's.

    Raises NotFound for a member that is neither an entity nor a unit of the owner, Conflict for
    a code in use.
    """
    folded = known_members(session, entity_id, members)
    same = select(GroupRow.id).where(
        GroupRow.entity_id == entity_id, GroupRow.code == code.casefold()
    )
    if session.scalar(same) is not None:
        raise Conflict(f"there is a group {code} already", thai=f"มีกลุ่ม “{code}” แล้ว")
    row = GroupRow(entity_id=entity_id, code=code.casefold(), name=name)
    row.members = [GroupMemberRow(member=member) for member in folded]
    session.add(row)
    session.flush()
    return Group(row.code, name, tuple(folded))


def groups(session: Session, entity_id: int) -> list[Group]:
    """List the groups of an entity by code."""
    wanted = select(GroupRow.code, GroupRow.name, GroupMemberRow.member)
    wanted = wanted.outerjoin(GroupMemberRow).where(GroupRow.entity_id == entity_id)
    found: dict[str, tuple[str, list[str]]] = {}
    for code, name, member in session.execute(
        wanted.order_by(GroupRow.code, GroupMemberRow.member)
    ):
        members = found.setdefault(code, (name, []))[1]
        members += [member] if member else []
    return [Group(code, name, tuple(members)) for code, (name, members) in found.items()]


def group_members(session: Session, entity_id: int, code: str) -> tuple[str, ...]:
    """Give the codes that a group of this entity's means; none for a group there is not."""
    found = {group.code: group.members for group in groups(session, entity_id)}
    return found.get(code.casefold(), ())


def known_members(session: Session, entity_id: int, members: Iterable[str]) -> list[str]:
    """Give these codes, folded, each once; raise NotFound for one that nobody has."""
    folded = sorted({member.casefold() for member in members})
    for member in folded:
        if not _is_known(session, entity_id, member):
            raise NotFound(f"no entity or unit {member}", thai=f"ไม่พบหน่วยงานรหัส “{member}”")
    return folded


def _is_known(session: Session, entity_id: int, code: str) -> bool:
    """Say whether the code is the owner's unit or an entity."""
    unit = select(UnitRow.id).where(UnitRow.entity_id == entity_id, UnitRow.code == code)
    entity = select(EntityRow.id).where(EntityRow.code == code)
    return session.scalar(unit.union(entity).limit(1)) is not None
