"""Who sent it, and to whom of us: exact addresses only.

An *entity* is known by its exact central address, a *clerk* by the exact From of an officer
who is not disabled; both compared without regard to case. A fitting domain is a hint for
the officer who looks at a waiting letter, never more. Whether an address may be
believed at all is the gateway's verdict, and is only repeated here as ``proven``.

A mail with no From, or with several, has no sender.
"""

from collections.abc import Iterable
from functools import partial

from sqlalchemy.orm import Session

from registry import directory
from registry.batch import remembered
from registry.errors import NotUnderstood
from registry.letter.address import tag_of
from registry.letter.entity import LegalEntity, Officer, Role
from registry.letter.message import Means, Message
from registry.letter.sorting import Addressed, Sender, Tag
from registry.recipients import Recipients


def identify(session: Session, message: Message) -> Sender:
    """Find out who sent the message."""
    address = message.sender
    signed_in = message.trust.signed_in if message.trust.means is Means.SIGNED_IN else ""
    entity = directory.entity_by_address(session, address) if address else None
    officer = _officer(session, signed_in or address)
    stranger = bool(address) and entity is None and officer is None
    return Sender(
        address=address,
        name=message.sender_name,
        proven=bool(signed_in) or (bool(address) and message.trust.authenticated),
        entity=entity,
        officer=officer,
        hint=directory.suggest_by_domain(session, address) if stranger else None,
    )


def reached(
    session: Session, recipients: Iterable[str]
) -> list[tuple[LegalEntity, tuple[Addressed, ...]]]:
    """Give the hosted entities that envelope recipients mean, with the addresses of each.

    In the order of the entities' rows, the order in which everybody locks them. An address
    that means nobody here is left out.
    """
    found: dict[int, list[Addressed]] = {}
    for address in dict.fromkeys(recipients):
        addressed = remembered(session, ("to", address), partial(_addressed, session, address))
        if addressed is not None:
            found.setdefault(addressed.entity.id, []).append(addressed)
    return [(found[key][0].entity, tuple(found[key])) for key in sorted(found)]


def _officer(session: Session, email: str) -> Officer | None:
    found = directory.officer_by_email(session, email) if email else None
    acts = found is not None and not found.disabled and found.role is not Role.AUDITOR
    return found if acts else None


def _addressed(session: Session, address: str) -> Addressed | None:
    """Read one recipient; a code that meant somebody when 250 was said may mean nobody now."""
    try:
        central, code = tag_of(address)
    except NotUnderstood:
        return _postmaster(session, address)
    entity = directory.entity_by_address(session, central)
    if entity is None or not entity.hosted:
        return _postmaster(session, address)
    known = code and _means_somebody(session, entity, code)
    here = Recipients({central: entity}, {}, frozenset({code} if known else ()))
    return here.find(address) or Addressed(address.casefold(), entity, Tag.UNKNOWN, code)


def _postmaster(session: Session, address: str) -> Addressed | None:
    """Read the whole directory for a postmaster alone: a letter may name a thousand strangers."""
    local = address.strip().casefold().partition("@")[0]
    return directory.snapshot(session).find(address) if local == "postmaster" else None


def _means_somebody(session: Session, entity: LegalEntity, code: str) -> bool:
    """Say whether a code is that of a unit, an entity or a group."""
    if directory.unit_by_code(session, entity.id, code) is not None:
        return True
    groups = {group.code for group in directory.groups(session, entity.id)}
    return code in groups or directory.entity_by_code(session, code) is not None
