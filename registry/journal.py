"""The journal: who did what to which entry and when, in one unbroken chain per entity.

Each line carries the SHA-256 of the line before it, so a line that is changed, taken out or put in
later is found by :func:`verify`. Lines hold ids, acts, persons, times and the entry's digest, never
what a letter says. The head row of the chain is the entity's lock: whoever writes a line holds it
until the transaction ends.

Limit: cutting off the *end* of a chain together with its head row leaves a shorter, sound chain;
:mod:`registry.proof` finds it, since every entry needs the line that made it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from registry.batch import batch_of
from registry.canonical import canonical
from registry.models.evidence import JournalHeadRow, JournalRow
from registry.models.people import OfficerRow
from registry.rows import insert_rows

# The statements are made once: each letter writes several lines.
_HEAD: Final = cast("Table", JournalHeadRow.__table__)
_MINE: Final = _HEAD.c.entity_id == bindparam("of")
_LOCK: Final = select(_HEAD.c.position, _HEAD.c.hash).where(_MINE).with_for_update()
_TURN: Final = update(_HEAD).where(_MINE).values(position=bindparam("new"), hash=bindparam("end"))
_HASHED: Final = (
    "previous", "entity_id", "position", "at", "actor", "act", "entry_id", "letter_id", "facts",
    "digest",
)  # fmt: skip
_LINES: Final = cast("Table", JournalRow.__table__)
IN_PLACE_OF: Final = "in_place_of"
"""Key of ``session.info``: the officer (id) in whose place the acts are done; see deputies."""
THROUGH: Final = "through"
"""Key of ``session.info``: the token (number) of the program that acts; see api_tokens."""
LAST: Final = "journal_last"
"""Key of ``session.info``: the time of the last line that this session wrote."""


class Head(NamedTuple):
    """The end of a chain: the position and the hash of its last line, 0 and "" before the first."""

    position: int
    hash: str


class _Held:
    """The ends of the chains that an open batch holds, and the lines that it will write."""

    def __init__(self) -> None:
        self.heads: dict[int, Head] = {}
        self.lines: list[dict[str, Any]] = []

    def write(self, session: Session) -> None:
        """Write the lines."""
        lines, self.lines = self.lines, []
        if lines:
            moved = {line["entity_id"] for line in lines}
            _write(session, lines, {entity_id: self.heads[entity_id] for entity_id in moved})


def record(  # noqa: PLR0913, PLR0917 - one argument per column
    session: Session,
    entity_id: int,
    act: str,
    actor: str,
    at: datetime,
    entry_id: str | None = None,
    letter_id: str | None = None,
    facts: Mapping[str, Any] | None = None,
    digest: str = "",
) -> int:
    """Write one line at the end of the entity's chain and give its position.

    ``actor`` is an officer's e-mail, or "system". ``facts`` are ids and numbers that JSON can
    hold; ``digest`` is the entry's digest after the act, "" when the entry did not change.
    """
    head = lock_head(session, entity_id)
    place, token = session.info.get(IN_PLACE_OF), session.info.get(THROUGH)
    line: dict[str, Any] = {
        "entity_id": entity_id,
        "position": head.position + 1,
        "at": at.astimezone(UTC),
        "actor": actor,
        "act": act,
        "entry_id": entry_id,
        "letter_id": letter_id,
        "facts": dict(facts or {})
        | ({"for": place} if place else {})
        | ({"token": token} if token else {}),
        "digest": digest,
        "previous": head.hash,
    }
    line["hash"] = _hash_of(line)
    session.info[LAST] = line["at"]
    end = Head(head.position + 1, line["hash"])
    held = _held(session)
    if held is None:
        _write(session, [line], {entity_id: end})
    else:
        held.lines.append(line)
        held.heads[entity_id] = end
    return end.position


def of_officer(session: Session, officer: OfficerRow, act: str, by: str, at: datetime) -> None:
    """Write a line about an officer's account to the chain of their entity."""
    record(session, officer.entity_id, act, by, at, facts={"officer": officer.id})


