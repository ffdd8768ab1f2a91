"""หน่วยงานย่อยและกฎส่งต่อ: units with their mailboxes, rules with a trial, groups of receivers.

Where a letter goes is decided by :mod:`registry.desk.deliver`; here its rules are kept and tried.
Every change stands in the journal with the unit's or group's code.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import changes, directory, journal, letters, people
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

Position = Annotated[int, Path(ge=1, le=10_000)]
KINDS: Final = {"words": "คำในเรื่อง", "addressed": "คำในเรียน", "sender": "รหัสหรืออีเมลผู้ส่ง"}
DELIVERIES: Final = {"full": "หนังสือและไฟล์", "notice": "แจ้งให้ทราบพร้อมลิงก์"}


@router.get("/units")
def listing(visit: Visitor) -> Response:
    """Show units, rules and groups; try a letter on the rules if one is named."""
    visit.must(Act.DIRECTORY)
    return _page(visit)


@router.get("/units/new")
def new(visit: Visitor) -> Response:
    """Show the form for a unit."""
    visit.must(Act.DIRECTORY)
    return visit.page("unit", unit=None, is_default=False, form=visit.form, version="")


@router.post("/units")
def add(visit: Visitor) -> Response:
    """Add a unit."""
    visit.must(Act.DIRECTORY)
    code, fields = visit.form.text("code", need="โปรดตั้งรหัส", most=40), _unit_fields(visit)
    if visit.form.wrong:
        return visit.page("unit", status=422, unit=None, is_default=False, form=visit.form,
                          version="")  # fmt: skip

    def work(session: Session) -> Done:
        books = visit.form.has("keeps_books")
        made = people.add_unit(session, visit.entity.id, code=code, keeps_books=books, **fields)
        if visit.form.has("default"):
            people.set_default_unit(session, visit.entity.id, made.code)
        _note(session, visit, "unit-added", unit=made.code)
        return Done("/units", f"เพิ่ม{made.name}แล้ว")

    return visit.act(work)


@router.post("/units/rules")
def add_rule(visit: Visitor) -> Response:
    """Add a rule behind the others."""
    visit.must(Act.DIRECTORY)
    kind = visit.form.choice("kind", list(KINDS), need="โปรดเลือกว่าดูจากอะไร")
    pattern = visit.form.text("pattern", need="โปรดพิมพ์คำที่ใช้ดู", most=300)
    unit = visit.form.text("to_unit", need="โปรดเลือกหน่วยงานย่อย", most=40)
    if visit.form.wrong:
        return _page(visit, 422)

    def work(session: Session) -> Done:
        made = directory.add_route(session, visit.entity.id, kind, pattern, unit)
        _note(session, visit, "rule-added", unit=made.unit.code, position=made.position)
        return Done("/units#rules", "เพิ่มกฎแล้ว ลองกับหนังสือได้ด้านล่าง")

    return visit.act(work)


@router.post("/units/rules/{position}/{act}")
def do_rule(visit: Visitor, position: Position, act: str) -> Response:
    """Remove a rule, or move it by one place; the form says which rule was seen there."""
    visit.must(Act.DIRECTORY)
    if act not in {"remove", "up", "down"}:
        raise NotFound(f"no act {act}")

    def work(session: Session) -> Done:
        rules = {rule.position: rule for rule in directory.routes(session, visit.entity.id)}
        if position not in rules:
            raise NotFound(f"no rule {position}", thai="ไม่มีกฎข้อนี้แล้ว")
        visit.form.must_be_fresh(str(rules[position].id))
        if act == "remove":
            changes.remove_route(session, visit.entity.id, position)
        else:
            to = position + (1 if act == "down" else -1)
            changes.move_route(session, visit.entity.id, position, to)
        done = "rule-removed" if act == "remove" else "rule-moved"
        _note(session, visit, done, position=position)
        return Done("/units#rules", "ลบกฎแล้ว" if act == "remove" else "ย้ายกฎแล้ว")

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


def _unit(visit: Visit, code: str, status: int = 200) -> Response:
    with visit.read() as session:
        found = directory.unit_by_code(session, visit.entity.id, code)
        default = directory.default_unit(session, visit.entity.id)
    if found is None:
        raise NotFound(f"no unit {code}")
    return visit.page(
        "unit", status=status, unit=found, form=visit.form, version=version_of(found),
        is_default=default is not None and default.code == found.code,
    )  # fmt: skip


def _page(visit: Visit, status: int = 200) -> Response:
    with visit.read() as session:
        default = directory.default_unit(session, visit.entity.id)
        facts = {
            "units": directory.units(session, visit.entity.id),
            "default": default.code if default else "",
            "rules": directory.routes(session, visit.entity.id),
            "groups": directory.groups(session, visit.entity.id),
            "hits": _tried(session, visit),
        }
    asked = visit.request.query_params
    tried = {name: asked.get(name, "")[:300] for name in ("ref", "subject", "to", "sender")}
    return visit.page("units", status=status, form=visit.form, kinds=KINDS, tried=tried,
                      deliveries=DELIVERIES, **facts)  # fmt: skip


def _tried(session: Session, visit: Visit) -> list[RouteHit] | None:
    """Try the letter or words of the address line; None when nothing was asked."""
    asked = {name: value.strip()[:300] for name, value in visit.request.query_params.items()}
    if ref := asked.get("ref"):
        return try_route(session, _letter(session, visit, ref))
    words = [asked.get(name, "") for name in ("subject", "to", "sender")]
    return try_words(session, visit.entity.id, *words) if any(words) else None


def _letter(session: Session, visit: Visit, ref: str) -> str:
    """Give the id of a letter that the viewer may know of; any other is not there."""
    nothing = NotFound(
        "no letter to try", thai=f"ไม่พบหนังสือ “{ref}” ลองพิมพ์เลข เช่น รับ/๑๒/๒๕๖๙ หรือพิมพ์เรื่องแทน"
    )
    try:
        letter_id, _ = letters.resolve(session, ref, visit.entity.code)
    except (NotFound, NotUnderstood):
        raise nothing from None
    letter = letters.get_letter(session, letter_id) if letter_id else None
    hidden = letter is not None and (letter.secrecy or letter.sealed) and not visit.viewer.cleared
    if letter is None or letter.entity != visit.entity.code or hidden:
        raise nothing
    return letter.id


def _note(session: Session, visit: Visit, act: str, **facts: Any) -> None:
    journal.record(session, visit.entity.id, act, visit.viewer.email, visit.now, facts=facts)
