"""Whose book, which letter, which person: what commands are told by code, REF and e-mail.

REF is the id of a letter or an entry, or a place in a book: รับ/2231/2568, ส่ง/ว 12/2569. Where
several entities are hosted, a place is clear only with ``--entity``; an id always is.
"""

import click
from sqlalchemy.orm import Session

from registry import directory, letters
from registry.accounts.clearance import Clearance, covers
from registry.errors import Conflict, NotAllowed, NotFound
from registry.ids import is_id
from registry.letter.entity import LegalEntity, Officer, Role

secrets_for = click.option(
    "--as", "cleared", metavar="EMAIL", help="Officer cleared for secret letters who is reading."
)
by = click.option(
    "--by", metavar="EMAIL", help="Officer who acts; else the administrator of this host."
)


def hosted_entity(session: Session, code: str | None) -> LegalEntity:
    """Give the hosted entity of this code; without a code, the only one there is.

    Raises NotFound for a code that is not hosted here, and a usage error where the choice is
    not clear; both name the codes there are.
    """
    hosted = directory.hosted(session)
    codes = " ".join(one.code for one in hosted)
    if code is None and len(hosted) > 1:
        raise click.UsageError(f"โปรดระบุหน่วยงานด้วย --entity: {codes}")
    found = [one for one in hosted if code is None or one.code == code.casefold()]
    if not found:
        raise NotFound(
            f"no hosted entity {code or ''}; there are: {codes or 'none'}",
            thai=f"ไม่มีหน่วยงาน {code} ในระบบนี้ มี: {codes}"
            if codes
            else "ยังไม่มีหน่วยงานในระบบนี้ โปรดเพิ่มด้วย saraban entity add --hosted",
        )
    return found[0]


def unit_code(session: Session, own: LegalEntity, code: str) -> str:
    """Give the folded code of a unit of this entity, "" for "". Raises NotFound."""
    unit = directory.unit_by_code(session, own.id, code) if code else None
    if code and unit is None:
        raise NotFound(f"no unit {code}", thai=f"ไม่พบหน่วยงานย่อยรหัส “{code}” ของ{own.name}")
    return unit.code if unit else ""


def resolve(session: Session, ref: str, owner: str | None) -> tuple[str | None, str | None]:
    """Give (letter id, entry id) of a REF; ``owner`` may be ``code+unit`` for a unit's own books.

    Raises NotFound, NotUnderstood for a text that names nothing, and a usage error where the
    place stands in several entities' books.
    """
    if is_id(ref):
        return letters.resolve(session, ref)
    if "/" not in ref:
        raise NotFound("no letter or entry has this id", thai=f"ไม่พบหนังสือรหัส “{ref}”")
    code, plus, unit = (owner or "").partition("+")
    own = hosted_entity(session, code or None)
    return letters.resolve(session, ref, own.code + plus + unit.casefold())


def letter_of(session: Session, ref: str, owner: str | None = None) -> str:
    """Give the id of the letter of a REF; raise Conflict for a number that has none yet."""
    letter_id, _ = resolve(session, ref, owner)
    if letter_id is None:
        raise Conflict("a reserved number has no letter yet", thai="เลขนี้จองไว้ ยังไม่มีหนังสือ")
    return letter_id


def entry_of(session: Session, ref: str, owner: str | None = None) -> str:
    """Give the id of the entry of a REF; raise Conflict for a letter that has no number yet."""
    _, entry_id = resolve(session, ref, owner)
    if entry_id is None:
        raise Conflict("this letter has no number yet", thai="หนังสือฉบับนี้ยังไม่มีเลขทะเบียน")
    return entry_id


def known(session: Session, email: str) -> str:
    """Give the folded address of an officer who may still act; raise NotAllowed for others."""
    officer = directory.officer_by_email(session, email)
    if officer is None or officer.disabled:
        raise NotAllowed(
            f"{email} is no officer here",
            thai=f"{email} ไม่ใช่เจ้าหน้าที่ในระบบนี้ หรือพ้นหน้าที่แล้ว โปรดระบุ --by เป็นอีเมลของเจ้าหน้าที่",
        )
    return officer.email


def actor(session: Session, email: str | None) -> str:
    """Give who the books name for an act that needs no officer: a known one, or ``admin``."""
    return known(session, email) if email else "admin"


def clearance_in(session: Session, email: str | None, entity: str) -> Clearance:
    """Say which secret letters of the entity this officer may read; raises as the next one."""
    officer = _cleared(session, email) if email else None
    if officer is None or officer.entity_code != entity:
        return False
    return officer.cleared or officer.grade or False


def cleared_entity(session: Session, email: str | None, secrecy: str | None = None) -> str | None:
    """Give the code of the entity whose secret letters this officer may read; None for nobody.

    ``secrecy`` is the marking of the letter that they read. Reading is not anonymous: raises
    NotAllowed for whoever is not its officer of secret letters, cleared for such a one.
    """
    officer = _cleared(session, email) if email else None
    if officer is not None and not covers(officer.grade or False, secrecy):
        raise NotAllowed(
            f"{email} is not cleared for letters of this grade",
            thai=f"{email} ดูได้ถึงชั้น “{officer.grade.thai if officer.grade else ''}” เท่านั้น",
        )
    return officer.entity_code if officer else None


def _cleared(session: Session, email: str) -> Officer:
    officer = directory.officer_by_email(session, email)
    if officer is None or officer.disabled or officer.role is not Role.SECRET_OFFICER:
        raise NotAllowed(
            f"{email} is not cleared for secret letters",
            thai=f"{email} ไม่ใช่นายทะเบียนข้อมูลข่าวสารลับ จึงเปิดดูหนังสือลับไม่ได้",
        )
    return officer
