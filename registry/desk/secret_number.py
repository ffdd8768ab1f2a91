"""Numbers of the secret sent book: reserved by the officer of secret letters, used on paper.

A secret letter does not leave by mail from here. Its officer reserves the next number of the secret
series, writes it on the paper (ที่ with ลับ before it, so that it is never taken for the ordinary
number of the same figures), and enters the paper when it has gone
(:func:`registry.desk.paper.send_on_paper`), with a scan that is encrypted like all of its kind.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy.orm import Session

from registry import entries
from registry.clock import BANGKOK, buddhist_year
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.dated import must_not_be_ahead
from registry.desk.owner import owner_of
from registry.desk.wording import one_line
from registry.entries import BookKey, EntryFields
from registry.errors import Conflict
from registry.letter.book import Book, Series
from registry.letter.entity import LegalEntity
from registry.letter.entry import Entry
from registry.letter.grades import Secrecy
from registry.letter.number import LetterNumber

_MARK = "ลับ"


@dataclass(frozen=True, slots=True)
class _SecretNumber:
    """ที่ of a secret letter, as a line of a book keeps it."""

    plain: LetterNumber

    def __str__(self) -> str:
        """Give it with its mark."""
        return f"{_MARK} {self.plain}"

    @property
    def key(self) -> str:
        """The key by which it is compared; never that of an ordinary number."""
        return f"{_MARK}{self.plain.key}"


def reserve_secret(
    session: Session, desk: Desk, entity: LegalEntity, by: str, grade: Secrecy, *,
    subject: str = "", dated: date | None = None,
) -> Entry:  # fmt: skip
    """Reserve the next number of the entity's secret sent book for its officer of secret letters.

    Raises NotAllowed for whoever is not cleared for this grade; NotUnderstood for a date that is
    still to come, Conflict for one of another year.
    """
    officer = must_register(session, entity, by)
    must_be_cleared(officer, "to be numbered", secret=grade.thai)
    now = desk.now()
    today = now.astimezone(BANGKOK).date()
    if (dated or today).year != today.year:
        raise Conflict("the date lies in another year", thai="วันที่ของหนังสือต้องอยู่ในปีเดียวกับทะเบียน")
    must_not_be_ahead(dated, now)
    owner = owner_of(session, entity, "")
    plain = owner.numbered(circular=False)
    fields = EntryFields(
        dated=dated or today, from_text=owner.name, subject=one_line(subject), secrecy=grade.thai,
        reserved_for=officer.email, state="reserved",
        numbered=cast("Any", lambda number: _SecretNumber(plain(number))) if plain else None,
    )  # fmt: skip
    key = BookKey(entity.id, "", Book.SENT, Series.SECRET, buddhist_year(now))
    entry = entries.write(session, key, None, fields, officer.email, desk.clock)
    session.flush()
    return entries.get(session, entry.id, cleared=True)
