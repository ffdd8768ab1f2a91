"""Sightings: what the collector saw in a mailbox and a person should look at.

A sighting stays open until an officer settles it (:mod:`registry.desk.sight`) or until what was
wrong has gone: the mail was registered after all, mail comes again, the mailbox has room again.
The same thing is never told twice: account, folder, kind and key know it again. A sighting that
the collector itself had closed opens again when it comes back; one that an officer settled does
not.

Mails that could not be fetched are counted here too, so that a mail on which every try fails
can be put by (*poison*); they are no sighting before that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.models.evidence import SightingRow

SYSTEM: Final = "system"
_FAILING: Final = "failing"
_MOST: Final = 200  # characters of a key


class Kind(StrEnum):
    """What was seen."""

    UNREGISTERED = "unregistered"  # in Sent, not in our sent book
    JUNK = "junk"  # in Junk, from a sender of the directory
    REFUSED = "refused"  # may not be taken in
    POISON = "poison"  # could not be fetched, again and again
    QUOTA = "quota"  # the mailbox is nearly full
    SILENCE = "silence"  # no mail for long, or the mailbox cannot be opened

    @property
    def thai(self) -> str:
        """The words for an officer."""
        return _THAI[self]


_THAI: Final = {
    Kind.UNREGISTERED: "ส่งแล้วแต่ยังไม่ลงทะเบียนส่ง",
    Kind.JUNK: "อยู่ในกล่องสแปม",
    Kind.REFUSED: "ไม่รับเข้าระบบ",
    Kind.POISON: "ดึงจดหมายไม่ได้ พักไว้",
    Kind.QUOTA: "กล่องจดหมายใกล้เต็ม",
    Kind.SILENCE: "กล่องจดหมายเงียบผิดปกติ",
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing seen; ``subject`` is "" for what is marked secret, ``id`` is 0 before it is kept.

    ``key`` tells it apart from others of its kind: UIDVALIDITY and UID, a Message-ID, or a day.
    """

    account: str
    entity_id: int
    folder: str
    kind: Kind
    key: str
    seen_at: datetime
    message_id: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    mailed_at: datetime | None = None
    detail: str = ""
    id: int = 0
    settled_at: datetime | None = None
    settled_by: str = ""


def keep(session: Session, seen: Sighting) -> int | None:
    """Keep what was seen and give its id; None when it is known and stays as it was."""
    known = session.scalar(
        select(SightingRow).where(
            *_of(seen.account, seen.folder, seen.kind), SightingRow.key == seen.key[:_MOST]
        )
    )
    if known is not None and (known.settled_at is None or known.settled_by != SYSTEM):
        return None
    row = known or SightingRow(
        account=seen.account, entity_id=seen.entity_id, folder=seen.folder, kind=str(seen.kind),
        key=seen.key[:_MOST],
    )  # fmt: skip
    row.message_id, row.sender = seen.message_id[:998], seen.sender[:320]
    row.recipients, row.subject = list(seen.recipients), seen.subject
    row.mailed_at, row.seen_at, row.detail = seen.mailed_at, seen.seen_at, seen.detail
    row.settled_at, row.settled_by = None, ""
    session.add(row)
    session.flush()
    return row.id


def get(session: Session, sighting_id: int) -> Sighting:
    """Give one sighting. Raises NotFound."""
    row = session.get(SightingRow, sighting_id)
    if row is None or row.kind == _FAILING:
        raise NotFound(f"no sighting {sighting_id}")
    return _value(row)


def listing(
    session: Session, *, entity_id: int | None = None, settled: bool = False, most: int = 1000
) -> list[Sighting]:
    """Give the open sightings, of all or of one entity, oldest first; or those settled, newest."""
    told = select(SightingRow).where(SightingRow.kind != _FAILING).limit(most)
    if entity_id is not None:
        told = told.where(SightingRow.entity_id == entity_id)
    if settled:
        told = told.where(SightingRow.settled_at.is_not(None)).order_by(SightingRow.id.desc())
    else:
        told = told.where(SightingRow.settled_at.is_(None)).order_by(SightingRow.id)
    return [_value(row) for row in session.scalars(told)]


