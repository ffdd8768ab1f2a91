"""How far mailboxes have been read; it only saves fetching, the keys of a letter decide doubles.

A mail is known by account, folder, UIDVALIDITY and UID (RFC 9051 §2.3.1.1). It counts as *fetched*
when it is in the spool and as *finished* when the books have it: only then may the collector flag
or move it in the mailbox. Folders that are only watched (Sent, Junk) are known by the highest
UID seen.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from registry.batch import undisturbed
from registry.models.evidence import CursorRow, FetchedRow
from registry.models.letters import IntakeRow

PASSED_OVER: Final = ""
"""The spool name of a mail that was looked at and is left where it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """One mail in one mailbox."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Where reading a folder came to."""

    uidvalidity: int
    last_uid: int


def fetched(session: Session, place: Place, spool_name: str) -> None:
    """Note that the mail is in the spool; noting it twice keeps the newer spool name."""
    row = _row(session, place)
    if row is None:
        session.add(
            FetchedRow(
                account=place.account,
                folder=place.folder,
                uidvalidity=place.uidvalidity,
                uid=place.uid,
                spool_name=spool_name,
            )
        )
    elif row.finished_at is None:
        row.spool_name = spool_name


def known(session: Session, account: str, folder: str, uidvalidity: int) -> set[int]:
    """Give the UIDs of a folder that need not be fetched again."""
    return set(
        session.scalars(select(FetchedRow.uid).where(*_folder(account, folder, uidvalidity)))
    )


def unfinished(session: Session, account: str, folder: str, uidvalidity: int) -> int:
    """Count the mails that are in the spool and that the books do not have yet."""
    where = (*_folder(account, folder, uidvalidity), FetchedRow.spool_name != PASSED_OVER)
    everything = set(session.scalars(select(FetchedRow.uid).where(*where)))
    return len(everything - finished(session, account, folder, uidvalidity))


def finish(session: Session, spool_name: str, at: datetime) -> None:
    """Note that the books have this mail; nothing happens for mail from other doors."""
    with undisturbed(session):
        session.execute(
            update(FetchedRow)
            .where(FetchedRow.spool_name == spool_name, FetchedRow.finished_at.is_(None))
            .values(finished_at=at)
        )


def finished(session: Session, account: str, folder: str, uidvalidity: int) -> set[int]:
    """Give the UIDs of a folder that the books have.

    The worker may be so quick that a mail is in the books before it was noted as fetched; so the
    books are asked as well.
    """
    entered = exists().where(IntakeRow.spool_name == FetchedRow.spool_name)
    known_so = or_(FetchedRow.finished_at.is_not(None), entered)
    where = (*_folder(account, folder, uidvalidity), known_so)
    return set(session.scalars(select(FetchedRow.uid).where(*where)))


def checked(
    session: Session, account: str, folder: str, uidvalidity: int, at: datetime, last_uid: int = 0
) -> None:
    """Note that the folder was looked at, under which UIDVALIDITY, and up to which UID."""
    row = session.scalar(
        select(CursorRow).where(CursorRow.account == account, CursorRow.folder == folder)
    )
    if row is None:
        row = CursorRow(account=account, folder=folder, uidvalidity=uidvalidity, last_uid=0)
        session.add(row)
    row.uidvalidity, row.last_uid, row.checked_at = uidvalidity, last_uid, at


def looked_at(session: Session, account: str, folder: str) -> Mark:
    """Give how far a folder was read and under which UIDVALIDITY; 0 and 0 for a new one."""
    row = session.scalar(
        select(CursorRow).where(CursorRow.account == account, CursorRow.folder == folder)
    )
    return Mark(row.uidvalidity, row.last_uid) if row else Mark(0, 0)


def _row(session: Session, place: Place) -> FetchedRow | None:
    where = _folder(place.account, place.folder, place.uidvalidity)
    return session.scalar(select(FetchedRow).where(*where, FetchedRow.uid == place.uid))


def _folder(account: str, folder: str, uidvalidity: int) -> tuple[ColumnElement[bool], ...]:
    return (
        FetchedRow.account == account,
        FetchedRow.folder == folder,
        FetchedRow.uidvalidity == uidvalidity,
    )
