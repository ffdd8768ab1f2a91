"""An act that is asked for twice is done once: a double click, a retry after a lost answer.

Whoever asks names a key of their own: a form carries one, a program sends Idempotency-Key. The key
is claimed in the transaction of the act itself, so that either both stand or neither. Whoever
claims it second waits for the first, and then gets the first's answer.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.db import insert_if_new
from registry.errors import Conflict
from registry.models.access import OnceRow

KEPT: Final = timedelta(days=2)
"""How long an answer can be asked for again."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How the act was answered when it was done: a status, and text (an address, JSON)."""

    status: int
    response: str


def claim(
    session: Session, whose: str, key: str, at: datetime, request_hash: str = ""
) -> Answered | None:
    """Claim a key; None means: do it now, then :func:`answer`. Else how it was answered before.

    Raises Conflict when the key was used for another request.
    """
    mine = (OnceRow.whose == whose) & (OnceRow.key == key)
    insert_if_new(session, OnceRow, whose=whose, key=key, request_hash=request_hash, status=0,
                  response="", at=at)  # fmt: skip
    row = session.scalars(select(OnceRow).where(mine).with_for_update()).one()
    if row.request_hash != request_hash:
        raise Conflict(
            "this key was used for another request", thai="รหัสคำขอนี้ใช้กับคำขออื่นแล้ว โปรดใช้รหัสใหม่"
        )
    return Answered(row.status, row.response) if row.status else None


def answer(session: Session, whose: str, key: str, status: int, response: str) -> None:
    """Keep how the act was answered."""
    row = session.scalars(select(OnceRow).where(OnceRow.whose == whose, OnceRow.key == key)).one()
    row.status, row.response = status, response


def strike(session: Session, thing: str) -> None:
    """Leave of kept answers about a letter or entry (its id) where they lead, and nothing else.

    The address to which a form goes on may say who sent the letter, for the next one to be typed.
    """
    for row in session.scalars(select(OnceRow).where(OnceRow.response.contains(thing))):
        row.response = re.sub(rf"({re.escape(thing)})\?[^\"#]*", r"\1", row.response)


def forget_old(session: Session, at: datetime) -> None:
    """Forget what nobody asks for again."""
    session.execute(delete(OnceRow).where(OnceRow.at < at - KEPT))
