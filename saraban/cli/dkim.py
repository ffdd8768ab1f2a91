"""``saraban dkim`` - keys with which our mails are signed, and what to put into DNS for them.

A first key of a domain signs at once. One that follows another of its kind signs from a day later
on, so that its record is known everywhere by then; ``--now`` is for a key that must be replaced.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gateway.service import Runtime
from registry import directory
from saraban.cli.common import as_json, emit, say, show, with_runtime
from saraban.times import when

if TYPE_CHECKING:
    from gateway.outbound.dkim_keys import DkimKey

_KNOWN_EVERYWHERE: Final = timedelta(days=1)
_THAI: Final = {"signing": "ใช้ลงลายมือชื่อ", "later": "ยังไม่ถึงเวลา", "old": "เลิกใช้แล้ว"}


@click.group()
def dkim() -> None:
    """Keys that sign our mails: make, list, show for DNS."""


@dkim.command()
@click.argument("domain")
@click.option("--selector", help="Name of the key in DNS; else made from today's date.")
@click.option("--ed25519", is_flag=True, help="Ed25519, as a second signature beside RSA.")
@click.option("--now", is_flag=True, help="Sign with it at once, though another key is in use.")
@with_runtime
def new(runtime: Runtime, domain: str, selector: str | None, *, ed25519: bool, now: bool) -> None:
    """Make a key and print its record; the keys before it stay."""
    from gateway.outbound import dkim_keys

    kind, at = ("ed25519" if ed25519 else "rsa"), runtime.clock.now()
    domain = dkim_keys.domain_of(domain)
    before = [one for one in dkim_keys.load(_folder(runtime), domain) if one.kind == kind]
    since = at if now or not before else at + _KNOWN_EVERYWHERE
    name = selector or f"{kind[0]}{at:%Y%m%d}"
    key = dkim_keys.create(_folder(runtime), domain, name, kind, since)
    click.echo(key.zone_line)
    _tell(runtime, key, at)


@dkim.command("show")
@click.argument("domain", default="")
@as_json
@with_runtime
def show_(runtime: Runtime, domain: str, *, as_json: bool) -> None:
    """Print the records of all keys, or those of one domain, for DNS."""
    from gateway.outbound import dkim_keys

    keys = dkim_keys.load(_folder(runtime), dkim_keys.domain_of(domain) if domain else "")
    if as_json:
        emit([{"name": key.name, "type": "TXT", "value": key.record} for key in keys])
        return
    for key in keys:
        click.echo(key.zone_line)
    if not keys:
        say("ยังไม่มีกุญแจ สั่ง saraban dkim new โดเมน")


@dkim.command("list")
@as_json
@with_runtime
def list_(runtime: Runtime, *, as_json: bool) -> None:
    """List the keys, and which of them sign now."""
    from gateway.outbound import dkim_keys

    found = _states(dkim_keys.load(_folder(runtime)), runtime.clock.now())
    if as_json:
        emit([_as_json(key, state) for key, state in found])
        return
    rows = [
        (key.domain, key.selector, key.kind, when(key.since), _THAI[state]) for key, state in found
    ]
    show(rows, ("โดเมน", "selector", "ชนิด", "ตั้งแต่", "สถานะ"), "ยังไม่มีกุญแจ จดหมายออกไปโดยไม่มีลายมือชื่อ")


def _states(keys: "list[DkimKey]", now: datetime) -> "list[tuple[DkimKey, str]]":
    """Say of each key whether it signs now, will later, or did before."""
    from gateway.outbound import dkim_keys

    domains = {key.domain for key in keys}
    signing = [
        key
        for domain in domains
        for key in dkim_keys.signing((one for one in keys if one.domain == domain), now)
    ]
    return [
        (key, "signing" if key in signing else "later" if key.since > now else "old")
        for key in keys
    ]


def _as_json(key: "DkimKey", state: str) -> dict[str, str]:
    return {
        "domain": key.domain, "selector": key.selector, "kind": key.kind,
        "since": key.since.isoformat(), "state": state,
    }  # fmt: skip


def _tell(runtime: Runtime, key: "DkimKey", at: datetime) -> None:
    """Say what is to be done now that there is a new key."""
    say(f"เก็บกุญแจไว้ที่ {_folder(runtime)} แล้ว โปรดให้ผู้ดูแล DNS เพิ่มระเบียน TXT ข้างต้น")
    if key.since > at:
        since = when(key.since)
        say(f"ระบบจะลงลายมือชื่อด้วยกุญแจใหม่ตั้งแต่ {since} ก่อนนั้นใช้กุญแจเดิม อย่าเพิ่งลบระเบียนเดิม")
    else:
        say("ระบบลงลายมือชื่อด้วยกุญแจนี้ตั้งแต่หนังสือฉบับต่อไป")
    if not _is_sent_from(runtime, key.domain):
        say(f"หมายเหตุ: ยังไม่มีหน่วยงานในระบบนี้ที่ส่งจาก @{key.domain}")
    say("เมื่อเพิ่มแล้ว ตรวจด้วย saraban doctor --dns")


def _folder(runtime: Runtime) -> Path:
    return runtime.data_dir / "keys" / "dkim"


def _is_sent_from(runtime: Runtime, domain: str) -> bool:
    from gateway.inbound.alignment import ascii_domain

    with runtime.database.read() as session:
        hosted = directory.hosted(session)
    return domain in {ascii_domain(one.central_address.rpartition("@")[2]) for one in hosted}
