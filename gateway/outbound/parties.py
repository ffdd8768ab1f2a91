"""Who a mail is from, where its answer goes, and where its bounce goes.

A mail is From the entity's central address, so that receivers know it from the directory; the name
beside it says which clerk sent it. Answers go to a token address of that same mailbox
(``saraban+r-…@``) and bounces to another (``saraban+b-…@``), where the mailbox knows tags and the
local part stays within 64 octets (RFC 5321 §4.5.3.1.1); else to the central address, and the
Message-ID alone brings the answer home.
"""

from sqlalchemy.orm import Session

from registry import directory
from registry.keys import KeyRing
from registry.letter.address import Address
from registry.letter.entity import LegalEntity
from registry.thai.numerals import to_thai
from registry.thai.text import fold
from registry.tokens import reply_tag


def desk_of(entity: LegalEntity) -> Address:
    """Return the entity's registry as a sender: สารบรรณ จังหวัดแพร่."""
    return Address(f"สารบรรณ {entity.name}", entity.central_address)


def sender_of(entity: LegalEntity, clerk_name: str) -> Address:
    """Return the entity as the sender of a letter, with the clerk named."""
    name = f"{entity.name} (ผู้ส่ง: {clerk_name})" if clerk_name else entity.name
    return Address(name, entity.central_address)


def answer_address(entity: LegalEntity, keys: KeyRing, entry_id: str) -> str:
    """Return where an answer about this entry goes."""
    return _tagged(entity, reply_tag(keys, entry_id, "r"))


def bounce_address(entity: LegalEntity, keys: KeyRing, job_id: str) -> str:
    """Return the envelope sender of a job."""
    return _tagged(entity, reply_tag(keys, job_id, "b"))


def clerk_name(session: Session, email: str, otherwise: str = "") -> str:
    """Return the name of the officer with this address, as the directory has it."""
    officer = directory.officer_by_email(session, email) if email else None
    return (officer.name if officer else "") or otherwise


def contact(session: Session, entity: LegalEntity, email: str = "", otherwise: str = "") -> str:
    """Return whom to call about a letter: the clerk with unit and telephone, else the registry.

    A clerk who goes by the name of the unit is named once. Without a clerk and without a
    telephone there is nobody to call: "".
    """
    officer = directory.officer_by_email(session, email) if email else None
    unit = None
    if officer and officer.unit_code:
        unit = directory.unit_by_code(session, entity.id, officer.unit_code)
    name = (officer.name if officer else "") or otherwise
    phone = f"โทร. {to_thai(entity.phone)}" if entity.phone else ""
    if not name:
        return f"{desk_of(entity).name} {phone}" if phone else ""
    where = unit.name if unit and fold(unit.name) not in fold(name) else ""
    return " ".join(part for part in (name, where, phone) if part)


def _tagged(entity: LegalEntity, tag: str) -> str:
    local, _, domain = entity.central_address.rpartition("@")
    if not entity.knows_tags or len(f"{local}+{tag}") > 64:
        return entity.central_address
    return f"{local}+{tag}@{domain}"
