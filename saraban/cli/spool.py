"""``saraban spool`` - mail that has come in and is not yet entered, or was set aside."""

import click

from gateway.inbound.spool import Spooled
from gateway.inbound.tray import Tray
from gateway.service import Runtime
from registry.clock import BANGKOK
from registry.letter.enclosure import human_size
from saraban.cli.common import as_json, emit, say, show, show_facts, with_runtime
from saraban.times import when

STATES = {"new": "รอลงทะเบียน", "held": "พักไว้", "bad": "อ่านไม่ได้"}


@click.group()
def spool() -> None:
    """Mail that has come in and is not yet entered."""


@spool.command("list")
@as_json
@with_runtime
def list_(runtime: Runtime, *, as_json: bool) -> None:
    """List what waits and what was set aside; set aside needs a person (exit 1)."""
    tray = Tray(runtime.spool_dir)
    new = [tray.read(name) for name in tray.list_new()]
    aside = tray.list_aside()
    if as_json:
        emit([_data(one) for one in (*new, *aside)])
    else:
        rows = [
            (
                one.name,
                STATES[one.state],
                when(one.envelope.accepted_at),
                human_size(one.envelope.raw_bytes),
                one.envelope.mail_from or "<>",
                " ".join(one.envelope.recipients),
                one.reason,
            )
            for one in (*new, *aside)
        ]
        headers = ("ชื่อ", "สถานะ", "รับเมื่อ", "ขนาด", "จาก", "ถึง", "เหตุ")
        show(rows, headers, "ไม่มีจดหมายค้าง ทุกฉบับเข้าทะเบียนแล้ว")
    if any(one.state == "bad" for one in aside):
        raise SystemExit(1)


@spool.command("show")
@click.argument("name")
@as_json
@with_runtime
def show_(runtime: Runtime, name: str, *, as_json: bool) -> None:
    """Show the envelope of one mail."""
    one = Tray(runtime.spool_dir).read(name)
    if as_json:
        emit(_data(one))
        return
    envelope = one.envelope
    show_facts(
        (
            ("ชื่อ", one.name),
            ("สถานะ", STATES[one.state]),
            ("เหตุ", one.reason),
            ("รับเมื่อ", when(envelope.accepted_at)),
            ("ทางเข้า", str(envelope.listener)),
            ("จาก", envelope.mail_from or "<>"),
            ("ถึง", " ".join(envelope.recipients)),
            ("ขนาด", human_size(envelope.raw_bytes)),
            ("SHA-256", envelope.raw_sha256),
            ("เครื่องที่ส่ง", envelope.peer),
            ("ไฟล์", str(one.path)),
        )
    )


@spool.command()
@click.argument("name")
@with_runtime
def readmit(runtime: Runtime, name: str) -> None:
    """Let a mail that was set aside be tried again."""
    Tray(runtime.spool_dir).readmit(name)
    say(f"{name} จะถูกนำเข้าทะเบียนอีกครั้ง")


def _data(one: Spooled) -> dict[str, object]:
    envelope = one.envelope
    return {
        "name": one.name,
        "state": one.state,
        "reason": one.reason,
        "accepted_at": envelope.accepted_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        "listener": str(envelope.listener),
        "from": envelope.mail_from,
        "to": list(envelope.recipients),
        "bytes": envelope.raw_bytes,
        "sha256": envelope.raw_sha256,
        "peer": envelope.peer,
        "file": str(one.path),
    }
