"""``saraban letter compose`` - a letter written by command, as the page ส่งหนังสือ writes one.

By the same function of the desk: a clerk's letter waits for an officer, an officer's goes at once
with ``--send`` and is a draft without.
"""

from datetime import date
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy.orm import Session

from gateway import wake
from gateway.service import Runtime
from registry.desk.compose import ComposedFile, Composition, hand_over
from registry.ids import new_id
from registry.letter.grades import Urgency
from registry.letter.sorting import Outcome
from registry.thai.dates import parse_date
from registry.thai.numerals import to_thai
from saraban.cli.common import acting, as_json, emit, entity_option, say, with_runtime
from saraban.cli.laying import FILE, lay
from saraban.cli.who import entry_of, hosted_entity, unit_code


def join(group: click.Group) -> None:
    """Add the command to the group."""
    group.add_command(compose)


@click.command()
@click.option("--subject", required=True, help="เรื่อง.")
@click.option("--to", multiple=True, required=True, metavar="WHOM", help="Code or address; again.")
@click.option("--copy", "copies", multiple=True, metavar="WHOM", help="Who gets it to know of it.")
@click.option("--text", default="", help="What the letter says.")
@click.option("--text-file", type=click.File(encoding="utf-8"), help="The same from a file, or -.")
@click.option("--file", "files", multiple=True, type=FILE, help="A file; the first is the letter.")
@click.option("--urgency", type=click.Choice([one.thai for one in Urgency if one.rank]))
@click.option("--due", help="Report by: ๓ ตุลาคม ๒๕๖๙ or 2026-10-03.")
@click.option("--circular", is_flag=True, help="It is a circular (ว).")
@click.option("--cites", multiple=True, help="A line of อ้างถึง; may be repeated.")
@click.option("--answers", metavar="REF", help="The entry that it answers.")
@click.option("--number", metavar="REF", help="The reserved number that it bears.")
@click.option("--unit", default="", help="Code of the unit that writes.")
@click.option("--send", "now", is_flag=True, help="Number and send it at once; for officers.")
@entity_option
@acting
@as_json
@with_runtime
def compose(  # noqa: PLR0913 - one parameter an option
    runtime: Runtime, *, owner: str | None, by: str, text: str, text_file: TextIO | None,
    files: tuple[Path, ...], due: str | None, answers: str | None, number: str | None, unit: str,
    urgency: str | None, now: bool, as_json: bool, **said: str | bool | tuple[str, ...],
) -> None:  # fmt: skip
    """Write a letter: a draft that waits for a number, or sent at once."""
    by_day: date | None = parse_date(due) if due else None
    whole = text_file.read() if text_file is not None else text
    laid = tuple(_composed(runtime, path) for path in files)
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        what = Composition(
            new_id(), text=whole, urgency=urgency or "", due=by_day, files=laid,
            answers=_named(session, answers, owner), slip=_named(session, number, owner),
            unit=unit_code(session, own, unit), **said,  # type: ignore[arg-type]
        )  # fmt: skip
        done = hand_over(session, runtime.desk, own, by, what, now=now)
    wake.ring(runtime.data_dir, wake.MAILQ)
    _tell(done, as_json=as_json)


def _tell(done: Outcome, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "letter": done.letter_id, "entry": done.entry_id, "state": done.state,
                "number": done.number, "year": done.year,
            }
        )  # fmt: skip
    elif done.entry_id or done.letter_id:
        click.echo(done.entry_id or done.letter_id)
    sent = done.state != "draft" and done.number is not None
    say(f"ส่งแล้ว เลข {to_thai(f'{done.number}/{done.year}')}" if sent else "ยังไม่ได้ส่ง รอออกเลข")


def _named(session: Session, ref: str | None, owner: str | None) -> str:
    return entry_of(session, ref, owner) if ref else ""


def _composed(runtime: Runtime, path: Path) -> ComposedFile:
    laid = lay(runtime, path)
    return ComposedFile(laid.name, laid.bytes, laid.sha256, laid.media_type, laid.not_scanned)
