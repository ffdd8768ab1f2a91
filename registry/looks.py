"""What the journal keeps of the readings: one line a day, so that no look is taken out afterwards.

Who only looked stands outside the chain (:mod:`registry.readings`), since there are many of them
and a page must not wait for the books. Some time after midnight the looks of each entity up to then
are counted and digested together in one line (``readings-witnessed``); lines follow each other
without a gap. So a look that is taken out, changed or slipped in later is found. They hold ids and
no words, and need no salt.

Limit: the looks of today, and of the last night's first hours, are not covered yet.
"""

import hashlib
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry import journal
from registry.canonical import canonical
from registry.clock import BANGKOK
from registry.digest import plain
from registry.models.access import ReadingRow
from registry.models.evidence import JournalHeadRow

ACT: Final = "readings-witnessed"
_QUIET: Final = 1  # hours behind midnight: whatever was opened before it is written down by then


def witness_readings(session: Session, _desk: object, now: datetime) -> int:
    """Write what is due, and count the lines. A chore of the worker."""
    local = now.astimezone(BANGKOK)
    if local.hour < _QUIET:
        return 0
    until = datetime.combine(local.date(), time(), BANGKOK)
    due = or_(JournalHeadRow.readings_until.is_(None), JournalHeadRow.readings_until < until)
    wanted = select(JournalHeadRow.entity_id).where(due).order_by(JournalHeadRow.entity_id)
    return sum(_witness(session, entity_id, until, now) for entity_id in session.scalars(wanted))


def digest_of_readings(
    session: Session, entity_id: int, since: datetime | None, until: datetime
) -> tuple[int, str]:
    """Count the looks of an entity from one moment to before another, and digest them (SHA-256)."""
    count, digest = 0, hashlib.sha256()
    for row in session.execute(_of(entity_id, since, until)):
        count += 1
        digest.update(canonical([plain(value) for value in row]).encode() + b"\n")
    return count, digest.hexdigest()


def _witness(session: Session, entity_id: int, until: datetime, now: datetime) -> bool:
    journal.lock_head(session, entity_id)
    head = session.get_one(JournalHeadRow, entity_id, populate_existing=True)
    since = head.readings_until
    if since is not None and since >= until:
        return False
    count, digest = digest_of_readings(session, entity_id, since, until)
    if not count and since is None:  # nobody has looked at anything yet
        return False
    facts = {
        "since": plain(since), "until": plain(until), "count": count, "readings": digest,
    }  # fmt: skip
    journal.record(session, entity_id, ACT, "system", now, facts=facts)
    session.expire(head)
    head.readings_until = until
    session.flush()
    return True


def _of(entity_id: int, since: datetime | None, until: datetime) -> Any:
    wanted = select(
        ReadingRow.id, ReadingRow.who, ReadingRow.letter_id, ReadingRow.entry_id, ReadingRow.what,
        ReadingRow.detail, ReadingRow.at,
    ).where(ReadingRow.entity_id == entity_id, ReadingRow.at < until)  # fmt: skip
    if since is not None:
        wanted = wanted.where(ReadingRow.at >= since)
    return wanted.order_by(ReadingRow.at, ReadingRow.id).execution_options(yield_per=1000)
