"""The order in which letters that wait are shown: urgency, then what is due first, then the oldest.

A list holds so many lines and no more. Where more waits than it holds, a quarter of its places goes
to those that have waited longest, in their own place of the order: no flood of urgent mail, which
anybody can write, hides a letter for ever.
"""

from itertools import islice
from typing import Any

from sqlalchemy import Select, case
from sqlalchemy.orm import Session

from registry.letter.dealing import DealBy, Dealing
from registry.letter.grades import Urgency
from registry.models.letters import LetterRow

_RANK = case({one.thai: one.rank for one in Urgency}, value=LetterRow.urgency, else_=0)


def in_turn(
    session: Session, wanted: Select[LetterRow], dealing: Dealing, most: int
) -> list[LetterRow]:
    """Give at most so many of the wanted letters, in turn.

    Those with a day and those without are each sorted by the database, as either order goes by one
    column; where the two mix, the times are compared here.
    """
    dated = wanted.where(LetterRow.due.is_not(None)).order_by(_RANK.desc(), LetterRow.due)
    others = wanted.where(LetterRow.due.is_(None)).order_by(_RANK.desc(), LetterRow.accepted_at)
    found = [
        row
        for one in (dated, others)
        for row in session.scalars(one.order_by(LetterRow.id).limit(most))
    ]

    def place(row: LetterRow) -> tuple[Any, ...]:
        return (*dealing.place(row.urgency, row.due, _received(row)), row.accepted_at, row.id)

    found.sort(key=place)
    if len(found) < most:
        return found
    oldest = wanted.order_by(LetterRow.accepted_at, LetterRow.id).limit(most // 4)
    kept = {row.id: row for row in session.scalars(oldest)}
    others_first = (row for row in found if row.id not in kept)
    kept |= {row.id: row for row in islice(others_first, most - len(kept))}
    return sorted(kept.values(), key=place)


def time_of(row: LetterRow, dealing: Dealing) -> DealBy | None:
    """Say until when a letter that waits is to be dealt with."""
    return dealing.by(row.urgency, row.due, _received(row))


def _received(row: LetterRow) -> Any:
    return row.deemed_received_at or row.accepted_at
