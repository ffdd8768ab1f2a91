"""Adding entities, units and officers to the directory.

Codes are kept folded, since they ride in addresses; the values of :mod:`registry.letter.entity`
say which are allowed. What is there already is never silently changed: that is a Conflict. Who
may act as an officer matters, so adding and disabling one is journaled.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import journal
from registry.errors import Conflict, NotFound
from registry.letter.address import fold_address, local_and_domain
from registry.letter.entity import LegalEntity, Officer, Role, Unit
from registry.letter.number import SenderCode
from registry.models.people import EntityRow, OfficerRow, UnitRow
from registry.values import entity_of, officer_of, unit_of


def add_entity(  # noqa: PLR0913 - one argument per column
    session: Session,
    *,
    code: str,
    name: str,
    address: str,
    at: datetime,
    domains: Iterable[str] = (),
    letter_code: str = "",
    hosted: bool = False,
    max_message_bytes: int | None = None,
    knows_tags: bool = True,
    separate_circulars: bool = False,
    phone: str = "",
    province: str = "",
    district: str = "",
    readers: str = "unit",
) -> LegalEntity:
    """Add a legal entity; without domains it has that of its central address.

    Raises NotUnderstood for a bad code, address or letter code, Conflict when code or address is
    taken.
    """
    folded = fold_address(address)
    known = {local_and_domain(f"x@{domain}")[1] for domain in domains}
    row = EntityRow(
        code=code.casefold(),
        name=name,
        address=folded,
        domains=sorted(known or {folded.rpartition("@")[2]}),
        letter_code=str(SenderCode.parse(letter_code)) if letter_code else "",
        hosted=hosted,
        max_message_bytes=max_message_bytes,
        knows_tags=knows_tags,
        separate_circulars=separate_circulars,
        phone=phone,
        province=province,
        district=district,
        readers=readers,
        created_at=at,
        id=0,
    )
    entity_of(row)  # refuses a code that could not be used
    row.id = None  # type: ignore[assignment]
    taken = (EntityRow.code == row.code) | (EntityRow.address == row.address)
    _must_be_free(session.scalar(select(EntityRow.id).where(taken)), "entity", row.code)
    session.add(row)
    session.flush()
    journal.lock_head(session, row.id)
    return entity_of(row)


def add_unit(  # noqa: PLR0913 - one argument per column
    session: Session,
    entity_id: int,
    *,
    code: str,
    name: str,
    boxes: Iterable[str] = (),
    delivery: str = "full",
    letter_code: str = "",
    keeps_books: bool = False,
    above: str = "",
) -> Unit:
    """Add a unit of an entity; ``delivery`` is full or notice, ``above`` the unit it belongs to.

    Raises NotFound when there is none above; NotUnderstood for a bad code or box, Conflict when the
    entity has that unit, ValueError for another delivery.
    """
    if delivery not in {"full", "notice"}:
        raise ValueError("delivery is full or notice")
    entity = _entity(session, entity_id)
    row = UnitRow(
        entity_id=entity_id,
        code=code.casefold(),
        name=name,
        boxes=[fold_address(box) for box in boxes],
        delivery=delivery,
        letter_code=str(SenderCode.parse(letter_code)) if letter_code else "",
        keeps_books=keeps_books,
        above=above.casefold(),
    )
    if above:
        must_be_above(session, row)
    same = select(UnitRow.id).where(UnitRow.entity_id == entity_id, UnitRow.code == row.code)
    _must_be_free(session.scalar(same), "unit", row.code)
    session.add(row)
    session.flush()
    return unit_of(row, entity.code)


def must_be_above(session: Session, row: UnitRow) -> None:
    """See that the unit above this one is there, and that the way up ends.

    Raises NotFound, and Conflict for a ring.
    """
    wanted = select(UnitRow.code, UnitRow.above).where(UnitRow.entity_id == row.entity_id)
    with session.no_autoflush:
        above = {one.code: one.above for one in session.execute(wanted)} | {row.code: row.above}
    if row.above not in above:
        raise NotFound(f"no unit {row.above}", thai=f"ไม่พบหน่วยงานย่อยรหัส “{row.above}”")
    code, passed = row.above, {row.code}
    while code and code not in passed:
        passed.add(code)
        code = above.get(code, "")
    if code:
        raise Conflict(f"unit {row.code} above itself", thai="หน่วยงานย่อยอยู่ใต้ตัวเองไม่ได้")


def set_default_unit(session: Session, entity_id: int, code: str) -> None:
    """Name the unit that gets what no rule places; "" for none. Raises NotFound."""
    entity = _entity(session, entity_id)
    wanted = select(UnitRow.id).where(
        UnitRow.entity_id == entity_id, UnitRow.code == code.casefold()
    )
    if code and session.scalar(wanted) is None:
        raise NotFound(f"entity {entity.code} has no unit of this code")
    entity.default_unit = code.casefold()


def add_officer(  # noqa: PLR0913 - one argument per column
    session: Session,
    entity_id: int,
    *,
    email: str,
    role: Role,
    at: datetime,
    name: str = "",
    unit_code: str = "",
    by: str = "system",
) -> Officer:
    """Add an officer, who cannot sign in before a password is set.

    Raises NotUnderstood for a bad address, Conflict when an officer has it.
    """
    entity = _entity(session, entity_id)
    row = OfficerRow(
        email=fold_address(email),
        entity_id=entity_id,
        unit_code=unit_code.casefold(),
        name=name,
        role=str(Role(role)),
        created_at=at,
    )
    same = select(OfficerRow.id).where(OfficerRow.email == row.email)
    _must_be_free(session.scalar(same), "officer", row.email)
    session.add(row)
    session.flush()
    facts = {"officer": row.id, "role": row.role}
    journal.record(session, entity_id, "officer-added", by, at, facts=facts)
    return officer_of(row, entity.code)


def disable_officer(session: Session, email: str, *, by: str, at: datetime) -> None:
    """Let an officer act no more; their name stays in the books. Raises NotFound."""
    row = session.scalar(select(OfficerRow).where(OfficerRow.email == email.strip().casefold()))
    if row is None:
        raise NotFound("no officer of this address")
    row.disabled = True
    journal.of_officer(session, row, "officer-disabled", by, at)


def _entity(session: Session, entity_id: int) -> EntityRow:
    row = session.get(EntityRow, entity_id)
    if row is None:
        raise NotFound(f"no entity {entity_id}")
    return row


def _must_be_free(found: int | None, thing: str, code: str) -> None:
    if found is not None:
        raise Conflict(
            f"there is an {thing} {code} already, or one with this address",
            thai=f"มีรายการ “{code}” หรือที่อยู่นี้ในสมุดรายชื่อแล้ว",
        )
