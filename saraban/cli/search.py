"""``saraban search`` - find letters by pieces of words, numbers, names of files.

The line is read as in the pages (จาก แพร่, ปี 2569, รับ 2231/2568, "a phrase", -not); the options
stand above it. ``--rebuild`` makes the index anew: the running service does it where there is one,
else this command, and either goes on where a rebuild was killed.
"""

import time
from datetime import date
from typing import Final

import click

from gateway.service import Runtime
from registry.clock import SystemClock
from registry.db import Database
from registry.letter.book import Book
from registry.letter.entry import Entry
from registry.search.index import lag, release, step
from registry.search.query import every
from registry.search.rebuild import progress, request
from registry.search.terms import Narrowing, Reader
from registry.thai.dates import parse_date, short_date
from registry.thai.numerals import to_thai
from saraban.cli.common import YEARS, as_json, emit, say, show, with_runtime
from saraban.cli.entries import as_data, place_in_books
from saraban.cli.who import hosted_entity

_PAUSE: Final = 0.1  # seconds between two looks at what the service does
_PATIENCE: Final = 3.0  # seconds that a search waits for the index


@click.command()
@click.argument("query", nargs=-1)
@click.option("--entity", help="Code of the hosted entity; else all.")
@click.option("--book", help="received, sent or a name.")
@click.option("--year", type=YEARS, help="พ.ศ. year.")
@click.option("--from", "since", metavar="DATE", help="Letters dated from this day on.")
@click.option("--to", "until", metavar="DATE", help="Letters dated up to this day.")
@click.option("--rebuild", is_flag=True, help="Make the index anew; resumes one that was killed.")
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
    rebuild: bool,
    as_json: bool,
) -> None:
    """Find letters; every piece of the query must stand in the letter somewhere."""
    if rebuild:
        try:
            _rebuild(runtime.database)
        finally:
            release(runtime.database)
        return
    if not query:
        raise click.UsageError("what to search for is missing")
    line = " ".join(query)
    _catch_up(runtime.database)
    with runtime.database.read() as session:
        own = hosted_entity(session, entity).code if entity else None
        narrowing = Narrowing(
            own, str(Book(book)) if book else None, year, _day(since), _day(until)
        )
        found = list(every(session, line, Reader(), narrowing, runtime.keys))
        behind = lag(session)
    if as_json:
        emit([as_data(one, runtime.links_url) for one in found])
        return
    headers = ("หน่วยงาน", "ทะเบียน", "ที่", "ลงวันที่", "จาก", "เรื่อง")
    none = f"ไม่พบหนังสือที่มี “{line}” ลองใช้คำที่สั้นลง หรือเลขที่หนังสือ"
    show([_row(one) for one in found], headers, none)
    if behind.waiting:
        say(f"ดัชนียังตามไม่ทัน {to_thai(str(behind.waiting))} รายการ ผลอาจยังไม่ครบ")


def _catch_up(database: Database) -> None:
    """Let the index follow what was registered just now: the service does, or else this command."""
    until = time.monotonic() + _PATIENCE
    try:
        while _is_behind(database) and time.monotonic() < until:
            if not step(database, SystemClock()):
                time.sleep(_PAUSE)
    finally:
        release(database)


def _is_behind(database: Database) -> bool:
    with database.read() as session:
        return bool(lag(session).waiting)


def _rebuild(database: Database) -> None:
    """Have the index made anew, and tell how far it is."""
    clock, told = SystemClock(), -1
    with database.write() as session:
        request(session)
    while True:
        done = step(database, clock)
        with database.read() as session:
            standing = progress(session)
        if standing is None:
            break
        if standing.done != told:
            say(f"จัดทำดัชนีใหม่แล้ว {standing.done} จาก {standing.of}")
            told = standing.done
        if not done:
            time.sleep(_PAUSE)  # the service keeps the index and does it
    while step(database, clock):
        pass
    say("จัดทำดัชนีใหม่ครบถ้วนแล้ว")


def _row(one: Entry) -> tuple[str, ...]:
    dated = short_date(one.dated) if one.dated else ""
    number = to_thai(one.letter_number)
    return one.entity, place_in_books(one), number, dated, one.from_text, one.subject


def _day(text: str | None) -> date | None:
    return parse_date(text) if text else None
