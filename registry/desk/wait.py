"""Why a letter waits for an officer (รอลงรับ), in words that the officer can act on.

Registered without a person are only letters whose sender is proven and stands in the
directory by exact central address. Everything else is kept, takes no number and waits:
spam must not eat numbers. A letter may have several reasons; all are told.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.batch import remembered
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.resemble import resembles
from registry.letter.sorting import Tag
from registry.letter.vouched import FORGED, refused_by_owner, what_to_do, why_unproven
from registry.models.people import EntityRow
from registry.withheld import why_withheld

BY_OFFICER = "ตั้งค่าไว้ให้เจ้าหน้าที่ลงรับทุกฉบับ"
SECRET = "มีชั้นความลับ เก็บไว้ให้นายทะเบียนข้อมูลข่าวสารลับดำเนินการ"  # noqa: S105 - a reason
_LOOKS_LIKE = "คล้ายกับ"


def why_waiting(session: Session, desk: Desk, case: Case) -> list[str]:
    """Give the reasons in Thai; empty when the letter need not wait, a likely double apart."""
    reasons = [*_of_sender(session, case), *_of_content(case)]
    if not reasons and desk.settings.registry.receive != "automatic":
        reasons.append(BY_OFFICER)
    return reasons


def look_alike(session: Session, case: Case) -> str:
    """Say that a stranger's domain could be mistaken for an agency's; "" when it could not."""
    if case.sender.entity is not None or case.sender.officer is not None:
        return ""
    return next((one for one in _of_stranger(session, case) if _LOOKS_LIKE in one), "")


def _of_sender(session: Session, case: Case) -> Iterator[str]:
    sender = case.sender
    if not sender.proven and (domain := refused_by_owner(case.message.trust.as_dict())):
        yield f"{domain} ประกาศไม่ให้รับจดหมายที่ยืนยันไม่ได้ว่าเป็นของตน (DMARC) {FORGED}"
    if len(case.message.senders) > 1:
        yield "อีเมลระบุผู้ส่ง (From) หลายราย จึงไม่รู้ว่าใครเป็นผู้ส่ง"
    elif not sender.address:
        yield "อีเมลไม่มีที่อยู่ผู้ส่ง (From)"
    elif sender.officer is not None:
        yield from _of_officer(case)
    elif sender.entity is not None:
        yield from _of_entity(case)
    else:
        yield from _of_stranger(session, case)


def _of_officer(case: Case) -> Iterator[str]:
    officer = case.sender.officer
    assert officer is not None
    if case.by_entity:
        return
    if not case.sender.proven:
        claim = f"อ้างว่าเป็นเจ้าหน้าที่ {officer.email} แต่พิสูจน์ผู้ส่งไม่ได้ ({_why(case)})"
        yield f"{claim} อาจปลอมชื่อผู้ส่ง โปรดสอบถามเจ้าตัวก่อนลงรับ"
    else:
        yield f"ผู้ส่งเป็นเจ้าหน้าที่ {officer.email} ไม่ใช่ที่อยู่กลางของหน่วยงาน"


def _of_entity(case: Case) -> Iterator[str]:
    entity = case.sender.entity
    assert entity is not None
    if case.sender.proven:
        return
    if entity.id == case.entity.id:
        yield "อ้างว่าส่งจากที่อยู่กลางของหน่วยงานเราเอง แต่พิสูจน์ผู้ส่งไม่ได้ อาจปลอมชื่อผู้ส่ง"
    else:
        what = what_to_do(case.message.trust.as_dict())
        yield f"ที่อยู่ผู้ส่งเป็นของ{entity.name} แต่พิสูจน์ไม่ได้ว่าส่งจากที่นั่นจริง ({_why(case)}) {what}"


def _why(case: Case) -> str:
    return why_unproven(case.message.trust.as_dict())


def _of_stranger(session: Session, case: Case) -> Iterator[str]:
    domain = case.sender.address.rpartition("@")[2]
    owners = remembered(session, "owners", lambda: _owners(session))
    like = resembles(domain, owners)
    if like is not None:
        yield f"โดเมนผู้ส่ง {domain} {_LOOKS_LIKE} {like} ของ{owners[like]} แต่ไม่ใช่ โปรดระวังการปลอม"
    elif case.sender.hint is not None:
        yield f"ผู้ส่งใช้โดเมนของ{case.sender.hint.name} แต่ไม่ใช่ที่อยู่กลาง"
    else:
        yield "ผู้ส่งไม่อยู่ในทำเนียบหน่วยงาน (ประชาชน เอกชน หรือหน่วยงานที่ยังไม่ได้เพิ่ม)"


def _owners(session: Session) -> dict[str, str]:
    """Give the name of the entity that has each domain of the directory."""
    rows = session.execute(select(EntityRow.name, EntityRow.domains))
    return {known: name for name, domains in rows for known in domains}


def _of_content(case: Case) -> Iterator[str]:
    message = case.message
    if message.scan == "infected":
        yield why_withheld(message.scan)
    if not message.parsed:
        yield "อ่านโครงสร้างอีเมลไม่ได้ โปรดเปิดต้นฉบับและลงรับด้วยมือ"
    elif case.empty:
        yield "อีเมลไม่มีข้อความของผู้ส่งเองและไม่มีไฟล์"
    elif case.to_machine and not case.files:  # two systems that answer each other eat no numbers
        yield "ตอบอีเมลตอบรับที่ระบบเราส่ง และไม่มีไฟล์ อาจเป็นการตอบอัตโนมัติ"
    if message.automatic:
        yield "อีเมลส่งโดยระบบอัตโนมัติ"
    if message.bounce:
        yield "อีเมลไม่ระบุผู้ส่งบนซอง (null sender)"
    if case.has(Tag.POSTMASTER):
        yield "ส่งถึงผู้ดูแลระบบอีเมล (postmaster)"
    if case.twin is not None:
        yield "หนังสือฉบับนี้เคยส่งคืนไปแล้ว ผู้ส่งส่งมาอีกครั้ง"
