"""ผู้ใช้งาน: accounts of one entity, what each role may do, and which secret letters they see.

Only an administrator comes here, and only to officers of their own entity; any other's number is
not found. A new password is made up here and shown once, on the answer itself: it never stands in a
cookie, an address or a log. Who stands in for whom: :mod:`saraban.web.pages.deputies`.
"""

from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from registry import directory
from registry.accounts import (
    deputies,
    guessing,
    officers,
    openid_accounts,
    passwords,
    people,
    second_factor,
    sessions,
)
from registry.accounts.officers import Account
from registry.clock import BANGKOK
from registry.errors import NotFound, NotUnderstood
from registry.letter.address import fold_address
from registry.letter.entity import Role
from registry.letter.grades import Secrecy
from registry.thai.numerals import to_thai
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.viewer import Act, rights
from saraban.web.visit import RowId, Visit, Visitor

router = APIRouter()

ROLES: Final = [(str(role), role.thai) for role in Role]
GRADES: Final = [
    ("", "ถึงลับที่สุด (ทุกชั้น)"),
    (Secrecy.SECRET.thai, "ถึงลับมาก"),
    (Secrecy.CONFIDENTIAL.thai, "ลับเท่านั้น"),
]
"""Up to which grade an officer of secret letters is cleared, as ``officer edit --clearance``."""
ACTS: Final = (
    (Act.READ, "อ่านหนังสือทั่วไปของหน่วยงาน"),
    (Act.READ_SECRET, "อ่านหนังสือที่มีชั้นความลับ"),
    (Act.REGISTER, "ลงรับ ส่งคืน แนบ จองและยกเลิกเลข ปิดทะเบียน"),
    (Act.SEND, "ร่างและเสนอส่งหนังสือ"),
    (Act.DECIDE, "ออกเลข ส่งคืนแก้ไข เรียกคืน"),
    (Act.FOLLOW, "ติดตาม เตือน ปิดเรื่อง"),
    (Act.PASS_ON, "เสนอ ส่งต่อ เกษียน"),
    (Act.DIRECTORY, "แก้ทำเนียบ หน่วยงานย่อย กฎส่งต่อ"),
    (Act.PEOPLE, "จัดการผู้ใช้งานและผู้ปฏิบัติแทน"),
    (Act.AUDIT, "ดูบันทึกการปฏิบัติ การเปิดดู และตรวจสอบทะเบียน"),
    (Act.OPERATE, "ดูแลคิวส่งและดูการตั้งค่า"),
)


@router.get("/people")
def listing(visit: Visitor) -> Response:
    """Show all accounts, and who stands in for whom from today on."""
    visit.must(Act.PEOPLE)
    with visit.read() as session:
        found = officers.accounts(session, visit.entity.id, visit.now)
        standing = deputies.listing(session, visit.entity.id, _today(visit))
        units = {unit.code: unit.name for unit in directory.units(session, visit.entity.id)}
    return visit.page("people", accounts=found, deputies=standing, units=units)


@router.get("/people/rights")
def matrix(visit: Visitor) -> Response:
    """Show on one page who may do what."""
    visit.must(Act.PEOPLE)
    return visit.page("people_rights", roles=list(Role), acts=ACTS, rights=rights)


@router.get("/people/new")
def new(visit: Visitor) -> Response:
    """Show the form for a new account."""
    visit.must(Act.PEOPLE)
    return _new(visit)


@router.post("/people")
def add(visit: Visitor) -> Response:
    """Add an officer."""
    visit.must(Act.PEOPLE)
    email, fields = _email(visit), _fields(visit)
    if visit.form.wrong:
        return _new(visit, 422)
    fields["role"] = Role(fields["role"])
    later = {name: fields.pop(name) for name in ("ends", "clearance") if name in fields}

    def work(session: Session) -> Done:
        _must_be_a_unit(session, visit, fields["unit_code"])
        made = people.add_officer(
            session, visit.entity.id, email=email, at=visit.now, by=visit.viewer.email, **fields
        )
        if any(later.values()):
            _edit(session, visit, made.id, **later)
        return Done(f"/people/{made.id}", "เพิ่มแล้ว ขั้นต่อไป: ออกรหัสผ่านให้ผู้ใช้งาน")

    return visit.act(work)


@router.get("/people/{officer_id}")
def look(visit: Visitor, officer_id: RowId) -> Response:
    """Show one account."""
    visit.must(Act.PEOPLE)
    return person(visit, officer_id)


@router.post("/people/{officer_id}")
def change(visit: Visitor, officer_id: RowId) -> Response:
    """Change name, role, clearance, unit and last day."""
    visit.must(Act.PEOPLE)
    fields = _fields(visit)
    if visit.form.wrong:
        return person(visit, officer_id, 422)

    def work(session: Session) -> Done:
        found = officers.account(session, visit.entity.id, officer_id, visit.now)
        visit.form.must_be_fresh(_version(found))
        _edit(session, visit, officer_id, **fields)
        return Done(f"/people/{officer_id}", "บันทึกแล้ว")

    return visit.act(work)


@router.post("/people/{officer_id}/password")
async def give_password(visit: Visitor, officer_id: RowId) -> Response:
    """Make up a new password and show it once."""
    visit.must(Act.PEOPLE)
    async with visit.request.app.state.hashing:
        made = await run_in_threadpool(_give_password, visit, officer_id)
    return await run_in_threadpool(person, visit, officer_id, password=made)


