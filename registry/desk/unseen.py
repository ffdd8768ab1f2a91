"""The alarm: ด่วนที่สุด that nobody has looked at in time is told at once, and once (ข้อ 28).

When ``registry.unseen_after_minutes`` of office time have passed and nobody has looked at a letter
(:mod:`registry.unlooked`), the watchers of ``[[notify]]`` hear of it, and by mail the officers who
get the digest and see all of the entity; of a secret letter only those who are cleared, and of the
watchers whoever asked for it, without a word of what it says. Nobody hears twice of one letter.
Nothing is told outside office hours, for the minutes stand still then.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from registry import directory
from registry.accounts.access import reach_of
from registry.clock import BANGKOK
from registry.desk.alert import alert
from registry.desk.context import Desk
from registry.desk.digest import readers
from registry.letter.entity import LegalEntity
from registry.unlooked import Unlooked, unlooked


def tell_of_unseen(session: Session, desk: Desk, now: datetime) -> int:
    """Tell of what nobody has looked at by now; count the mails and calls written."""
    minutes = desk.settings.registry.unseen_after_minutes
    if not minutes or desk.workdays.open_from(now) != now.astimezone(BANGKOK):
        return 0
    found = unlooked(session, desk.workdays, minutes, now)
    entities = {one: directory.entity_by_id(session, one) for one in {o.entity_id for o in found}}
    return sum(_tell(session, desk, entities[one.entity_id], one) for one in found)


def _tell(session: Session, desk: Desk, entity: LegalEntity, one: Unlooked) -> int:
    return alert(
        session, desk, "unseen", entity.id, entry_id=one.entry, letter_id=one.letter,
        also=_officers(session, entity, secret=one.secret),
    )  # fmt: skip


def _officers(session: Session, entity: LegalEntity, *, secret: bool) -> list[str]:
    """Give the officers who see all letters of the entity, or its secret ones."""
    found = []
    for officer in readers(session, entity):
        reach = reach_of(session, entity, officer)
        if reach.is_whole and (reach.cleared or not secret):
            found.append(officer.email)
    return found
