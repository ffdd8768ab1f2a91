"""Which letters' bytes are to be encrypted because of their secrecy, or to lie open again.

Every act that marks a letter, or takes its marking off, puts it down here in its transaction;
:mod:`registry.secret.keeping` sees to the bytes a moment later and notes that it did. So no act
waits for a large file, and what is cut off in the middle is still due.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from registry.batch import add_values
from registry.db import insert_if_new
from registry.models.secrets import SecretLetterRow

How = Literal["arrival", "officer", "found", "moved", "freed"]


def arrived(session: Session, letter_id: str, at: datetime) -> None:
    """Put down a letter that came in marked; one of several that are entered together."""
    add_values(session, SecretLetterRow, letter_id=letter_id, how="arrival", since=at, done_at=None)


def put_down(session: Session, letter_id: str, how: How, at: datetime) -> None:
    """Say that the secrecy of a letter changed; its bytes are to be looked at."""
    session.flush()
    insert_if_new(session, SecretLetterRow, letter_id=letter_id, how=how, since=at, done_at=None)
    mine = update(SecretLetterRow).where(SecretLetterRow.letter_id == letter_id)
    session.execute(mine.values(how=how, since=at, done_at=None))


def due(session: Session, now: datetime, most: int = 20) -> list[str]:
    """Give the letters whose bytes are to be looked at by now, the oldest first."""
    mine = SecretLetterRow.done_at.is_(None), SecretLetterRow.since <= now
    wanted = select(SecretLetterRow.letter_id).where(*mine)
    return list(session.scalars(wanted.order_by(SecretLetterRow.since).limit(most)))


def put_off(session: Session, letter_id: str, until: datetime) -> None:
    """Let a letter be looked at again later."""
    mine = SecretLetterRow.letter_id == letter_id, SecretLetterRow.done_at.is_(None)
    session.execute(update(SecretLetterRow).where(*mine).values(since=until))


def since_of(session: Session, letter_id: str) -> datetime | None:
    """Give what tells this change of a letter's secrecy from a later one; ask before you look."""
    wanted = select(SecretLetterRow.since).where(SecretLetterRow.letter_id == letter_id)
    return session.scalar(wanted)


def done(session: Session, letter_id: str, at: datetime, since: datetime | None) -> None:
    """Note that it was seen to, as it was put down at ``since``; what changed after is still due.

    Times are not compared: an act takes its time first, and may commit after a look that is later.
    """
    mine = SecretLetterRow.letter_id == letter_id, SecretLetterRow.since == since
    session.execute(update(SecretLetterRow).where(*mine).values(done_at=at))
