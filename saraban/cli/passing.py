"""Acts of ``saraban letter`` on what is in a book: propose, pass, endorse, close, reopen, amend.

They are those of the officers' pages, by the same functions of the desk. ``--text`` is what is
written on the letter.
"""

from collections.abc import Iterable, Iterator

import click

from gateway.service import Runtime
from registry.desk import amend as lines
from registry.desk import close as closing
from registry.desk import order, pass_on, propose
from registry.movements import Movement
from registry.thai.dates import parse_date
from registry.thai.numerals import to_thai
from saraban.cli.common import acting, entity_option, reason, say, with_runtime
from saraban.cli.who import entry_of
from saraban.times import when

STEPS = {
    "present": "เสนอ", "order": "สั่งการ", "endorse": "เกษียน", "pass_on": "ส่งต่อ",
    "close": "ปิดเรื่อง", "reopen": "เปิดเรื่องใหม่",
}  # fmt: skip

text = click.option("--text", default="", help="What is written on the letter.")


def join(group: click.Group) -> None:
    """Add the acts to the group."""
    for command in (propose_, pass_, endorse, close, reopen, amend):
        group.add_command(command)


def way_of(steps: Iterable[Movement]) -> Iterator[tuple[str, str]]:
    """Give the way of an entry through the office, a line for each step."""
    for one in steps:
        who = f"{one.by} แทน {one.by_for}" if one.by_for else one.by
        undone = " (ถอนคืนแล้ว)" if one.undone_at else ""
        said = " ".join(filter(None, (one.to_name, one.text)))
        yield (STEPS[one.kind], f"{when(one.at)} {who}{undone}: {said}".rstrip(": "))


@click.command("propose")
@click.argument("ref")
@click.option("--to", "superior", required=True, metavar="EMAIL", help="Who is asked to order.")
@text
@entity_option
@acting
@with_runtime
def propose_(
    runtime: Runtime, ref: str, superior: str, text: str, owner: str | None, by: str
) -> None:
    """Present REF to a superior by mail; the answer to that mail is the order."""
    with runtime.database.write() as session:
        propose.propose(session, runtime.desk, entry_of(session, ref, owner), by, superior, text)
    say(f"เสนอ {superior} แล้ว คำตอบทางไปรษณีย์จะบันทึกเป็นคำสั่ง")


@click.command("pass")
@click.argument("ref")
@click.option("--unit", required=True, help="Code of the unit it goes to.")
@text
@entity_option
@acting
@with_runtime
def pass_(runtime: Runtime, ref: str, unit: str, text: str, owner: str | None, by: str) -> None:
    """Pass REF on to a unit, whose boxes get a copy."""
    with runtime.database.write() as session:
        entry_id = entry_of(session, ref, owner)
        _, boxes = pass_on.pass_on(session, runtime.desk, entry_id, by, unit, text)
    say(f"ส่งต่อแล้ว {to_thai(str(boxes))} กล่อง")


@click.command()
@click.argument("ref")
@click.option("--text", required=True, help="What is written on the letter.")
@entity_option
@acting
@with_runtime
def endorse(runtime: Runtime, ref: str, text: str, owner: str | None, by: str) -> None:
    """Write a word (เกษียน) on REF; an order, if it was presented to this person."""
    with runtime.database.write() as session:
        order.endorse(session, runtime.desk, entry_of(session, ref, owner), by, text)
    say("เกษียนแล้ว")


@click.command()
@click.argument("ref")
@click.option("--how", required=True, type=click.Choice(list(closing.HOW)), help="How it ended.")
@text
@entity_option
@acting
@with_runtime
def close(runtime: Runtime, ref: str, how: str, text: str, owner: str | None, by: str) -> None:
    """Close the matter of REF."""
    with runtime.database.write() as session:
        closing.close(session, runtime.desk, entry_of(session, ref, owner), by, how, text)
    say(f"ปิดเรื่องแล้ว: {closing.HOW[how]}")


@click.command()
@click.argument("ref")
@entity_option
@acting
@reason
@with_runtime
def reopen(runtime: Runtime, ref: str, owner: str | None, by: str, reason: str) -> None:
    """Open the matter of REF again."""
    with runtime.database.write() as session:
        closing.reopen(session, runtime.desk, entry_of(session, ref, owner), by, reason)
    say("เปิดเรื่องใหม่แล้ว")


@click.command()
@click.argument("ref")
@entity_option
@acting
@reason
@click.option("--subject", help="เรื่อง.")
@click.option("--letter-number", help="ที่.")
@click.option("--dated", help="ลงวันที่: ๓ ตุลาคม ๒๕๖๒ or 2019-10-03.")
@click.option("--from", "from_text", help="จาก.")
@click.option("--to", "to_text", help="ถึง.")
@click.option("--urgency", help="ด่วน, ด่วนมาก, ด่วนที่สุด; empty: none.")
@click.option("--action", help="การปฏิบัติ.")
@click.option("--note", help="หมายเหตุ.")
@with_runtime
def amend(
    runtime: Runtime, ref: str, owner: str | None, by: str, reason: str, **given: str | None
) -> None:
    """Correct the line of REF in its book; what stood there stays, struck through."""
    wanted = {name: value for name, value in given.items() if value is not None}
    dated = wanted.pop("dated", None)
    fields = wanted | ({"dated": parse_date(dated)} if dated else {})
    with runtime.database.write() as session:
        entry_id = entry_of(session, ref, owner)
        lines.amend(session, runtime.desk, entry_id, by, reason, **fields)
    say("แก้ไขแล้ว ค่าเดิมขีดฆ่าไว้ให้เห็น")
