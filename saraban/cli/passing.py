"""Acts of ``saraban letter`` on what is in a book: propose, pass, endorse, close, reopen, amend.

They are those of the officers' pages, by the same functions of the desk. ``--text`` is what is
written on the letter.
"""

from collections.abc import Iterable, Iterator

import click

from registry.desk import amend as lines
from registry.desk import close as closing
from registry.desk import order, pass_on, propose
from registry.movements import Movement
from registry.thai.dates import parse_date
from registry.thai.numerals import to_thai
from saraban.cli.acts import Done, Hand, on_entry
from saraban.cli.common import reason
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
@click.option("--to", "superior", required=True, metavar="EMAIL", help="Who is asked to order.")
@text
@on_entry
def propose_(hand: Hand, superior: str, text: str) -> Done:
    """Present REF to a superior by mail; the answer to that mail is the order."""
    step = propose.propose(hand.session, hand.desk, hand.id, hand.by, superior, text)
    return Done(f"เสนอ {superior} แล้ว คำตอบทางอีเมลจะบันทึกเป็นคำสั่ง", {"step": step})


@click.command("pass")
@click.option("--unit", required=True, help="Code of the unit it goes to.")
@text
@on_entry
def pass_(hand: Hand, unit: str, text: str) -> Done:
    """Pass REF on to a unit, whose boxes get a copy."""
    _, boxes = pass_on.pass_on(hand.session, hand.desk, hand.id, hand.by, unit, text)
    return Done(f"ส่งต่อแล้ว {to_thai(str(boxes))} กล่อง", {"boxes": boxes})


@click.command()
@click.option("--text", required=True, help="What is written on the letter.")
@on_entry
def endorse(hand: Hand, text: str) -> Done:
    """Write a word (เกษียน) on REF; an order, if it was presented to this person."""
    order.endorse(hand.session, hand.desk, hand.id, hand.by, text)
    return Done("เกษียนแล้ว")


@click.command()
@click.option("--how", required=True, type=click.Choice(list(closing.HOW)), help="How it ended.")
@text
@on_entry
def close(hand: Hand, how: str, text: str) -> Done:
    """Close the matter of REF."""
    closing.close(hand.session, hand.desk, hand.id, hand.by, how, text)
    return Done(f"ปิดเรื่องแล้ว: {closing.HOW[how]}")


@click.command()
@reason
@on_entry
def reopen(hand: Hand, reason: str) -> Done:
    """Open the matter of REF again."""
    closing.reopen(hand.session, hand.desk, hand.id, hand.by, reason)
    return Done("เปิดเรื่องใหม่แล้ว")


@click.command()
@reason
@click.option("--subject", help="เรื่อง.")
@click.option("--letter-number", help="ที่.")
@click.option("--dated", help="ลงวันที่: ๓ ตุลาคม ๒๕๖๒ or 2019-10-03.")
@click.option("--from", "from_text", help="จาก.")
@click.option("--to", "to_text", help="ถึง.")
@click.option("--urgency", help="ด่วน, ด่วนมาก, ด่วนที่สุด; empty: none.")
@click.option("--action", help="การปฏิบัติ.")
@click.option("--note", help="หมายเหตุ.")
@on_entry
def amend(hand: Hand, reason: str, **given: str | None) -> Done:
    """Correct the line of REF in its book; what stood there stays, struck through."""
    wanted = {name: value for name, value in given.items() if value is not None}
    dated = wanted.pop("dated", None)
    fields = wanted | ({"dated": parse_date(dated)} if dated else {})
    lines.amend(hand.session, hand.desk, hand.id, hand.by, reason, **fields)
    return Done("แก้ไขแล้ว ค่าเดิมขีดฆ่าไว้ให้เห็น", {"fields": sorted(fields)})
