"""Tokens of programs: what lets one application work for one entity through the API.

A token is 256 random bits, shown once; the database holds its SHA-256. It says what the program may
do (:class:`Scope`) and in whose name: acts are those of an officer of the entity, whose rights they
need as well, and stand in the journal under that officer with the number of the token. It ends on
its day, when it is revoked, and with its officer: one who was dismissed acts through no program.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from registry import directory, journal
from registry.accounts import access
from registry.accounts.access import Reach
from registry.accounts.sessions import is_over
from registry.errors import NotAllowed, NotFound, NotUnderstood
from registry.letter.entity import LegalEntity, Officer
from registry.models.access import ApiTokenRow
from registry.models.people import EntityRow, OfficerRow
from registry.thai.text import tidy
from registry.values import entity_of, officer_of

SEEN_EVERY: Final = timedelta(minutes=1)
"""How often the last use is written down: not with every request."""
_PREFIX: Final = "sbn_"  # by which scanners of source code know a token that was left there
_NAME: Final = 100


class Scope(StrEnum):
    """What a program may do; each but the first two needs an officer in whose name it is done."""

    READ = "read"  # search and read ordinary letters, books, directory, events
    WEBHOOKS = "webhooks"  # have events told to an address
    REGISTER = "register"  # ลงรับ ส่งคืน แนบ, paper at the counter, void, amend
    SEND = "send"  # lay down files, hand in letters, reserve numbers
    ACT = "act"  # ส่งต่อ เสนอ เกษียน ปิดเรื่อง, recall
    SECRET = "secret"  # noqa: S105 - letters with a marking too, if the officer is cleared


_NAMELESS: Final = frozenset({Scope.READ, Scope.WEBHOOKS})


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token, without its secret; ``officer`` is None for a program that only reads."""

    id: int
    name: str
    entity: LegalEntity
    officer: Officer | None
    scopes: frozenset[Scope]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def whose(self) -> str:
        """The name under which requests asked for twice are known (:mod:`registry.once`)."""
        return f"token:{self.id}"

    @property
    def cleared(self) -> bool:
        """Whether letters with a marking may be read: by scope, and by the officer today."""
        return Scope.SECRET in self.scopes and self.officer is not None and self.officer.cleared


