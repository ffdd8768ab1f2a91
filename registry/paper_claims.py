"""Which letters' papers are still to be read, and who has one in hand: the rows of paper_reading.

A letter is read once all its files are: so it is put off, a moment while it is young, longer as it
grows old, as long as one of them is not. Letters without a row are found by going through the
letters, new ones at once and the old ones some thousand at a time, newest first, so that no query
is long however many there are; so are those that older rules read. A letter is claimed with a
lease; one that failed three times is not tried a fourth time. Secret letters are never claimed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import Session

from registry.db import insert_if_new
from registry.ids import first_id
from registry.letters import is_sealed
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.paper import FileLookRow, PaperReadingRow
from registry.models.search import FileTextRow
from registry.paper.read import VERSION
from registry.texts.kinds import has_text, is_picture

TRIES: Final = 3
_LEASE: Final = timedelta(minutes=5)
_ANEW: Final = timedelta(hours=1)
_LATE: Final = timedelta(minutes=5)  # by which a letter's id may be older than its commit
_SOON, _LATER = timedelta(seconds=1), timedelta(minutes=10)
_WINDOW: Final = 2000
_READ: Final = ("waiting", "registered", "draft", "sent")
_FAILED: Final = "อ่านข้อมูลจากตัวหนังสือไม่สำเร็จ โปรดพิมพ์เอง"


@dataclass(frozen=True, slots=True)
class Claim:
    """One letter in hand; ``tries`` tells this claim from a later one."""

    letter_id: str
    tries: int


class Due:
    """How far one process has come in looking for letters that were not read."""

    def __init__(self) -> None:
        self._seen: datetime | None = None
        self._below: str | None = None
        self._more = False
        self._anew: datetime | None = None

    def next(self, session: Session, now: datetime, most: int) -> list[str]:
        """Give letters to read, new ones first; empty when there are none."""
        if self._anew is None or now >= self._anew:
            self._anew, self._seen = now + _ANEW, now
            self._below, self._more = None, True
        found = dict.fromkeys(self._fresh(session, now, most))
        found |= dict.fromkeys(_put_off(session, now, most))
        while len(found) < most and self._more:
            found |= dict.fromkeys(self._window(session, most))
        return list(found)[:most]

    def _fresh(self, session: Session, now: datetime, most: int) -> list[str]:
        assert self._seen is not None
        young = LetterRow.id > first_id(self._seen - _LATE)
        rows = list(session.scalars(_unread().where(young).limit(most)))
        if len(rows) < most:
            self._seen = now
        return rows

    def _window(self, session: Session, most: int) -> list[str]:
        below = LetterRow.id < self._below if self._below else true()
        last = session.scalars(
            select(LetterRow.id).where(below).order_by(LetterRow.id.desc()).offset(_WINDOW).limit(1)
        ).first()
        inside = below if last is None else below & (LetterRow.id >= last)
        rows = list(session.scalars(_unread().where(inside).limit(most)))
        self._below = rows[-1] if len(rows) == most else last
        self._more = self._below is not None
        return rows


def claim(session: Session, letter_id: str, now: datetime) -> Claim | None:
    """Take a letter in hand; None if another has it, its files are not read, or it is secret."""
    insert_if_new(
        session, PaperReadingRow, letter_id=letter_id, state="pending", reader=0, at=now, tries=0,
        detail="",
    )  # fmt: skip
    row = _held(session, letter_id)
    if row is None or (row.state == "pending" and row.at > now) or row.reader >= VERSION:
        return None
    letter = session.get_one(LetterRow, letter_id)
    if not _may(session, letter):
        session.delete(row)
        return None
    if row.state != "pending":  # older rules read it
        row.state, row.tries = "pending", 0
    if is_sealed(letter.facts) or _waits_for_files(session, letter_id):
        row.at = now + min(max((now - letter.accepted_at) / 20, _SOON), _LATER)
        return None
    if row.tries >= TRIES:
        row.state, row.detail, row.at, row.reader = "failed", _FAILED, now, VERSION
        return None
    row.tries, row.at = row.tries + 1, now + _LEASE
    return Claim(letter_id, row.tries)


def is_mine(session: Session, mine: Claim) -> bool:
    """Say whether the letter is still in hand and still to be read."""
    row = _held(session, mine.letter_id)
    if row is None or row.state != "pending" or row.tries != mine.tries:
        return False
    return _may(session, session.get_one(LetterRow, mine.letter_id))


def finish(session: Session, mine: Claim, now: datetime, detail: str = "") -> None:
    """Note that the letter was read; ``detail`` is for officers."""
    row = session.get_one(PaperReadingRow, mine.letter_id)
    row.state, row.reader, row.at, row.detail = "done", VERSION, now, detail


def give_back(session: Session, mine: Claim, now: datetime, *, blame: bool) -> None:
    """Let go of a letter: it is read a little later; with ``blame`` a try is counted."""
    row = _held(session, mine.letter_id)
    if row is not None and row.state == "pending" and row.tries == mine.tries:
        row.tries, row.at = row.tries - (not blame), now + timedelta(minutes=1) * blame


def read_again(session: Session, letter_id: str, now: datetime) -> None:
    """Have a letter's fields read anew, whatever came of it before."""
    row = session.get(PaperReadingRow, letter_id)
    if row is not None:
        row.state, row.tries, row.at, row.reader = "pending", 0, now, 0


def _held(session: Session, letter_id: str) -> PaperReadingRow | None:
    wanted = select(PaperReadingRow).where(PaperReadingRow.letter_id == letter_id)
    held = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(held).one_or_none()


def _may(session: Session, letter: LetterRow) -> bool:
    if letter.secrecy is not None or letter.state not in _READ:
        return False
    secret = select(EntryRow.id).where(
        EntryRow.letter_id == letter.id, EntryRow.secrecy.is_not(None)
    )
    return session.scalar(secret) is None


def _put_off(session: Session, now: datetime, most: int) -> list[str]:
    wanted = select(PaperReadingRow.letter_id).where(
        PaperReadingRow.state == "pending", PaperReadingRow.at <= now
    )
    return list(session.scalars(wanted.order_by(PaperReadingRow.at).limit(most)))


def _unread() -> Any:
    """Ask for letters that nobody read by these rules, newest first."""
    old = and_(PaperReadingRow.state != "pending", PaperReadingRow.reader < VERSION)
    return (
        select(LetterRow.id)
        .outerjoin(PaperReadingRow, PaperReadingRow.letter_id == LetterRow.id)
        .where(
            or_(PaperReadingRow.letter_id.is_(None), old),
            LetterRow.secrecy.is_(None), LetterRow.state.in_(_READ),
        )
        .order_by(LetterRow.id.desc())
    )  # fmt: skip


def _waits_for_files(session: Session, letter_id: str) -> bool:
    wanted = (
        select(EnclosureRow.media_type, EnclosureRow.inline)
        .outerjoin(FileTextRow, FileTextRow.sha256 == EnclosureRow.sha256)
        .outerjoin(FileLookRow, FileLookRow.sha256 == EnclosureRow.sha256)
        .where(
            EnclosureRow.letter_id == letter_id, EnclosureRow.role != "decoration",
            or_(
                func.coalesce(FileTextRow.state, "pending") == "pending",
                FileLookRow.sha256.is_not(None),  # some of its pages wait to be looked at
            ),
        )
    )  # fmt: skip
    return any(
        has_text(row.media_type) and not (row.inline and is_picture(row.media_type))
        for row in session.execute(wanted)
    )
