"""Looks into mailboxes (ตรวจกล่อง): the proof that the central mailbox is looked at twice a day.

Every look of the collector is written down: when, how many mails were new, and what was wrong.
A mailbox is looked at every minute or so, and most looks find nothing; so looks of one
half-day (เช้า before noon in Bangkok, บ่าย from noon on) that found nothing share one line, and
so do looks that met the same trouble. A look that found mail has a line of its own.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.clock import BANGKOK
from registry.models.evidence import RoundRow

_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Round:
    """One line of evidence: ``looks`` looks from ``began_at`` to ``ended_at``.

    ``found`` is how many mails were new; ``problem`` is what was wrong, in Thai, or "".
    """

    account: str
    entity_id: int
    began_at: datetime
    ended_at: datetime
    looks: int = 1
    found: int = 0
    problem: str = ""

    @property
    def half(self) -> tuple[date, str]:
        """The day and the half of it, เช้า or บ่าย, in which the look began."""
        local = self.began_at.astimezone(BANGKOK)
        return local.date(), "เช้า" if local.hour < _NOON else "บ่าย"


def note(session: Session, look: Round) -> None:
    """Write a look down: as a line of its own, or into the last line when both are alike."""
    row = session.scalar(
        select(RoundRow).where(RoundRow.account == look.account).order_by(RoundRow.id.desc())
        .limit(1).with_for_update()
    )  # fmt: skip
    if row is not None and _alike(_value(row), look):
        row.looks += look.looks
        row.ended_at = look.ended_at
        return
    session.add(
        RoundRow(
            account=look.account,
            entity_id=look.entity_id,
            began_at=look.began_at,
            ended_at=look.ended_at,
            looks=look.looks,
            found=look.found,
            problem=look.problem,
        )
    )


def listing(session: Session, most: int = 200) -> list[Round]:
    """Give the newest lines of evidence, newest first."""
    wanted = select(RoundRow).order_by(RoundRow.id.desc()).limit(most)
    return [_value(row) for row in session.scalars(wanted)]


def last_mail(session: Session, account: str) -> datetime | None:
    """Give when mail was last found; before any was, when the mailbox was first looked at."""
    mine = RoundRow.account == account
    found = session.scalar(select(func.max(RoundRow.ended_at)).where(mine, RoundRow.found > 0))
    return found or session.scalar(select(func.min(RoundRow.began_at)).where(mine))


def last_good(session: Session, account: str) -> datetime | None:
    """Give when the mailbox was last looked at without trouble; before that, first tried."""
    mine = RoundRow.account == account
    good = session.scalar(select(func.max(RoundRow.ended_at)).where(mine, RoundRow.problem == ""))
    return good or session.scalar(select(func.min(RoundRow.began_at)).where(mine))


def checked(session: Session, entity_id: int) -> Round | None:
    """Give the newest look into any mailbox of an entity; None where no mailbox is looked at."""
    wanted = select(RoundRow).where(RoundRow.entity_id == entity_id)
    row = session.scalar(wanted.order_by(RoundRow.ended_at.desc()).limit(1))
    return _value(row) if row else None


def _alike(last: Round, look: Round) -> bool:
    quiet = last.found == look.found == 0
    return quiet and last.problem == look.problem and last.half == look.half


def _value(row: RoundRow) -> Round:
    return Round(
        row.account, row.entity_id, row.began_at, row.ended_at, row.looks, row.found, row.problem
    )