def issue(  # noqa: PLR0913 - what there is to say of a token
    session: Session,
    entity: LegalEntity,
    name: str,
    scopes: Iterable[Scope],
    *,
    officer: str,
    by: str,
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token, and give it with its secret, which nobody can give again.

    ``officer`` is the e-mail of whoever it acts for, "" for a program that only reads. Raises
    NotUnderstood without name or scope, or for an end that is past; NotAllowed for an officer of
    another entity, a scope that needs one, and ``secret`` without one who is cleared.
    """
    wanted, name = frozenset(scopes), tidy(name).strip()[:_NAME]
    if not name or not wanted or (expires_at is not None and expires_at <= at):
        raise NotUnderstood(
            "a token needs a name, a scope and an end to come",
            thai="โปรดระบุชื่อโปรแกรม สิทธิอย่างน้อยหนึ่งอย่าง และวันหมดอายุในอนาคต",
        )
    principal = _officer(session, entity, officer, wanted)
    secret = _PREFIX + secrets.token_urlsafe(32)
    row = ApiTokenRow(
        entity_id=entity.id, name=name, token_hash=_digest(secret), scopes=sorted(wanted),
        officer_id=principal.id if principal else None, created_at=at, created_by=by,
        expires_at=expires_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    journal.record(session, entity.id, "token-issued", by, at, facts={"token": row.id})
    return next(_values(session, _all().where(ApiTokenRow.id == row.id))), secret


def find(session: Session, secret: str, at: datetime) -> ApiToken | None:
    """Give the token of this secret if it is good at this moment; else None."""
    wanted = _all().where(
        ApiTokenRow.token_hash == _digest(secret), ApiTokenRow.revoked_at.is_(None)
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        return None
    return _value(*found) if _is_good(found[0], found[2], at) else None


def reach_of(session: Session, token: ApiToken) -> Reach:
    """Tell what a program may see: what its officer may, or all ordinary letters of the entity."""
    if token.officer is None:
        return Reach(token.entity.id)
    reach = access.reach_of(session, token.entity, token.officer)
    return replace(reach, cleared=token.cleared, grade=None)


def seen(session: Session, token: ApiToken, at: datetime) -> None:
    """Write down that the token is in use."""
    session.execute(update(ApiTokenRow).where(ApiTokenRow.id == token.id).values(last_used_at=at))


def listing(session: Session, entity_id: int | None = None) -> list[ApiToken]:
    """List the tokens of one entity, or of all, also those that ended, in order of their making."""
    wanted = _all().order_by(ApiTokenRow.id)
    if entity_id is not None:
        wanted = wanted.where(ApiTokenRow.entity_id == entity_id)
    return list(_values(session, wanted))


def revoke(session: Session, token_id: int, entity_id: int, by: str, at: datetime) -> ApiToken:
    """End a token of this entity at once; one that ended already stays so. Raises NotFound."""
    row = session.get(ApiTokenRow, token_id)
    if row is None or row.entity_id != entity_id:
        raise NotFound(f"no token {token_id}", thai="ไม่พบโทเค็นหมายเลขนี้ของหน่วยงาน")
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = at, by
        session.flush()
        journal.record(session, entity_id, "token-revoked", by, at, facts={"token": row.id})
    return next(_values(session, _all().where(ApiTokenRow.id == token_id)))


def act_through(session: Session, token: ApiToken) -> None:
    """Let the journal say of what is done in this session that it was done through the token."""
    session.info[journal.THROUGH] = token.id


def _officer(
    session: Session, entity: LegalEntity, email: str, wanted: frozenset[Scope]
) -> Officer | None:
    """Give in whose name the token acts. Raises NotAllowed."""
    if not email and wanted <= _NAMELESS:
        return None
    found = directory.officer_by_email(session, email) if email else None
    if found is None or found.disabled or found.entity_code != entity.code:
        raise NotAllowed(
            f"scopes {sorted(wanted - _NAMELESS)} need an officer of {entity.code}",
            thai=f"สิทธินี้ต้องระบุเจ้าหน้าที่ของ{entity.name}ที่โปรแกรมทำรายการแทน",
        )
    if Scope.SECRET in wanted and not found.cleared:
        raise NotAllowed(
            f"{found.email} is not cleared for secret letters",
            thai=f"{found.email} ไม่ใช่นายทะเบียนข้อมูลข่าวสารลับ จึงให้สิทธิ secret ไม่ได้",
        )
    return found


def _all() -> Select[ApiTokenRow, EntityRow, OfficerRow]:
    wanted = select(ApiTokenRow, EntityRow, OfficerRow)
    wanted = wanted.join(EntityRow, EntityRow.id == ApiTokenRow.entity_id)
    return wanted.outerjoin(OfficerRow, OfficerRow.id == ApiTokenRow.officer_id)


def _values(
    session: Session, wanted: Select[ApiTokenRow, EntityRow, OfficerRow]
) -> Iterator[ApiToken]:
    for row, entity, officer in session.execute(wanted):
        yield _value(row, entity, officer)


def _is_good(row: ApiTokenRow, officer: OfficerRow | None, at: datetime) -> bool:
    """Say whether neither the token nor its officer's term has ended."""
    if row.expires_at is not None and row.expires_at <= at:
        return False
    return officer is None or not (officer.disabled or is_over(officer.ends, at))


def _value(row: ApiTokenRow, entity: EntityRow, officer: OfficerRow | None) -> ApiToken:
    return ApiToken(
        row.id, row.name, entity_of(entity), officer_of(officer, entity.code) if officer else None,
        frozenset(Scope(one) for one in row.scopes),
        row.created_at, row.created_by, row.expires_at, row.last_used_at, row.revoked_at,
    )  # fmt: skip


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