@router.post("/people/{officer_id}/{act}")
def do(visit: Visitor, officer_id: RowId, act: str) -> Response:
    """Disable, enable, sign out, or take the second factor away."""
    visit.must(Act.PEOPLE)
    if act not in _DO:
        raise NotFound(f"no act {act}")

    def work(session: Session) -> Done:
        officers.account(session, visit.entity.id, officer_id, visit.now)
        return Done(f"/people/{officer_id}", _DO[act](session, visit, officer_id))

    return visit.act(work)


def _email(visit: Visit) -> str:
    email = visit.form.text("email", need="โปรดพิมพ์อีเมล", most=254)
    try:
        return fold_address(email) if email else ""
    except NotUnderstood:
        visit.form.wrong["email"] = "อีเมลไม่ถูกรูปแบบ เช่น somchai@phrae.go.th"
        return ""


def _fields(visit: Visit) -> dict[str, Any]:
    form = visit.form
    fields = {
        "name": form.text("name", most=200),
        "role": form.choice("role", [role for role, _ in ROLES], need="โปรดเลือกหน้าที่"),
        "unit_code": form.text("unit", most=40),
        "ends": form.day("ends"),
    }
    if form.has("clearance"):  # a form that does not ask for it clears nobody for more
        fields["clearance"] = form.choice("clearance", [grade for grade, _ in GRADES])
    return fields


def _edit(session: Session, visit: Visit, officer_id: int, **fields: Any) -> None:
    officers.edit(
        session, visit.entity.id, officer_id, by=visit.viewer.email, at=visit.now, **fields
    )


def _must_be_a_unit(session: Session, visit: Visit, code: str) -> None:
    if code and directory.unit_by_code(session, visit.entity.id, code) is None:
        raise NotFound(f"no unit {code}", thai=f"ไม่พบหน่วยงานย่อยรหัส “{code}”")


def _give_password(visit: Visit, officer_id: int) -> str:
    password, at, by = passwords.made_up(), visit.now, visit.viewer.email
    with visit.write() as session:
        who = officers.account(session, visit.entity.id, officer_id, at).officer
        passwords.set_password(session, who.email, password, at=at, by=by)
        sessions.end_all(session, who.id, at)
        guessing.succeeded(session, who.email)
    return password


def _new(visit: Visit, status: int = 200) -> Response:
    return visit.page("person_new", status=status, form=visit.form, **_choices(visit))


def person(visit: Visit, officer_id: int, status: int = 200, password: str = "") -> Response:
    """Give the page of one account; ``password`` is the new one to show. Raises NotFound."""
    with visit.read() as session:
        found = officers.account(session, visit.entity.id, officer_id, visit.now)
        others = officers.accounts(session, visit.entity.id, visit.now)
        standing = deputies.listing(session, visit.entity.id, _today(visit))
    return visit.page(
        "person", status=status, account=found, form=visit.form, version=_version(found),
        password=password, others=[o for o in others if o.may_enter and o.officer != found.officer],
        deputies=[one for one in standing if found.officer in {one.officer, one.deputy}],
        **_choices(visit),
    )  # fmt: skip


def _choices(visit: Visit) -> dict[str, Any]:
    with visit.read() as session:
        units = directory.units(session, visit.entity.id)
    named = [(unit.code, f"{unit.name} ({unit.code})") for unit in units]
    return {"roles": ROLES, "grades": GRADES, "units": [("", "(ไม่สังกัดหน่วยงานย่อย)"), *named]}


def _version(found: Account) -> str:
    return version_of(found.officer, found.ends)


def _today(visit: Visit) -> date:
    return visit.now.astimezone(BANGKOK).date()


def _disable(session: Session, visit: Visit, officer_id: int) -> str:
    officers.disable(session, visit.entity.id, officer_id, by=visit.viewer.email, at=visit.now)
    return "ระงับการใช้งานแล้ว ออกจากระบบทุกเครื่องแล้ว"


def _enable(session: Session, visit: Visit, officer_id: int) -> str:
    officers.enable(session, visit.entity.id, officer_id, by=visit.viewer.email, at=visit.now)
    return "ให้กลับมาใช้งานแล้ว"


def _sign_out(session: Session, visit: Visit, officer_id: int) -> str:
    many = officers.sign_out(
        session, visit.entity.id, officer_id, by=visit.viewer.email, at=visit.now
    )
    return f"ออกจากระบบให้แล้ว {to_thai(str(many))} เครื่อง"


def _reset_second_factor(session: Session, visit: Visit, officer_id: int) -> str:
    second_factor.remove(session, officer_id, visit.viewer.email, visit.now)
    sessions.end_all(session, officer_id, visit.now)
    return "เลิกใช้รหัสจากโทรศัพท์เครื่องเดิมแล้ว ผู้ใช้งานตั้งใหม่ได้เมื่อเข้าระบบครั้งหน้า"


def _unbind(session: Session, visit: Visit, officer_id: int) -> str:
    openid_accounts.unbind(
        session, visit.entity.id, officer_id, by=visit.viewer.email, at=visit.now
    )
    return "เลิกผูกกับผู้ให้บริการยืนยันตัวตนแล้ว"


_DO: Final = {
    "disable": _disable, "enable": _enable, "sign-out": _sign_out,
    "second-factor": _reset_second_factor, "unbind": _unbind,
}  # fmt: skip