def count_open(session: Session, entity_id: int) -> int:
    """Count what waits for an officer of this entity."""
    wanted = select(func.count()).select_from(SightingRow)
    wanted = wanted.where(SightingRow.entity_id == entity_id, SightingRow.settled_at.is_(None))
    return session.scalar(wanted.where(SightingRow.kind != _FAILING)) or 0


def open_ids(session: Session, account: str, folder: str, kind: Kind) -> dict[str, str]:
    """Give the Message-IDs of what is open, by key."""
    wanted = select(SightingRow.key, SightingRow.message_id).where(*_of(account, folder, kind))
    rows = session.execute(wanted.where(SightingRow.settled_at.is_(None)))
    return {row.key: row.message_id for row in rows}


def keys(session: Session, account: str, folder: str, kind: Kind, *, settled: bool) -> set[str]:
    """Give the keys of what was seen, with or without what is settled."""
    wanted = select(SightingRow.key).where(*_of(account, folder, kind))
    if not settled:
        wanted = wanted.where(SightingRow.settled_at.is_(None))
    return set(session.scalars(wanted))


def settle(
    session: Session, account: str, folder: str, kind: Kind, gone: Iterable[str], at: datetime
) -> None:
    """Close what has gone by itself: the open sightings of these keys."""
    session.execute(
        update(SightingRow)
        .where(*_of(account, folder, kind), SightingRow.key.in_(list(gone)))
        .where(SightingRow.settled_at.is_(None))
        .values(settled_at=at, settled_by=SYSTEM)
    )


def close(session: Session, sighting_id: int, by: str, at: datetime) -> bool:
    """Close one; False when it was closed before. A mail that was put by is tried afresh."""
    row = session.get(SightingRow, sighting_id, with_for_update=True)
    if row is None or row.settled_at is not None:
        return False
    row.settled_at, row.settled_by = at, by
    if row.kind == Kind.POISON:
        forget_tries(session, row.account, row.folder, row.key)
        row.key = f"{row.key} {row.id}"[:_MOST]  # seen again, it is another sighting
    return True


def tries(session: Session, account: str, folder: str) -> Mapping[str, int]:
    """Give how often the fetching of each mail has failed, by key."""
    wanted = select(SightingRow.key, SightingRow.detail).where(*_of(account, folder, _FAILING))
    return {key: int(detail) for key, detail in session.execute(wanted)}


def failed_again(session: Session, seen: Sighting) -> int:
    """Count one more try that failed on the mail of this key; give how many there were."""
    where = (*_of(seen.account, seen.folder, _FAILING), SightingRow.key == seen.key)
    row = session.scalar(select(SightingRow).where(*where))
    if row is None:
        row = SightingRow(
            account=seen.account, entity_id=seen.entity_id, folder=seen.folder, kind=_FAILING,
            key=seen.key, seen_at=seen.seen_at, detail="0",
        )  # fmt: skip
        session.add(row)
    row.detail = str(int(row.detail) + 1)
    session.flush()
    return int(row.detail)


def forget_tries(session: Session, account: str, folder: str, key: str) -> None:
    """Forget that fetching this mail failed."""
    where = (*_of(account, folder, _FAILING), SightingRow.key == key)
    session.execute(delete(SightingRow).where(*where))


def _of(account: str, folder: str, kind: str) -> tuple[ColumnElement[bool], ...]:
    return (
        SightingRow.account == account,
        SightingRow.folder == folder,
        SightingRow.kind == str(kind),
    )


def _value(row: SightingRow) -> Sighting:
    return Sighting(
        row.account, row.entity_id, row.folder, Kind(row.kind), row.key, row.seen_at,
        row.message_id, row.sender, tuple(row.recipients), row.subject, row.mailed_at,
        row.detail, row.id, row.settled_at, row.settled_by,
    )  # fmt: skip
