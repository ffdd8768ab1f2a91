"""``saraban collect`` - look into the mailboxes once: fetch, register, flag or move.

With ``--rounds`` it shows the evidence of past looks instead, with ``--sightings`` what was seen
in the mailboxes and waits for a person, and with ``--settle`` such a thing is closed.
"""

from collections.abc import Iterable

import click

from gateway.inbound.once import collect_once
from gateway.service import Runtime
from registry import directory, rounds, sightings
from registry.clock import BANGKOK
from registry.desk.sight import settle_sighting
from registry.errors import OutOfOrder
from registry.log import start_logging
from registry.sightings import Sighting
from registry.thai.dates import short_date
from registry.thai.numerals import thai_number
from saraban.cli.common import as_json, emit, say, show, with_runtime
from saraban.times import when


@click.command()
@click.option("--rounds", "of_rounds", is_flag=True, help="Show when mailboxes were looked into.")
@click.option("--sightings", "of_sightings", is_flag=True, help="Show what a person should see to.")
@click.option("--settled", is_flag=True, help="With --sightings: those that are closed.")
@click.option("--settle", type=int, metavar="ID", help="Close a sighting; needs --by.")
@click.option("--by", metavar="EMAIL", help="Officer who closes it.")
@as_json
@with_runtime
def collect(
    runtime: Runtime,
    *,
    of_rounds: bool,
    of_sightings: bool,
    settled: bool,
    settle: int | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Fetch new mail from every mailbox once and wait until the books have it.

    While ``serve`` runs, its worker registers; else this command does.
    """
    if settle is not None:
        _settle(runtime, settle, by)
    elif of_rounds:
        _show_rounds(runtime, as_json=as_json)
    elif of_sightings:
        _show_sightings(runtime, settled=settled, as_json=as_json)
    else:
        _collect(runtime)


def _collect(runtime: Runtime) -> None:
    start_logging(runtime.office.log, "collect")
    looked = collect_once(runtime)
    for one in looked:
        if not one.trouble:
            say(
                f"{one.account}: นำเข้า {thai_number(one.fetched)} ฉบับ "
                f"ทำเครื่องหมายว่าลงทะเบียนแล้ว {thai_number(one.marked)} ฉบับ"
            )
    trouble = [f"{one.account}: {one.trouble}" for one in looked if one.trouble]
    if trouble:
        raise OutOfOrder(
            "; ".join(trouble),
            thai="เปิดกล่องจดหมายบางกล่องไม่ได้ โปรดตรวจ [[collector]] ใน saraban.toml",
        )


def _settle(runtime: Runtime, sighting_id: int, by: str | None) -> None:
    if not by:
        raise click.UsageError("--settle ต้องระบุผู้ทำรายการด้วย --by EMAIL")
    with runtime.database.write() as session:
        done = settle_sighting(session, runtime.desk, sighting_id, by=by)
    say(f"ปิดรายการ {thai_number(sighting_id)} “{done.kind.thai}” แล้ว")


def _show_rounds(runtime: Runtime, *, as_json: bool) -> None:
    with runtime.database.read() as session:
        found = rounds.listing(session)
    if as_json:
        emit([_round_data(one) for one in found])
        return
    rows = [
        (
            f"{short_date(one.half[0])} {one.half[1]}",
            one.account,
            when(one.began_at),
            when(one.ended_at),
            thai_number(one.looks),
            thai_number(one.found),
            one.problem,
        )
        for one in found
    ]
    headers = ("ตรวจกล่อง", "กล่อง", "ตั้งแต่", "ถึง", "ครั้ง", "พบใหม่", "เหตุขัดข้อง")
    show(rows, headers, "ยังไม่เคยตรวจกล่องจดหมาย")


def _show_sightings(runtime: Runtime, *, settled: bool, as_json: bool) -> None:
    with runtime.database.read() as session:
        found = sightings.listing(session, settled=settled)
        codes = {one.id: one.code for one in directory.hosted(session)}
    if as_json:
        emit([_sighting_data(one, codes) for one in found])
        return
    rows = [
        (
            str(one.id),
            one.kind.thai,
            one.account,
            one.folder,
            when(one.mailed_at or one.seen_at),
            one.sender,
            _joined(one.recipients),
            one.subject,
            one.detail,
            one.settled_by,
        )
        for one in found
    ]
    headers = (
        "รหัส", "เรื่อง", "กล่อง", "โฟลเดอร์", "เวลา", "จาก", "ถึง", "หัวเรื่อง", "รายละเอียด", "ปิดโดย",
    )  # fmt: skip
    show(rows, headers, "ไม่มีรายการ" if settled else "ไม่มีสิ่งที่ต้องดูในกล่องจดหมาย")


def _joined(addresses: Iterable[str]) -> str:
    return " ".join(addresses)


def _round_data(one: rounds.Round) -> dict[str, object]:
    day, half = one.half
    return {
        "account": one.account,
        "day": day.isoformat(),
        "half": half,
        "began_at": one.began_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        "ended_at": one.ended_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        "looks": one.looks,
        "found": one.found,
        "problem": one.problem,
    }


def _sighting_data(one: Sighting, codes: dict[int, str]) -> dict[str, object]:
    times = {"mailed_at": one.mailed_at, "seen_at": one.seen_at, "settled_at": one.settled_at}
    return {
        "id": one.id,
        "entity": codes.get(one.entity_id, ""),
        "account": one.account,
        "folder": one.folder,
        "kind": str(one.kind),
        "message_id": one.message_id,
        "from": one.sender,
        "to": list(one.recipients),
        "subject": one.subject,
        "detail": one.detail,
        "settled_by": one.settled_by,
        **{
            name: at.astimezone(BANGKOK).isoformat(timespec="seconds") if at else None
            for name, at in times.items()
        },
    }
