"""ทำเนียบหน่วยงาน: entities known by address, searched by any word, always with อำเภอ and จังหวัด.

An address or domain decides whose letters are believed, so a change says so and stands in the
journal. What is hosted here is changed only by its own administrator; where several offices are
hosted, where another is reached is changed by command alone (:mod:`registry.desk.share`).
"""

from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import directory, known
from registry.desk import share
from registry.errors import NotFound, NotUnderstood
from registry.letter.address import fold_address
from registry.letter.entity import LegalEntity
from registry.letter.number import SenderCode
from registry.thai.numerals import to_arabic
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_LONGEST: Final = {"name": 300, "phone": 100, "province": 100, "district": 100}


@router.get("/directory")
def listing(visit: Visitor) -> Response:
    """Show the entities that have the words asked for."""
    visit.must(Act.DIRECTORY)
    text = visit.request.query_params.get("q", "")[:200]
    asked = to_arabic(visit.request.query_params.get("page", "1"))
    page = min(int(asked), 10_000) if asked.isdecimal() and int(asked) else 1
    with visit.read() as session:
        total, found = known.find(session, text, page=page)
    pages = -(-total // known.PAGE)
    return visit.page("directory", text=text, total=total, found=found, page=page, pages=pages)


@router.get("/directory/new")
def new(visit: Visitor) -> Response:
    """Show the form for an entity that is not here yet."""
    visit.must(Act.DIRECTORY)
    return visit.page(
        "directory_entity", entity=None, form=visit.form, version="", own=False, fixed=False
    )


@router.post("/directory")
def add(visit: Visitor) -> Response:
    """Add an entity that is known by address."""
    visit.must(Act.DIRECTORY)
    code = visit.form.text("code", need="โปรดตั้งรหัส", most=40)
    fields = _fields(visit)
    if visit.form.wrong:
        return visit.page(
            "directory_entity", status=422, entity=None, form=visit.form, version="", own=False,
            fixed=False,
        )  # fmt: skip

    def work(session: Session) -> Done:
        made = share.add(session, visit.desk, visit.entity, visit.viewer.email, code=code, **fields)
        return Done(f"/directory?q={made.code}", f"เพิ่ม {made.name} ในทำเนียบแล้ว")

    return visit.act(work)


@router.get("/directory/{code}")
def look(visit: Visitor, code: str) -> Response:
    """Show one entity, to be changed where it may be."""
    visit.must(Act.DIRECTORY)
    return _entity(visit, code)


@router.post("/directory/{code}")
def change(visit: Visitor, code: str) -> Response:
    """Change an entity."""
    visit.must(Act.DIRECTORY)
    if code.casefold() == visit.entity.code:
        visit.must(Act.PEOPLE)  # one's own name and address are the administrator's
    fields = _fields(visit)
    if visit.form.wrong:
        return _entity(visit, code, 422)

    def work(session: Session) -> Done:
        before = _found(session, code)
        visit.form.must_be_fresh(version_of(before))
        changed = {
            name: value for name, value in fields.items() if value != _given(before).get(name)
        }
        if changed:
            share.edit(session, visit.desk, visit.entity, code, visit.viewer.email, **changed)
        return Done(f"/directory/{before.code}", "บันทึกแล้ว" if changed else "ไม่มีอะไรเปลี่ยน")

    return visit.act(work)


def _entity(visit: Visit, code: str, status: int = 200) -> Response:
    with visit.read() as session:
        found = _found(session, code)
        own = found.id == visit.entity.id
        fixed = not own and share.is_shared(session, visit.entity)
    return visit.page(
        "directory_entity", status=status, entity=found, form=visit.form, own=own, fixed=fixed,
        version=version_of(found),
    )  # fmt: skip


def _found(session: Session, code: str) -> LegalEntity:
    found = directory.entity_by_code(session, code)
    if found is None:
        raise NotFound(f"no entity {code}")
    return found


def _given(entity: LegalEntity) -> dict[str, Any]:
    """Give what stands in an entity under the names of the fields."""
    return {
        "name": entity.name, "address": entity.central_address, "domains": entity.domains,
        "letter_code": entity.letter_code, "phone": entity.phone, "province": entity.province,
        "district": entity.district, "knows_tags": entity.knows_tags,
    }  # fmt: skip


def _fields(visit: Visit) -> dict[str, Any]:
    """Read the fields of an entity; the address is told wrong before anything is written."""
    form = visit.form
    fields: dict[str, Any] = {
        name: form.text(name, most=most, need="โปรดพิมพ์ชื่อหน่วยงาน" if name == "name" else "")
        for name, most in _LONGEST.items()
    }
    fields["address"] = _read(visit, "address", fold_address, "โปรดพิมพ์ที่อยู่อีเมลกลาง")
    code = _read(visit, "letter_code", lambda text: str(SenderCode.parse(text)))
    fields["letter_code"] = code
    domains = to_arabic(form.text("domains")).replace(",", " ").casefold().split()
    try:
        folded = {fold_address(f"x@{domain}").partition("@")[2] for domain in domains}
    except NotUnderstood:
        form.wrong["domains"] = "โดเมนไม่ถูกรูปแบบ เช่น dla.go.th คั่นด้วยเว้นวรรค"
        folded = set()
    fields["domains"] = tuple(sorted(folded or {fields["address"].rpartition("@")[2]}))
    fields["knows_tags"] = not form.has("no_tags")
    return fields


def _read(visit: Visit, name: str, read: Any, need: str = "") -> str:
    text = visit.form.text(name, need=need, most=254)
    try:
        return str(read(text)) if text else ""
    except NotUnderstood as error:
        visit.form.wrong[name] = error.thai
        return ""
