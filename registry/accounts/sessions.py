"""Sign-ins at the officers' pages: begun, found again by their token, and ended.

A token is 256 random bits that the browser keeps; the database holds its SHA-256. A session ends by
itself when it was not used for a while, when its day is over, when the officer was dismissed or
their term ended, and when somebody ends it. It is not complete before the second factor was passed.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from registry import journal
from registry.clock import BANGKOK
from registry.letter.entity import LegalEntity, Officer
from registry.models.access import WebSessionRow
from registry.models.people import EntityRow, OfficerRow
from registry.values import entity_of, officer_of

SEEN_EVERY: Final = timedelta(minutes=1)
"""How often the last use is written down: not with every page."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One session and whose it is; ``complete`` says that nothing more is to be proven.

    ``acting_for`` is the officer whom this one chose to stand in for
    (:mod:`registry.accounts.deputies`).
    """

    id: int
    officer: Officer
    entity: LegalEntity
    complete: bool
    has_second_factor: bool
    created_at: datetime
    seen_at: datetime
    peer: str = ""
    agent: str = ""
    acting_for_id: int | None = None


def needs(session: Session, officer_id: int, at: datetime) -> Literal["nothing", "code"] | None:
    """Say what else an officer has to prove after a password; None when their term is over."""
    row = session.get_one(OfficerRow, officer_id)
    if row.disabled or is_over(row.ends, at):
        return None
    return "code" if row.totp_secret else "nothing"


def begin(
    session: Session,
    officer_id: int,
    *,
    at: datetime,
    life: timedelta,
    complete: bool,
    peer: str = "",
    agent: str = "",
) -> str:
    """Begin a session and give its token; a complete one is journaled."""
    token = secrets.token_urlsafe(32)
    row = WebSessionRow(
        token_hash=_digest(token), officer_id=officer_id, created_at=at, seen_at=at,
        expires_at=at + life, second_factor=complete, peer=peer[:60], agent=agent[:300],
    )  # fmt: skip
    session.add(row)
    session.flush()
    if complete:
        _journal(session, row, "signed-in", at)
    return token


def find(session: Session, token: str, *, at: datetime, idle: timedelta) -> SignIn | None:
    """Give the session of this token if it is good at this moment; else None."""
    wanted = select(WebSessionRow, OfficerRow, EntityRow)
    wanted = wanted.join(OfficerRow, OfficerRow.id == WebSessionRow.officer_id)
    wanted = wanted.join(EntityRow, EntityRow.id == OfficerRow.entity_id)
    wanted = wanted.where(
        WebSessionRow.token_hash == _digest(token),
        WebSessionRow.revoked_at.is_(None),
        WebSessionRow.expires_at > at,
        WebSessionRow.seen_at > at - idle,
        ~OfficerRow.disabled,
    )
    found = session.execute(wanted).one_or_none()
    if found is None or is_over(found[1].ends, at):
        return None
    return _value(found)


def is_over(ends: date | None, at: datetime) -> bool:
    """Say whether a term whose last day this is has ended."""
    return ends is not None and at.astimezone(BANGKOK).date() > ends


def seen(session: Session, sign_in: SignIn, at: datetime) -> None:
    """Write down that the session is in use."""
    session.execute(update(WebSessionRow).where(WebSessionRow.id == sign_in.id).values(seen_at=at))


def stand_in(session: Session, sign_in: SignIn, officer_id: int | None) -> None:
    """Keep for whom this session acts; whether it may is asked with each request."""
    row = session.get_one(WebSessionRow, sign_in.id)
    row.acting_for_id = officer_id


def end(session: Session, sign_in: SignIn, at: datetime) -> None:
    """End this session."""
    row = session.get_one(WebSessionRow, sign_in.id)
    row.revoked_at = at
    _journal(session, row, "signed-out", at)


def end_all(session: Session, officer_id: int, at: datetime, *, but: int | None = None) -> int:
    """End all sessions of an officer, but for one if named, and count them."""
    mine = update(WebSessionRow).where(
        WebSessionRow.officer_id == officer_id, WebSessionRow.revoked_at.is_(None),
        WebSessionRow.id != (but or 0),
    )  # fmt: skip
    ended = session.connection().execute(mine.values(revoked_at=at))
    return int(ended.rowcount)


def open_of(session: Session, officer_id: int, *, at: datetime, idle: timedelta) -> list[SignIn]:
    """List the sessions of an officer that are good now, the last used first."""
    wanted = select(WebSessionRow, OfficerRow, EntityRow)
    wanted = wanted.join(OfficerRow, OfficerRow.id == WebSessionRow.officer_id)
    wanted = wanted.join(EntityRow, EntityRow.id == OfficerRow.entity_id).where(
        WebSessionRow.officer_id == officer_id, WebSessionRow.revoked_at.is_(None),
        WebSessionRow.expires_at > at, WebSessionRow.seen_at > at - idle,
    )  # fmt: skip
    return [_value(row) for row in session.execute(wanted.order_by(WebSessionRow.seen_at.desc()))]


def _value(found: "Row[WebSessionRow, OfficerRow, EntityRow]") -> SignIn:
    row, officer, entity = found
    return SignIn(
        id=row.id,
        officer=officer_of(officer, entity.code),
        entity=entity_of(entity),
        complete=row.second_factor,
        has_second_factor=bool(officer.totp_secret),
        created_at=row.created_at,
        seen_at=row.seen_at,
        peer=row.peer,
        agent=row.agent,
        acting_for_id=row.acting_for_id,
    )


def _journal(session: Session, row: WebSessionRow, act: str, at: datetime) -> None:
    officer = session.get_one(OfficerRow, row.officer_id)
    facts = {"officer": officer.id, "session": row.id}
    journal.record(session, officer.entity_id, act, officer.email, at, facts=facts)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
