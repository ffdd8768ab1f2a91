"""Encrypting what only secret letters carry, a moment after they are marked; over and over.

What a letter is made of: its files, and its mail as it came, whole, as skeleton and parts, or in a
pack that other mails share. A pack is parted first: each mail in it gets a file of its own. A
content that an ordinary letter, or a form that is not sent yet, carries too stays open beside the
encrypted copy. Taking a marking off lays open again what is needed so, and takes the encrypted
copies away. Pictures of pages that were drawn go with the open copy.

Nothing is decided here: :mod:`registry.secret.letters` says which letters are due, the tables say
what is secret now. Every step may be cut off: a letter is done when all of its contents are as they
should be, and is looked at again until then. Before, a letter that is marked in one book is hidden
in the others that have it (:mod:`registry.secret.twins`), for acts that hold no other books.

Limits: an open copy is unlinked, not overwritten: disks and snapshots may keep its blocks. Mail
that was put by in the spool is not touched. What the letter says stands in the database.
"""

import logging
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from registry import faults, saved
from registry.blobs import BlobStore
from registry.clock import Clock
from registry.db import Database
from registry.desk.secret_drafts import is_secret_paper
from registry.errors import NotFound, OutOfOrder
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, IntakeRow, LetterRow, OriginalRow
from registry.models.people import EntityRow
from registry.models.secrets import SecretLetterRow
from registry.secret import letters as secret_letters
from registry.secret.copies import alone, encrypt, laid_open
from registry.secret.packs import part_pack
from registry.secret.twins import twins

log = logging.getLogger(__name__)
_AT_ONCE: Final = 10
_SWEEP: Final = timedelta(days=1)
_TWICE: Final = timedelta(minutes=5)
_PUT_OFF: Final = timedelta(minutes=1)


class Keeping:
    """The keeping of one installation's secret letters by one process; blocking."""

    def __init__(
        self, database: Database, blobs: BlobStore, clock: Clock, data_dir: Path,
        spread: Callable[[Session, str], object] | None = None,
    ) -> None:  # fmt: skip
        """Take, besides, the act that hides a letter in other books too, where one is to."""
        self._database, self._blobs, self._clock = database, blobs, clock
        self._spread = spread
        self._previews = data_dir / "previews"
        self._sweep_at: datetime | None = None
        self._twice_at: datetime | None = None

    def turn(self) -> int:
        """See to a few letters that are due; give how many; without the key they wait."""
        now = self._clock.now()
        if self._sweep_at is None or now >= self._sweep_at:
            self._sweep_at = now + _SWEEP
            self.sweep()
        if self._twice_at is None or now >= self._twice_at:
            self._twice_at = now + _TWICE
            self._look_at_both()
        with self._database.read() as session:
            mine = secret_letters.due(session, now, _AT_ONCE)
        if not mine:
            return 0
        with alone(self._blobs) as mine_alone:
            for letter_id in mine if mine_alone else ():
                self._try(letter_id, now)
        return len(mine) if mine_alone else 0

    def sweep(self) -> int:
        """Put down the secret letters that nobody put down, and give how many there were."""
        with self._database.write() as session:
            found = due_by_now(session)
            for letter_id in found:
                secret_letters.put_down(session, letter_id, "found", self._clock.now())
        if found:
            log.warning("%d secret letters were not put down as such", len(found))
        return len(found)

    def _look_at_both(self) -> None:
        """Look again at what stands open beside its encrypted copy and need not.

        Somebody who sent it at the moment when it was encrypted may have laid it open.
        """
        both = [one for one in self._blobs.secret.all() if self._blobs.is_open(one)]
        with self._database.read() as session:
            carried = {one: {*_with_file(session, one), *_with_mail(session, one)} for one in both}
            loose = [one for one in both if not _wanted(session, carried[one], one)[1]]
            again = {one for sha256 in loose for one in _secret_with(session, sha256)}
        if again:
            with self._database.write() as session:
                for letter_id in sorted(again):
                    secret_letters.put_down(session, letter_id, "found", self._clock.now())

    def _hide_elsewhere(self, letter_id: str) -> None:
        """Hide what was marked in one book, by whichever act, in others that have it."""
        with self._database.read() as session:
            elsewhere = twins(session, [letter_id]) - {letter_id}
        if elsewhere and self._spread is not None:
            with self._database.write() as session:
                self._spread(session, letter_id)

    def _try(self, letter_id: str, now: datetime) -> None:
        try:
            self._hide_elsewhere(letter_id)
            self._see_to(letter_id, now)
        except OutOfOrder as error:
            log.error("letter %s is not encrypted now: %s", letter_id, error)  # noqa: TRY400
            with self._database.write() as session:
                secret_letters.put_off(session, letter_id, now + _PUT_OFF)

    def _see_to(self, letter_id: str, now: datetime) -> None:
        with self._database.read() as session:
            since, pack = secret_letters.since_of(session, letter_id), _pack_of(session, letter_id)
        parted = pack is None or part_pack(self._database, self._blobs, pack)
        with self._database.read() as session:
            wanted = _all_wanted(session, letter_id)
        for sha256, (secret, ordinary) in sorted(wanted.items()):
            self._bring_about(sha256, secret=secret, ordinary=ordinary)
        faults.point("secret_before_done")
        with self._database.write() as session:
            if parted:
                secret_letters.done(session, letter_id, self._clock.now(), since)
            else:
                secret_letters.put_off(session, letter_id, now + _PUT_OFF)
        log.info("letter %s: %d contents are kept as its secrecy wants", letter_id, len(wanted))

    def _bring_about(self, sha256: str, *, secret: bool, ordinary: bool) -> None:
        """Let a content stand as it should; one that is missing is the proof's to tell."""
        try:
            if secret:
                encrypt(self._blobs, sha256)
            if ordinary:
                laid_open(self._blobs, sha256)
        except NotFound:
            log.error("content %s is missing", sha256)  # noqa: TRY400
            return
        if secret and not ordinary:
            faults.point("secret_before_closing")
            self._blobs.close_open(sha256)
            faults.point("secret_closed")
            with suppress(FileNotFoundError):
                shutil.rmtree(self._previews / sha256[:2] / sha256)
        elif ordinary and not secret:
            self._blobs.secret.remove(sha256)


