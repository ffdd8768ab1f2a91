"""``saraban letter stamped`` - a copy of a received PDF with the receive stamp."""

import sys
from contextlib import closing

import click

from gateway.service import Runtime
from registry import directory, entries
from registry.apart import Apart
from registry.errors import NotAllowed
from registry.letter.stamp import stamp_of
from registry.stamping import Stamper, file_to_stamp
from saraban.cli.common import entity_option, say, with_runtime
from saraban.cli.who import cleared_entity, entry_of, hosted_entity, secrets_for

_SECRET = "หนังสือมีชั้นความลับ โปรดระบุ --as เป็นนายทะเบียนข้อมูลข่าวสารลับของหน่วยงาน"  # noqa: S105 - a text


def join(group: click.Group) -> None:
    """Add the command to the group."""
    group.add_command(stamped)


@click.command()
@click.argument("ref")
@entity_option
@click.option("--arabic", is_flag=True, help="Arabic digits on the stamp.")
@secrets_for
@with_runtime
def stamped(
    runtime: Runtime, ref: str, owner: str | None, *, arabic: bool, cleared: str | None
) -> None:
    """Write a copy of a received PDF with the receive stamp (form 12) to standard output."""
    if sys.stdout.isatty():
        raise click.UsageError("ผลเป็นไฟล์ โปรดสั่งเก็บลงไฟล์ด้วย > ชื่อไฟล์")
    with runtime.database.read() as session:
        entry = entries.get(session, entry_of(session, ref, owner), cleared=True)
        if entry.secrecy and entry.entity != cleared_entity(session, cleared):
            raise NotAllowed("a secret letter: name a cleared officer with --as", thai=_SECRET)
        owned = hosted_entity(session, entry.entity)
        unit = directory.unit_by_code(session, owned.id, entry.unit) if entry.unit else None
    file = file_to_stamp(entry)
    apart = Apart("registry.texts.child", runtime.office.reading.memory, 0)
    with closing(apart):
        stamp = stamp_of(entry, unit.name if unit else owned.name, thai=not arabic)
        copy = Stamper(apart).copy(runtime.blobs, file.sha256, stamp, file.media_type)
    for piece in copy.pieces():
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    if copy.signed:
        say("ต้นฉบับลงลายมือชื่อดิจิทัล สำเนานี้จึงมีข้อความว่าเป็นสำเนา")
