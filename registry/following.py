"""ติดตาม: what became of the letters we sent, by letter and by addressee.

Lists begin with the newest letter and go on from a mark (keyset); the figures of a page cost one
query. Whose letter it is, and which filter stands, is part of the query; filters look back some
thirteen months (:data:`LOOKED_AT`), the list of all letters looks back for ever. Secret letters
show their number alone unless the reader is cleared. Each addressee is told with the times at which
the letter left, was received and was reported on, and with who was reminded or telephoned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from sqlalchemy import ColumnElement, Integer, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from registry import deliveries, directory
from registry.db import walked
from registry.deliveries import DeliveryEvent
from registry.desk.remind import REMINDED, awaited
from registry.ids import first_id
from registry.letter.delivery import Delivery, DeliveryState
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import CallRow, DeliveryRow

MOST: Final = 50
LOOKED_AT: Final = timedelta(days=400)
Show = Literal["open", "late", "urgent", "unreceived", "all"]
SHOWS: Final[tuple[Show, ...]] = get_args(Show)
_UNSEEN: Final = ("queued", "sent", "arrived", "overdue", "failed", "bounced")
_BAD: Final = ("failed", "bounced", "returned", "wrong")


@dataclass(frozen=True, slots=True)
class Followed:
    """One letter we sent, with how many of its addressees have come how far.

    ``state`` is that of the letter: sent or withdrawn. ``asked`` is of how many a report is asked:
    of all but those who got a copy; ``reported`` counts these alone. ``late`` says that a report is
    past its day.
    """

    id: str
    letter_number: str
    dated: date | None
    subject: str
    to_text: str
    urgency: str
    due: datetime | None
    state: str
    clerk: str
    sent_at: datetime
    total: int
    asked: int
    received: int
    reported: int
    overdue: int
    failed: int
    late: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One addressee: the delivery, when it left and was received, and what was done since.

    ``awaited`` is receipt, report or "". ``phone`` and ``place`` are the directory's.
    """

    delivery: Delivery
    sent_at: datetime | None
    received_at: datetime | None
    awaited: str
    phone: str
    place: str
    reminded: int
    reminded_at: datetime | None
    calls: int
    history: tuple[DeliveryEvent, ...]


def letters(
    session: Session,
    entity_id: int,
    show: Show,
    now: datetime,
    *,
    cleared: bool,
    clerk: str = "",
    before: str = "",
) -> list[Followed]:
    """List sent letters, the newest first, at most :data:`MOST` and one more if there are more.

    ``clerk`` narrows to the letters of one person, ``before`` goes on behind that entry.
    """
    wanted = select(EntryRow, LetterRow.state, LetterRow.clerk)
    wanted = wanted.join(LetterRow, LetterRow.id == EntryRow.letter_id)
    wanted = wanted.where(
        _walked(EntryRow.entity_id == entity_id), EntryRow.book == "sent",
        EntryRow.state == "registered", LetterRow.direction == "out", *_which(show, now),
    )  # fmt: skip
    if clerk:
        wanted = wanted.where(LetterRow.clerk == clerk)
    if before:
        wanted = wanted.where(EntryRow.id < before)
    with walked(session):
        rows = session.execute(wanted.order_by(EntryRow.id.desc()).limit(MOST + 1)).all()
    figures = _figures(session, [row[0].id for row in rows])
    return [
        _followed(entry, state, whose, figures.get(entry.id, (0,) * 6), now, cleared=cleared)
        for entry, state, whose in rows
    ]


def steps(session: Session, entry: Entry) -> list[Step]:
    """Give the addressees of a letter in their order, with all that is known of each."""
    ids = [one.id for one in entry.deliveries]
    told, calls = deliveries.history(session, ids), _calls(session, ids)
    return [
        _step(session, entry, one, told[one.id], calls.get(one.id, 0)) for one in entry.deliveries
    ]


