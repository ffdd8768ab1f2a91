"""The acts of ``saraban letter``, from accepting and clearing to recalling and upload links."""

from datetime import timedelta
from typing import Any

import click

from gateway.service import Runtime
from registry import directory, letters, links
from registry.desk import accept as desk_accept
from registry.desk import clear, draft, hold, recall, tie
from registry.thai.dates import parse_date
from registry.thai.numerals import to_thai
from saraban.cli import following, hiding, passing, printing, returning, writing
from saraban.cli.acts import Done, Hand, on_entry, on_letter
from saraban.cli.common import acting, entity_option, reason, say, with_runtime
from saraban.cli.entries import RELATIONS, number_of
from saraban.cli.who import entry_of, letter_of

relations_from_here = [name for name in RELATIONS if not name.endswith("_by")]


def join(group: click.Group) -> None:
    """Add the acts to the group."""
    for command in (accept, return_, clear_, link, unlink, undo, recall_, upload_link):
        group.add_command(command)
    for acts in (returning, passing, following, writing, hiding):
        acts.join(group)


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
@click.option("--secrecy", help="ลับ, ลับมาก, ลับที่สุด; empty: it is not secret after all.")
@click.option("--unit", help="Code of the unit it goes to.")
@click.option("--note", help="หมายเหตุ.")
@click.option("--number", default="next", help="For a draft: next, paper, or a reserved number.")
@click.option("--print-number", is_flag=True, help="Print number and date on the draft's PDF.")
@with_runtime
def accept(
    runtime: Runtime, ref: str, by: str, number: str, *, print_number: bool, **given: str | None
) -> None:
    """Register a waiting letter, or number and send a draft."""
    corrections: dict[str, Any] = {
        name: value for name, value in given.items() if value is not None
    }
    if corrections.get("dated"):
        corrections["dated"] = parse_date(corrections["dated"])
    if print_number:
        if corrections or number != "next":
            raise click.UsageError("--print-number ใช้กับร่างเท่านั้น และใช้พร้อมตัวเลือกอื่นไม่ได้")
        printing.accept(runtime, ref, by)
        return
    with runtime.database.write() as session:
        letter_id = letter_of(session, ref)
        if letters.get_letter(session, letter_id).direction == "in":
            entry = desk_accept.accept(session, runtime.desk, letter_id, by, **corrections)
        elif corrections:
            raise click.UsageError("หนังสือส่งแก้ไขด้วยคำสั่งนี้ไม่ได้ ให้ส่งคืนเจ้าของเรื่องด้วย letter return")
        else:
            entry = draft.accept(session, runtime.desk, letter_id, by, number)
    if entry.book == "sent":
        say(f"ส่งแล้ว เลขที่ {to_thai(entry.letter_number)}")
    else:
        say(f"ลงรับแล้ว เลขรับ {to_thai(f'{number_of(entry)}/{entry.year}')}")
    click.echo(entry.id)


@click.command("return")
@reason
@click.option("--wrong", is_flag=True, help="The letter itself is defective.")
@on_letter
def return_(hand: Hand, reason: str, *, wrong: bool) -> Done:
    """Send a letter back to its sender, registered or not, or a draft to its clerk."""
    session, by_mail = hand.session, True
    if letters.get_letter(session, hand.id).direction == "out":
        draft.return_(session, hand.desk, hand.id, hand.by, reason)
    else:
        by_mail = returning.send_back(session, hand.runtime, hand.id, hand.by, reason, wrong=wrong)
    return returning.told("ส่งคืนแล้ว", by_mail=by_mail)


@click.command("clear")
@reason
@on_letter
def clear_(hand: Hand, reason: str) -> Done:
    """Let the files of a letter out that no virus scanner called clean."""
    copies = clear.clear(hand.session, hand.desk, hand.id, hand.by, reason)
    again = f" และส่งให้หน่วยงานย่อยอีกครั้ง {to_thai(str(copies))} กล่อง" if copies else ""
    return Done(f"ให้ใช้ไฟล์แนบได้แล้ว{again}", {"copies": copies})


@click.command()
@click.argument("ref")
@click.argument("other")
@click.option(
    "--relation", default="answers", show_default=True, type=click.Choice(relations_from_here)
)
@entity_option
@acting
@with_runtime
def link(runtime: Runtime, ref: str, other: str, relation: str, owner: str | None, by: str) -> None:
    """Say that REF answers (cites, ...) OTHER; confirms a suggestion."""
    with runtime.database.write() as session:
        here, there = (entry_of(session, one, owner) for one in (ref, other))
        if here == there:
            raise click.UsageError("หนังสือเชื่อมโยงกับตัวเองไม่ได้")
        tie.tie(session, runtime.desk, here, there, relation, by)
    say(f"เชื่อมโยงแล้ว: {RELATIONS[relation]}")


@click.command()
@click.argument("ref")
@click.argument("other")
@click.option("--relation", type=click.Choice(relations_from_here), help="Only this; else all.")
@click.option("--reason", "why", default="", help="Why; it is kept as a note.")
@entity_option
@acting
@with_runtime
def unlink(
    runtime: Runtime, ref: str, other: str, relation: str | None, why: str, owner: str | None,
    by: str,
) -> None:  # fmt: skip
    """Undo the links from REF to OTHER."""
    with runtime.database.write() as session:
        here, there = (entry_of(session, one, owner) for one in (ref, other))
        count = tie.untie(session, runtime.desk, here, there, relation, by, reason=why)
    say(f"ยกเลิกการเชื่อมโยง {to_thai(str(count))} รายการ")


@click.command()
@on_entry
def undo(hand: Hand) -> Done:
    """Take a letter back before it left: a draft again, that keeps its number."""
    hold.undo(hand.session, hand.desk, hand.id, hand.by)
    return Done("ดึงกลับก่อนส่งแล้ว หนังสือเป็นร่างรอออกเลข และเลขเดิมจองไว้ให้")


@click.command("recall")
@reason
@on_entry
def recall_(hand: Hand, reason: str) -> Done:
    """Take a sent letter back: what has not left stays here, the rest is asked back."""
    recall.withdraw(hand.session, hand.desk, hand.id, hand.by, reason)
    return Done("เรียกคืนแล้ว เลขทะเบียนยังคงอยู่ ผู้รับที่ได้หนังสือไปแล้วต้องตอบว่าคืนหรือไม่")


@click.command("upload-link")
@click.argument("ref")
@click.option("--to", "address", required=True, help="Mail address of whoever lays files down.")
@entity_option
@with_runtime
def upload_link(runtime: Runtime, ref: str, address: str, owner: str | None) -> None:
    """Make the page on which somebody without an account lays large files for this letter."""
    life = timedelta(days=runtime.gateway.links.life_days)
    now = runtime.clock.now()
    with runtime.database.write() as session:
        letter_id = letter_of(session, ref, owner)
        own = directory.entity_by_id(session, letters.get_letter(session, letter_id).entity_id)
        token = links.ensure(
            session, runtime.keys, letter_id, own.id, address, "", "upload", now, life
        )
    click.echo(f"{runtime.links_url}/u/{token}")
