"""Telling officers of what was seen in a mailbox, and settling it: an act with a name and a time.

What keeps a letter from coming in at all (refused, put by, silence, a full mailbox) is told at
once, by one notice to each officer of the entity; what only should be looked at (mail that was
sent without a number, letters in Junk) is counted in the digest. Notices say kind, mailbox and
id, never what a mail says.
"""

from typing import Final

from sqlalchemy.orm import Session

from registry import directory, journal, sightings
from registry.desk.authority import must_register
from registry.desk.context import Desk
from registry.desk.tell import tell
from registry.errors import Conflict
from registry.letter.entity import Role
from registry.sightings import Kind, Sighting

_AT_ONCE: Final = frozenset({Kind.REFUSED, Kind.POISON, Kind.QUOTA, Kind.SILENCE})
_TOLD: Final = frozenset({Role.OFFICER, Role.SECRET_OFFICER, Role.ADMIN})


def sight(session: Session, desk: Desk, seen: Sighting) -> bool:
    """Keep what was seen, and tell the officers if it cannot wait; False when it is known."""
    sighting_id = sightings.keep(session, seen)
    if sighting_id is None:
        return False
    if seen.kind in _AT_ONCE:
        for officer in directory.officers(session, seen.entity_id):
            if officer.role in _TOLD and not officer.disabled:
                tell(
                    session, desk, seen.entity_id, officer.email, "mailbox_sighting",
                    once=f"sighting:{sighting_id}:{officer.id}:{seen.seen_at:%Y%m%d%H%M%S}",
                    sighting=sighting_id, kind=seen.kind.thai, account=seen.account,
                    folder=seen.folder, why=seen.detail,
                )  # fmt: skip
    return True


def settle_sighting(session: Session, desk: Desk, sighting_id: int, *, by: str) -> Sighting:
    """Close a sighting in an officer's name and write the act down.

    Raises NotFound, NotAllowed when the person does not register for its entity, Conflict when
    it is settled already.
    """
    seen = sightings.get(session, sighting_id)
    entity = directory.entity_by_id(session, seen.entity_id)
    officer = must_register(session, entity, by)
    now = desk.now()
    journal.lock_head(session, entity.id)
    if not sightings.close(session, sighting_id, officer.email, now):
        raise Conflict(f"sighting {sighting_id} is settled", thai="รายการนี้ปิดแล้ว ไม่ต้องทำอะไรอีก")
    journal.record(
        session, entity.id, "sighting-settled", officer.email, now,
        facts={"sighting": sighting_id, "kind": str(seen.kind)},
    )  # fmt: skip
    return sightings.get(session, sighting_id)
