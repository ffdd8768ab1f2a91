"""Which letters' signatures are still to be looked at, and who has one in hand.

A letter with a PDF or a signed mail has a row in ``signature_check`` once it was looked at. Letters
without are found by going through the enclosures, new ones at once and the old ones some thousand
at a time, newest first; so no query is long however many letters there are. A letter is claimed
with a lease; over one that brought its reader down three times nobody falls a fourth time.

Files that a scanner withholds are not looked at; they are found by a later round, each hour, when
that has changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from registry.db import insert_if_new
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.paper import SignatureCheckRow, SignatureRow
from registry.withheld import WITHHELD

TRIES: Final = 3
PDF: Final = "application/pdf"
SMIME: Final = (
    "application/pkcs7-signature", "application/x-pkcs7-signature",
    "application/pkcs7-mime", "application/x-pkcs7-mime",
)  # fmt: skip
_LEASE: Final = timedelta(minutes=15)
_PUT_OFF: Final = timedelta(minutes=1)
_ANEW: Final = timedelta(hours=1)
_WINDOW: Final = 5000
_OVERLAP: Final = 200  # ids that are looked at again
_DEADLY: Final = "ตรวจลายมือชื่อแล้วโปรแกรมหยุดทำงานทุกครั้ง จึงไม่ตรวจอีก"


@dataclass(frozen=True, slots=True)
class Signed:
    """A letter that may carry signatures: digests of its PDFs, and whether its mail is signed."""

    letter_id: str
    pdfs: tuple[str, ...]
    mail: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """One letter in hand; ``tries`` tells this claim from a later one."""

    letter_id: str
    tries: int


class Due:
    """How far one process has come in looking for letters that were not looked at."""

    def __init__(self) -> None:
        self._seen = 0
        self._below = 0
        self._anew: datetime | None = None

    def next(self, session: Session, now: datetime, most: int) -> list[Signed]:
        """Give letters to look at, new ones first; empty when there are none."""
        if self._anew is None or now >= self._anew:
            self._anew = now + _ANEW
            self._seen = session.scalar(select(func.max(EnclosureRow.id))) or 0
            self._below = self._seen + 1
        found = dict.fromkeys(self._fresh(session, most))
        found |= dict.fromkeys(_put_off(session, now, most))
        while len(found) < most and self._below > 0:
            low = self._below - _WINDOW
            inside = (EnclosureRow.id > low) & (EnclosureRow.id < self._below)
            rows = session.execute(_unseen().where(inside).limit(most)).all()
            found |= dict.fromkeys(row.letter_id for row in rows)
            self._below = rows[-1].id + 1 if len(rows) == most else low
            if len(rows) == most:
                break
        return _files(session, list(found)[:most])

    def _fresh(self, session: Session, most: int) -> list[str]:
        newest = session.scalar(select(func.max(EnclosureRow.id))) or 0
        fresh = EnclosureRow.id > self._seen - _OVERLAP  # some commit later than they began
        rows = session.execute(_unseen().where(fresh).limit(most)).all()
        if len(rows) < most:
            self._seen = newest
        return [row.letter_id for row in rows]


def claim(session: Session, letter_id: str, now: datetime) -> Claim | None:
    """Take a letter in hand; None if another has it or nothing is to be done any more."""
    insert_if_new(
        session, SignatureCheckRow, letter_id=letter_id, state="pending", at=now, tries=0, detail=""
    )
    row = _pending(session, letter_id)
    if row is None or row.at > now:
        return None
    if row.tries >= TRIES:
        row.state, row.detail, row.at = "failed", _DEADLY, now
        return None
    row.tries, row.at = row.tries + 1, now + _LEASE
    return Claim(letter_id, row.tries)


def nothing_there(session: Session, letters: Iterable[str], now: datetime) -> None:
    """Note of letters that they carry no signature."""
    for letter_id in letters:
        insert_if_new(
            session, SignatureCheckRow, letter_id=letter_id, state="done", at=now, tries=0,
            detail="",
        )  # fmt: skip


def finish(session: Session, mine: Claim, found: Sequence[SignatureRow], now: datetime) -> bool:
    """Write the verdicts down, for good; False if the claim is not ours any more."""
    row = _pending(session, mine.letter_id)
    if row is None or row.tries != mine.tries:
        return False
    session.add_all(found)
    row.state, row.at = "done", now
    return True


def give_back(session: Session, mine: Claim, now: datetime, *, blame: bool = False) -> None:
    """Let go of a letter: it is looked at again a little later; with ``blame`` a try is counted."""
    row = _pending(session, mine.letter_id)
    if row is not None and row.tries == mine.tries:
        row.tries, row.at = row.tries - (not blame), now + _PUT_OFF


def is_secret(session: Session, letter_id: str) -> bool:
    """Say whether a letter, or its line in the books, bears a marking of secrecy."""
    marked = or_(
        LetterRow.secrecy.is_not(None), LetterRow.state == "secret", EntryRow.secrecy.is_not(None)
    )
    wanted = select(LetterRow.id).outerjoin(EntryRow, EntryRow.letter_id == LetterRow.id)
    return session.scalar(wanted.where(LetterRow.id == letter_id, marked)) is not None


def _pending(session: Session, letter_id: str) -> SignatureCheckRow | None:
    wanted = select(SignatureCheckRow).where(
        SignatureCheckRow.letter_id == letter_id, SignatureCheckRow.state == "pending"
    )
    held = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(held).one_or_none()


def _put_off(session: Session, now: datetime, most: int) -> list[str]:
    wanted = select(SignatureCheckRow.letter_id).where(
        SignatureCheckRow.state == "pending", SignatureCheckRow.at <= now
    )
    return list(session.scalars(wanted.order_by(SignatureCheckRow.at).limit(most)))


def _unseen() -> Any:
    """Ask for enclosures that may be signed, of letters that nobody has looked at, newest first."""
    kinds = or_(
        EnclosureRow.media_type == PDF,
        EnclosureRow.media_type.in_(SMIME),
        EnclosureRow.claimed_type.in_(SMIME),
    )
    return (
        select(EnclosureRow.id, EnclosureRow.letter_id)
        .join(LetterRow, LetterRow.id == EnclosureRow.letter_id)
        .outerjoin(SignatureCheckRow, SignatureCheckRow.letter_id == LetterRow.id)
        .where(
            kinds,
            SignatureCheckRow.letter_id.is_(None),
            LetterRow.scan.not_in(WITHHELD),
        )
        .order_by(EnclosureRow.id.desc())
    )


def _files(session: Session, letters: list[str]) -> list[Signed]:
    """Give what of these letters may be signed, in their order."""
    wanted = select(
        EnclosureRow.letter_id, EnclosureRow.sha256, EnclosureRow.media_type,
        EnclosureRow.claimed_type, LetterRow.original_sha256,
    ).join(LetterRow, LetterRow.id == EnclosureRow.letter_id)  # fmt: skip
    ordered = wanted.where(EnclosureRow.letter_id.in_(letters)).order_by(EnclosureRow.position)
    rows = session.execute(ordered).all()
    made = []
    for letter_id in letters:
        mine = [row for row in rows if row.letter_id == letter_id]
        pdfs = dict.fromkeys(row.sha256 for row in mine if row.media_type == PDF)
        mail = any(row.original_sha256 and _is_smime(row) for row in mine)
        made.append(Signed(letter_id, tuple(pdfs), mail))
    return made


def _is_smime(row: Any) -> bool:
    return row.media_type in SMIME or row.claimed_type in SMIME