def _walked(mine: ColumnElement[bool]) -> ColumnElement[bool]:
    """Keep the databases from looking whose letters these are first, and sorting them all.

    Walking from the newest line back, a page is full after some hundred lines.
    """
    return case((mine, 1), else_=0) == 1


def _which(show: Show, now: datetime) -> tuple[ColumnElement[bool], ...]:
    def some(*where: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(DeliveryRow.entry_id == EntryRow.id, *where)

    unseen = some(DeliveryRow.state.in_(_UNSEEN))
    unreported = some(DeliveryRow.reported_at.is_(None), ~DeliveryRow.is_copy)
    bad = some(DeliveryRow.state.in_(_BAD))
    owing = or_(unseen, bad, and_(EntryRow.due.is_not(None), unreported))
    going = (LetterRow.state == "sent", EntryRow.id >= first_id(now - LOOKED_AT))
    open_ = (EntryRow.closed.is_(None), *going, owing)
    match show:
        case "open":
            return open_
        case "late":
            past = and_(EntryRow.due < now, unreported, EntryRow.closed.is_(None))
            overdue = select(DeliveryRow.entry_id).where(DeliveryRow.state == "overdue")
            return (*going, or_(EntryRow.id.in_(overdue), past))  # few, and found by their state
        case "urgent":
            return (*open_, EntryRow.urgency != "")
        case "unreceived":
            return (*going, unseen)
        case "all":
            return ()


def _figures(session: Session, ids: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    def many(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((which, 1), else_=0)).cast(Integer)

    wanted = select(
        DeliveryRow.entry_id, func.count(), many(~DeliveryRow.is_copy),
        many(DeliveryRow.state == "registered"),
        many(DeliveryRow.reported_at.is_not(None) & ~DeliveryRow.is_copy),
        many(DeliveryRow.state == "overdue"),
        many(DeliveryRow.state.in_(_BAD)),
    )  # fmt: skip
    wanted = wanted.where(DeliveryRow.entry_id.in_(ids)).group_by(DeliveryRow.entry_id)
    return {row[0]: tuple(row[1:]) for row in session.execute(wanted)}


def _followed(
    row: EntryRow, state: str, clerk: str, figures: tuple[int, ...], now: datetime, *, cleared: bool
) -> Followed:
    hidden = row.secrecy is not None and not cleared
    total, asked, received, reported, overdue, failed = figures
    return Followed(
        id=row.id, letter_number="" if hidden else row.letter_number, dated=row.dated,
        subject="" if hidden else row.subject, to_text="" if hidden else row.to_text,
        urgency=row.urgency, due=row.due, state=state, clerk=clerk, sent_at=row.registered_at,
        total=total, asked=asked, received=received, reported=reported, overdue=overdue,
        failed=failed,
        late=row.due is not None and row.due < now and reported < asked and row.closed is None,
    )  # fmt: skip


def _calls(session: Session, ids: Sequence[int]) -> Mapping[int, int]:
    wanted = select(CallRow.delivery_id, func.count()).where(CallRow.delivery_id.in_(ids))
    return {row[0]: row[1] for row in session.execute(wanted.group_by(CallRow.delivery_id))}


def _step(
    session: Session, entry: Entry, one: Delivery, told: list[DeliveryEvent], calls: int
) -> Step:
    known = directory.entity_by_code(session, one.to_entity) if one.to_entity else None
    asked = entry.due is not None and not one.is_copy
    reminded = [event.at for event in told if event.detail == REMINDED]
    return Step(
        delivery=one, sent_at=_first(told, DeliveryState.SENT),
        received_at=_first(told, DeliveryState.REGISTERED),
        awaited=awaited(one.state, due=asked, reported=one.reported_at is not None),
        phone=known.phone if known else "", place=known.place if known else "",
        reminded=len(reminded), reminded_at=reminded[-1] if reminded else None, calls=calls,
        history=tuple(told),
    )  # fmt: skip


def _first(told: list[DeliveryEvent], state: DeliveryState) -> datetime | None:
    return next((event.at for event in told if event.state is state), None)
