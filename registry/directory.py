"""The directory: who an address or a code means.

An entity is known by its exact central address and a clerk by the exact address they send from,
both folded; a fitting domain only suggests (:func:`suggest_by_domain`).

Additions are :mod:`registry.accounts.people`, :mod:`registry.groups`, :mod:`registry.routing`,
:mod:`registry.accounts.passwords` and :mod:`registry.accounts.roster`, the copy in memory for the
door :mod:`registry.recipients`; their functions are named here too.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from registry.accounts.passwords import set_password, verify_password
from registry.accounts.people import (
    add_entity,
    add_officer,
    add_unit,
    disable_officer,
    set_default_unit,
)
from registry.accounts.roster import import_csv
from registry.batch import Batch, batch_of, remembered
from registry.errors import NotFound
from registry.groups import Group, add_group, group_members, groups
from registry.letter.entity import LegalEntity, Officer, Unit
from registry.models.people import EntityRow, OfficerRow, UnitRow
from registry.recipients import Recipients, snapshot
from registry.routing import Route, add_route, routes
from registry.thai.collation import sort_key
from registry.values import entity_of, officer_of, unit_of

__all__ = [
    "Group", "Recipients", "Route", "add_entity", "add_group", "add_officer", "add_route",
    "add_unit", "default_unit", "disable_officer", "entities", "entity_by_address",
    "entity_by_code", "entity_by_id", "group_members", "groups", "hosted", "import_csv",
    "look_up", "officer_by_email", "officers", "routes", "set_default_unit", "set_password",
    "snapshot", "suggest_by_domain", "unit_by_code", "units", "verify_password",
]  # fmt: skip


_WANTED: Final = {
    column: select(EntityRow).where(getattr(EntityRow, column) == bindparam("value"))
    for column in ("address", "code", "id")
}
_AT_ONCE: Final = 500  # values in one question
_MANY: Final[BindParameter[str]] = bindparam("values", expanding=True)
_ENTITIES: Final = select(EntityRow).where(EntityRow.address.in_(_MANY))
_OFFICERS: Final = (
    select(OfficerRow, EntityRow.code).join(EntityRow).where(OfficerRow.email.in_(_MANY))
)
_UNITS: Final = (
    select(UnitRow, EntityRow.code).join(EntityRow).where(UnitRow.entity_id == bindparam("of"))
)


def entity_by_address(session: Session, address: str) -> LegalEntity | None:
    """Give the entity whose central address this is, compared without regard to case."""
    folded = address.strip().casefold()
    return _entity(session, "address", folded)


def entity_by_code(session: Session, code: str) -> LegalEntity | None:
    """Give the entity of this code, in any case of letters."""
    return _entity(session, "code", code.casefold())


def entity_by_id(session: Session, entity_id: int) -> LegalEntity:
    """Give the entity of this row; raise NotFound."""
    found = _entity(session, "id", entity_id)
    if found is None:
        raise NotFound(f"no entity {entity_id}")
    return found


def look_up(session: Session, addresses: Iterable[str], writers: Iterable[str]) -> None:
    """Ask for these entities and officers at once; the open batch remembers who they are.

    ``addresses`` are perhaps those of entities, ``writers`` perhaps those of officers; whoever is
    beyond the first :data:`_AT_ONCE` is asked for when needed. Without a batch nothing is asked.
    """
    batch = batch_of(session)
    if batch is None:
        return
    central, mails = _folded(addresses), _folded(writers)
    with batch.at_rest():
        for row in session.scalars(_ENTITIES, {"values": central}):
            _remember(batch, row)
        for officer, code in session.execute(_OFFICERS, {"values": mails}):
            batch.remember(officer_of(officer, code), ("officer", officer.email))
    for address in central:  # whom we did not find is nobody
        batch.remember(None, ("address", address))
    for mail in mails:
        batch.remember(None, ("officer", mail))


def _folded(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one.strip().casefold() for one in addresses))[:_AT_ONCE]


def entities(session: Session) -> list[LegalEntity]:
    """List all entities by code, hosted here or not."""
    return [entity_of(row) for row in session.scalars(select(EntityRow).order_by(EntityRow.code))]


def hosted(session: Session) -> list[LegalEntity]:
    """List the entities whose books are kept here, by code."""
    wanted = select(EntityRow).where(EntityRow.hosted).order_by(EntityRow.code)
    return [entity_of(row) for row in session.scalars(wanted)]


def suggest_by_domain(session: Session, address: str) -> LegalEntity | None:
    """Give the one entity with this address's domain, or a domain above it; a hint, no proof.

    None when none fits or several do.
    """
    labels = address.rpartition("@")[2].casefold().split(".")
    above = [".".join(labels[n:]) for n in range(len(labels) - 1)]

    def find() -> list[tuple[int, set[str]]]:
        wanted = select(EntityRow.id, EntityRow.domains)
        return [(row.id, set(row.domains)) for row in session.execute(wanted)]

    owners = remembered(session, "domains", find)
    for domain in above:
        fitting = [entity_id for entity_id, domains in owners if domain in domains]
        if fitting:
            return entity_by_id(session, fitting[0]) if len(fitting) == 1 else None
    return None


def officer_by_email(session: Session, email: str) -> Officer | None:
    """Give the officer who sends from this address, disabled or not."""
    folded = email.strip().casefold()

    def find() -> Officer | None:
        wanted = select(OfficerRow, EntityRow.code).join(EntityRow)
        found = session.execute(wanted.where(OfficerRow.email == folded)).one_or_none()
        return officer_of(found[0], found[1]) if found else None

    return remembered(session, ("officer", folded), find)


def officers(session: Session, entity_id: int | None = None) -> list[Officer]:
    """List the officers of one entity, or of all, by name as a Thai dictionary does."""
    wanted = select(OfficerRow, EntityRow.code).join(EntityRow)
    if entity_id is not None:
        wanted = wanted.where(OfficerRow.entity_id == entity_id)
    found = [officer_of(row, code) for row, code in session.execute(wanted)]
    return sorted(found, key=lambda one: (sort_key(one.name), one.email))


def units(session: Session, entity_id: int) -> list[Unit]:
    """List the units of an entity by name as a Thai dictionary does."""

    def find() -> list[Unit]:
        found = [unit_of(row, code) for row, code in session.execute(_UNITS, {"of": entity_id})]
        return sorted(found, key=lambda one: (sort_key(one.name), one.code))

    return remembered(session, ("units", entity_id), find)


def unit_by_code(session: Session, entity_id: int, code: str) -> Unit | None:
    """Give the entity's unit of this code, in any case of letters."""
    found = [unit for unit in units(session, entity_id) if unit.code == code.casefold()]
    return found[0] if found else None


def default_unit(session: Session, entity_id: int) -> Unit | None:
    """Give the unit that gets what no rule places; None: such letters are delivered nowhere."""

    def find() -> str | None:
        return session.scalar(select(EntityRow.default_unit).where(EntityRow.id == entity_id))

    code = remembered(session, ("default", entity_id), find)
    return unit_by_code(session, entity_id, code) if code else None


def _entity(session: Session, column: str, value: object) -> LegalEntity | None:
    return remembered(session, (column, value), lambda: _find(session, column, value))


def _find(session: Session, column: str, value: object) -> LegalEntity | None:
    row = session.scalar(_WANTED[column], {"value": value})
    if row is None:
        return None
    batch = batch_of(session)
    return _remember(batch, row) if batch else entity_of(row)


def _remember(batch: Batch, row: EntityRow) -> LegalEntity:
    """Keep an entity under every name by which the letters of a batch may ask for it."""
    entity = entity_of(row)
    batch.remember(entity, ("address", row.address), ("code", row.code), ("id", row.id))
    return entity
