"""``saraban register print``, ``close`` and ``reopen`` - a book's year on paper, and its end."""

import sys
from datetime import date

import click
from sqlalchemy.orm import Session

from gateway.service import Runtime
from registry.books import booklines, closing, listforms
from registry.books.bookfiles import FORMS, write_book
from registry.books.listfiles import KINDS, write_list
from registry.clock import buddhist_year
from registry.desk.close_book import close_book, reopen_book
from registry.letter.book import Book
from registry.numbering import BookKey
from registry.thai.dates import long_date, parse_date
from registry.thai.numerals import thai_number, to_thai
from saraban.cli.common import (
    YEARS,
    acting,
    entity_option,
    reason,
    say,
    show,
    with_runtime,
)
from saraban.cli.who import clearance_in, hosted_entity, secrets_for, unit_code
from saraban.times import when

_book = click.option(
    "--book", default="received", show_default=True, help="received, sent, a name."
)
_unit = click.option("--unit", default="", help="Code of a unit that keeps its own books.")
_year = click.option("--year", type=YEARS, required=True, help="พ.ศ. year.")
_OF_SENT = ("14", "16", "17")
_SERIES = {"ordinary": "ทั่วไป", "circular": "ว", "secret": "ลับ"}


def join(group: click.Group) -> None:
    """Add the commands to the group."""
    for command in (print_, close, reopen, closings):
        group.add_command(command)


@click.command("print")
@entity_option
@_book
@click.option("--year", type=YEARS, help="พ.ศ. year; else this one.")
@_unit
@click.option("--series", type=click.Choice(list(_SERIES)), default="ordinary", show_default=True)
@click.option("--from", "first", metavar="DATE", help="First day; else all of the year.")
@click.option("--to", "last", metavar="DATE", help="Last day.")
@click.option(
    "--form",
    "number",
    type=click.Choice(["13", "14", *listforms.FORMS]),
    help="Form of the regulation; else 13 or 14, as the book is.",
)
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="pdf",
              show_default=True)  # fmt: skip
@secrets_for
@with_runtime
def print_(  # noqa: PLR0913, PLR0917 - one parameter an option
    runtime: Runtime, owner: str | None, book: str, year: int | None, unit: str, series: str,
    first: str | None, last: str | None, number: str | None, form: str, cleared: str | None,
) -> None:  # fmt: skip
    """Print a book as forms 13 and 14, or a list of it, as PDF or for a spreadsheet."""
    _must_be_a_file()
    if number in _OF_SENT and book == Book.RECEIVED:
        book = str(Book.SENT)
    if number in listforms.FORMS and form not in KINDS:
        raise click.UsageError("แบบนี้พิมพ์เป็น pdf หรือ xlsx เท่านั้น")
    now = runtime.clock.now()
    with runtime.database.read() as session:
        own = hosted_entity(session, owner)
        place = unit_code(session, own, unit), str(Book(book))
        key = BookKey(own.id, *place, series, year or buddhist_year(now))
        days = [parse_date(day) if day else None for day in (first, last)]
        run = _numbers(session, key, *days)
        may = clearance_in(session, cleared, own.code)
        if number in listforms.FORMS:
            rows = listforms.rows_of(
                session, str(number), key, *run, cleared=may,
                keep_years=runtime.office.registry.keep_years, now=now,
            )  # fmt: skip
            spec = listforms.FORMS[str(number)]
            write_list(sys.stdout.buffer, form, rows, spec, own.name, of=_part(key, *days), at=now)
            return
        found = booklines.lines(session, key, *run, cleared=may)
        write_book(
            sys.stdout.buffer, form, found, key, own.name,
            of=_part(key, *days), at=now,
        )  # fmt: skip


@click.command()
@entity_option
@_book
@_year
@_unit
@acting
@with_runtime
def close(runtime: Runtime, owner: str | None, book: str, year: int, unit: str, by: str) -> None:
    """Close a book's year: no number of it is given or changed any more."""
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        name = str(Book(book))
        place = {"unit": unit_code(session, own, unit), "book": name, "year": year}
        found = close_book(session, runtime.desk, own, by, **place)  # type: ignore[arg-type]
    for one in found:
        say(
            f"{_SERIES[one.series]}: เลข {thai_number(one.first)}…{thai_number(one.last)} "
            f"ยกเลิก {thai_number(one.void)} เลข"
        )
    say(f"ปิด{Book(book).heading} ปี {to_thai(str(year))} แล้ว")


@click.command()
@entity_option
@_book
@_year
@_unit
@acting
@reason
@with_runtime
def reopen(
    runtime: Runtime, owner: str | None, book: str, year: int, unit: str, by: str, reason: str
) -> None:
    """Open a closed book again; the reason is kept."""
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        place = {"unit": unit_code(session, own, unit), "book": str(Book(book)), "year": year}
        reopen_book(session, runtime.desk, own, by, reason, **place)  # type: ignore[arg-type]
    say(f"เปิด{Book(book).heading} ปี {to_thai(str(year))} อีกครั้งแล้ว")


@click.command()
@entity_option
@_book
@_year
@_unit
@with_runtime
def closings(runtime: Runtime, owner: str | None, book: str, year: int, unit: str) -> None:
    """Show when a book's year was closed and opened again, by whom and why."""
    with runtime.database.read() as session:
        own = hosted_entity(session, owner)
        place = unit_code(session, own, unit), str(Book(book)), year
        found = closing.history(session, own.id, *place)
    rows = [
        (_SERIES[one.series], when(one.closed_at), one.closed_by, thai_number(one.tally.count),
         thai_number(one.tally.void), when(one.reopened_at), one.reopened_by, one.reason)
        for one in found
    ]  # fmt: skip
    heads = ("ชุดเลข", "ปิดเมื่อ", "โดย", "จำนวนเลข", "ยกเลิก", "เปิดอีกครั้ง", "โดย", "เหตุผล")
    show(rows, heads, "ทะเบียนปีนี้ยังไม่เคยปิด")


def _numbers(
    session: Session, key: BookKey, first: date | None, last: date | None
) -> tuple[int, int]:
    if first is None and last is None:
        return booklines.ends(session, key)
    begin = first or date(key.year - 543, 1, 1)
    end = last or date(key.year - 543, 12, 31)
    return booklines.numbers_of(session, key, begin, date.fromordinal(end.toordinal() + 1))


def _part(key: BookKey, first: date | None, last: date | None) -> str:
    days = [f"{word} {long_date(day)}" for word, day in (("ตั้งแต่", first), ("ถึง", last)) if day]
    return " ".join([f"ปี {to_thai(str(key.year))}", *days])


def _must_be_a_file() -> None:
    if sys.stdout.isatty():
        raise click.UsageError("ผลเป็นไฟล์ โปรดสั่งเก็บลงไฟล์ด้วย > ชื่อไฟล์")
