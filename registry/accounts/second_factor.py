"""The second factor: six figures from a telephone (TOTP, RFC 6238), or a recovery code.

The secret is sealed (:mod:`registry.sealing`). A code is taken within one step of thirty seconds
before or after ours, since clocks of telephones are off, and never twice: the step of the last
code is kept, and an older one or the same is refused (RFC 6238 §5.2). Recovery codes are ten, each
good once, kept as digests.
"""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from registry import journal
from registry.keys import KeyRing
from registry.models.people import OfficerRow
from registry.sealing import digest_secret, seal, unseal
from registry.thai.numerals import to_arabic

STEP: Final = 30  # seconds
_PURPOSE: Final = "totp"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is read wrongly
_CODES: Final = 10


def new_secret() -> str:
    """Give a fresh secret, in base32 as authenticator programs take it."""
    import pyotp

    return pyotp.random_base32()


def address_of(secret: str, account: str, issuer: str) -> str:
    """Give the ``otpauth:`` address that a QR code carries to the telephone."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def enrol(
    session: Session, keys: KeyRing, officer_id: int, secret: str, code: str, at: datetime
) -> tuple[str, ...]:
    """Take the secret into use if the code shows that the telephone has it.

    Gives the recovery codes, which are never shown again; none when the code is wrong.
    """
    step = _step_of(secret, code, at)
    if step is None:
        return ()
    row = session.get_one(OfficerRow, officer_id)
    codes = tuple(_recovery_code() for _ in range(_CODES))
    row.totp_secret, row.totp_last = seal(keys, _PURPOSE, secret), step
    row.recovery = [_known(keys, row, one) for one in codes]
    journal.of_officer(session, row, "second-factor-set", row.email, at)
    return codes


def check(session: Session, keys: KeyRing, officer_id: int, code: str, at: datetime) -> bool:
    """Say whether this code, or recovery code, proves the officer; it is then used up."""
    row = session.get_one(OfficerRow, officer_id, with_for_update=True, populate_existing=True)
    if not row.totp_secret:
        return False
    step = _step_of(unseal(keys, _PURPOSE, row.totp_secret), code, at)
    if step is not None:
        fresh = step > row.totp_last
        row.totp_last = max(step, row.totp_last)
        return fresh
    known = _known(keys, row, code.strip().lower().replace(" ", ""))
    if known not in row.recovery:
        return False
    row.recovery = [one for one in row.recovery if one != known]
    journal.of_officer(session, row, "recovery-code-used", row.email, at)
    return True


def remove(session: Session, officer_id: int, by: str, at: datetime) -> None:
    """Take the second factor away: the telephone is lost, or is to be set up anew."""
    row = session.get_one(OfficerRow, officer_id)
    row.totp_secret, row.totp_last, row.recovery = "", 0, []
    journal.of_officer(session, row, "second-factor-removed", by, at)


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """Give the step whose code this is, of the three that are looked at."""
    import pyotp

    figures = to_arabic(code).replace(" ", "").strip()
    now = int(at.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        if secrets.compare_digest(totp.at(step * STEP).encode(), figures.encode()):
            return step
    return None


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _known(keys: KeyRing, row: OfficerRow, code: str) -> str:
    return digest_secret(keys, f"recovery:{row.id}", code)
