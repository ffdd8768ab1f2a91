"""Making the whole index anew, beside the old one, which goes on answering meanwhile.

A rebuild is asked for (:func:`request`) and done by whoever keeps the index, a round at a time
(:func:`advance`, called by :func:`registry.search.index.step`). All letters and entries are gone
through by id, which is by time of arrival, and their documents are written behind the last number
there is: newest-first is true again, whatever order they were indexed in before. How far it has
come stands in ``search_state``, in the transaction that wrote the documents, so that a rebuild that
was killed goes on where it stood. When all is done the segments of the old numbers are thrown away.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from registry.db import Database
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.search import SearchDocRow, SearchSegmentRow, SearchStateRow
from registry.search import segments
from registry.search.document import SEARCHED_STATES, documents
from registry.search.writing import append, forget

_NAME: Final = "rebuild"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a rebuild stands: ``done`` letters and entries of about ``of`` were gone through.

    ``base`` is the first of the new numbers of documents, ``after`` the id gone through last.
    """

    base: int
    after: str
    done: int
    of: int


def request(session: Session) -> None:
    """Ask for a rebuild, unless one is under way."""
    if progress(session) is not None:
        return
    span = segments.SPANS[-1]
    last = session.scalar(select(func.max(SearchDocRow.doc))) or 0
    waiting = select(func.count()).select_from(LetterRow)
    of = (session.scalar(select(func.count()).select_from(EntryRow)) or 0) + (
        session.scalar(waiting.where(LetterRow.state.in_(SEARCHED_STATES))) or 0
    )
    standing = Progress((last // span + 1) * span, "", 0, of)
    session.add(SearchStateRow(name=_NAME, value=json.dumps(asdict(standing))))


def progress(session: Session) -> Progress | None:
    """Tell where a rebuild stands; None if none is under way."""
    wanted = select(SearchStateRow.value).where(SearchStateRow.name == _NAME)
    value = session.scalar(wanted)
    return Progress(**json.loads(value)) if value else None


def advance(database: Database, now: datetime, most: int) -> int:
    """Go on with a rebuild that was asked for; give how many letters were gone through."""
    with database.read() as session:
        standing = progress(session)
        if standing is None:
            return 0
        letters, entries = _next(session, standing.after, most)
        made = documents(session, letters, entries)
    with database.write() as session:
        if not letters and not entries:
            _finish(session, standing.base, now)
            return 1
        forget(session, [one.ref for one in made])
        append(session, made, standing.base)
        through, seen = len(letters) + len(entries), max([*letters, *entries])
        now_at = Progress(standing.base, seen, standing.done + through, standing.of)
        mine = update(SearchStateRow).where(SearchStateRow.name == _NAME)
        session.execute(mine.values(value=json.dumps(asdict(now_at))))
        return through


def _next(session: Session, after: str, most: int) -> tuple[list[str], list[str]]:
    """Give the next ids of letters without a number and of entries, in the order of both."""
    open_states = LetterRow.state.in_(SEARCHED_STATES)
    letters = _ids(session, LetterRow.id, after, most, open_states)
    entries = _ids(session, EntryRow.id, after, most)
    some = set(sorted([*letters, *entries])[:most])
    return [one for one in letters if one in some], [one for one in entries if one in some]


def _ids(session: Session, column: Any, after: str, most: int, *where: Any) -> Sequence[str]:
    wanted = select(column).where(column > after, *where).order_by(column).limit(most)
    return session.scalars(wanted).all()


def _finish(session: Session, base: int, now: datetime) -> None:
    old = SearchSegmentRow.hi < base, SearchSegmentRow.state == "ready"
    session.execute(update(SearchSegmentRow).where(*old).values(state="retired", retired_at=now))
    session.execute(delete(SearchDocRow).where(SearchDocRow.doc < base))
    session.execute(delete(SearchStateRow).where(SearchStateRow.name == _NAME))
