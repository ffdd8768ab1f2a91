"""เรื่องเดิมและหนังสือที่เกี่ยวข้อง: the letters that one letter belongs with, nearest first.

Confirmed links are followed some steps, so that an answer shows what it answers and what that one
had passed on; a suggestion is shown beside the entry it was made for and followed no further. Only
entries of the same books are there, and those with a marking of secrecy show nothing but their
number to whoever is not cleared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from registry import deliveries
from registry.hanging import OTHER_SIDE
from registry.letter.delivery import DeliveryState
from registry.models.books import EntryRow
from registry.models.letters import RelationRow
from registry.models.outgoing import DeliveryRow

_STEPS: Final = 3
_MOST: Final = 40
_MOST_STOPS: Final = 50
_THERE: Final = (
    DeliveryState.SENT, DeliveryState.ARRIVED, DeliveryState.REGISTERED, DeliveryState.OVERDUE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """How an entry is joined to the one looked at, told from the side of that one."""

    relation: str  # answers, answered_by, cites, ... of registry.hanging
    how: str
    confirmed: bool
    score: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a sent letter got to: whom, their receive number, "" while they told none, and when.

    ``at`` is when they told that they have it; of one that told nothing, when its state began.
    """

    name: str
    number: str
    state: DeliveryState
    at: datetime


@dataclass(frozen=True, slots=True)
class Kin:
    """One letter of the chain; ``link`` is None for the entry itself and for what is further off.

    ``sent`` and ``answered`` count its addressees and those who acknowledged it; ``stops`` are the
    first of them that it got to.
    """

    id: str
    book: str
    series: str
    number: int
    year: int
    letter_number: str
    dated: date | None
    subject: str
    from_text: str
    to_text: str
    registered_at: datetime
    state: str
    secret: bool
    link: Link | None
    sent: int
    answered: int
    stops: tuple[Stop, ...] = ()


def chain(session: Session, entry_id: str, *, cleared: bool) -> list[Kin]:
    """Give the chain of an entry with the entry itself, by time; empty when it stands alone."""
    entity_id = session.scalar(select(EntryRow.entity_id).where(EntryRow.id == entry_id))
    near, known = {}, {entry_id}
    edge: set[str] = {entry_id}
    for step in range(_STEPS):
        found = _joined(session, edge, suggested=step == 0)
        if step == 0:
            near = {other: link for other, link in found.items() if other != entry_id}
        edge = {other for other, link in found.items() if link.confirmed} - known
        known |= found.keys()
        if not edge or len(known) > _MOST:
            break
    mine = EntryRow.id.in_(sorted(known)), EntryRow.entity_id == entity_id
    rows = list(session.scalars(select(EntryRow).where(*mine).limit(_MOST)))
    counts = _counts(session, [row.id for row in rows])
    stops = _stops(session, [row.id for row in rows])
    kin = [
        _kin(row, near.get(row.id), counts.get(row.id, (0, 0)), stops.get(row.id, ()), cleared)
        for row in rows
    ]
    return sorted(kin, key=lambda one: (one.registered_at, one.id)) if len(kin) > 1 else []


def _joined(session: Session, ids: Iterable[str], *, suggested: bool) -> dict[str, Link]:
    """Give what is joined to these entries, and how."""
    ids = set(ids)
    either = or_(RelationRow.from_entry_id.in_(ids), RelationRow.to_entry_id.in_(ids))
    wanted = select(RelationRow).where(either, RelationRow.undone_at.is_(None))
    if not suggested:
        wanted = wanted.where(RelationRow.confirmed)
    found: dict[str, Link] = {}
    for row in session.scalars(wanted.order_by(RelationRow.confirmed.desc(), RelationRow.id)):
        here = row.from_entry_id in ids
        relation = row.relation if here else OTHER_SIDE[row.relation]
        other = row.to_entry_id if here else row.from_entry_id
        found.setdefault(other, Link(relation, row.how, row.confirmed, row.score))
    return found


def _counts(session: Session, ids: list[str]) -> dict[str, tuple[int, int]]:
    """Give of each entry how many addressees it has, and how many acknowledged it."""
    heard = func.count().filter(DeliveryRow.state == "registered")
    wanted = select(DeliveryRow.entry_id, func.count(), heard)
    wanted = wanted.where(DeliveryRow.entry_id.in_(ids)).group_by(DeliveryRow.entry_id)
    return {entry: (sent, answered) for entry, sent, answered in session.execute(wanted)}


def _stops(session: Session, ids: list[str]) -> dict[str, tuple[Stop, ...]]:
    """Give of each entry the first addressees that it got to."""
    wanted = select(DeliveryRow).where(
        DeliveryRow.entry_id.in_(ids), DeliveryRow.position < _MOST_STOPS,
        or_(DeliveryRow.remote_number != "", DeliveryRow.state.in_(_THERE)),
    )  # fmt: skip
    since = deliveries.received(session, ids)
    found: dict[str, tuple[Stop, ...]] = {}
    for row in session.scalars(wanted.order_by(DeliveryRow.entry_id, DeliveryRow.position)):
        late = row.state == DeliveryState.OVERDUE and not row.remote_number
        at = row.at if late else since.get(row.id, row.at)
        stop = Stop(row.to_name or row.to_address, row.remote_number, DeliveryState(row.state), at)
        found[row.entry_id] = (*found.get(row.entry_id, ()), stop)
    return found


def _kin(
    row: EntryRow, link: Link | None, counts: tuple[int, int], stops: tuple[Stop, ...],
    cleared: bool,  # noqa: FBT001
) -> Kin:  # fmt: skip
    hidden = row.secrecy is not None and not cleared
    words = ("", None, "", "", "") if hidden else (
        row.letter_number, row.dated, row.subject, row.from_text, row.to_text
    )  # fmt: skip
    return Kin(
        row.id, row.book, row.series, row.number, row.year, *words, row.registered_at, row.state,
        hidden, link, *((0, 0) if hidden else counts), () if hidden else stops,
    )  # fmt: skip
