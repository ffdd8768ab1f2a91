"""``saraban officer`` - people with an account: clerks, registry officers, auditors, admins."""

import sys
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy.orm import Session

from gateway.service import Runtime
from registry import directory
from registry.accounts import deputies, officers, passwords, people, second_factor
from registry.clock import BANGKOK
from registry.errors import NotFound
from registry.letter.entity import Officer, Role
from registry.thai.dates import parse_date, short_date
from registry.thai.numerals import thai_number
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
        emit([asdict(one) | {"clearance": _grade(one)} for one in found])
        return
    rows = [
        (
            one.email,
            one.name,
            one.entity_code,
            one.unit_code,
            f"{one.role.thai} (ถึงชั้น{_grade(one)})" if one.clearance else one.role.thai,
            "พ้นหน้าที่" if one.disabled else "",
        )
        for one in found
    ]
    show(rows, ("อีเมล", "ชื่อ", "หน่วยงาน", "หน่วยงานย่อย", "หน้าที่", ""), "ยังไม่มีผู้ใช้งาน")


def _grade(one: Officer) -> str | None:
    return one.clearance.thai if one.clearance else None


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


@officer.command()
@click.argument("email")
@click.option("--name", help="Name as it stands in letters.")
@click.option("--role", type=click.Choice([str(role) for role in Role]))
@click.option("--unit", help="Code of the unit they belong to; empty: none.")
@click.option("--ends", metavar="DATE", help="Last day, as 30/9/2569; empty: none.")
@click.option("--clearance", metavar="GRADE", help="Gravest marking seen; empty: every one.")
@by
@with_runtime
def edit(
    runtime: Runtime, email: str, ends: str | None, unit: str | None, by: str | None, **given: Any
) -> None:
    """Change an officer; what is not named stays. A new role ends their sessions."""
    changed = {name: value for name, value in given.items() if value is not None}
    if ends is not None:
        changed["ends"] = parse_date(ends) if ends else None
    if unit is not None:
        changed["unit_code"] = unit
    with runtime.database.write() as session:
        whose, who = _whose(session, email)
        at = runtime.clock.now()
        officers.edit(session, whose, who.id, by=actor(session, by), at=at, **changed)
    say(f"แก้ไข {who.email} แล้ว")


@officer.command()
@click.argument("email")
@by
@with_runtime
def enable(runtime: Runtime, email: str, by: str | None) -> None:
    """Let an officer act again."""
    with runtime.database.write() as session:
        whose, who = _whose(session, email)
        at = runtime.clock.now()
        officers.enable(session, whose, who.id, by=actor(session, by), at=at)
    say(f"{who.email} กลับมาปฏิบัติหน้าที่แล้ว")


@officer.command("sign-out")
@click.argument("email")
@click.option("--lost-telephone", is_flag=True, help="Take the second factor away, too.")
@by
@with_runtime
def sign_out(runtime: Runtime, email: str, by: str | None, *, lost_telephone: bool) -> None:
    """End all sessions of an officer in browsers."""
    at = runtime.clock.now()
    with runtime.database.write() as session:
        (whose, who), acts = _whose(session, email), actor(session, by)
        if lost_telephone:
            second_factor.remove(session, who.id, acts, at)
        ended = officers.sign_out(session, whose, who.id, by=acts, at=at)
    say(f"ออกจากระบบให้ {who.email} แล้ว {thai_number(ended)} เครื่อง")


@officer.command()
@click.argument("email")
@click.argument("deputy", required=False)
@click.option("--from", "first", metavar="DATE", help="First day; else today.")
@click.option("--to", "last", metavar="DATE", help="Last day.")
@click.option("--end", is_flag=True, help="End the appointments of EMAIL instead.")
@by
@with_runtime
def deputy(
    runtime: Runtime,
    email: str,
    deputy: str | None,
    first: str | None,
    last: str | None,
    by: str | None,
    *,
    end: bool,
) -> None:
    """Let DEPUTY act in the place of EMAIL; without DEPUTY list who does."""
    at = runtime.clock.now()
    today = at.astimezone(BANGKOK).date()
    with runtime.database.write() as session:
        whose, who = _whose(session, email)
        if deputy and last:
            days = (parse_date(first) if first else today, parse_date(last))
            stand_in = _whose(session, deputy)[1]
            deputies.appoint(session, who, stand_in, days, actor(session, by), at)
        elif deputy:
            raise click.UsageError("โปรดระบุวันสุดท้ายด้วย --to")
        mine = [one for one in deputies.listing(session, whose, today) if one.officer == who]
        for one in mine if end else ():
            deputies.end(session, one.id, actor(session, by), at)
    rows = [(d.deputy.email, short_date(d.from_day), short_date(d.to_day)) for d in mine]
    show([] if end else rows, ("ผู้ปฏิบัติแทน", "ตั้งแต่", "ถึง"), "ไม่มีผู้ปฏิบัติแทน")


def _whose(session: Session, email: str) -> tuple[int, Officer]:
    """Give the id of the officer's entity, and the officer. Raises NotFound."""
    who = directory.officer_by_email(session, email)
    entity = directory.entity_by_code(session, who.entity_code) if who else None
    if who is None or entity is None:
        raise NotFound(f"no officer {email}", thai=f"ไม่มีผู้ใช้งาน {email}")
    return entity.id, who


def _password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