def due_by_now(session: Session) -> list[str]:
    """Give secret letters that nobody put down as such, whichever way they became so."""
    known = exists().where(SecretLetterRow.letter_id == LetterRow.id)
    wanted = select(LetterRow.id).outerjoin(EntryRow, EntryRow.letter_id == LetterRow.id)
    return list(session.scalars(wanted.where(_is_secret(), ~known).limit(500)))


def _is_secret() -> ColumnElement[bool]:
    return or_(
        LetterRow.secrecy.is_not(None), LetterRow.state == "secret", EntryRow.secrecy.is_not(None)
    )


def _all_wanted(session: Session, letter_id: str) -> dict[str, tuple[bool, bool]]:
    """Give all that a letter consists of: whether a secret and whether an ordinary one needs it.

    What stands in a pack is left out: the pack holds other mails.
    """
    files = select(EnclosureRow.sha256).where(EnclosureRow.letter_id == letter_id)
    found = set(session.scalars(files))
    wanted = {one: _wanted(session, _with_file(session, one), one) for one in found}
    original = _original(session, letter_id)
    if original is not None and original.form != "stretch":
        pieces = {original.blob, *(str(step["sha256"]) for step in original.recipe)} - found
        same = set(_with_mail(session, original.sha256)) | {letter_id}
        wanted |= {one: _wanted(session, same, one) for one in pieces}
    return wanted


def _secret_with(session: Session, sha256: str) -> Iterator[str]:
    """Give the letters put down as secret that consist of this content, as far as files go."""
    mine = SecretLetterRow.letter_id.in_(
        {*_with_file(session, sha256), *_with_mail(session, sha256)}
    )
    yield from session.scalars(select(SecretLetterRow.letter_id).where(mine))


def _wanted(session: Session, carriers: Collection[str], sha256: str) -> tuple[bool, bool]:
    """Say whether a secret letter carries a content, and whether anything ordinary does."""
    mine = select(_is_secret()).select_from(LetterRow)
    mine = mine.outerjoin(EntryRow, EntryRow.letter_id == LetterRow.id)
    said = session.scalars(mine.where(LetterRow.id.in_(carriers))).all()
    ordinary = not all(said)
    if not ordinary:  # a form that is handed in nowhere any more needs it no more
        forms = saved.entities_with(session, sha256)
        ordinary = any(not is_secret_paper(session, sha256, one) for one in forms)
    return any(said), ordinary


def _with_file(session: Session, sha256: str) -> set[str]:
    return set(session.scalars(select(EnclosureRow.letter_id).where(EnclosureRow.sha256 == sha256)))


def _with_mail(session: Session, sha256: str) -> Iterator[str]:
    """Give the letters that came as this mail, whether they were the first of it or again."""
    came = select(IntakeRow.spool_name).where(IntakeRow.raw_sha256 == sha256)
    yield from session.scalars(select(LetterRow.id).where(LetterRow.spool_name.in_(came)))
    first = LetterRow.entity_id.in_(select(EntityRow.id)), LetterRow.strong_key == sha256
    yield from session.scalars(select(LetterRow.id).where(*first))


def _original(session: Session, letter_id: str) -> OriginalRow | None:
    wanted = select(OriginalRow).join(LetterRow, LetterRow.original_sha256 == OriginalRow.sha256)
    return session.scalar(wanted.where(LetterRow.id == letter_id))


def _pack_of(session: Session, letter_id: str) -> str | None:
    original = _original(session, letter_id)
    return original.blob if original is not None and original.form == "stretch" else None