def lock_head(session: Session, entity_id: int) -> Head:
    """Hold the end of the entity's chain until the transaction ends; make it if there is none."""
    held = _held(session)
    if held is not None and entity_id in held.heads:
        return held.heads[entity_id]
    session.flush()
    ask = session.connection().execute
    found = ask(_LOCK, {"of": entity_id}).one_or_none()
    if found is None:
        insert_rows(session, _HEAD, [{"entity_id": entity_id, "position": 0, "hash": ""}], new=True)
        found = ask(_LOCK, {"of": entity_id}).one()
    head = Head(found.position, found.hash)
    if held is not None:
        held.heads[entity_id] = head
    return head


def end_of(session: Session, entity_id: int) -> Head:
    """Tell where the entity's chain ends, without holding it."""
    row = session.get(JournalHeadRow, entity_id)
    return Head(row.position, row.hash) if row else Head(0, "")


class Broken(NamedTuple):
    """Where a chain does not hold: ``how`` is missing, loose, changed, or end (no position)."""

    entity_id: int
    position: int
    how: str

    def __str__(self) -> str:
        """Tell it in English."""
        said = {
            "missing": f"line {self.position} is missing",
            "loose": f"line {self.position} does not follow",
            "changed": f"line {self.position} was changed",
            "end": "the end is not where the head says",
        }
        return f"journal of entity {self.entity_id}: {said[self.how]}"


def verify(session: Session) -> list[str]:
    """Recompute every chain of this session's snapshot; give what does not hold, in English."""
    return [str(one) for one in breaks(session)]


def breaks(session: Session) -> list[Broken]:
    """Recompute every chain of this session's snapshot; give what does not hold."""
    heads = {row.entity_id: row for row in session.scalars(select(JournalHeadRow))}
    ends: dict[int, tuple[int, str]] = {}
    found: list[Broken] = []
    for row in _lines(session):
        position, previous = ends.get(row.entity_id, (0, ""))
        if row.position != position + 1:
            found.append(Broken(row.entity_id, position + 1, "missing"))
        elif row.previous != previous:
            found.append(Broken(row.entity_id, row.position, "loose"))
        if row.hash != hash_of(row):
            found.append(Broken(row.entity_id, row.position, "changed"))
        ends[row.entity_id] = (row.position, row.hash)
    for entity_id in sorted(heads.keys() | ends.keys()):
        head = heads.get(entity_id)
        if ends.get(entity_id, (0, "")) != ((head.position, head.hash) if head else None):
            found.append(Broken(entity_id, 0, "end"))
    return found


def hash_of(row: JournalRow) -> str:
    """Recompute the hash (64 hex digits) of a line; another than the line's own is a change."""
    return _hash_of({name: getattr(row, name) for name in _HASHED})


def _lines(session: Session) -> Iterator[JournalRow]:
    """Stream all lines in chain order, without keeping them."""
    lines = select(JournalRow).order_by(JournalRow.entity_id, JournalRow.position)
    for row in session.scalars(lines.execution_options(yield_per=1000)):
        yield row
        session.expunge(row)


def _held(session: Session) -> _Held | None:
    """Give what the open batch knows of the chains: it writes its lines together."""
    batch = batch_of(session)
    if batch is None:
        return None
    if "journal" not in batch.memory:
        batch.memory["journal"] = held = _Held()
        batch.on_writing("journal", held.write)
    return cast("_Held", batch.memory["journal"])


def _write(session: Session, lines: list[dict[str, Any]], ends: Mapping[int, Head]) -> None:
    """Write lines, and where the chains end now."""
    insert_rows(session, _LINES, lines)
    for entity_id, end in ends.items():
        session.connection().execute(_TURN, {"of": entity_id, "new": end.position, "end": end.hash})


def _hash_of(line: Mapping[str, Any]) -> str:
    """Give the SHA-256 of the line and of the hash before it."""
    facts = [line[name] for name in _HASHED]
    facts[3] = line["at"].isoformat()
    text = canonical(facts)
    return hashlib.sha256(text.encode()).hexdigest()
