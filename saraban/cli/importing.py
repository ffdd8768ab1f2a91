"""``saraban register import`` - take over a register that was kept in Excel or CSV."""

import hashlib
from pathlib import Path

import click

from gateway.service import Runtime
from registry.clock import BANGKOK, buddhist_year
from registry.desk.authority import must_register
from registry.importing.columns import FIELDS, guess
from registry.importing.lines import read_lines
from registry.importing.plan import Plan, make_plan
from registry.importing.sheet import read
from registry.importing.take_over import Source, take_over
from registry.letter.book import Book
from registry.numbering import BookKey
from registry.thai.numerals import to_thai
from saraban.cli.common import YEARS, acting, entity_option, say, with_runtime
from saraban.cli.who import hosted_entity, unit_code

_MOST = 50


def join(group: click.Group) -> None:
    """Hang the command on ``saraban register``."""
    group.add_command(import_)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@entity_option
@click.option("--book", default="received", show_default=True, help="received, sent or a name.")
@click.option("--series", default="ordinary", type=click.Choice(["ordinary", "circular"]))
@click.option("--year", type=YEARS, help="พ.ศ. year of the book; else this one.")
@click.option("--unit", default="", help="Code of a unit that keeps its own books.")
@click.option("--column", "told", multiple=True, metavar="MEANING=N", help="Column N, from 1.")
@click.option("--dry-run", is_flag=True, help="Say what would become of it, and stop.")
@click.option("--leave-out", is_flag=True, help="Leave out rows that cannot be taken over.")
@acting
@with_runtime
def import_(  # noqa: PLR0913, PLR0917 - one parameter an option
    runtime: Runtime,
    file: Path,
    owner: str | None,
    book: str,
    series: str,
    year: int | None,
    unit: str,
    told: tuple[str, ...],
    by: str,
    *,
    dry_run: bool,
    leave_out: bool,
) -> None:
    """Take over FILE (xlsx, csv); its numbers stay, and the next letter takes the next one."""
    rows, now = read(file), runtime.clock.now()
    layout = guess(rows)
    columns = {**layout.columns, **_told(told)}
    if "number" not in columns or "subject" not in columns:
        raise click.UsageError("ไม่รู้จักหัวตาราง โปรดระบุ --column number=1 --column subject=5 …")
    of = year or buddhist_year(now)
    below = [row for row in rows if row.number > layout.heading]
    lines = list(read_lines(below, columns, of))
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        key = BookKey(own.id, unit_code(session, own, unit), str(Book(book)), series, of)
        if dry_run:
            must_register(session, own, by)
            plan = make_plan(session, key, lines, now.astimezone(BANGKOK).date())
        else:
            with file.open("rb") as source:
                sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            made = Source(file.name, sha256, columns)
            plan = take_over(session, runtime.desk, own, key, by, made, lines, leave_out=leave_out)
    _show(plan)
    say("ยังไม่ได้บันทึก" if dry_run else f"นำเข้าแล้ว เลขถัดไปคือ {to_thai(str(plan.following))}")


def _told(told: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for one in told:
        field, _, column = one.partition("=")
        if field not in FIELDS or not column.isdecimal() or not int(column):
            raise click.UsageError(f"--column {one}: MEANING is one of {' '.join(FIELDS)}")
        found[field] = int(column) - 1
    return found


def _show(plan: Plan) -> None:
    click.echo(
        to_thai(f"เลข {plan.first}-{plan.last} นำเข้าได้ {len(plan.lines)} แถว เลขขาด {plan.missing}")
    )
    lines = [f"แถว {one.row}: {one.why}" for one in plan.troubles]
    lines += [f"แถว {one.row}: เลข {one.number} ซ้ำกับแถว {row}" for one, row in plan.doubles]
    lines += [f"เลข {first}-{last}: ไม่มีในไฟล์ จะบันทึกเป็นเลขที่ไม่ได้ใช้" for first, last in plan.gaps]
    lines += [
        f"เลข {one.number}: อ่านวันที่ “{one.undated}” ไม่ได้ ใช้วันของเลขข้างเคียง" for one in plan.undated
    ]
    lines += [f"เลข {number}: วันที่ย้อนหลัง" for number in plan.moved]
    for line in lines[:_MOST]:
        click.echo(to_thai(line))
    if len(lines) > _MOST:
        click.echo(to_thai(f"และอีก {len(lines) - _MOST} รายการ"))
    if plan.blocked:
        click.echo(f"นำเข้าไม่ได้: {plan.blocked}")
