"""All checks in the order in which a person would make them.

A check that breaks off is itself a finding, and does not stop the others; but what needs the
database is left out while the database does not answer or has old tables.
"""

from collections.abc import Callable, Iterator

from sqlalchemy.exc import SQLAlchemyError

from gateway.inbound.resolver import Resolver
from gateway.service import Runtime
from registry.errors import SarabanError
from saraban.doctor import books, doors, machine, names, neighbours, pages, place
from saraban.doctor.finding import Check, Finding, State, well, wrong
from saraban.doctor.reading import eyes
from saraban.doctor.scanner import scanner
from saraban.doctor.trusted import trusted

_PLACE: tuple[Check, ...] = (
    place.rights,
    place.keys,
    place.disk,
    place.clock,
    machine.synchronized,
    place.tools,
)
_BOOKS: tuple[Check, ...] = (
    machine.database_clock,
    machine.room,
    books.last_number,
    books.people,
    books.queue,
    books.search,
    pages.keepers,
    neighbours.tags,
)
_REST: tuple[Check, ...] = (
    books.spool,
    doors.service,
    doors.ports,
    doors.certificates,
    pages.listener,
    pages.reached,
    pages.provider,
    machine.memory,
    eyes,
    trusted,
    scanner,
    neighbours.relays,
    neighbours.collectors,
)


def examine(runtime: Runtime, resolver: Resolver | None, *, round_trip: bool) -> Iterator[Finding]:
    """Make all checks; with a resolver that of DNS, and with ``round_trip`` a mail to ourselves."""
    yield well("configuration", f"อ่านไฟล์ตั้งค่าได้ โฟลเดอร์ข้อมูลคือ {runtime.data_dir}")
    for check in _PLACE:
        yield from _made(check, runtime)
    found = list(_made(books.database, runtime))
    yield from found
    sound = all(one.state is not State.WRONG for one in found)
    for check in (*_BOOKS, *_REST) if sound else _REST:
        yield from _made(check, runtime)
    if resolver is not None and sound:
        yield from _made(lambda given: names.names(given, resolver), runtime)
    if round_trip and sound:
        yield from _made(neighbours.round_trip, runtime)


def _made(check: Callable[[Runtime], Iterator[Finding]], runtime: Runtime) -> Iterator[Finding]:
    try:
        yield from check(runtime)
    except (SarabanError, OSError, SQLAlchemyError) as error:
        name = getattr(check, "__name__", "check")
        thai = error.thai if isinstance(error, SarabanError) else str(error)
        yield wrong(name, f"ตรวจไม่สำเร็จ: {' '.join(thai.split())}", "แก้เหตุนี้แล้วตรวจใหม่")
