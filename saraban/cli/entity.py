"""``saraban entity`` - legal entities: those hosted here, and those only known by address."""

from dataclasses import asdict
from typing import Final, TextIO

import click

from gateway.service import Runtime
from registry import changes, directory, groups
from registry.accounts import people, roster
from registry.accounts.access import READERS, UNIT
from registry.errors import NotFound
from registry.letter.entity import LegalEntity
from registry.letter.number import SenderCode
from registry.thai.numerals import thai_number
from saraban.cli.common import (
    as_json,
    emit,
    entity_option,
    say,
    show,
    show_facts,
    with_runtime,
)
from saraban.cli.who import actor, by, hosted_entity

_READERS: Final = "How far people of a unit see: letters of their unit, or of the whole entity."


_SEEN: Final = {"unit": "หนังสือของหน่วยตน", "entity": "หนังสือทั้งหมดของหน่วยงาน"}


@click.group()
def entity() -> None:
    """Legal entities: hosted here, or known by address."""


@entity.command()
@click.argument("code")
@click.option("--name", required=True, help="Name in Thai.")
@click.option("--address", required=True, help="Central address, saraban@DOMAIN.")
@click.option("--domain", "domains", multiple=True, help="Mail domain; may be given again.")
@click.option("--letter-code", default="", help="Head of its letter numbers, as in 'มท ๐๘๑๐'.")
@click.option("--hosted", is_flag=True, help="Its books are kept here.")
@click.option("--max-message-bytes", type=click.IntRange(1), help="Largest mail it takes.")
@click.option("--no-tags", is_flag=True, help="Its mailbox knows no plus-addresses.")
@click.option("--separate-circulars", is_flag=True, help="ว letters have a series of their own.")
@click.option("--phone", default="", help="Telephone of its registry.")
@click.option("--province", default="", help="Province, shown beside the name.")
@click.option("--district", default="", help="District, shown beside the name.")
@click.option("--readers", type=click.Choice(READERS), default=UNIT, help=_READERS)
@with_runtime
def add(runtime: Runtime, code: str, *, no_tags: bool, **given: object) -> None:
    """Add a legal entity."""
    with runtime.database.write() as session:
        made = people.add_entity(
            session,
            code=code,
            at=runtime.clock.now(),
            knows_tags=not no_tags,
            **given,  # type: ignore[arg-type]
        )
    say(f"เพิ่ม {made.name} ({made.code}) <{made.central_address}> แล้ว")


@entity.command()
@click.argument("code")
@click.option("--name", help="Name in Thai.")
@click.option("--address", help="Central address.")
@click.option("--domain", "domains", multiple=True, help="Mail domains in place of the old ones.")
@click.option("--letter-code", help="Head of its letter numbers.")
@click.option("--max-message-bytes", type=click.IntRange(1), help="Largest mail it takes.")
@click.option("--tags/--no-tags", "knows_tags", default=None, help="Plus-addresses or none.")
@click.option("--phone", help="Telephone of its registry.")
@click.option("--province", help="Province, shown beside the name.")
@click.option("--district", help="District, shown beside the name.")
@click.option("--readers", type=click.Choice(READERS), help=_READERS)
@by
@with_runtime
def edit(
    runtime: Runtime, code: str, by: str | None, domains: tuple[str, ...], **given: object
) -> None:
    """Change an entity; what is not named stays."""
    changed = {name: value for name, value in given.items() if value is not None}
    if domains:
        changed["domains"] = domains
    now = runtime.clock.now()
    with runtime.database.write() as session:
        made = changes.edit_entity(session, code, by=actor(session, by), at=now, **changed)
    say(f"แก้ไข {made.name} ({made.code}) <{made.central_address}> แล้ว")


@entity.command("list")
@as_json
@with_runtime
def list_(runtime: Runtime, *, as_json: bool) -> None:
    """List all entities."""
    with runtime.database.read() as session:
        found = directory.entities(session)
    if as_json:
        emit([asdict(one) for one in found])
        return
    rows = [
        (one.code, one.name, one.central_address, _thai_code(one), "ใช่" if one.hosted else "")
        for one in found
    ]
    show(rows, ("รหัส", "หน่วยงาน", "อีเมลกลาง", "รหัสหนังสือ", "อยู่ในระบบนี้"), "ยังไม่มีหน่วยงาน")


