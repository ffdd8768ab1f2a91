"""``saraban link`` - the pages on which large files wait: listed, issued anew, closed.

A page issued anew has a new address and a new life; the old address opens nothing any more. The
letter and its number stay as they are, and whoever should have the new address must be sent it.
"""

from datetime import timedelta

import click

from gateway.service import Runtime
from registry import links
from saraban.cli.common import as_json, emit, entity_option, say, show, with_runtime
from saraban.cli.who import actor, by, letter_of
from saraban.times import when

STATES = {"open": "ใช้ได้", "expired": "หมดอายุ", "revoked": "ยกเลิกแล้ว"}
KINDS = {"download": "รับไฟล์", "upload": "วางไฟล์"}


@click.group()
def link() -> None:
    """Pages on which large files wait: list, reissue, revoke."""


@link.command("list")
@click.argument("ref")
@entity_option
@as_json
@with_runtime
def list_(runtime: Runtime, ref: str, owner: str | None, *, as_json: bool) -> None:
    """List the pages of a letter; addresses are not shown, only who has one."""
    with runtime.database.read() as session:
        found = links.pages_of(session, letter_of(session, ref, owner), runtime.clock.now())
    if as_json:
        emit(
            [
                {"id": one.id, "kind": one.kind, "state": str(one.state), "to": one.to_address,
                 "expires_at": when(one.expires_at), "generation": one.generation}
                for one in found
            ]
        )  # fmt: skip
        return
    rows = [
        (one.id, KINDS[one.kind], one.to_name or one.to_address, STATES[one.state],
         when(one.expires_at))
        for one in found
    ]  # fmt: skip
    show(rows, ("รหัส", "ชนิด", "ให้", "สถานะ", "ถึง"), "หนังสือนี้ไม่มีลิงก์")


@link.command()
@click.argument("page")
@by
@with_runtime
def reissue(runtime: Runtime, page: str, by: str | None) -> None:
    """Give PAGE a new address and a new life, also after it was revoked."""
    now, life = runtime.clock.now(), timedelta(days=runtime.gateway.links.life_days)
    with runtime.database.write() as session:
        who = actor(session, by)
        token = links.reissue(session, runtime.keys, page, at=now, life=life, by=who)
        view = links.open_link(session, token, now)
    kind = "u" if view is not None and view.kind == "upload" else "l"
    say("ออกลิงก์ใหม่แล้ว ลิงก์เดิมใช้ไม่ได้อีก โปรดส่งลิงก์ใหม่ให้ผู้รับ")
    click.echo(f"{runtime.links_url}/{kind}/{token}")


@link.command()
@click.argument("page")
@by
@with_runtime
def revoke(runtime: Runtime, page: str, by: str | None) -> None:
    """Close PAGE at once; the letter stays in the books."""
    with runtime.database.write() as session:
        links.revoke(session, page, at=runtime.clock.now(), by=actor(session, by))
    say("ยกเลิกลิงก์แล้ว")
