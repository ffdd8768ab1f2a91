"""Who may do this: acts of the registry belong to officers of the entity whose book it is.

An act names the person by e-mail. Registering, accepting, returning and voiding are for the
entity's เจ้าหน้าที่สารบรรณ and its officer of secret letters; a clerk may take back what is their own.
An auditor changes nothing, an admin keeps no letters. A deputy has the role of the officer in whose
place they act (:mod:`registry.accounts.deputies`).
"""

from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from registry import directory
from registry.accounts import deputies
from registry.errors import NotAllowed
from registry.letter.entity import LegalEntity, Officer, Role
from registry.letter.grades import Secrecy

_REGISTRARS: Final = frozenset({Role.OFFICER, Role.SECRET_OFFICER})
_WRITERS: Final = _REGISTRARS | {Role.CLERK}


def must_register(session: Session, entity: LegalEntity, by: str, own: str = "") -> Officer:
    """Give the officer behind this e-mail; ``own`` is a clerk who may act here as well.

    Raises NotAllowed for unknown or disabled persons, other entities, and other roles.
    """
    officer = must_belong(session, entity, by)
    if officer.role not in _REGISTRARS and (not own or officer.email != own):
        raise NotAllowed(f"{officer.email} is {officer.role} and may not register")
    return officer


def must_belong(session: Session, entity: LegalEntity, by: str) -> Officer:
    """Give the person behind this e-mail if they work for the entity; else raise NotAllowed."""
    officer = directory.officer_by_email(session, by)
    if officer is None or officer.disabled or officer.entity_code != entity.code:
        raise NotAllowed(
            f"{by} is no officer of {entity.code}",
            thai=f"{by} ไม่ใช่เจ้าหน้าที่ของ{entity.name} จึงทำรายการแทนหน่วยงานนี้ไม่ได้",
        )
    principal = deputies.principal_of(session, officer)
    if principal is None:
        return officer
    return replace(officer, role=principal.role, clearance=principal.clearance)


def must_write(session: Session, entity: LegalEntity, by: str) -> Officer:
    """Give the person behind this e-mail if they may write letters of the entity.

    Raises NotAllowed for strangers, and for those who only read or keep no letters.
    """
    officer = must_belong(session, entity, by)
    if officer.role not in _WRITERS:
        raise NotAllowed(f"{officer.email} is {officer.role} and writes no letters")
    return officer


def must_be_cleared(officer: Officer, letter_id: str, *, secret: bool | str | None) -> None:
    """See that a secret letter is acted on by an officer cleared for it; else raise NotAllowed.

    ``secret`` is its marking, None or "" for none, or True for one whose grade is not known.
    """
    grade = Secrecy(secret) if isinstance(secret, str) and secret else None
    if secret and (officer.grade is None or (grade is not None and not grade <= officer.grade)):
        raise NotAllowed(
            f"letter {letter_id} is for the officer of secret letters",
            thai="หนังสือฉบับนี้มีชั้นความลับ เฉพาะนายทะเบียนข้อมูลข่าวสารลับดำเนินการได้",
        )


def must_be_clerk(entity: LegalEntity, officer: Officer) -> None:
    """See that a person who writes for the entity works there still; else raise NotAllowed."""
    if officer.entity_code != entity.code or officer.disabled:
        raise NotAllowed(
            f"{officer.email} is no clerk of {entity.code}",
            thai=f"{officer.email} ไม่ใช่เจ้าหน้าที่ของ{entity.name} จึงทำรายการแทนหน่วยงานนี้ไม่ได้",
        )
