"""The directory that all entities hosted here share: what an office adds to it or changes in it.

An address decides where letters go and who is believed, for every office alike. Where several are
hosted, an office therefore adds lines and corrects names and telephones, but where another entity
is reached is changed by whoever runs the installation (``saraban entity edit``) alone. Nobody takes
an address or a domain of an office that is hosted here. What was done stands in the journal of
every hosted entity, and the officers of the others are told by mail.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy.orm import Session

from registry import changes, directory, journal
from registry.accounts import people
from registry.desk.context import Desk
from registry.desk.tell import tell
from registry.errors import Conflict, NotAllowed, NotFound
from registry.letter.address import fold_address
from registry.letter.entity import LegalEntity, Role

_PLACES: Final = frozenset({"address", "domains"})
_TOLD: Final = frozenset({Role.OFFICER, Role.SECRET_OFFICER, Role.ADMIN})
_BY_COMMAND: Final = (
    "ที่อยู่อีเมลและโดเมนของหน่วยงานนี้ใช้ร่วมกันทุกหน่วยงานในระบบ "
    "โปรดแจ้งผู้ดูแลระบบกลางให้แก้ไขด้วยคำสั่ง saraban entity edit"
)


def add(session: Session, desk: Desk, own: LegalEntity, by: str, **fields: Any) -> LegalEntity:
    """Add an entity that is known by address only, for the office ``own``.

    Raises NotUnderstood and Conflict as :func:`registry.accounts.people.add_entity`; Conflict also
    for an address or a domain of another entity that is hosted here.
    """
    others = _hosted_but(session, own)
    _must_be_nobodys(others, fields["address"], fields.get("domains", ()))
    _hold(session)
    made = people.add_entity(session, at=desk.now(), hosted=False, **fields)
    _note(session, desk, own, by, "directory-added", made, sorted(fields))
    return made


def edit(
    session: Session, desk: Desk, own: LegalEntity, code: str, by: str, **wanted: Any
) -> LegalEntity:
    """Change an entity of the directory for the office ``own``.

    Raises NotFound; NotAllowed for another entity that is hosted here, and for address and domains
    of any other where several are hosted; Conflict; NotUnderstood.
    """
    row = directory.entity_by_code(session, code)
    if row is None:
        raise NotFound(f"no entity {code}", thai=f"ไม่พบหน่วยงานรหัส “{code}”")
    if row.hosted and row.id != own.id:
        raise NotAllowed(
            f"entity {code} is hosted here", thai="หน่วยงานนี้ใช้ระบบนี้เอง ผู้ดูแลระบบของหน่วยงานนั้นเป็นผู้แก้ไข"
        )
    moved = wanted.keys() & _PLACES
    if moved and row.id != own.id and is_shared(session, own):
        raise NotAllowed(f"where {code} is reached is for all hosted here", thai=_BY_COMMAND)
    if moved and is_shared(session, own):
        others = [one for one in directory.entities(session) if one.id != own.id]
        new = set(wanted.get("domains", ())) - set(row.domains)
        _must_be_nobodys(others, wanted.get("address", ""), new)
    _hold(session)
    made = changes.edit_entity(session, code, by=by, at=desk.now(), **wanted)
    _note(session, desk, own, by, "directory-changed", made, sorted(wanted))
    return made


def is_shared(session: Session, own: LegalEntity) -> bool:
    """Say whether another office reads the same directory."""
    return bool(_hosted_but(session, own))


def _hosted_but(session: Session, own: LegalEntity) -> list[LegalEntity]:
    return [one for one in directory.hosted(session) if one.id != own.id]


def _must_be_nobodys(others: Iterable[LegalEntity], address: str, domains: Iterable[str]) -> None:
    """See that these are no address or domain of the others, nor above or below one of theirs."""
    folded = fold_address(address) if address else ""
    wanted = {*(one.casefold() for one in domains), folded.rpartition("@")[2]} - {""}
    for other in others:
        theirs = {*other.domains, other.central_address.rpartition("@")[2]}
        if any(_meet(one, their) for one in wanted for their in theirs):
            raise Conflict(
                f"a domain of entity {other.id}",
                thai=f"ที่อยู่หรือโดเมนนี้เป็นของ{other.name} โปรดตรวจสอบ หากถูกต้องให้ผู้ดูแลระบบกลางเพิ่มด้วยคำสั่ง",
            )


def _meet(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _hold(session: Session) -> None:
    """Hold the journals of all hosted entities, in the order of their ids."""
    for entity_id in sorted(one.id for one in directory.hosted(session)):
        journal.lock_head(session, entity_id)


def _note(
    session: Session, desk: Desk, own: LegalEntity, by: str, act: str, made: LegalEntity,
    fields: list[str],
) -> None:  # fmt: skip
    """Write the act into every hosted entity's journal, and tell the officers of the others."""
    facts = {"entity": made.id, "fields": fields}
    for one in sorted(directory.hosted(session), key=lambda one: one.id):
        if one.id == made.id:
            continue  # of itself the line of changes.edit_entity tells
        line = journal.record(session, one.id, act, by, desk.now(), facts=facts)
        if one.id == own.id:
            continue
        for officer in directory.officers(session, one.id):
            if officer.role in _TOLD and not officer.disabled:
                tell(
                    session, desk, one.id, officer.email, "directory_changed",
                    once=f"directory:{one.id}:{line}:{officer.id}", entity=made.name,
                    code=made.code, address=made.central_address, by=by, of=own.name,
                    added=act == "directory-added",
                )  # fmt: skip
