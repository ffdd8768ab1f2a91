"""Telling people of a letter that the books would not take and that lies in the spool's ``bad/``.

Its sender heard 250, so somebody must hear of it: the officers of the clerk's entity when a clerk
handed it in, else of the entities that it was addressed to; where nobody can be made out any more
(an address that was taken away since), those of every entity hosted here. They hear the name it has
in the spool, never what stands in it, which may be secret. ``saraban spool`` shows it and lets it
be tried again.
"""

from sqlalchemy.orm import Session

from registry import directory
from registry.desk.alert import alert
from registry.desk.context import Desk
from registry.desk.identify import reached
from registry.desk.tell import tell
from registry.letter.entity import LegalEntity, Role

_REGISTRARS = frozenset({Role.OFFICER, Role.SECRET_OFFICER, Role.ADMIN})


def tell_people(
    session: Session, desk: Desk, name: str, recipients: tuple[str, ...] = (), clerk: str = ""
) -> int:
    """Write one notice to each officer concerned, once for each letter; count the people."""
    told = 0
    for entity in _concerned(session, recipients, clerk):
        alert(session, desk, "trouble", entity.id, about=f"{entity.id}:{name}")
        for officer in directory.officers(session, entity.id):
            if officer.role in _REGISTRARS and not officer.disabled:
                tell(
                    session, desk, entity.id, officer.email, "set_aside",
                    once=f"set_aside:{name}:{officer.id}"[:120], name=name,
                )  # fmt: skip
                told += 1
    return told


def _concerned(session: Session, recipients: tuple[str, ...], clerk: str) -> list[LegalEntity]:
    officer = directory.officer_by_email(session, clerk) if clerk else None
    own = directory.entity_by_code(session, officer.entity_code) if officer else None
    if own is not None:
        return [own]
    found = [entity for entity, _ in reached(session, recipients)]
    return found or directory.hosted(session)
