"""Who has a file in hand, and what came of it: the rows of ``file_text``.

A file is claimed with a lease, so that any number of processes on any number of nodes may read, and
what a dead one had in hand comes back by itself. A claim is a try: over a file that brought its
reader down three times nobody falls a fourth time. A row in state *pending* is claimed, or put off
until ``at``: its letter's files are withheld (:mod:`registry.withheld`), or nobody has opened the
letter yet (:mod:`registry.desk.unseal`).

The text of secret letters' files is not kept: what only they carry has no row, and loses it when
its letter becomes secret (:func:`forget`). That is asked at the claim, and again when the text is
written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from registry.db import insert_if_new
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.paper import PaperFieldRow, PaperReadingRow
from registry.models.search import FileTextRow
from registry.secret.erase import overwriting
from registry.texts import looks
from registry.texts.carried import always_beside, carried_by
from registry.texts.extract import Extract
from registry.texts.kinds import kind_of
from registry.texts.leaves import drop_pages, keep_pages

TRIES: Final = 3
_LEASE: Final = timedelta(minutes=15)
_PUT_OFF: Final = timedelta(minutes=1)
_DEADLY: Final = "อ่านไฟล์นี้แล้วโปรแกรมหยุดทำงานทุกครั้ง จึงไม่อ่านอีก"


@dataclass(frozen=True, slots=True)
class Claim:
    """One file in hand; ``tries`` tells this claim from a later one.

    ``beside`` are the digests of what need not be read as part of it: it is read by itself.
    """

    sha256: str
    media_type: str
    tries: int
    beside: tuple[str, ...] = ()


def claim(session: Session, sha256: str, now: datetime) -> Claim | None:
    """Take a file in hand; None if another has it, or it is not to be read now."""
    insert_if_new(session, FileTextRow, sha256=sha256, state="pending", tries=0, **_NOTHING)
    row = _pending(session, sha256)
    if row is None or (row.at is not None and row.at > now):
        return None
    media_type, may = carried_by(session, sha256)
    if not may:
        if media_type:
            row.at = now + _PUT_OFF
        else:
            session.delete(row)
            drop_pages(session, [sha256])
        return None
    if row.tries >= TRIES:
        _write(row, Extract("failed", (), _DEADLY), media_type, now)
        return None
    row.tries += 1
    row.at = now + _LEASE
    holds = kind_of(media_type) == "pdf"
    beside = always_beside(session, sha256) if holds else ()
    return Claim(sha256, media_type, row.tries, beside)


def finish(session: Session, mine: Claim, extract: Extract, now: datetime) -> bool:
    """Write down what came of it; False if it is not ours or not to be kept any more."""
    row = _held(session, mine)
    if row is None:
        return False
    media_type, _ = carried_by(session, mine.sha256)
    if not media_type:
        session.delete(row)
        drop_pages(session, [mine.sha256])
        return False
    _write(row, extract, mine.media_type, now)
    keep_pages(session, mine.sha256, extract.leaves)
    if extract.unseen:
        looks.ask(session, mine.sha256, extract.unseen, now)
    return True


def give_back(session: Session, mine: Claim, now: datetime) -> None:
    """Let go of a file that is not to blame: it is read a little later."""
    if (row := _held(session, mine)) is not None:
        row.tries, row.at = row.tries - 1, now + _PUT_OFF


def blame(session: Session, mine: Claim, now: datetime) -> bool:
    """Note that a reader died over it; True when that was the last time."""
    row = _held(session, mine)
    if row is None:
        return False
    if row.tries < TRIES:
        row.at = None
        return False
    _write(row, Extract("failed", (), _DEADLY), mine.media_type, now)
    return True


def forget(session: Session, letter_id: str) -> int:
    """Take away the text of files that only secret letters carry, this one's; count them.

    What was read off its paper goes too.
    """
    mine = select(EnclosureRow.sha256).where(EnclosureRow.letter_id == letter_id)
    with overwriting(session):
        for table in (PaperFieldRow, PaperReadingRow):
            session.execute(delete(table).where(table.letter_id == letter_id))
        return _forget(session, session.scalars(mine.distinct()).all())


def forget_secret(session: Session) -> int:
    """Do so for all secret letters: what was marked by whichever way is found here at last."""
    secret = or_(
        LetterRow.secrecy.is_not(None), LetterRow.state == "secret", EntryRow.secrecy.is_not(None)
    )
    carried = (
        select(FileTextRow.sha256)
        .join(EnclosureRow, EnclosureRow.sha256 == FileTextRow.sha256)
        .join(LetterRow, LetterRow.id == EnclosureRow.letter_id)
        .outerjoin(EntryRow, EntryRow.letter_id == LetterRow.id)
    )
    with overwriting(session):
        return _forget(session, session.scalars(carried.where(secret).distinct()).all())


def read_again(session: Session, letter_id: str) -> int:
    """Have all files of a letter read anew, whatever came of them before; count them."""
    mine = select(EnclosureRow.sha256).where(EnclosureRow.letter_id == letter_id)
    rows = session.scalars(select(FileTextRow).where(FileTextRow.sha256.in_(mine))).all()
    for row in rows:
        row.state, row.at, row.tries = "pending", None, 0
    session.flush()
    return len(rows)


_NOTHING: Final = {"kind": "", "text": "", "pages": None, "detail": "", "at": None}


def _pending(session: Session, sha256: str) -> FileTextRow | None:
    mine = (FileTextRow.sha256 == sha256) & (FileTextRow.state == "pending")
    held = select(FileTextRow).where(mine).with_for_update(skip_locked=True)
    return session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def _held(session: Session, mine: Claim) -> FileTextRow | None:
    row = _pending(session, mine.sha256)
    return row if row is not None and row.tries == mine.tries else None


def _write(row: FileTextRow, extract: Extract, media_type: str, now: datetime) -> None:
    row.state, row.text, row.detail = extract.state, extract.text, extract.detail
    row.pages, row.kind, row.at = len(extract.pages) or None, kind_of(media_type), now


def _forget(session: Session, digests: Sequence[str]) -> int:
    gone = [sha256 for sha256 in digests if not carried_by(session, sha256)[0]]
    for start in range(0, len(gone), 400):
        some = gone[start : start + 400]
        session.execute(delete(FileTextRow).where(FileTextRow.sha256.in_(some)))
        drop_pages(session, some)
    return len(gone)
