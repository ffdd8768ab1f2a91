"""``saraban route`` - rules that bring a letter to a unit, and a trial of them."""

import click

from gateway.service import Runtime
from registry import changes, routing
from registry.desk.try_route import try_route
from saraban.cli.common import as_json, emit, entity_option, say, show, with_runtime
from saraban.cli.who import hosted_entity, letter_of

KINDS = {"words": "คำในเรื่อง", "sender": "รหัสผู้ส่ง", "addressed": "คำในเรียน"}


@click.group()
def route() -> None:
    """Rules that bring a letter to a unit."""


@route.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("pattern")
@click.argument("unit")
@entity_option
@with_runtime
def add(runtime: Runtime, kind: str, pattern: str, unit: str, owner: str | None) -> None:
    """Add a rule behind the others: letters with PATTERN go to UNIT."""
    if not pattern.strip():
        raise click.BadParameter("an empty pattern would fit every letter", param_hint="PATTERN")
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        made = routing.add_route(session, own.id, kind, pattern, unit)
    say(f"ข้อ {made.position}: {KINDS[made.kind]} “{made.pattern}” → {made.unit.name}")


@route.command()
@click.argument("position", type=click.IntRange(1))
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("pattern")
@click.argument("unit")
@entity_option
@with_runtime
def edit(
    runtime: Runtime, position: int, kind: str, pattern: str, unit: str, owner: str | None
) -> None:
    """Change the rule at POSITION; it keeps its place."""
    if not pattern.strip():
        raise click.BadParameter("an empty pattern would fit every letter", param_hint="PATTERN")
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        given = {"kind": kind, "pattern": pattern, "unit_code": unit}
        changes.edit_route(session, own.id, position, **given)
    say(f"แก้กฎข้อ {position} ของ {own.name} แล้ว")


@route.command()
@click.argument("position", type=click.IntRange(1))
@click.argument("to", type=click.IntRange(1))
@entity_option
@with_runtime
def move(runtime: Runtime, position: int, to: int, owner: str | None) -> None:
    """Let the rules at POSITION and TO change places."""
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        changes.move_route(session, own.id, position, to)
    say(f"สลับกฎข้อ {position} กับข้อ {to} ของ {own.name} แล้ว")


@route.command()
@click.argument("position", type=click.IntRange(1))
@entity_option
@with_runtime
def remove(runtime: Runtime, position: int, owner: str | None) -> None:
    """Remove the rule at POSITION of the list; those behind it move up."""
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        changes.remove_route(session, own.id, position)
    say(f"ลบกฎข้อ {position} ของ {own.name} แล้ว")


@route.command("list")
@entity_option
@as_json
@with_runtime
def list_(runtime: Runtime, owner: str | None, *, as_json: bool) -> None:
    """List the rules in the order in which they are tried."""
    with runtime.database.read() as session:
        own = hosted_entity(session, owner)
        found = routing.routes(session, own.id)
    if as_json:
        emit(
            [
                {"position": r.position, "kind": r.kind, "pattern": r.pattern, "unit": r.unit.code}
                for r in found
            ]
        )
        return
    rows = [(str(r.position), KINDS[r.kind], r.pattern, r.unit.name) for r in found]
    show(rows, ("ข้อ", "ดูจาก", "ถ้ามี", "ส่งให้"), "ยังไม่มีกฎ")


@route.command()
@click.argument("ref")
@entity_option
@as_json
@with_runtime
def test(runtime: Runtime, ref: str, owner: str | None, *, as_json: bool) -> None:
    """Say to which units the rules would bring this letter, and why; nothing is sent."""
    with runtime.database.read() as session:
        hits = try_route(session, letter_of(session, ref, owner))
    if as_json:
        emit([{"unit": hit.unit.code, "name": hit.unit.name, "why": hit.why} for hit in hits])
        return
    rows = [(hit.unit.code, hit.unit.name, hit.why) for hit in hits]
    show(rows, ("รหัส", "หน่วยงานย่อย", "เพราะ"), "ไม่เข้ากฎข้อใด และไม่มีหน่วยงานรับทั่วไป จึงไม่ส่งให้ใคร")
