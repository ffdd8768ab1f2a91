"""กลุ่มผู้รับ: one name for many addressees, so that a circular has one number."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import changes, directory, journal
from registry.errors import NotFound
from registry.groups import Group
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()


@router.get("/groups/new")
def new(visit: Visitor) -> Response:
    """Show the form for a group."""
    visit.must(Act.DIRECTORY)
    return _form(visit, None)


@router.post("/groups")
def add(visit: Visitor) -> Response:
    """Add a group."""
    visit.must(Act.DIRECTORY)
    code = visit.form.text("code", need="โปรดตั้งรหัส", most=40)
    name, members = _read(visit)
    if visit.form.wrong:
        return _form(visit, None, 422)

    def work(session: Session) -> Done:
        made = directory.add_group(session, visit.entity.id, code, name, members)
        _note(session, visit, "group-added", made.code)
        return Done("/units#groups", f"เพิ่มกลุ่ม {made.name} แล้ว")

    return visit.act(work)


@router.get("/groups/{code}")
def look(visit: Visitor, code: str) -> Response:
    """Show one group with the names of its members."""
    visit.must(Act.DIRECTORY)
    with visit.read() as session:
        group = _found(session, visit, code)
    return _form(visit, group)


@router.post("/groups/{code}")
def change(visit: Visitor, code: str) -> Response:
    """Change name and members of a group."""
    visit.must(Act.DIRECTORY)
    name, members = _read(visit)
    with visit.read() as session:
        group = _found(session, visit, code)
    if visit.form.wrong:
        return _form(visit, group, 422)

    def work(session: Session) -> Done:
        before = _found(session, visit, code)
        visit.form.must_be_fresh(version_of(before))
        after = {member.casefold() for member in members}
        changes.edit_group(
            session, visit.entity.id, code, name=name, add=sorted(after - set(before.members)),
            drop=sorted(set(before.members) - after),
        )  # fmt: skip
        _note(session, visit, "group-changed", before.code)
        return Done("/units#groups", f"บันทึกกลุ่ม {name} แล้ว")

    return visit.act(work)


@router.post("/groups/{code}/remove")
def remove(visit: Visitor, code: str) -> Response:
    """Remove a group; what was sent to it stays as it is."""
    visit.must(Act.DIRECTORY)

    def work(session: Session) -> Done:
        changes.remove_group(session, visit.entity.id, code)
        _note(session, visit, "group-removed", code.casefold())
        return Done("/units#groups", "ลบกลุ่มแล้ว")

    return visit.act(work)


def _read(visit: Visit) -> tuple[str, list[str]]:
    name = visit.form.text("name", need="โปรดพิมพ์ชื่อกลุ่ม", most=300)
    members = visit.form.text("members", need="โปรดใส่รหัสสมาชิก", most=20_000)
    return name, members.replace(",", " ").split()


def _form(visit: Visit, group: Group | None, status: int = 200) -> Response:
    with visit.read() as session:
        names = {unit.code: unit.name for unit in directory.units(session, visit.entity.id)}
        for code in group.members if group else ():
            entity = directory.entity_by_code(session, code)
            if entity is not None:
                names.setdefault(code, f"{entity.name} {entity.place}".strip())
    version = version_of(group) if group else ""
    return visit.page("group", status=status, group=group, names=names, form=visit.form,
                      version=version)  # fmt: skip


def _found(session: Session, visit: Visit, code: str) -> Group:
    for group in directory.groups(session, visit.entity.id):
        if group.code == code.casefold():
            return group
    raise NotFound(f"no group {code}")


def _note(session: Session, visit: Visit, act: str, code: str) -> None:
    by = visit.viewer.email
    journal.record(session, visit.entity.id, act, by, visit.now, facts={"group": code})
