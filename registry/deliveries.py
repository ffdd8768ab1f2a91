"""How far a letter has come at each addressee: the state, and a history that is never changed.

Acknowledgements and our own 250 may be written down in either order, so a state never goes back
along the way queued, sent, arrived, registered; nor does a mail that failed or bounced undo what
the addressee said. The history keeps every line all the same, and the journal a digest of each
(:mod:`registry.witness`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import journal
from registry.errors import NotFound
from registry.letter.delivery import DeliveryState
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.outgoing import DeliveryEventRow, DeliveryRow

MOST_NOTES: Final = 30  # lines of one hand; whoever knows an address may report without end
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_ANSWERED: Final = "ได้รับหนังสือตอบหรือรายงานแล้ว"
_SAID: Final = frozenset(
    {
        DeliveryState.ARRIVED,
        DeliveryState.REGISTERED,
        DeliveryState.RETURNED,
        DeliveryState.WRONG,
        DeliveryState.WITHDRAWN,
    }
)
_TOOK: Final = (DeliveryState.ARRIVED, DeliveryState.REGISTERED)
_WAY: Final = (
    DeliveryState.QUEUED,
    DeliveryState.SENT,
    DeliveryState.ARRIVED,
    DeliveryState.REGISTERED,
)


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """One line of a delivery's history."""

    at: datetime
    state: DeliveryState
    detail: str
    by: str


def move(
    session: Session,
    delivery_id: int,
    state: DeliveryState | str,
    at: datetime,
    detail: str = "",
    by: str = "",
    *,
    remote_number: str = "",
) -> bool:
    """Write a line of history, and say whether the delivery's state is now this one.

    ``remote_number`` is the receive number there. Raises NotFound.
    """
    row = _held(session, delivery_id)
    session.add(DeliveryEventRow(delivery_id=row.id, at=at, state=str(state), detail=detail, by=by))
    row.remote_number = remote_number or row.remote_number
    if not _goes_back(DeliveryState(row.state), DeliveryState(state)):
        row.state, row.at = str(state), at
    session.flush()
    return row.state == state


def note(session: Session, delivery_id: int, *, at: datetime, detail: str, by: str = "") -> bool:
    """Write a line of history that leaves the state alone; raise NotFound.

    False when the same line stands there already, or when machines wrote :data:`MOST_NOTES`.
    """
    row = _held(session, delivery_id)
    mine = (DeliveryEventRow.delivery_id == row.id) & (DeliveryEventRow.by == by)
    lines = list(session.scalars(select(DeliveryEventRow.detail).where(mine)))
    if detail in lines or len(lines) >= MOST_NOTES:
        return False
    session.add(DeliveryEventRow(delivery_id=row.id, at=at, state=row.state, detail=detail, by=by))
    session.flush()
    return True


def go_back(
    session: Session, delivery_id: int, state: DeliveryState, at: datetime, detail: str, by: str
) -> None:
    """Take an addressee's receive number back, as an officer says: the one way against the way.

    Raises NotFound.
    """
    row = _held(session, delivery_id)
    row.state, row.at, row.remote_number = str(state), at, ""
    session.add(DeliveryEventRow(delivery_id=row.id, at=at, state=str(state), detail=detail, by=by))
    session.flush()


def reported(
    session: Session, delivery_id: int, *, at: datetime, by: str = "", detail: str = _ANSWERED
) -> None:
    """Note that the addressee's report (รายงานผล) came; the state stays. Raises NotFound."""
    row = _held(session, delivery_id)
    row.reported_at = row.reported_at or at
    session.add(DeliveryEventRow(delivery_id=row.id, at=at, state=row.state, detail=detail, by=by))
    session.flush()


def remark(session: Session, delivery_id: int, at: datetime, detail: str, by: str = "") -> None:
    """Write a line of history that changes nothing: a call, a request. Raises NotFound."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        raise NotFound(f"no delivery {delivery_id}")
    session.add(DeliveryEventRow(delivery_id=row.id, at=at, state=row.state, detail=detail, by=by))
    session.flush()


def history(session: Session, delivery_ids: Iterable[int]) -> dict[int, list[DeliveryEvent]]:
    """Give the histories of these deliveries, oldest line first."""
    found: dict[int, list[DeliveryEvent]] = {delivery_id: [] for delivery_id in delivery_ids}
    wanted = select(DeliveryEventRow).where(DeliveryEventRow.delivery_id.in_(found))
    for row in session.scalars(wanted.order_by(DeliveryEventRow.id)):
        event = DeliveryEvent(row.at, DeliveryState(row.state), row.detail, row.by)
        found[row.delivery_id].append(event)
    return found


def received(session: Session, entry_ids: Collection[str]) -> dict[int, datetime]:
    """Give when the addressees of these entries told that they have the letter, by delivery.

    It is the time of the line that told the receive number, where one was told, and never that of
    a report: later lines repeat the state. A number that was disputed does not count once another
    was told.
    """
    disputed = _disputed(session, entry_ids)
    wanted = (
        select(DeliveryEventRow.delivery_id, DeliveryEventRow.at, DeliveryEventRow.state)
        .join(DeliveryRow, DeliveryRow.id == DeliveryEventRow.delivery_id)
        .where(DeliveryRow.entry_id.in_(entry_ids), DeliveryEventRow.state.in_(_TOOK))
    )
    first: dict[int, datetime] = {}
    numbered: dict[int, datetime] = {}
    for delivery_id, at, state in session.execute(wanted.order_by(DeliveryEventRow.id)):
        first.setdefault(delivery_id, at)
        if state == DeliveryState.REGISTERED and at > disputed.get(delivery_id, _LONG_AGO):
            numbered.setdefault(delivery_id, at)
    return first | numbered


def _disputed(session: Session, entry_ids: Collection[str]) -> dict[int, datetime]:
    """Give when a receive number of these deliveries was last taken back."""
    wanted = select(JournalRow.facts, JournalRow.at).where(
        JournalRow.entry_id.in_(entry_ids), JournalRow.act == "number-disputed"
    )
    rows = session.execute(wanted.order_by(JournalRow.position))
    return {facts["delivery"]: at for facts, at in rows}


def _held(session: Session, delivery_id: int) -> DeliveryRow:
    """Lock the books of its entity, then the delivery: what is written of it is witnessed there."""
    wanted = select(EntryRow.entity_id).join(DeliveryRow, DeliveryRow.entry_id == EntryRow.id)
    owner = session.scalar(wanted.where(DeliveryRow.id == delivery_id))
    if owner is None:
        raise NotFound(f"no delivery {delivery_id}")
    journal.lock_head(session, owner)
    return session.get_one(DeliveryRow, delivery_id, with_for_update=True)


def _goes_back(old: DeliveryState, new: DeliveryState) -> bool:
    """Say whether the new state lies behind the old one on the way of a letter."""
    if new in (DeliveryState.FAILED, DeliveryState.BOUNCED):
        return old in _SAID
    if new not in _WAY:
        return False
    if old in _WAY:
        return _WAY.index(new) < _WAY.index(old)
    return new is DeliveryState.SENT and old is not DeliveryState.FAILED
