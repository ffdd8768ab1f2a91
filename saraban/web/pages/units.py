"""หน่วยงานย่อยและกฎส่งต่อ: units with their mailboxes; the page shows rules and groups as well.

Where a letter goes is decided by :mod:`registry.desk.deliver`; here its rules are tried, and they
are changed in :mod:`saraban.web.pages.rules`. Every change stands in the journal with the unit's
code.
"""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import changes, directory, journal, letters
from registry.accounts import people
from registry.desk.deliver import RouteHit
from registry.desk.try_route import try_route, try_words
from registry.errors import NotFound, NotUnderstood
from registry.letter.address import fold_address
from registry.letter.number import SenderCode
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

KINDS: Final = {"words": "คำในเรื่อง", "addressed": "คำในเรียน", "sender": "รหัสหรืออีเมลผู้ส่ง"}
TRIED: Final = ("ref", "subject", "to", "sender")
"""What a letter is tried by: its number, or what it says."""
DELIVERIES: Final = {"full": "หนังสือและไฟล์", "notice": "แจ้งให้ทราบพร้อมลิงก์"}


@router.get("/units")
def listing(visit: Visitor) -> Response:
    """Show units, rules and groups; try a letter on the rules if one is named."""
    visit.must(Act.DIRECTORY)
    return show(visit)


@router.get("/units/new")
def new(visit: Visitor) -> Response:
    """Show the form for a unit."""
    visit.must(Act.DIRECTORY)
    return _new(visit)


@router.post("/units")
def add(visit: Visitor) -> Response:
    """Add a unit."""
    visit.must(Act.DIRECTORY)
    code, fields = visit.form.text("code", need="โปรดตั้งรหัส", most=40), _unit_fields(visit)
    if visit.form.wrong:
        return _new(visit, 422)

    def work(session: Session) -> Done:
        books = visit.form.has("keeps_books")
        made = people.add_unit(session, visit.entity.id, code=code, keeps_books=books, **fields)
        if visit.form.has("default"):
            people.set_default_unit(session, visit.entity.id, made.code)
        _note(session, visit, "unit-added", unit=made.code)
        return Done("/units", f"เพิ่ม{made.name}แล้ว")

    return visit.act(work)


@router.get("/units/{code}")
def look(visit: Visitor, code: str) -> Response:
    """Show one unit."""
    visit.must(Act.DIRECTORY)
    return _unit(visit, code)


@router.post("/units/{code}")
def change(visit: Visitor, code: str) -> Response:
    """Change a unit."""
    visit.must(Act.DIRECTORY)
    fields = _unit_fields(visit)
    if visit.form.wrong:
        return _unit(visit, code, 422)

    def work(session: Session) -> Done:
        before = directory.unit_by_code(session, visit.entity.id, code)
        visit.form.must_be_fresh(version_of(before))
        changed = changes.edit_unit(session, visit.entity.id, code, **fields)
        default = directory.default_unit(session, visit.entity.id)
        was = default is not None and default.code == changed.code
        if visit.form.has("default") != was:
            people.set_default_unit(session, visit.entity.id, "" if was else changed.code)
        _note(session, visit, "unit-changed", unit=changed.code)
        return Done("/units", f"บันทึก{changed.name}แล้ว")

    return visit.act(work)


@router.post("/units/{code}/remove")
def remove(visit: Visitor, code: str) -> Response:
    """Remove a unit that nothing names any more."""
    visit.must(Act.DIRECTORY)

    def work(session: Session) -> Done:
        changes.remove_unit(session, visit.entity.id, code)
        _note(session, visit, "unit-removed", unit=code.casefold())
        return Done("/units", "ลบหน่วยงานย่อยแล้ว")

    return visit.act(work)


def _unit_fields(visit: Visit) -> dict[str, Any]:
    form = visit.form
    fields: dict[str, Any] = {
        "name": form.text("name", need="โปรดพิมพ์ชื่อหน่วยงานย่อย", most=300),
        "delivery": form.choice("delivery", list(DELIVERIES)) or "full",
        "letter_code": form.text("letter_code", most=60),
        "above": form.text("above", most=40),
    }
    try:
        fields["boxes"] = [fold_address(one) for one in form.text("boxes").split()]
    except NotUnderstood:
        form.wrong["boxes"] = "มีที่อยู่ที่ไม่ถูกรูปแบบ ใส่บรรทัดละหนึ่งที่อยู่"
    try:
        SenderCode.parse(fields["letter_code"]) if fields["letter_code"] else None
    except NotUnderstood as error:
        form.wrong["letter_code"] = error.thai
    return fields


def _new(visit: Visit, status: int = 200) -> Response:
    with visit.read() as session:
        others = directory.units(session, visit.entity.id)
    return visit.page("unit", status=status, unit=None, is_default=False, form=visit.form,
                      version="", others=others)  # fmt: skip


def _unit(visit: Visit, code: str, status: int = 200) -> Response:
    with visit.read() as session:
        found = directory.unit_by_code(session, visit.entity.id, code)
        others = [one for one in directory.units(session, visit.entity.id) if one != found]
        default = directory.default_unit(session, visit.entity.id)
    if found is None:
        raise NotFound(f"no unit {code}")
    return visit.page(
        "unit", status=status, unit=found, form=visit.form, version=version_of(found),
        is_default=default is not None and default.code == found.code, others=others,
    )  # fmt: skip


def show(visit: Visit, status: int = 200) -> Response:
    """Give the page of units, rules and groups, with a trial if one was asked for."""
    with visit.read() as session:
        default = directory.default_unit(session, visit.entity.id)
        facts = {
            "units": directory.units(session, visit.entity.id),
            "default": default.code if default else "",
            "rules": directory.routes(session, visit.entity.id),
            "groups": directory.groups(session, visit.entity.id),
            "hits": tried(session, visit, visit.request.query_params),
        }
    asked = visit.request.query_params
    letter = {name: asked.get(name, "")[:300] for name in TRIED}
    return visit.page("units", status=status, form=visit.form, kinds=KINDS, tried=letter,
                      deliveries=DELIVERIES, **facts)  # fmt: skip


def tried(session: Session, visit: Visit, asked: Mapping[str, str]) -> list[RouteHit] | None:
    """Try a letter (``ref``) or words on the rules; None when nothing was asked."""
    asked = {name: str(asked.get(name, "")).strip()[:300] for name in TRIED}
    if ref := asked["ref"]:
        return try_route(session, _letter(session, visit, ref))
    words = [asked[name] for name in TRIED[1:]]
    return try_words(session, visit.entity.id, *words) if any(words) else None


def _letter(session: Session, visit: Visit, ref: str) -> str:
    """Give the id of a letter that the viewer may know of; any other is not there."""
    nothing = NotFound(
        "no letter to try", thai=f"ไม่พบหนังสือ “{ref}” ลองพิมพ์เลข เช่น รับ/๑๒/๒๕๖๙ หรือพิมพ์เรื่องแทน"
    )
    try:
        with visit.gate(session):
            letter_id, _ = letters.resolve(session, ref, visit.entity.code)
            found = letters.get_letter(session, letter_id) if letter_id else None
    except (NotFound, NotUnderstood):
        raise nothing from None
    if found is None:
        raise nothing
    return found.id


def _note(session: Session, visit: Visit, act: str, **facts: Any) -> None:
    journal.record(session, visit.entity.id, act, visit.viewer.email, visit.now, facts=facts)
