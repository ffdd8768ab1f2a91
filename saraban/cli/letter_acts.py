"""The acts of ``saraban letter``: accept, return, link, unlink, recall, upload-link."""

from datetime import date, timedelta
from typing import Any

import click

from gateway.service import Runtime
from registry import directory, letters, links
from registry.desk import accept as desk_accept
from registry.desk import draft, recall
from registry.desk.tie import tie, untie
from registry.errors import Conflict
from registry.thai.dates import parse_date
from registry.thai.numerals import to_thai
from saraban.cli.common import acting, reason, say, with_runtime
from saraban.cli.entries import number_of

entity_option = click.option("--entity", "owner", help="Code of the entity, where REF is a number.")


def join(group: click.Group) -> None:
    """Add the acts to the group."""
    for command in (accept, return_, link, unlink, recall_, upload_link):
        group.add_command(command)


@click.command()
@click.argument("ref")
@acting
@click.option("--subject", help="เรื่อง, as the paper has it.")
@click.option("--letter-number", help="ที่, as the paper has it.")
@click.option("--dated", help="ลงวันที่: ๓ ตุลาคม ๒๕๖๒ or 2019-10-03.")
@click.option("--from", "from_text", help="จาก.")
@click.option("--from-entity", help="Code of the entity it is from.")
@click.option("--to", "to_text", help="ถึง.")
@click.option("--urgency", help="ด่วน, ด่วนมาก, ด่วนที่สุด.")
@click.option("--unit", help="Code of the unit it goes to.")
@click.option("--note", help="หมายเหตุ.")
@click.option("--number", default="next", help="For a draft: next, paper, or a reserved number.")
@with_runtime
def accept(runtime: Runtime, ref: str, by: str, number: str, **given: str | None) -> None:
    """Register a waiting letter, or number and send a draft."""
    corrections: dict[str, Any] = {
        name: value for name, value in given.items() if value is not None
    }
    if "dated" in corrections:
        corrections["dated"] = _day(corrections["dated"])
    with runtime.database.write() as session:
        letter_id = _letter(session, ref)
        if letters.get_letter(session, letter_id).direction == "out":
            entry = draft.accept(session, runtime.desk, letter_id, by, number)
        else:
            entry = desk_accept.accept(session, runtime.desk, letter_id, by, **corrections)
    word = "ส่งแล้ว เลขที่" if entry.book == "sent" else "ลงรับแล้ว เลขรับ"
    number_said = (
        entry.letter_number if entry.book == "sent" else f"{number_of(entry)}/{entry.year}"
    )
    say(f"{word} {to_thai(number_said)}")
    click.echo(entry.id)


@click.command("return")
@click.argument("ref")
@acting
@reason
@click.option("--wrong", is_flag=True, help="The letter itself is defective.")
@with_runtime
def return_(runtime: Runtime, ref: str, by: str, reason: str, *, wrong: bool) -> None:
    """Send a waiting letter back to its sender, or a draft to its clerk."""
    with runtime.database.write() as session:
        letter_id = _letter(session, ref)
        if letters.get_letter(session, letter_id).direction == "out":
            draft.return_(session, runtime.desk, letter_id, by, reason)
        else:
            desk_accept.return_letter(session, runtime.desk, letter_id, by, reason, wrong=wrong)
    say("ส่งคืนแล้ว")


@click.command()
@click.argument("ref")
@click.argument("other")
@click.option("--relation", default="answers", show_default=True, help="answers, cites, ...")
@entity_option
@acting
@with_runtime
def link(runtime: Runtime, ref: str, other: str, relation: str, owner: str | None, by: str) -> None:
    """Say that REF answers (cites, ...) OTHER; confirms a suggestion."""
    with runtime.database.write() as session:
        here, there = (_entry(session, one, owner) for one in (ref, other))
        tie(session, runtime.desk, here, there, relation, by)
    say("เชื่อมโยงแล้ว")


@click.command()
@click.argument("ref")
@click.argument("other")
@click.option("--relation", help="Only this relation; else all.")
@entity_option
@acting
@with_runtime
def unlink(
    runtime: Runtime, ref: str, other: str, relation: str | None, owner: str | None, by: str
) -> None:
    """Undo the links from REF to OTHER."""
    with runtime.database.write() as session:
        here, there = (_entry(session, one, owner) for one in (ref, other))
        count = untie(session, runtime.desk, here, there, relation, by)
    say(f"ยกเลิกการเชื่อมโยง {count} รายการ")


@click.command("recall")
@click.argument("ref")
@entity_option
@acting
@reason
@with_runtime
def recall_(runtime: Runtime, ref: str, owner: str | None, by: str, reason: str) -> None:
    """Take a sent letter back: what has not left stays here, the rest is asked back."""
    with runtime.database.write() as session:
        entry_id = _entry(session, ref, owner)
        recall.withdraw(session, runtime.desk, entry_id, by, reason)
    say("เรียกคืนแล้ว เลขทะเบียนยังคงอยู่")


@click.command("upload-link")
@click.argument("ref")
@click.option("--to", "address", required=True, help="Mail address of whoever lays files down.")
@entity_option
@with_runtime
def upload_link(runtime: Runtime, ref: str, address: str, owner: str | None) -> None:
    """Make the page on which somebody without an account lays large files for this letter."""
    with runtime.database.write() as session:
        letter_id, _ = letters.resolve(session, ref, owner)
        if letter_id is None:
            raise Conflict("a reserved number has no letter yet", thai="เลขนี้จองไว้ ยังไม่มีหนังสือ")
        own = directory.entity_by_id(session, letters.get_letter(session, letter_id).entity_id)
        life = timedelta(days=runtime.gateway.links.life_days)
        token = links.ensure(
            session, runtime.keys, letter_id, own.id, address, "", "upload",
            runtime.clock.now(), life,
        )  # fmt: skip
    click.echo(f"{runtime.links_url}/u/{token}")


def _letter(session: Any, ref: str) -> str:
    letter_id, _ = letters.resolve(session, ref)
    if letter_id is None:
        raise Conflict("a reserved number has no letter yet", thai="เลขนี้จองไว้ ยังไม่มีหนังสือ")
    return letter_id


def _entry(session: Any, ref: str, owner: str | None) -> str:
    _, entry_id = letters.resolve(session, ref, owner)
    if entry_id is None:
        raise Conflict("this letter has no number yet", thai="หนังสือฉบับนี้ยังไม่มีเลขทะเบียน")
    return entry_id


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return parse_date(text)
