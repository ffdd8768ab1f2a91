"""``saraban register`` - a book, line by line, as table, JSON or CSV.

Printing a book and closing its year stand in :mod:`saraban.cli.closing`, letters on paper in
:mod:`saraban.cli.paper`, registers kept in spreadsheets in :mod:`saraban.cli.importing`.
"""

import csv
import io
from collections.abc import Iterable

import click

from gateway.service import Runtime
from registry.clock import BANGKOK, buddhist_year
from registry.entries import listing
from registry.letter.book import Book
from registry.letter.entry import Entry
from registry.thai.dates import short_date
from registry.thai.numerals import to_thai
from saraban.cli import closing, importing, paper
from saraban.cli.common import YEARS, as_json, emit, entity_option, show, with_runtime
from saraban.cli.entries import as_data, number_of
from saraban.cli.who import clearance_in, hosted_entity, secrets_for, unit_code

HEADERS: dict[str, tuple[str, ...]] = {
    "received": ("เลขรับ", "วันที่รับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ"),
    "sent": ("เลขส่ง", "วันที่ส่ง", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ"),
}


@click.group()
def register() -> None:
    """Books: list, print, close a year; paper letters; take an old register over."""


closing.join(register)
paper.join(register)
importing.join(register)


@register.command("list")
@entity_option
@click.option("--book", default="received", show_default=True, help="received, sent or a name.")
@click.option("--year", type=YEARS, help="พ.ศ. year; else this one.")
@click.option("--unit", help="Code of a unit that keeps its own books.")
@as_json
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, for a spreadsheet.")
@secrets_for
@with_runtime
def list_(  # noqa: PLR0913 - one parameter an option
    runtime: Runtime,
    owner: str | None,
    book: str,
    year: int | None,
    unit: str | None,
    *,
    as_json: bool,
    as_csv: bool,
    cleared: str | None,
) -> None:
    """List a book of one year in the order of its numbers (forms 13 and 14)."""
    name = Book(book)
    with runtime.database.read() as session:
        own = hosted_entity(session, owner)
        found = listing(
            session,
            own.code,
            str(name),
            year or buddhist_year(runtime.clock.now()),
            unit=None if unit is None else unit_code(session, own, unit),
            keys=runtime.keys,
            cleared=clearance_in(session, cleared, own.code),
        )
    if as_json:
        emit([as_data(one, runtime.links_url) for one in found])
        return
    headers, rows = HEADERS.get(str(name), HEADERS["sent"]), [_row(one) for one in found]
    if any(one.unit for one in found):  # units that keep books of their own
        headers = ("หน่วยงานย่อย", *headers)
        rows = [(one.unit, *row) for one, row in zip(found, rows, strict=True)]
    if as_csv:
        click.echo(_csv(headers, rows), nl=False)
    else:
        show(rows, headers, f"ยังไม่มีรายการใน{name.heading}ของ{own.name}")


def _row(one: Entry) -> tuple[str, ...]:
    """Give the columns of the form; a void or reserved number says so."""
    state = {"void": f"ยกเลิก: {one.void_reason}", "reserved": "จองเลขไว้"}.get(one.state, "")
    return (
        to_thai(number_of(one)),
        short_date(one.registered_at.astimezone(BANGKOK).date()),
        to_thai(one.letter_number),
        short_date(one.dated) if one.dated else "",
        one.from_text,
        one.to_text,
        one.subject,
        one.action,
        " ".join(filter(None, (state, one.note))),
    )


def _csv(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerows([_tame(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _tame(cell: str) -> str:
    """Keep a spreadsheet from taking a stranger's text for a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
