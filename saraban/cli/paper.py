"""``saraban register paper`` and ``scan`` - letters on paper: register one, lay scans beside it."""

from pathlib import Path

import click

from gateway.service import Runtime
from registry.desk.meet import meetings
from registry.desk.paper import WAYS, Paper, came_too, register_paper, send_on_paper
from registry.desk.scans import Scan, lay_scans
from registry.letter.entry import Entry
from registry.thai.dates import parse_date
from registry.thai.numerals import to_thai
from saraban.cli.common import acting, entity_option, say, with_runtime
from saraban.cli.entries import place_in_books
from saraban.cli.laying import FILE, lay
from saraban.cli.who import entry_of, hosted_entity, unit_code

_way = click.option("--way", type=click.Choice(["", *WAYS]), default="", help="How it travelled.")
_letter = click.option("--letter", type=FILE, multiple=True, help="Scan of the letter itself.")
_enclosure = click.option("--enclosure", type=FILE, multiple=True, help="Scan of an enclosure.")


def join(group: click.Group) -> None:
    """Hang the commands on ``saraban register``."""
    for command in (paper, scan, paper_sent, paper_too):
        group.add_command(command)


@click.command()
@entity_option
@click.option("--subject", required=True)
@click.option("--from", "sender", required=True, metavar="NAME", help="จาก, as it is written.")
@click.option("--number", default="", help="ที่ of the letter.")
@click.option("--dated", help="ลงวันที่.")
@click.option("--to", "to_text", default="", help="ถึง; else the entity.")
@click.option("--urgency", default="", help="ด่วน, ด่วนมาก, ด่วนที่สุด.")
@click.option("--secrecy", default="", help="ลับ, ลับมาก, ลับที่สุด.")
@click.option("--pages", type=click.IntRange(0), default=0)
@click.option("--unit", default="", help="Unit that it is for; else the rules choose.")
@click.option("--note", default="")
@click.option("--distinct", is_flag=True, help="It is not the letter that it looks like.")
@_way
@_letter
@_enclosure
@acting
@with_runtime
def paper(
    runtime: Runtime, owner: str | None, by: str, dated: str | None, letter: tuple[Path, ...],
    enclosure: tuple[Path, ...], **said: str | int | bool,
) -> None:  # fmt: skip
    """Register a letter that came on paper, with its scans."""
    scans = _scans(runtime, letter, enclosure)
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        day = parse_date(dated) if dated else None
        said["unit"] = unit_code(session, own, str(said["unit"]))
        wanted = Paper(letter_number=str(said.pop("number")), dated=day, **said)  # type: ignore[arg-type]
        found = meetings(session, own.id, wanted.letter_number, day, cleared=False)
        sure = [one.id for one in found if one.sure]
        if sure and not wanted.distinct:
            raise click.UsageError(
                f"มีหนังสือที่เลขที่และวันที่ตรงกันแล้ว ({' '.join(sure)}) หากคนละฉบับใช้ --distinct"
            )
        entry = register_paper(session, runtime.desk, own, by, wanted, scans)
    _told("ลงรับแล้ว", entry)


@click.command()
@click.argument("ref")
@entity_option
@_letter
@_enclosure
@acting
@with_runtime
def scan(
    runtime: Runtime, ref: str, owner: str | None, by: str, letter: tuple[Path, ...],
    enclosure: tuple[Path, ...],
) -> None:  # fmt: skip
    """Lay scans beside the paper letter of an entry."""
    scans = _scans(runtime, letter, enclosure)
    with runtime.database.write() as session:
        added = lay_scans(session, runtime.desk, entry_of(session, ref, owner), scans, by)
    say(f"แนบแล้ว {to_thai(str(len(added)))} ไฟล์")


@click.command("paper-sent")
@click.argument("ref")
@entity_option
@click.option("--subject", required=True)
@click.option("--to", required=True, help="Whom it went to.")
@_way
@_letter
@_enclosure
@acting
@with_runtime
def paper_sent(  # noqa: PLR0913, PLR0917 - one parameter an option
    runtime: Runtime, ref: str, owner: str | None, subject: str, to: str, way: str, by: str,
    letter: tuple[Path, ...], enclosure: tuple[Path, ...],
) -> None:  # fmt: skip
    """Use the reserved number REF for a letter that went out on paper."""
    scans = _scans(runtime, letter, enclosure)
    with runtime.database.write() as session:
        entry_id = entry_of(session, ref, owner)
        wanted = Paper(subject, to, way=way)
        entry = send_on_paper(session, runtime.desk, entry_id, by, wanted, scans)
    _told("ใช้เลขแล้ว", entry)


@click.command("paper-too")
@click.argument("ref")
@entity_option
@_way
@acting
@with_runtime
def paper_too(runtime: Runtime, ref: str, owner: str | None, way: str, by: str) -> None:
    """Write on REF that the same letter has come on paper too; it takes no number."""
    with runtime.database.write() as session:
        entry_id = entry_of(session, ref, owner)
        entry = came_too(session, runtime.desk, entry_id, by, Paper("", "", way=way))
    _told("บันทึกฉบับกระดาษแล้ว", entry)


def _told(did: str, entry: Entry) -> None:
    say(f"{did} {place_in_books(entry)}")
    click.echo(entry.id)


def _scans(runtime: Runtime, letter: tuple[Path, ...], enclosure: tuple[Path, ...]) -> list[Scan]:
    """Look at the files as at those of a mail, and keep their bytes."""
    return [
        *(Scan(lay(runtime, path), "letter") for path in letter),
        *(Scan(lay(runtime, path), "enclosure") for path in enclosure),
    ]
