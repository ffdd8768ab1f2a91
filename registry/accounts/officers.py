"""Accounts of officers as an administrator sees and changes them: role, unit, term, second factor.

Only officers of the named entity are there; anybody else's id is not found. Every change is
journaled with the names of the fields, and whoever loses a right loses their sessions with it. The
last administrator of an entity stays one: nobody could give the right back from within.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from registry import journal
from registry.accounts import sessions
from registry.clock import BANGKOK
from registry.errors import Conflict, NotAllowed, NotFound
from registry.letter.entity import Officer, Role
from registry.letter.grades import Secrecy
from registry.models.access import WebSessionRow
from registry.models.people import EntityRow, OfficerRow, UnitRow
from registry.thai.collation import sort_key
from registry.values import officer_of

_FIELDS: Final = frozenset({"name", "role", "unit_code", "ends", "clearance"})
_SESSIONS_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Account:
    """An officer and what an administrator must know of the account.

    ``ends`` is the last day of the term, None for none; ``last_seen`` when a session was last used.
    """

    officer: Officer
    ends: date | None
    over: bool
    has_password: bool
    has_second_factor: bool
    bound: bool  # signs in through another house (OpenID Connect)
    last_seen: datetime | None

    @property
    def may_enter(self) -> bool:
        """Whether the officer may sign in and act now."""
        return not (self.officer.disabled or self.over)


def accounts(session: Session, entity_id: int, at: datetime) -> list[Account]:
    """List the accounts of an entity, those that were not dismissed first, by name."""
    seen = select(WebSessionRow.officer_id, func.max(WebSessionRow.seen_at).label("at"))
    last = seen.group_by(WebSessionRow.officer_id).subquery()
    wanted = (
        select(OfficerRow, EntityRow.code, last.c.at)
        .join(EntityRow, EntityRow.id == OfficerRow.entity_id)
        .outerjoin(last, last.c.officer_id == OfficerRow.id)
        .where(OfficerRow.entity_id == entity_id)
    )
    found = [_account(row, code, used, at) for row, code, used in session.execute(wanted)]
    return sorted(found, key=_place)


def _place(one: Account) -> tuple[bool, str, str]:
    return one.officer.disabled, sort_key(one.officer.name), one.officer.email


def account(session: Session, entity_id: int, officer_id: int, at: datetime) -> Account:
    """Give one account of an entity; raise NotFound."""
    row = _row(session, entity_id, officer_id)
    used = session.scalar(
        select(func.max(WebSessionRow.seen_at)).where(WebSessionRow.officer_id == row.id)
    )
    return _account(row, session.get_one(EntityRow, entity_id).code, used, at)


def edit(
    session: Session, entity_id: int, officer_id: int, *, by: str, at: datetime, **changes: Any
) -> Officer:
    """Change name, role, unit_code, ends or clearance; what is not named stays.

    ``clearance`` is the gravest marking that an officer of secret letters sees, "" for every one.

    Raises NotFound, also for a unit there is not; Conflict for the last administrator; TypeError.
    """
    if changes.keys() - _FIELDS:
        raise TypeError(f"not to be changed: {', '.join(sorted(changes.keys() - _FIELDS))}")
    row = _row(session, entity_id, officer_id)
    if "role" in changes:
        changes["role"] = str(Role(changes["role"]))
    if changes.get("clearance"):
        changes["clearance"] = Secrecy.parse(changes["clearance"]).thai
    if changes.get("unit_code"):
        changes["unit_code"] = _unit(session, entity_id, changes["unit_code"])
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if "role" in changed or "ends" in changed:
        _must_leave_an_admin(session, row, changed, at)
    for name, value in changed.items():
        setattr(row, name, value)
    if "role" in changed:
        sessions.end_all(session, row.id, at)
    if changed:
        facts = {"officer": row.id, "fields": sorted(changed)}
        facts |= {name: changed[name] for name in ("role", "clearance") if name in changed}
        journal.record(session, entity_id, "officer-changed", by, at, facts=facts)
    return officer_of(row, session.get_one(EntityRow, entity_id).code)


def disable(session: Session, entity_id: int, officer_id: int, *, by: str, at: datetime) -> None:
    """Let an officer act no more, from this moment; their name stays in the books.

    Raises NotFound; Conflict for the last administrator.
    """
    row = _row(session, entity_id, officer_id)
    if row.disabled:
        return
    _must_leave_an_admin(session, row, {"disabled": True}, at)
    row.disabled = True
    sessions.end_all(session, row.id, at)
    journal.of_officer(session, row, "officer-disabled", by, at)


def enable(session: Session, entity_id: int, officer_id: int, *, by: str, at: datetime) -> None:
    """Let an officer act again. Raises NotFound; Conflict while the term is over."""
    row = _row(session, entity_id, officer_id)
    if sessions.is_over(row.ends, at):
        raise Conflict("the term is over", thai="ครบกำหนดแล้ว โปรดแก้ไขวันสุดท้ายก่อนให้กลับมาใช้งาน")
    if row.disabled:
        row.disabled = False
        journal.of_officer(session, row, "officer-enabled", by, at)


def sign_out(session: Session, entity_id: int, officer_id: int, *, by: str, at: datetime) -> int:
    """End all sessions of an officer and count them. Raises NotFound."""
    row = _row(session, entity_id, officer_id)
    ended = sessions.end_all(session, row.id, at)
    journal.of_officer(session, row, "signed-out-by-admin", by, at)
    return ended


def must_serve(session: Session, email: str, at: datetime) -> None:
    """See that the term of an officer is not over; else raise NotAllowed.

    Nothing is said of whom we do not know: each act judges that by itself.
    """
    wanted = select(OfficerRow.ends).where(OfficerRow.email == email.strip().casefold())
    if sessions.is_over(session.scalar(wanted), at):
        raise NotAllowed(f"the term of {email} is over", thai=f"{email} พ้นหน้าที่แล้ว จึงทำรายการไม่ได้")


def end_terms(session: Session, _desk: object, at: datetime) -> None:
    """Disable whoever's term is over (a chore of the worker), so that no way is left open."""
    today = at.astimezone(BANGKOK).date()
    over = select(OfficerRow).where(OfficerRow.ends < today, ~OfficerRow.disabled)
    for row in session.scalars(over.order_by(OfficerRow.entity_id, OfficerRow.id)).all():
        row.disabled = True
        sessions.end_all(session, row.id, at)
        journal.of_officer(session, row, "officer-term-ended", "system", at)