@entity.command("show")
@click.argument("code")
@as_json
@with_runtime
def show_(runtime: Runtime, code: str, *, as_json: bool) -> None:
    """Show one entity with its units and groups."""
    with runtime.database.read() as session:
        found = directory.entity_by_code(session, code)
        if found is None:
            raise NotFound(f"no entity {code}", thai=f"ไม่พบหน่วยงานรหัส “{code}”")
        units = directory.units(session, found.id)
        lists = groups.groups(session, found.id)
    if as_json:
        emit(
            asdict(found)
            | {"units": [asdict(one) for one in units], "groups": [asdict(g) for g in lists]}
        )
        return
    lines = [
        ("รหัส", found.code),
        ("หน่วยงาน", found.name),
        ("อีเมลกลาง", found.central_address),
        ("โดเมน", " ".join(found.domains)),
        ("รหัสหนังสือ", _thai_code(found)),
        ("โทร.", found.phone),
        ("อยู่ในระบบนี้", "ใช่" if found.hosted else "ไม่ใช่"),
        ("ผู้ที่สังกัดหน่วยย่อยเห็น", _SEEN[found.readers] if found.hosted else ""),
        ("ที่อยู่แบบ +", "ใช้ได้" if found.knows_tags else "ใช้ไม่ได้"),
        *(("หน่วยงานย่อย", f"{one.code} {one.name} {' '.join(one.boxes)}") for one in units),
        *(("กลุ่ม", f"{one.code} {one.name}: {' '.join(one.members)}") for one in lists),
    ]
    show_facts(lines)


@entity.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@with_runtime
def import_(runtime: Runtime, file: TextIO) -> None:
    """Bring the directory up to a CSV file (columns code,name,address,...)."""
    with runtime.database.write() as session:
        counts = roster.import_csv(session, file, at=runtime.clock.now())
    say(
        f"เพิ่ม {thai_number(counts.added)} แก้ไข {thai_number(counts.changed)} "
        f"เหมือนเดิม {thai_number(counts.same)} หน่วยงาน"
    )


@entity.command("group")
@click.argument("code")
@entity_option
@click.option("--name", default="", help="Name in Thai.")
@click.option("--member", "members", multiple=True, required=True, help="Code; may be repeated.")
@with_runtime
def group_(
    runtime: Runtime, code: str, owner: str | None, name: str, members: tuple[str, ...]
) -> None:
    """Make a group: one letter to +CODE goes to all its members."""
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        made = groups.add_group(session, own.id, code, name or code, members)
    say(f"เพิ่มกลุ่ม {made.code} ของ {own.name} มีสมาชิก {len(made.members)} หน่วยงาน")


@entity.command("edit-group")
@click.argument("code")
@entity_option
@click.option("--name", default="", help="Name in Thai.")
@click.option("--add", "more", multiple=True, help="Code of a further member; may be repeated.")
@click.option("--drop", multiple=True, help="Code of a member to leave out; may be repeated.")
@click.option("--remove", is_flag=True, help="Remove the whole group.")
@with_runtime
def edit_group(
    runtime: Runtime,
    code: str,
    owner: str | None,
    name: str,
    more: tuple[str, ...],
    drop: tuple[str, ...],
    *,
    remove: bool,
) -> None:
    """Rename a group, add or drop members, or remove it."""
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        if remove:
            changes.remove_group(session, own.id, code)
            done = f"ลบกลุ่ม {code} ของ {own.name} แล้ว"
        else:
            made = changes.edit_group(session, own.id, code, name=name, add=more, drop=drop)
            done = f"กลุ่ม {made.code} ของ {own.name} มีสมาชิก {len(made.members)} หน่วยงาน"
    say(done)


def _thai_code(one: LegalEntity) -> str:
    return SenderCode.parse(one.letter_code).thai() if one.letter_code else ""
