"""``saraban search`` - find letters by pieces of words, numbers, names of files."""

from datetime import date

import click

from gateway.service import Runtime
from registry.letter.book import Book
from registry.search.query import Narrowing
from registry.search.query import search as find
from registry.thai.dates import parse_date, short_date
from registry.thai.numerals import to_thai
from saraban.cli.common import YEARS, as_json, emit, show, with_runtime
from saraban.cli.entries import as_data, place_of
from saraban.cli.who import hosted_entity


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--entity", help="Code of the hosted entity; else all.")
@click.option("--book", help="received, sent or a name.")
@click.option("--year", type=YEARS, help="พ.ศ. year.")
@click.option("--from", "since", metavar="DATE", help="Letters dated from this day on.")
@click.option("--to", "until", metavar="DATE", help="Letters dated up to this day.")
@as_json
@with_runtime
def search(  # noqa: PLR0913 - one parameter an option
    runtime: Runtime,
    query: tuple[str, ...],
    entity: str | None,
    book: str | None,
    year: int | None,
    since: str | None,
    until: str | None,
    *,
    as_json: bool,
) -> None:
    """Find letters; every piece of the query must stand in the letter somewhere."""
    with runtime.database.read() as session:
        own = hosted_entity(session, entity).code if entity else None
        narrowing = Narrowing(
            own, str(Book(book)) if book else None, year, _day(since), _day(until)
        )
        found = find(session, " ".join(query), narrowing, runtime.keys)
    if as_json:
        emit([as_data(one, runtime.links_url) for one in found])
        return
    rows = [
        (
            one.entity,
            place_of(one),
            to_thai(one.letter_number),
            short_date(one.dated) if one.dated else "",
            one.from_text,
            one.subject,
        )
        for one in found
    ]
    headers = ("หน่วยงาน", "ทะเบียน", "ที่", "ลงวันที่", "จาก", "เรื่อง")
    show(rows, headers, f"ไม่พบหนังสือที่มี “{' '.join(query)}” ลองใช้คำที่สั้นลง หรือเลขที่หนังสือ")


def _day(text: str | None) -> date | None:
    return parse_date(text) if text else None
