"""``saraban officer`` - people with an account: clerks, registry officers, auditors, admins."""

import sys
from dataclasses import asdict

import click

from gateway.service import Runtime
from registry import directory, passwords, people
from registry.letter.entity import Role
from saraban.cli.common import as_json, emit, entity_option, say, show, with_runtime
from saraban.cli.who import actor, by, hosted_entity, unit_code

password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group()
def officer() -> None:
    """People who send, register and look after letters."""


@officer.command()
@click.argument("email")
@entity_option
@click.option("--role", type=click.Choice([str(role) for role in Role]), default="clerk")
@click.option("--name", default="", help="Name as it stands in letters.")
@click.option("--unit", "unit", default="", help="Code of the unit they belong to.")
@password_stdin
@by
@with_runtime
def add(  # noqa: PLR0913 - one parameter an option
    runtime: Runtime,
    email: str,
    owner: str | None,
    role: str,
    name: str,
    unit: str,
    *,
    password_stdin: bool,
    by: str | None,
) -> None:
    """Add an officer; without a password they cannot sign in, only be known by address."""
    now = runtime.clock.now()
    secret = _password() if password_stdin else ""
    with runtime.database.write() as session:
        own, who = hosted_entity(session, owner), actor(session, by)
        made = people.add_officer(
            session,
            own.id,
            email=email,
            role=Role(role),
            at=now,
            name=name,
            unit_code=unit_code(session, own, unit),
            by=who,
        )
        if secret:
            passwords.set_password(session, made.email, secret, at=now, by=who)
    say(f"เพิ่ม {made.email} เป็น{made.role.thai} ของ {own.name} แล้ว")


@officer.command("list")
@entity_option
@as_json
@with_runtime
def list_(runtime: Runtime, owner: str | None, *, as_json: bool) -> None:
    """List officers."""
    with runtime.database.read() as session:
        entity_id = hosted_entity(session, owner).id if owner else None
        found = directory.officers(session, entity_id)
    if as_json:
        emit([asdict(one) for one in found])
        return
    rows = [
        (
            one.email,
            one.name,
            one.entity_code,
            one.unit_code,
            one.role.thai,
            "พ้นหน้าที่" if one.disabled else "",
        )
        for one in found
    ]
    show(rows, ("อีเมล", "ชื่อ", "หน่วยงาน", "หน่วยงานย่อย", "หน้าที่", ""), "ยังไม่มีผู้ใช้งาน")


@officer.command()
@click.argument("email")
@password_stdin
@by
@with_runtime
def passwd(runtime: Runtime, email: str, *, password_stdin: bool, by: str | None) -> None:
    """Give an officer a new password."""
    secret = _password() if password_stdin else click.prompt("รหัสผ่านใหม่", hide_input=True)
    with runtime.database.write() as session:
        who = actor(session, by)
        passwords.set_password(session, email, secret, at=runtime.clock.now(), by=who)
    say(f"ตั้งรหัสผ่านของ {email} แล้ว")


@officer.command()
@click.argument("email")
@by
@with_runtime
def disable(runtime: Runtime, email: str, by: str | None) -> None:
    """Let an officer act no more; their name stays in the books."""
    with runtime.database.write() as session:
        people.disable_officer(session, email, by=actor(session, by), at=runtime.clock.now())
    say(f"{email} พ้นหน้าที่แล้ว")


def _password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
