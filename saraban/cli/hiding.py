"""Acts of ``saraban letter`` on letters that turn out to be secret: ``secret`` and ``not-secret``.

The same word serves both who may finish the matter and who may only begin it: for the officer of
secret letters the letter moves to the secret book, anybody else who registers hides it and leaves
it to them.
"""

import click

from registry import directory
from registry.clock import BANGKOK
from registry.desk import found_secret, free_secret, move_secret
from registry.desk.move_secret import Moved
from registry.errors import NotFound
from registry.letter.entity import Officer, Role
from registry.letter.grades import Secrecy
from registry.thai.dates import short_date, thai_time
from registry.thai.numerals import to_thai
from saraban.cli.acts import Done, Hand, on_letter
from saraban.cli.common import reason

_GRADES = [one.thai for one in Secrecy]
_LEFT = "ซ่อนหนังสือแล้ว นายทะเบียนข้อมูลข่าวสารลับดำเนินการต่อ"


def join(group: click.Group) -> None:
    """Add the acts to the group."""
    group.add_command(secret)
    group.add_command(not_secret)


@click.command("secret")
@click.option("--grade", type=click.Choice(_GRADES), default="ลับ", show_default=True)
@reason
@on_letter
def secret(hand: Hand, grade: str, reason: str) -> Done:
    """Move a letter that is secret to the secret book; its ordinary number becomes void.

    By anybody but the officer of secret letters it is hidden, and waits for that officer.
    """
    marked = Secrecy.parse(grade)
    if _officer(hand).role is not Role.SECRET_OFFICER:
        found_secret.hide(hand.session, hand.desk, hand.id, hand.by, marked)
        return Done(_LEFT, {"moved": False})
    moved = move_secret.move(hand.session, hand.desk, hand.id, hand.by, marked, reason)
    return Done("\n".join(_said(moved)), _facts(moved))


@click.command("not-secret")
@reason
@on_letter
def not_secret(hand: Hand, reason: str) -> Done:
    """Say that a letter which was hidden bears no marking: it opens again, its copies go."""
    free_secret.free(hand.session, hand.desk, hand.id, hand.by, reason)
    return Done("เปิดหนังสือแล้ว สำเนาที่หยุดไว้จะส่งต่อ")


def _officer(hand: Hand) -> Officer:
    found = directory.officer_by_email(hand.session, hand.by)
    if found is None:
        raise NotFound(f"no officer {hand.by}")
    return found


def _said(moved: Moved) -> list[str]:
    if moved.entry is None:
        return ["เก็บไว้ให้นายทะเบียนข้อมูลข่าวสารลับแล้ว"]
    place = to_thai(f"{moved.entry.number}/{moved.entry.year}")
    said = [f"ย้ายไปทะเบียนหนังสือลับแล้ว เลขที่ ลับ {place} เลขเดิมยกเลิก"]
    if moved.holders:
        said.append("ผู้ที่ได้รับหรือเปิดดูไปแล้ว โปรดติดตามคืนตามระเบียบ:")
    for one in moved.holders:
        at = one.at.astimezone(BANGKOK)
        said.append(f"  {one.who} {one.what} {short_date(at.date())} {thai_time(at)} น.")
    return said


def _facts(moved: Moved) -> dict[str, object]:
    have = [{"who": one.who, "what": one.what, "at": one.at.isoformat()} for one in moved.holders]
    return {"moved": True, "entry": moved.entry.id if moved.entry else None, "holders": have}
