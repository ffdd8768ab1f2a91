"""Who looks: one value for each request, through which everything is read and done.

A viewer is an officer of one entity, with the rights of a role: their own, or, while they stand in
for somebody, that officer's (:mod:`registry.accounts.deputies`). Nothing of another entity exists
for a viewer: what is asked for by id is looked up together with the entity, and is not found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from registry.accounts.access import Reach
from registry.accounts.clearance import Clearance
from registry.errors import NotAllowed
from registry.letter.entity import LegalEntity, Officer, Role


class Act(StrEnum):
    """What pages and programs ask whether a viewer may do it."""

    READ = "read"  # ordinary letters of the entity
    READ_SECRET = "read-secret"  # noqa: S105 - letters with a marking, and those nobody could read
    REGISTER = "register"  # ลงรับ ส่งคืน แนบ, numbers, closing of books
    SEND = "send"  # compose, hand over drafts
    DECIDE = "decide"  # accept and return drafts, recall
    FOLLOW = "follow"  # remind, call, close
    PASS_ON = "pass-on"  # noqa: S105 - เสนอ ส่งต่อ เกษียน
    DIRECTORY = "directory"  # entities, units, groups, routing rules
    PEOPLE = "people"  # officers, their rights, deputies of others
    MAILBOXES = "mailboxes"  # what was seen in the mailboxes of the entity
    AUDIT = "audit"  # journal, readings, proof
    OPERATE = "operate"  # queue, settings, tokens of programs


_READS: Final = frozenset({Act.READ})
_WORKS: Final = frozenset({Act.READ, Act.SEND, Act.FOLLOW, Act.PASS_ON})
_OFFICE: Final = {Act.REGISTER, Act.DECIDE, Act.DIRECTORY, Act.MAILBOXES, Act.AUDIT}
_REGISTERS: Final = _WORKS | _OFFICE
_ACTS: Final[Mapping[Role, frozenset[Act]]] = {
    Role.CLERK: _WORKS,
    Role.OFFICER: _REGISTERS,
    Role.SECRET_OFFICER: _REGISTERS | {Act.READ_SECRET},
    Role.AUDITOR: _READS | {Act.AUDIT},
    Role.ADMIN: frozenset({Act.DIRECTORY, Act.PEOPLE, Act.AUDIT, Act.OPERATE}),
}


_OF_ALL: Final = frozenset({Act.MAILBOXES, Act.AUDIT, Act.OPERATE})
"""What shows all of an entity at once: its mailboxes, journal, readings, proof and queue."""


def rights(role: Role) -> frozenset[Act]:
    """Give all that an officer of this role may do."""
    return _ACTS[role]


@dataclass(frozen=True, slots=True)
class Viewer:
    """An officer at work; ``principal`` is whom they stand in for, ``principals`` whom they may.

    ``reach`` is what they may see now: of all letters of the entity those that concern them.

    ``email`` is what acts of :mod:`registry.desk` take as ``by``.
    """

    officer: Officer
    entity: LegalEntity
    reach: Reach
    principal: Officer | None = None
    principals: tuple[Officer, ...] = ()

    @property
    def email(self) -> str:
        """The officer's own address, also while standing in."""
        return self.officer.email

    @property
    def whom(self) -> str:
        """The address of whose work this is: the principal's while standing in for one."""
        return self.principal.email if self.principal else self.officer.email

    @property
    def name(self) -> str:
        """Name to show; the address where there is none."""
        return self.officer.name or self.officer.email

    @property
    def role(self) -> Role:
        """The role whose rights count now."""
        return self.principal.role if self.principal else self.officer.role

    @property
    def acting(self) -> Officer:
        """The officer, with the role whose rights count now."""
        who = self.principal or self.officer
        return replace(self.officer, role=who.role, clearance=who.clearance)

    @property
    def unit(self) -> str:
        """Code of the unit for which the viewer works now; "" for the central registry."""
        return self.principal.unit_code if self.principal else self.officer.unit_code

    @property
    def cleared(self) -> bool:
        """Whether letters of every marking of secrecy may be seen."""
        return self.clearance is True

    @property
    def clearance(self) -> Clearance:
        """Which marked letters may be seen: all (True), none (False), or those up to a grade."""
        who = self.principal or self.officer
        if not self.may(Act.READ_SECRET):
            return False
        return who.cleared or who.grade or False

    @property
    def whose(self) -> str:
        """The name under which acts asked for twice are known (:mod:`registry.once`)."""
        return f"officer:{self.officer.id}"

    def may(self, act: Act | str) -> bool:
        """Say whether the viewer may do this; who sees one unit does not look over the entity."""
        allowed = Act(act) in _ACTS[self.role]
        return allowed and (self.reach.is_whole or Act(act) not in _OF_ALL)

    def must(self, act: Act) -> None:
        """Raise NotAllowed unless the viewer may do this."""
        if not self.may(act):
            raise NotAllowed(
                f"{self.email} is {self.role} and may not {act}",
                thai=f"บัญชีของท่าน ({self.role.thai}) ไม่มีสิทธิทำรายการนี้ โปรดติดต่อผู้ดูแลระบบ",
            )
