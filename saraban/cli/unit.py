"""``saraban unit`` - units of an entity: who gets the copies of its letters."""

from dataclasses import asdict

import click

from gateway.service import Runtime
from registry import changes, directory
from registry.accounts import people
from saraban.cli.common import as_json, emit, entity_option, say, show, with_runtime
from saraban.cli.who import hosted_entity


@click.group()
def unit() -> None:
    """Units of an entity and their mailboxes."""


@unit.command()
@click.argument("code")
@entity_option
@click.option("--name", required=True, help="Name in Thai.")
@click.option("--box", "boxes", multiple=True, help="Mail address of its people; may be repeated.")
@click.option("--delivery", type=click.Choice(["full", "notice"]), default="full")
@click.option("--letter-code", default="", help="Head of its letter numbers, as in 'พร ๐๐๒๓.๓'.")
@click.option("--keeps-books", is_flag=True, help="It keeps books of its own.")
@click.option("--above", default="", help="Code of the unit above it, which sees its letters.")
@click.option("--default", "is_default", is_flag=True, help="It gets what no rule places.")
@with_runtime
def add(
    runtime: Runtime, code: str, owner: str | None, *, is_default: bool, **given: object
) -> None:
    """Add a unit."""
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        made = people.add_unit(session, own.id, code=code, **given)  # type: ignore[arg-type]
        if is_default:
            people.set_default_unit(session, own.id, made.code)
    say(f"เพิ่ม {made.name} ({made.code}) ของ {own.name} แล้ว")


@unit.command()
@click.argument("code")
@entity_option
@click.option("--name", help="Name in Thai.")
@click.option("--box", "boxes", multiple=True, help="Mail addresses in place of the old ones.")
@click.option("--no-boxes", is_flag=True, help="It has no mail address any more.")
@click.option("--delivery", type=click.Choice(["full", "notice"]))
@click.option("--letter-code", help="Head of its letter numbers; empty: the entity's own.")
@click.option("--above", help="Code of the unit above it; empty: none.")
@click.option("--default", "is_default", is_flag=True, help="It gets what no rule places.")
@with_runtime
def edit(
    runtime: Runtime,
    code: str,
    owner: str | None,
    boxes: tuple[str, ...],
    *,
    no_boxes: bool,
    is_default: bool,
    **given: str | None,
) -> None:
    """Change a unit; what is not named stays."""
    changed: dict[str, object] = {key: value for key, value in given.items() if value is not None}
    if boxes or no_boxes:
        changed["boxes"] = boxes
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        made = changes.edit_unit(session, own.id, code, **changed)
        if is_default:
            people.set_default_unit(session, own.id, made.code)
    say(f"แก้ไข {made.name} ({made.code}) ของ {own.name} แล้ว")


@unit.command()
@click.argument("code")
@entity_option
@with_runtime
def remove(runtime: Runtime, code: str, owner: str | None) -> None:
    """Remove a unit that no rule, officer, group or book names."""
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        changes.remove_unit(session, own.id, code)
    say(f"ลบหน่วยงานย่อย {code} ของ {own.name} แล้ว")


@unit.command("list")
@entity_option
@as_json
@with_runtime
def list_(runtime: Runtime, owner: str | None, *, as_json: bool) -> None:
    """List the units of an entity."""
    with runtime.database.read() as session:
        own = hosted_entity(session, owner)
        found = directory.units(session, own.id)
        default = directory.default_unit(session, own.id)
    if as_json:
        emit([asdict(one) for one in found])
        return
    kinds = {"full": "หนังสือและไฟล์", "notice": "แจ้งให้ทราบ"}
    rows = [
        (
            one.code + ("*" if default and one.code == default.code else ""),
            one.name,
            " ".join(one.boxes),
            kinds[one.delivery],
        )
        for one in found
    ]
    show(rows, ("รหัส", "หน่วยงานย่อย", "กล่องจดหมาย", "ส่งให้แบบ"), "ยังไม่มีหน่วยงานย่อย")
    if default:
        say("* รับหนังสือที่ไม่เข้ากฎข้อใด")
