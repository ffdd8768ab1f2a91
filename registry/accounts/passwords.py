"""Passwords of officers: kept as argon2id, checked with the same work whoever asks.

The parameters are 19 MiB, two passes, one lane: the lightest of those that OWASP gives for
argon2id, chosen since the SMTP child checks passwords and its memory is promised. An unknown or
disabled officer costs the work of a known one, so that answers tell nobody who has an account.

Limit: a check takes some 50 ms of one core. Callers in an event loop use a thread.
"""

import secrets
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import journal
from registry.accounts.sessions import is_over
from registry.errors import NotFound, NotUnderstood
from registry.letter.entity import Officer
from registry.models.people import EntityRow, OfficerRow
from registry.values import officer_of

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_LENGTHS: Final = range(8, 257)
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is read wrongly


def made_up() -> str:
    """Give a new password that can be read out on the telephone: four groups, 79 random bits."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def set_password(
    session: Session, email: str, password: str, *, at: datetime, by: str = "system"
) -> None:
    """Give an officer a new password of 8 to 256 characters.

    Raises NotFound for an unknown officer, NotUnderstood for another length.
    """
    if len(password) not in _LENGTHS:
        raise NotUnderstood("a password has 8 to 256 characters", thai="รหัสผ่านต้องมี 8 ถึง 256 ตัวอักษร")
    row = session.scalar(select(OfficerRow).where(OfficerRow.email == email.strip().casefold()))
    if row is None:
        raise NotFound("no officer of this address")
    row.password_hash = _hasher().hash(password)
    journal.of_officer(session, row, "password-set", by, at)


def verify_password(session: Session, email: str, password: str) -> Officer | None:
    """Give the officer who proves to be one by this password, else None."""
    found = _proven(session, email, password)
    return officer_of(*found) if found and not found[0].disabled else None


def check_password(
    session: Session, email: str, password: str, at: datetime
) -> tuple[Officer | None, bool]:
    """Give the officer as :func:`verify_password` does, and whether a right one came too late.

    Too late is who proves to be an officer whose term is over: they may be told, nobody else.
    """
    found = _proven(session, email, password)
    if found is None:
        return None, False
    over = is_over(found[0].ends, at)
    return (None if found[0].disabled or over else officer_of(*found)), over


def _proven(session: Session, email: str, password: str) -> tuple[OfficerRow, str] | None:
    """Give whose password it is, with the code of their entity; as much work for nobody's."""
    wanted = select(OfficerRow, EntityRow.code).join(EntityRow)
    wanted = wanted.where(OfficerRow.email == email.strip().casefold())
    found = session.execute(wanted).one_or_none()
    stored = found[0].password_hash if found else ""
    right = _matches(stored or _nobodys_hash(), password[: _LENGTHS.stop])
    return (found[0], found[1]) if found and stored and right else None


def _matches(stored: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys_hash() -> str:
    """Give a hash to work on when there is no officer; nobody knows its password."""
    return _hasher().hash(secrets.token_hex(32))
