"""How things stand in the books at the moment of asking: a handful of counts, each by an index.

All are read in one session, beside the running service, and nothing is locked. Numbers of entries
are taken from the counters of the series, so that asking costs the same in the tenth year.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.service import Runtime
from registry import rounds
from registry.desk import call
from registry.models.books import CounterRow
from registry.models.evidence import SightingRow
from registry.models.letters import LetterRow
from registry.models.outgoing import OutboxRow
from registry.models.people import EntityRow
from registry.search.index import lag
from registry.unlooked import unlooked
from registry.withheld import with_files_withheld
from saraban.metrics.families import Figure


def books(session: Session, runtime: Runtime) -> Iterator[Figure]:
    """Give the figures of the database."""
    now = runtime.clock.now()
    codes = dict(session.execute(select(EntityRow.id, EntityRow.code)).all())
    yield from _letters(session, codes)
    yield from _entries(session, codes)
    yield from _outbox(session, now)
    yield from _duties(session, runtime, codes)
    yield from _unseen(session, runtime, now)
    yield from _mailboxes(session, runtime)
    yield from _search(session, now)


def _search(session: Session, now: datetime) -> Iterator[Figure]:
    behind = lag(session)
    yield Figure("saraban_search_waiting", "Changes that search has not followed.", behind.waiting)
    age = max(0.0, (now - behind.oldest).total_seconds()) if behind.oldest else 0.0
    yield Figure("saraban_search_oldest_seconds", "Age of the oldest of them.", age)


def _letters(session: Session, codes: dict[int, str]) -> Iterator[Figure]:
    counted = select(LetterRow.entity_id, LetterRow.state, func.count()).where(
        LetterRow.state.in_(("waiting", "draft"))
    )
    found = session.execute(counted.group_by(LetterRow.entity_id, LetterRow.state))
    for entity, state, number in found:
        labels = {"entity": codes[entity], "state": state}
        yield Figure("saraban_letters_waiting", "Letters that wait for an officer.", number, labels)
    held = session.scalar(select(func.count()).select_from(with_files_withheld().subquery())) or 0
    yield Figure("saraban_letters_withheld", "Letters whose files are withheld.", held)


def _entries(session: Session, codes: dict[int, str]) -> Iterator[Figure]:
    given = func.sum(CounterRow.last - CounterRow.first + 1)
    wanted = select(CounterRow.entity_id, CounterRow.book, given)
    for entity, book, number in session.execute(
        wanted.group_by(CounterRow.entity_id, CounterRow.book)
    ):
        labels = {"entity": codes[entity], "book": book}
        yield Figure("saraban_entries_total", "Numbers given.", int(number), labels, total=True)


def _outbox(session: Session, now: datetime) -> Iterator[Figure]:
    open_ = OutboxRow.state.in_(("queued", "sending", "held"))
    wanted = select(OutboxRow.state, func.count(), func.min(OutboxRow.created_at)).where(open_)
    found = {state: (n, since) for state, n, since in session.execute(
        wanted.group_by(OutboxRow.state)
    )}  # fmt: skip
    for state in ("queued", "sending", "held"):
        number = found.get(state, (0, None))[0]
        yield Figure("saraban_outbox_jobs", "Mail that has not left.", number, {"state": state})
    times = [since for state, (_, since) in found.items() if state != "held"]
    age = max(0.0, (now - min(times)).total_seconds()) if times else 0.0
    yield Figure("saraban_outbox_oldest_seconds", "Age of the oldest mail that is due.", age)


def _duties(session: Session, runtime: Runtime, codes: dict[int, str]) -> Iterator[Figure]:
    calls = len(call.due(session, runtime.desk))
    yield Figure("saraban_calls_due", "Overdue letters to telephone about.", calls)
    open_ = SightingRow.settled_at.is_(None)
    wanted = select(SightingRow.entity_id, SightingRow.kind, func.count()).where(open_)
    for entity, kind, number in session.execute(
        wanted.group_by(SightingRow.entity_id, SightingRow.kind)
    ):
        labels = {"entity": codes[entity], "kind": kind}
        yield Figure("saraban_sightings_open", "What a person should see to.", number, labels)


def _unseen(session: Session, runtime: Runtime, now: datetime) -> Iterator[Figure]:
    minutes = runtime.office.registry.unseen_after_minutes
    found = len(unlooked(session, runtime.workdays, minutes, now))
    yield Figure("saraban_letters_unseen", "Most urgent letters that nobody looked at.", found)


def _mailboxes(session: Session, runtime: Runtime) -> Iterator[Figure]:
    """Give when each mailbox was last looked into; it is named by its place in the settings."""
    for place, box in enumerate(runtime.gateway.collector, 1):
        last = rounds.last_good(session, f"{box.username}@{box.host}")
        yield Figure(
            "saraban_collector_last_look_timestamp_seconds", "When a mailbox was last looked into.",
            last.timestamp() if last else 0.0, {"entity": box.entity, "mailbox": str(place)},
        )  # fmt: skip
