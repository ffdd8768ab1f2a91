"""Officers who prove elsewhere who they are: by an OpenID provider's word about a subject.

Nobody becomes an officer by it. The provider's name for a person (issuer and ``sub``) is bound to
an account once, when the provider vouches for the e-mail address of an account that is bound to
nobody; from then on the subject alone counts, so that an address given to somebody else opens
nothing.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import journal
from registry.accounts import sessions
from registry.errors import NotFound
from registry.letter.entity import Officer
from registry.models.people import EntityRow, OfficerRow
from registry.values import officer_of

_LONGEST: Final = 400


def officer_of_subject(
    session: Session, issuer: str, subject: str, email: str, at: datetime
) -> Officer | None:
    """Give the officer whom a provider means, bound now if need be; None when it is nobody.

    ``email`` is "" unless the provider says that it has verified the address. Who was dismissed, or
    whose term is over, is nobody.
    """
    name = f"{issuer} {subject}"
    if not subject or len(name) > _LONGEST:
        return None
    row = session.scalar(select(OfficerRow).where(OfficerRow.oidc_subject == name))
    if row is None and email:
        free = select(OfficerRow).where(
            OfficerRow.email == email.strip().casefold(), OfficerRow.oidc_subject.is_(None)
        )
        row = session.scalar(free.with_for_update())
    if row is None or row.disabled or sessions.is_over(row.ends, at):
        return None
    entity = session.get_one(EntityRow, row.entity_id)
    if not entity.hosted:
        return None
    if row.oidc_subject is None:
        row.oidc_subject = name
        facts = {"officer": row.id}
        journal.record(session, row.entity_id, "oidc-bound", row.email, at, facts=facts)
    return officer_of(row, entity.code)


def unbind(session: Session, entity_id: int, officer_id: int, *, by: str, at: datetime) -> None:
    """Take the bond of an entity's officer away; the next verified address binds anew.

    Raises NotFound.
    """
    row = session.get(OfficerRow, officer_id)
    if row is None or row.entity_id != entity_id:
        raise NotFound(f"no officer {officer_id} of entity {entity_id}")
    if row.oidc_subject is not None:
        row.oidc_subject = None
        sessions.end_all(session, row.id, at)
        facts = {"officer": row.id}
        journal.record(session, entity_id, "oidc-unbound", by, at, facts=facts)
