"""Which files are still to be read: new ones first, then those put off, then the old ones.

Among new files, and among those of letters that wait, the most urgent letters' come first. Where
more has come than is given at a time, the newest few thousand are looked through for urgent ones;
the others are not held up for long, since most letters are not urgent and each file is read once.

What has a row in ``file_text`` has been seen; what has none is found by going through the
enclosures, newest first and some thousand at a time, so that no query is long however many letters
there are. Before the old ones come those of letters that wait for somebody. Files of secret letters
are never looked for.

One process keeps a :class:`Due` for as long as it works; what it remembers is only how far it has
come. It begins anew every hour, for letters whose marking was taken off.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.letter.dealing import rank_from_top
from registry.letter.grades import Urgency
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.search import FileTextRow
from registry.texts.kinds import has_text, is_picture

_WINDOW: Final = 5000
_OVERLAP: Final = 200  # ids that are looked at again
_ANEW: Final = timedelta(hours=1)
_URGENT: Final = tuple(one.thai for one in Urgency if one.rank)
_WAITING: Final = ("waiting", "draft")
_MOST_WAITING: Final = 1000


class Due:
    """How far one process has come in looking for files without text."""

    def __init__(self) -> None:
        self._seen = 0
        self._below = 0
        self._anew: datetime | None = None
        self._waiting: list[str] = []

    def next(self, session: Session, now: datetime, most: int) -> list[str]:
        """Give digests of files to be read, the most pressing first; empty when there are none.

        The same digest may be given again until it has a row.
        """
        if self._anew is None or now >= self._anew:
            self._begin(session, now)
        found = dict.fromkeys(self._fresh(session, most))
        found |= dict.fromkeys(_put_off(session, now, most))
        found |= dict.fromkeys(self._waiting)
        self._waiting = list(found)[most:] if self._waiting else []
        while len(found) < most and self._below > 0:
            old = self._window(session, self._below - _WINDOW, self._below)
            room = most - len(found)
            found |= dict.fromkeys(sha256 for _, sha256 in old[:room])
            self._below = old[room - 1][0] if len(old) > room else self._below - _WINDOW
        return list(found)[:most] or self._overtaken(session, most)

    def _begin(self, session: Session, now: datetime) -> None:
        self._anew = now + _ANEW
        self._seen = session.scalar(select(func.max(EnclosureRow.id))) or 0
        self._below = self._seen + 1
        waiting = _unread().where(LetterRow.state.in_(_WAITING)).limit(_MOST_WAITING)
        self._waiting = _in_turn(_rows(session, waiting))

    def _fresh(self, session: Session, most: int) -> list[str]:
        """Give files that came since the last look."""
        newest = session.scalar(select(func.max(EnclosureRow.id))) or 0
        fresh = _unread().where(EnclosureRow.id > self._seen)
        rows = _rows(session, fresh.limit(most))
        if len(rows) < most:
            self._seen = newest
        else:
            near = EnclosureRow.id > newest - _WINDOW
            urgent = fresh.where(near, LetterRow.urgency.in_(_URGENT)).limit(most)
            rows = [*_rows(session, urgent), *rows]
        return _in_turn(rows)[:most]

    def _overtaken(self, session: Session, most: int) -> list[str]:
        """Give files of letters that others began to write earlier and committed later."""
        again = EnclosureRow.id > self._seen - _OVERLAP
        return _digests(session, _unread().where(again).limit(most))

    def _window(self, session: Session, above: int, below: int) -> list[tuple[int, str]]:
        inside = (EnclosureRow.id > above) & (EnclosureRow.id < below)
        return [(row.id, row.sha256) for row in _rows(session, _unread().where(inside))]


def _put_off(session: Session, now: datetime, most: int) -> list[str]:
    """Give files that were put off until now, or whose reader did not come back."""
    pending = (FileTextRow.state == "pending") & (
        FileTextRow.at.is_(None) | (FileTextRow.at <= now)
    )
    wanted = select(FileTextRow.sha256).where(pending).order_by(FileTextRow.at).limit(most)
    return list(session.scalars(wanted))


def _unread() -> Any:
    """Ask for files that nobody has seen, the newest first."""
    return (
        select(
            EnclosureRow.id,
            EnclosureRow.sha256,
            EnclosureRow.media_type,
            EnclosureRow.inline,
            LetterRow.urgency,
        )
        .join(LetterRow, LetterRow.id == EnclosureRow.letter_id)
        .outerjoin(EntryRow, EntryRow.letter_id == LetterRow.id)
        .outerjoin(FileTextRow, FileTextRow.sha256 == EnclosureRow.sha256)
        .where(
            FileTextRow.sha256.is_(None),
            EnclosureRow.role != "decoration",
            LetterRow.secrecy.is_(None),
            LetterRow.state != "secret",
            EntryRow.secrecy.is_(None),
        )
        .order_by(EnclosureRow.id.desc())
    )


def _in_turn(rows: Iterable[Any]) -> list[str]:
    """Give the digests of rows, those of the most urgent letters first, else as they come."""
    placed = sorted(rows, key=lambda row: rank_from_top(row.urgency))
    return list(dict.fromkeys(row.sha256 for row in placed))


def _digests(session: Session, wanted: Any) -> list[str]:
    return list(dict.fromkeys(row.sha256 for row in _rows(session, wanted)))


def _rows(session: Session, wanted: Any) -> list[Any]:
    """Give those of a kind that is read; a picture within a mail's text is its decoration."""
    rows = session.execute(wanted)
    return [
        r for r in rows if has_text(r.media_type) and not (r.inline and is_picture(r.media_type))
    ]
