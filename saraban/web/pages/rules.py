"""กฎส่งต่อ: rules are added, changed, moved and removed, and tried on a letter before they are saved.

A trial is the change itself, rolled back: it shows where the letter goes now and where it would go.
Each form says which rule was seen at its place, so that nobody changes another than they meant.
Every change stands in the journal with the unit's code and the rule's place, never with its words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, NoReturn

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import changes, directory, journal
from registry.desk.deliver import RouteHit
from registry.errors import NotFound
from registry.routing import Route
from saraban.web.cookies import Done
from saraban.web.pages.units import KINDS, TRIED, show, tried
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

Position = Annotated[int, Path(ge=1, le=10_000)]
_BACK: Final = "/units#rules"
Hits = Sequence[RouteHit] | None


@dataclass(frozen=True, slots=True)
class _Trial:
    """Where a letter goes now, and where it would; None for both when none was named."""

    now: Hits
    then: Hits


class _Over(Exception):
    """Nothing of this is kept."""


@router.get("/units/rules/new")
def new(visit: Visitor) -> Response:
    """Show the form for a rule."""
    visit.must(Act.DIRECTORY)
    return _form(visit, None)


@router.post("/units/rules")
def add(visit: Visitor) -> Response:
    """Add a rule behind the others, or try what it would do."""
    visit.must(Act.DIRECTORY)
    given = _given(visit)
    if visit.form.wrong:
        return _form(visit, None, 422) if visit.form.has("do") else show(visit, 422)

    def change(session: Session) -> Route:
        return directory.add_route(session, visit.entity.id, **given)

    if visit.form.raw("do") == "try":
        return _form(visit, None, trial=_try(visit, change))

    def work(session: Session) -> Done:
        made = change(session)
        _note(session, visit, "rule-added", unit=made.unit.code, position=made.position)
        return Done(_BACK, "เพิ่มกฎแล้ว ลองกับหนังสือได้ด้านล่าง")

    return visit.act(work)


@router.get("/units/rules/{position}")
def look(visit: Visitor, position: Position) -> Response:
    """Show one rule, to be changed."""
    visit.must(Act.DIRECTORY)
    with visit.read() as session:
        rule = _rule(session, visit, position)
    return _form(visit, rule)


@router.post("/units/rules/{position}")
def change(visit: Visitor, position: Position) -> Response:
    """Change a rule at its place, or try what the change would do."""
    visit.must(Act.DIRECTORY)
    given = _given(visit)
    with visit.read() as session:
        rule = _rule(session, visit, position)
    if visit.form.wrong:
        return _form(visit, rule, 422)

    def edit(session: Session) -> None:
        visit.form.must_be_fresh(_version(_rule(session, visit, position)))
        changes.edit_route(session, visit.entity.id, position, **given)

    if visit.form.raw("do") == "try":
        return _form(visit, rule, trial=_try(visit, edit))

    def work(session: Session) -> Done:
        edit(session)
        _note(session, visit, "rule-changed", unit=given["unit_code"], position=position)
        return Done(_BACK, "แก้ไขกฎแล้ว ใช้กับหนังสือที่ลงรับต่อจากนี้")

    return visit.act(work)


@router.post("/units/rules/{position}/{act}")
def do(visit: Visitor, position: Position, act: str) -> Response:
    """Remove a rule, or move it by one place; the form says which rule was seen there."""
    visit.must(Act.DIRECTORY)
    if act not in {"remove", "up", "down"}:
        raise NotFound(f"no act {act}")

    def work(session: Session) -> Done:
        visit.form.must_be_fresh(str(_rule(session, visit, position).id))
        if act == "remove":
            changes.remove_route(session, visit.entity.id, position)
        else:
            to = position + (1 if act == "down" else -1)
            changes.move_route(session, visit.entity.id, position, to)
        done = "rule-removed" if act == "remove" else "rule-moved"
        _note(session, visit, done, position=position)
        return Done(_BACK, "ลบกฎแล้ว" if act == "remove" else "ย้ายกฎแล้ว")

    return visit.act(work)


def _try(visit: Visit, change: Callable[[Session], object]) -> _Trial:
    """Make the change, look where the letter goes, and keep nothing of it."""
    found: list[Hits] = []

    def play(session: Session) -> NoReturn:
        found.append(tried(session, visit, asked))
        change(session)
        found.append(tried(session, visit, asked))
        raise _Over

    asked = _letter(visit)
    try:
        with visit.write() as session:
            play(session)
    except _Over:
        return _Trial(*found)


def _given(visit: Visit) -> dict[str, Any]:
    """Read what a rule looks at and where it leads."""
    form = visit.form
    return {
        "kind": form.choice("kind", list(KINDS), need="โปรดเลือกว่าดูจากอะไร"),
        "pattern": form.text("pattern", need="โปรดพิมพ์คำที่ใช้ดู", most=300),
        "unit_code": form.text("to_unit", need="โปรดเลือกหน่วยงานย่อย", most=40),
    }


def _letter(visit: Visit) -> Mapping[str, str]:
    return {name: visit.form.raw(f"try_{name}")[:300] for name in TRIED}


def _rule(session: Session, visit: Visit, position: int) -> Route:
    for rule in directory.routes(session, visit.entity.id):
        if rule.position == position:
            return rule
    raise NotFound(f"no rule {position}", thai="ไม่มีกฎข้อนี้แล้ว")


def _version(rule: Route) -> str:
    return f"{rule.id}:{rule.kind}:{rule.unit.code}:{rule.pattern}"


def _form(
    visit: Visit, rule: Route | None, status: int = 200, trial: _Trial | None = None
) -> Response:
    with visit.read() as session:
        units = directory.units(session, visit.entity.id)
    typed = visit.form.has("kind")
    stands = (rule.kind, rule.pattern, rule.unit.code) if rule else ("", "", "")
    names = ("kind", "pattern", "to_unit")
    given = {
        name: visit.form.raw(name) if typed else stood
        for name, stood in zip(names, stands, strict=True)
    }
    return visit.page(
        "rule", status=status, rule=rule, given=given, units=units, kinds=KINDS, trial=trial,
        letter=_letter(visit), form=visit.form, version=_version(rule) if rule else "",
    )  # fmt: skip


def _note(session: Session, visit: Visit, act: str, **facts: Any) -> None:
    journal.record(session, visit.entity.id, act, visit.viewer.email, visit.now, facts=facts)
