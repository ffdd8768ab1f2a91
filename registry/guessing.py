"""Whoever guesses a password or a code at the pages waits, longer each time.

Counted by the address that was tried, whether or not there is such an officer, so that the answer
tells nobody who has an account. The first failures cost nothing; from the fifth on each closes the
address for a minute, two, four, … at most fifteen, so that nobody can be kept out for a day by a
stranger. A right sign-in, or a quiet day, forgets.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from registry.db import insert_if_new
from registry.models.access import SignInFailureRow

FREE: Final = 4
"""Failures that cost no waiting."""
_LONGEST: Final = 15
_FORGOTTEN: Final = timedelta(days=1)


def closed_for(session: Session, address: str, at: datetime) -> timedelta:
    """Give how long this address must still wait; nothing when it may try."""
    row = session.get(SignInFailureRow, _digest(address))
    if row is None or row.locked_until is None:
        return timedelta()
    return max(row.locked_until - at, timedelta())


def failed(session: Session, address: str, at: datetime) -> timedelta:
    """Count a failure and give how long the address waits now."""
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.last_at < at - _FORGOTTEN))
    insert_if_new(session, SignInFailureRow, address_hash=_digest(address), failed=0, last_at=at)
    row = session.get_one(SignInFailureRow, _digest(address), with_for_update=True)
    row.failed, row.last_at = row.failed + 1, at
    if row.failed <= FREE:
        return timedelta()
    wait = timedelta(minutes=min(2 ** (row.failed - FREE - 1), _LONGEST))
    row.locked_until = at + wait
    return wait


def succeeded(session: Session, address: str) -> None:
    """Forget the failures of an address."""
    session.execute(
        delete(SignInFailureRow).where(SignInFailureRow.address_hash == _digest(address))
    )


def _digest(address: str) -> str:
    return hashlib.sha256(address.strip().casefold().encode("utf-8", "replace")).hexdigest()
