"""Acts of ``saraban letter`` on those whom a letter went to: remind, reported.

They are those of ติดตาม in the officers' pages, by the same functions of the desk. An addressee is
named by its address or the code of its entity.
"""

import click

from registry import entries
from registry.desk import elsewhere
from registry.desk import remind as reminding
from registry.errors import NotFound
from registry.letter.entry import Entry
from registry.thai.numerals import thai_number
from saraban.cli.acts import Done, Hand, on_entry

_to = click.option(
    "--to", "whom", multiple=True, metavar="WHOM", help="Address or code; may be repeated."
)


def join(group: click.Group) -> None:
    """Add the acts to the group."""
    for command in (remind, reported):
        group.add_command(command)


@click.command()
@_to
@click.option("--text", default="", help="Words that the mail adds.")
@on_entry
def remind(hand: Hand, whom: tuple[str, ...], text: str) -> Done:
    """Remind addressees of REF by mail: those named, else all who owe an answer or a report.

    Nobody is reminded twice on a day, or when nothing is awaited of them.
    """
    chosen = _chosen(entries.get(hand.session, hand.id, cleared=True), whom)
    count = reminding.remind(hand.session, hand.desk, hand.id, hand.by, chosen, text)
    return Done(f"ส่งอีเมลติดตามแล้ว {thai_number(count)} ราย", {"reminded": count})


@click.command()
@_to
@click.option("--all", "everybody", is_flag=True, help="All addressees.")
@click.option("--how", default="", help="By which way they reported; it is kept for good.")
@click.option("--undo", is_flag=True, help="It was said by mistake.")
@on_entry
def reported(hand: Hand, whom: tuple[str, ...], how: str, *, everybody: bool, undo: bool) -> Done:
    """Note that addressees of REF reported by another way than an answer: a form, paper, a call."""
    if not undo and not how.strip():
        raise click.UsageError("โปรดระบุ --how ว่ารายงานทางใด เช่น 'กรอกแบบออนไลน์แล้ว'")
    entry = entries.get(hand.session, hand.id, cleared=True)
    if not whom and not everybody and len(entry.deliveries) > 1:
        raise click.UsageError("หนังสือนี้มีผู้รับหลายราย โปรดระบุ --to หรือ --all")
    chosen = _chosen(entry, whom)
    if undo:
        count = elsewhere.not_reported(hand.session, hand.desk, hand.id, hand.by, chosen)
    else:
        count = elsewhere.reported(hand.session, hand.desk, hand.id, hand.by, chosen, how)
    done = "ยกเลิกการบันทึกว่ารายงานแล้ว" if undo else "บันทึกว่ารายงานทางอื่นแล้ว"
    return Done(f"{done} {thai_number(count)} ราย", {"reported": not undo, "changed": count})


def _chosen(entry: Entry, whom: tuple[str, ...]) -> list[int]:
    """Give the deliveries that are meant, all where nobody is named; raise NotFound for others."""
    chosen = [] if whom else [one.id for one in entry.deliveries]
    for name in whom:
        wanted = name.casefold()
        fits = [one.id for one in entry.deliveries if wanted in (one.to, one.to_entity)]
        if not fits:
            raise NotFound("no such addressee", thai=f"“{name}” ไม่ใช่ผู้รับของหนังสือฉบับนี้")
        chosen += fits
    return chosen