def forget_sessions(session: Session, at: datetime) -> None:
    """Forget sessions that ended a month ago; the journal keeps who signed in and when."""
    limit = at - _SESSIONS_KEPT
    ended = or_(WebSessionRow.expires_at < limit, WebSessionRow.revoked_at < limit)
    session.execute(delete(WebSessionRow).where(ended))


def _account(row: OfficerRow, code: str, used: datetime | None, at: datetime) -> Account:
    return Account(
        officer=officer_of(row, code),
        ends=row.ends,
        over=sessions.is_over(row.ends, at),
        has_password=bool(row.password_hash),
        has_second_factor=bool(row.totp_secret),
        bound=bool(row.oidc_subject),
        last_seen=used,
    )


def _row(session: Session, entity_id: int, officer_id: int) -> OfficerRow:
    row = session.get(OfficerRow, officer_id)
    if row is None or row.entity_id != entity_id:
        raise NotFound(f"no officer {officer_id} of entity {entity_id}")
    return row


def _unit(session: Session, entity_id: int, code: str) -> str:
    found = session.scalar(
        select(UnitRow.code).where(UnitRow.entity_id == entity_id, UnitRow.code == code.casefold())
    )
    if found is None:
        raise NotFound(f"no unit {code}", thai=f"ไม่พบหน่วยงานย่อยรหัส “{code}”")
    return found


def _must_leave_an_admin(
    session: Session, row: OfficerRow, changed: dict[str, Any], at: datetime
) -> None:
    """Raise Conflict when nobody could keep the accounts of the entity after this change."""
    ends = changed.get("ends", row.ends)
    stays = changed.get("role", row.role) == "admin" and not changed.get("disabled", row.disabled)
    if row.role != "admin" or (stays and not sessions.is_over(ends, at)):
        return
    journal.lock_head(session, row.entity_id)  # two admins must not take each other away
    today = at.astimezone(BANGKOK).date()
    others = select(OfficerRow.id).where(
        OfficerRow.entity_id == row.entity_id, OfficerRow.id != row.id, OfficerRow.role == "admin",
        ~OfficerRow.disabled, or_(OfficerRow.ends.is_(None), OfficerRow.ends >= today),
    )  # fmt: skip
    if session.scalar(others.limit(1)) is None:
        raise Conflict(
            "the last administrator of the entity",
            thai="ผู้ใช้งานนี้เป็นผู้ดูแลระบบคนสุดท้ายของหน่วยงาน โปรดตั้งผู้ดูแลระบบคนอื่นก่อน",
        )
