"""``saraban token`` - tokens by which programs use the API, each for one entity."""

from datetime import timedelta

import click

from gateway.service import Runtime
from registry.accounts import api_tokens
from registry.accounts.api_tokens import ApiToken, Scope
from registry.thai.numerals import to_thai
from saraban.cli.common import as_json, emit, entity_option, say, show, with_runtime
from saraban.cli.who import actor, by, hosted_entity
from saraban.times import iso, when

SCOPES = click.Choice([str(one) for one in Scope])


@click.group()
def token() -> None:
    """Tokens of programs that use the API: add, list, revoke."""


@token.command()
@click.argument("name")
@entity_option
@click.option("--scope", "scopes", multiple=True, required=True, type=SCOPES, help="Repeatable.")
@click.option("--officer", default="", metavar="EMAIL", help="In whose name it acts.")
@click.option("--days", type=click.IntRange(1, 3650), help="Days until it ends; else never.")
@by
@with_runtime
def add(
    runtime: Runtime,
    name: str,
    owner: str | None,
    scopes: tuple[str, ...],
    officer: str,
    days: int | None,
    by: str | None,
) -> None:
    """Make a token for the program NAME and print it: once, for it is kept as a digest."""
    now = runtime.clock.now()
    with runtime.database.write() as session:
        made, secret = api_tokens.issue(
            session, hosted_entity(session, owner), name, [Scope(one) for one in scopes],
            officer=officer, by=actor(session, by), at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )  # fmt: skip
    say(f"โทเค็นหมายเลข {to_thai(str(made.id))} ของ {made.name} แสดงครั้งเดียว โปรดเก็บไว้ในที่ปลอดภัย")
    click.echo(secret)


@token.command("list")
@entity_option
@as_json
@with_runtime
def list_(runtime: Runtime, owner: str | None, *, as_json: bool) -> None:
    """List tokens, also those that ended; never their secrets."""
    with runtime.database.read() as session:
        own = hosted_entity(session, owner).id if owner else None
        found = api_tokens.listing(session, own)
    if as_json:
        emit([_data(one) for one in found])
        return
    rows = [
        (str(one.id), one.name, one.entity.code, " ".join(sorted(one.scopes)),
         one.officer.email if one.officer else "", when(one.last_used_at),
         "ยกเลิกแล้ว" if one.revoked_at else when(one.expires_at))
        for one in found
    ]  # fmt: skip
    headers = ("หมายเลข", "โปรแกรม", "หน่วยงาน", "สิทธิ", "ทำแทน", "ใช้ล่าสุด", "หมดอายุ")
    show(rows, headers, "ยังไม่มีโทเค็นของโปรแกรม")


@token.command()
@click.argument("number", type=int)
@entity_option
@by
@with_runtime
def revoke(runtime: Runtime, number: int, owner: str | None, by: str | None) -> None:
    """End the token NUMBER at once."""
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        who = actor(session, by)
        done = api_tokens.revoke(session, number, own.id, who, runtime.clock.now())
    say(f"ยกเลิกโทเค็นของ {done.name} แล้ว")


def _data(one: ApiToken) -> dict[str, object]:
    return {
        "number": one.id,
        "name": one.name,
        "entity": one.entity.code,
        "officer": one.officer.email if one.officer else None,
        "scopes": sorted(one.scopes),
        "created_at": iso(one.created_at),
        "expires_at": iso(one.expires_at),
        "last_used_at": iso(one.last_used_at),
        "revoked_at": iso(one.revoked_at),
    }
