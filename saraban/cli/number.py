"""``saraban number`` - start a series in mid-year, reserve a number, use it, void one."""

from datetime import timedelta

import click

from gateway.service import Runtime
from registry import numbering
from registry.clock import buddhist_year
from registry.desk import chase, slip, void
from registry.desk.secret_number import reserve_secret
from registry.letter.book import Book
from registry.letter.grades import Secrecy
from registry.numbering import BookKey
from registry.thai.dates import parse_date
from registry.thai.numerals import to_thai
from saraban.cli.common import (
    YEARS,
    acting,
    as_json,
    emit,
    entity_option,
    reason,
    say,
    show,
    with_runtime,
)
from saraban.cli.entries import as_data, place_in_books
from saraban.cli.who import actor, by, entry_of, hosted_entity, letter_of, unit_code
from saraban.times import when

book_option = click.option("--book", default="sent", show_default=True, help="sent or a name.")
unit_option = click.option("--unit", default="", help="Code of a unit that keeps its own books.")
circular_option = click.option("--circular", is_flag=True, help="The series of ว letters.")


@click.group()
def number() -> None:
    """Numbers: start a series, reserve, use, void."""


@number.command()
@click.argument("first", type=click.IntRange(1))
@entity_option
@click.option("--book", required=True, help="received, sent or a name.")
@click.option("--year", type=YEARS, help="พ.ศ. year; else this one.")
@unit_option
@circular_option
@by
@with_runtime
def start(  # noqa: PLR0913 - one parameter an option
    runtime: Runtime,
    first: int,
    owner: str | None,
    book: str,
    year: int | None,
    unit: str,
    *,
    circular: bool,
    by: str | None,
) -> None:
    """Let a series begin at FIRST: once, before it has given a number."""
    now = runtime.clock.now()
    series = "circular" if circular else "ordinary"
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        name = str(Book(book))
        key = BookKey(
            own.id, unit_code(session, own, unit), name, series, year or buddhist_year(now)
        )
        numbering.start(session, key, first, actor(session, by), now)
    say(f"{Book(book).heading} ปี {to_thai(str(key.year))} จะเริ่มที่เลข {to_thai(str(first))}")


@number.command()
@entity_option
@book_option
@unit_option
@circular_option
@click.option("--subject", default="", help="What it is for.")
@click.option("--date", "dated", help="Date of the letter; else today.")
@click.option("--reason", default="", help="Why it is dated before the number before it.")
@click.option("--secrecy", metavar="GRADE", help="Of the secret sent book; by who is cleared.")
@acting
@with_runtime
def reserve(  # noqa: PLR0913, PLR0917 - one parameter an option
    runtime: Runtime,
    owner: str | None,
    book: str,
    unit: str,
    subject: str,
    dated: str | None,
    reason: str,
    secrecy: str | None,
    *,
    circular: bool,
    by: str,
) -> None:
    """Reserve the next number (จองเลข); it waits until it is used or voided."""
    day = parse_date(dated) if dated else None
    with runtime.database.write() as session:
        own = hosted_entity(session, owner)
        entry = (
            reserve_secret(
                session, runtime.desk, own, by, Secrecy.parse(secrecy), subject=subject, dated=day
            )
            if secrecy
            else slip.reserve(
                session,
                runtime.desk,
                own,
                by,
                unit_code=unit_code(session, own, unit),
                book=str(Book(book)),
                circular=circular,
                subject=subject,
                date=day,
                reason=reason,
            )
        )
    say(f"จองแล้ว {place_in_books(entry)} ที่ {to_thai(entry.letter_number)}")
    click.echo(entry.id)


@number.command()
@entity_option
@click.option("--older-than", "days", type=click.IntRange(0), default=0, help="Days; else all.")
@as_json
@with_runtime
def reserved(runtime: Runtime, owner: str | None, days: int, *, as_json: bool) -> None:
    """List numbers that are reserved and not used (จองเลขค้าง), oldest first."""
    before = runtime.clock.now() - timedelta(days=days)
    with runtime.database.read() as session:
        own = hosted_entity(session, owner).code if owner else None
        found = chase.reserved(session, own, before)
    if as_json:
        emit([as_data(one, runtime.links_url) for one in found])
        return
    rows = [
        (one.id, one.entity, place_in_books(one), to_thai(one.letter_number),
         when(one.registered_at), one.subject)
        for one in found
    ]  # fmt: skip
    show(rows, ("รหัส", "หน่วยงาน", "ทะเบียน", "ที่", "จองเมื่อ", "เรื่อง"), "ไม่มีเลขที่จองค้าง")


@number.command()
@click.argument("ref")
@click.argument("letter")
@entity_option
@acting
@with_runtime
def use(runtime: Runtime, ref: str, letter: str, owner: str | None, by: str) -> None:
    """Send the draft LETTER under the reserved number REF."""
    with runtime.database.write() as session:
        entry_id = entry_of(session, ref, owner)
        entry = slip.use(session, runtime.desk, entry_id, letter_of(session, letter), by)
    say(f"ส่งแล้ว {place_in_books(entry)} ที่ {to_thai(entry.letter_number)}")


@number.command("void")
@click.argument("ref")
@entity_option
@acting
@reason
@with_runtime
def void_(runtime: Runtime, ref: str, owner: str | None, by: str, reason: str) -> None:
    """Void a number; it stays in the book with reason and person."""
    with runtime.database.write() as session:
        entry = void.void(session, runtime.desk, entry_of(session, ref, owner), by, reason)
    say(f"ยกเลิก {place_in_books(entry)} แล้ว เลขนี้จะไม่ถูกใช้อีก")
