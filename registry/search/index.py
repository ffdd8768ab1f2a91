"""Keeping the index in step with the letters.

Triggers of the tables note each letter that changed (``search_due``); registering costs no more
than that. :func:`step` is called by a running service, at the latest a second after the last: it
makes the documents anew, outside of any writing transaction, writes them in a short one, and does
some pieces of upkeep on the segments. What it has not come to is told by :func:`lag`.

One process at a time may do this for a database; a lease in ``search_state`` sees to it.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from registry.clock import Clock
from registry.db import Database, insert_if_new
from registry.models.books import EntryRow
from registry.models.search import SearchDueRow, SearchStateRow
from registry.search import rebuild, segments, upkeep
from registry.search.document import Document, documents
from registry.search.writing import put, withdraw

_LEASE: Final = timedelta(seconds=20)
_HOLDER: Final = "indexer"
_AT_ONCE: Final = 200
_PIECES: Final = 4  # of upkeep for each run of documents that is made a segment at one go


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the index is behind: notes not yet followed, and when the oldest was made."""

    waiting: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read for one step: notes, the ids they name, and the documents as they are now."""

    due: Sequence[int]
    refs: frozenset[str]
    documents: Sequence[Document]


def lag(session: Session) -> Lag:
    """Tell how many changes the index has not followed yet."""
    row = session.execute(select(func.count(SearchDueRow.id), func.min(SearchDueRow.at))).one()
    return Lag(row[0], row[1])


def step(database: Database, clock: Clock, most: int = _AT_ONCE) -> int:
    """Follow at most so many changes and tend the segments; give how much was done.

    A rebuild that was asked for goes on, too.

    0 means that there is nothing to do now, or that another process is doing it.
    """
    if not lease(database, clock.now()):
        return 0
    with database.read() as session:
        batch = gather(session, most)
    done = len(batch.due)
    if batch.due:
        with database.write() as session:
            write(session, batch)
    done += rebuild.advance(database, clock.now(), most)
    return done + _tend(database, clock, done, more=done >= most)


def _tend(database: Database, clock: Clock, added: int, *, more: bool) -> int:
    """Do as much upkeep as so many documents want; give how many pieces were done.

    A run of documents wants some three pieces until it lies in a large segment. With fewer, what is
    in no segment grows while much comes in, and every search reads all of that.
    """
    pieces = 1 + _PIECES * added // segments.SPANS[1]
    return sum(upkeep.tidy(database, clock.now(), more=more) for _piece in range(pieces))


def gather(session: Session, most: int) -> Batch:
    """Read what changed and make its documents. What changes meanwhile is noted again."""
    wanted = select(SearchDueRow.id, SearchDueRow.kind, SearchDueRow.ref)
    rows = session.execute(wanted.order_by(SearchDueRow.id).limit(most)).all()
    letters = {row.ref for row in rows if row.kind == "l"}
    entries = {row.ref for row in rows if row.kind == "e"}
    made = documents(session, letters, entries) if rows else []
    theirs = select(EntryRow.letter_id).where(EntryRow.id.in_(entries))
    refs = letters | entries | {ref for ref in session.scalars(theirs) if ref}
    return Batch([row.id for row in rows], frozenset(refs), made)


def write(session: Session, batch: Batch) -> None:
    """Write what was gathered, and strike out the notes."""
    gone = {one.entry_id for one in batch.documents if one.entry_id != one.ref} | batch.refs
    withdraw(session, {ref for ref in gone if ref} - {one.ref for one in batch.documents})
    put(session, batch.documents)
    for start in range(0, len(batch.due), 400):
        some = SearchDueRow.id.in_(batch.due[start : start + 400])
        session.execute(delete(SearchDueRow).where(some))


def lease(database: Database, now: datetime) -> bool:
    """Say whether this process may keep the index now; it may for as long as it asks."""
    mine = _own_name()
    with database.read() as session:
        row = session.get(SearchStateRow, _HOLDER)
        held = json.loads(row.value) if row else {}
    ends = datetime.fromisoformat(held["until"]) if held else now
    if held.get("by") == mine and ends > now + _LEASE / 2:
        return True  # asked every second; written every ten
    if held.get("by") not in (None, mine) and ends > now and not _is_gone(held["by"]):
        return False
    with database.write() as session:
        insert_if_new(session, SearchStateRow, name=_HOLDER, value="{}")
        holder = select(SearchStateRow).where(SearchStateRow.name == _HOLDER).with_for_update()
        row = session.scalars(holder).one()
        if json.loads(row.value) not in (held, {}):
            return False  # somebody else was quicker
        row.value = json.dumps({"by": mine, "until": (now + _LEASE).isoformat()})
        return True


def release(database: Database) -> None:
    """Let another process keep the index at once; nothing happens if this one does not."""
    with database.write() as session:
        row = session.get(SearchStateRow, _HOLDER, with_for_update=True)
        if row is not None and json.loads(row.value).get("by") == _own_name():
            row.value = "{}"


def _own_name() -> str:
    return f"{os.getpid()}@{os.uname().nodename}"


def _is_gone(holder: str) -> bool:
    """Whether the process that held the lease ran on this machine and has ended."""
    process, _, node = holder.partition("@")
    if node != os.uname().nodename or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
